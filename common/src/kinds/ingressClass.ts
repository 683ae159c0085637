/** IngressClass (networking.k8s.io/v1): which controller serves an Ingress. */
import { type FieldError, forbidden, required, tooLong } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { dns1123LabelErrors } from '#common/api/names.ts';
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';
import { validateDomainPrefixedPath } from './validation/domainPrefixedPath.ts';
import { validateTypedReference } from './validation/ingress.ts';
import { immutable, oneOf, problemsAt } from './validation/values.ts';

const controllerPath = FieldPath.of('spec', 'controller');
const maxControllerLength = 250;

export const IngressClass = defineKind<api.IngressClass>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'IngressClass',
  plural: 'ingressclasses',
  namespaced: false,
  applyDefaults(ingressClass) {
    if (ingressClass.spec?.parameters) ingressClass.spec.parameters.scope ??= 'Cluster';
  },
  validate(ingressClass) {
    const { controller = '', parameters } = ingressClass.spec ?? {};
    const errors =
      controller.length > maxControllerLength
        ? [tooLong(controllerPath, maxControllerLength)]
        : validateDomainPrefixedPath(controller, controllerPath);
    return parameters ? [...errors, ...validateParameters(parameters, FieldPath.of('spec', 'parameters'))] : errors;
  },
  validateUpdate: (ingressClass, old) => immutable(controllerPath, ingressClass.spec?.controller ?? '', old.spec?.controller),
  changesFirst: true,
  columns: [
    nameColumn,
    textColumn('Controller', (ingressClass) => ingressClass.spec?.controller ?? ''),
    textColumn('Parameters', parametersText),
    ageColumn,
  ],
  references: [{ type: 'object', path: 'spec.parameters' }],
});

function validateParameters(parameters: api.IngressClassParametersReference, path: FieldPath): FieldError[] {
  const errors = validateTypedReference(parameters, path);
  const { scope, namespace } = parameters;
  const namespacePath = path.child('namespace');
  if (scope === undefined) return [...errors, required(path.child('scope'))];
  errors.push(...oneOf(path.child('scope'), scope, ['Cluster', 'Namespace']));
  if (scope === 'Namespace') {
    if (namespace === undefined) errors.push(required(namespacePath, "`parameters.scope` is set to 'Namespace'"));
    else errors.push(...problemsAt(namespacePath, namespace, dns1123LabelErrors(namespace)));
  }
  if (scope === 'Cluster' && namespace !== undefined) {
    errors.push(forbidden(namespacePath, "`parameters.scope` is set to 'Cluster'"));
  }
  return errors;
}

function parametersText(ingressClass: api.IngressClass): string {
  const parameters = ingressClass.spec?.parameters;
  if (!parameters) return '<none>';
  const { apiGroup, kind, name } = parameters;
  return `${kind}${apiGroup ? `.${apiGroup}` : ''}/${name}`;
}
