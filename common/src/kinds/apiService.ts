/** APIService (apiregistration.k8s.io/v1): an API group's version, served here or by a server behind a Service. */
import { type FieldError, invalid, required } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { dns1035LabelErrors, dns1123SubdomainErrors, portNumberErrors } from '#common/api/names.ts';
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';
import { pathSegmentName } from './validation/objectNames.ts';

const specPath = FieldPath.of('spec');

export const APIService = defineKind<api.APIService>({
  group: 'apiregistration.k8s.io',
  version: 'v1',
  kind: 'APIService',
  plural: 'apiservices',
  categories: ['api-extensions'],
  namespaced: false,
  subresources: { status: true },
  hasGeneration: false,
  unconditionalUpdate: false,
  qualifiedFinalizers: false,
  validateName: pathSegmentName,
  applyDefaults(service) {
    if (service.spec?.service) service.spec.service.port ??= 443;
  },
  prepareForCreate(service) {
    // What is served here is there at once; everything else has to be looked for.
    service.status = service.spec?.service ? {} : { conditions: [localCondition] };
  },
  prepareForUpdate(service, old) {
    if (old.status) service.status = old.status;
    else delete service.status;
  },
  prepareForStatusUpdate(service, old) {
    if (old.spec) service.spec = old.spec;
  },
  validate,
  columns: [
    nameColumn,
    textColumn('Service', (service) => {
      const reference = service.spec?.service;
      return reference ? `${reference.namespace ?? ''}/${reference.name ?? ''}` : 'Local';
    }),
    textColumn('Available', availableText),
    ageColumn,
  ],
  references: [
    { type: 'name', path: 'spec.service.name', namespacePath: 'spec.service.namespace', to: { group: '', kind: 'Service' } },
    {
      type: 'port',
      path: 'spec.service.port',
      of: 'service',
      namePath: 'spec.service.name',
      namespacePath: 'spec.service.namespace',
    },
  ],
});

const localCondition = {
  type: 'Available',
  status: 'True',
  lastTransitionTime: null as unknown as string,
  reason: 'Local',
  message: 'Local APIServices are always available',
};

function validate(service: api.APIService): FieldError[] {
  const { group = '', version = '', groupPriorityMinimum = 0, versionPriority = 0, ...spec } = service.spec ?? {};
  const errors: FieldError[] = [];
  const name = service.metadata.name ?? '';
  const expected = `${version}.${group}`;
  if (name && name !== expected) {
    const text = `must be \`spec.version+"."+spec.group\`: "${expected}"`;
    errors.push(invalid(FieldPath.of('metadata', 'name'), name, text));
  }
  const groupPath = specPath.child('group');
  if (!group && version !== 'v1') {
    errors.push(required(groupPath, 'only v1 may have an empty group and it better be legacy kube'));
  } else if (group && dns1123SubdomainErrors(group).length) {
    errors.push(invalid(groupPath, group, dns1123SubdomainErrors(group).join(',')));
  }
  const versionProblems = dns1035LabelErrors(version);
  if (versionProblems.length) errors.push(invalid(specPath.child('version'), version, versionProblems.join(',')));
  if (groupPriorityMinimum <= 0 || groupPriorityMinimum > 20_000) {
    errors.push(invalid(specPath.child('groupPriorityMinimum'), groupPriorityMinimum, 'must be positive and less than 20000'));
  }
  if (versionPriority <= 0 || versionPriority > 1_000) {
    errors.push(invalid(specPath.child('versionPriority'), versionPriority, 'must be positive and less than 1000'));
  }
  return [...errors, ...validateServer(spec)];
}

function validateServer(spec: Pick<api.APIServiceSpec, 'service' | 'caBundle' | 'insecureSkipTLSVerify'>): FieldError[] {
  const errors: FieldError[] = [];
  const insecurePath = specPath.child('insecureSkipTLSVerify');
  if (!spec.service) {
    if (spec.caBundle)
      errors.push(invalid(specPath.child('caBundle'), `${spec.caBundle}`, 'local APIServices may not have a caBundle'));
    if (spec.insecureSkipTLSVerify) {
      errors.push(invalid(insecurePath, true, 'local APIServices may not have insecureSkipTLSVerify'));
    }
    return errors;
  }
  const path = specPath.child('service');
  if (!spec.service.namespace) errors.push(required(path.child('namespace')));
  if (!spec.service.name) errors.push(required(path.child('name')));
  const port = spec.service.port ?? 443;
  for (const problem of portNumberErrors(port)) errors.push(invalid(path.child('port'), port, `port is not valid: ${problem}`));
  if (spec.insecureSkipTLSVerify && spec.caBundle) {
    errors.push(invalid(insecurePath, true, 'may not be true if caBundle is present'));
  }
  return errors;
}

function availableText(service: api.APIService): string {
  const condition = service.status?.conditions?.find(({ type }) => type === 'Available');
  if (!condition) return 'Unknown';
  return condition.status === 'True' ? 'True' : `${condition.status} (${condition.reason ?? ''})`;
}
