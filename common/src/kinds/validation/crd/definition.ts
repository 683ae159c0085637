/** What a CustomResourceDefinition may say, in the order and words of Kubernetes 1.36. Schemas are in the files beside. */
import { type FieldError, forbidden, invalid, notSupported, required } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { dns1035LabelErrors, dns1123SubdomainErrors } from '#common/api/names.ts';
import type * as api from '#common/schema/generated/types.ts';
import { goStructure, plain } from '../goStructure.ts';
import { immutable, problemsAt } from '../values.ts';
import { validateWebhookClient } from '../webhookClient.ts';
import { type Hoisted, hoistVersions } from './hoisting.ts';
import { validateNames } from './names.ts';
import { validateVersion } from './version.ts';

const specPath = FieldPath.of('spec');
const versionsPath = specPath.child('versions');
const storedPath = FieldPath.of('status', 'storedVersions');
const approvalAnnotation = 'api-approved.kubernetes.io';
const knownReviewVersions = ['v1', 'v1beta1'];
const versionShape = [
  plain('Name', ''),
  plain('Served', false),
  plain('Storage', false),
  plain('Deprecated', false),
  plain('DeprecationWarning'),
  plain('Schema'),
  plain('Subresources'),
  plain('AdditionalPrinterColumns'),
  plain('SelectableFields'),
];

export function validateDefinition(crd: api.CustomResourceDefinition): FieldError[] {
  const spec = crd.spec ?? {};
  return [
    ...validateOwnName(crd),
    ...validateSpec(spec),
    ...validateNames(crd.status?.acceptedNames, FieldPath.of('status', 'acceptedNames'), false),
    ...validateStoredVersions(crd.status?.storedVersions ?? [], spec.versions ?? [], crd.status?.storedVersions),
    ...validateApproval(crd),
    ...(spec.preserveUnknownFields
      ? [
          invalid(
            specPath.child('preserveUnknownFields'),
            true,
            'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
          ),
        ]
      : []),
  ];
}

/** The object is named after the resource that it defines. */
function validateOwnName({ metadata, spec }: api.CustomResourceDefinition): FieldError[] {
  const expected = `${spec?.names?.plural ?? ''}.${spec?.group ?? ''}`;
  if (!metadata.name || metadata.name === expected) return [];
  return [invalid(FieldPath.of('metadata', 'name'), metadata.name, 'must be spec.names.plural+"."+spec.group')];
}

function validateSpec(spec: Partial<api.CustomResourceDefinitionSpec>): FieldError[] {
  const errors: FieldError[] = [];
  const groupPath = specPath.child('group');
  const { group = '', scope } = spec;
  if (!group) errors.push(required(groupPath));
  else if (dns1123SubdomainErrors(group).length) errors.push(invalid(groupPath, group, dns1123SubdomainErrors(group).join(',')));
  else if (!group.includes('.')) errors.push(invalid(groupPath, group, 'should be a domain with at least one dot'));
  const scopePath = specPath.child('scope');
  if (!scope) errors.push(required(scopePath));
  else if (scope !== 'Cluster' && scope !== 'Namespaced') errors.push(notSupported(scopePath, scope, ['Cluster', 'Namespaced']));
  const versions = spec.versions ?? [];
  versions.forEach((version, i) => {
    if (!version.schema?.openAPIV3Schema) errors.push(required(versionsPath.index(i).child('schema', 'openAPIV3Schema')));
  });
  const hoisted = hoistVersions(versions);
  errors.push(...validateVersions(hoisted, spec.versions));
  errors.push(...validateNames(spec.names ?? {}, specPath.child('names'), true));
  // What is the same in all versions is reported once, at the place where older API versions had it.
  errors.push(...validateVersion(hoisted.common, specPath, 'validation'));
  return [...errors, ...validateConversion(spec.conversion)];
}

function validateVersions(
  { versions }: Hoisted,
  given: readonly api.CustomResourceDefinitionVersion[] | undefined,
): FieldError[] {
  const errors: FieldError[] = [];
  versions.forEach((version, i) => {
    const path = versionsPath.index(i);
    const problems = dns1035LabelErrors(version.name ?? '');
    if (problems.length) errors.push(invalid(path.child('name'), version.name ?? '', problems.join(',')));
    errors.push(...validateVersion(version, path, 'schema'), ...validateDeprecation(version, path));
  });
  const quoted = given && versions.map((version) => goStructure(versionShape, version));
  const names = versions.map((version) => version.name);
  if (new Set(names).size < names.length) errors.push(invalid(versionsPath, quoted, 'must contain unique version names'));
  if (versions.filter((version) => version.storage).length !== 1) {
    errors.push(invalid(versionsPath, quoted, 'must have exactly one version marked as storage version'));
  }
  const first = versions[0]?.name;
  if (first) {
    const problems = dns1035LabelErrors(first);
    if (problems.length) errors.push(invalid(specPath.child('version'), first, problems.join(',')));
  }
  return errors;
}

function validateDeprecation(version: api.CustomResourceDefinitionVersion, path: FieldPath): FieldError[] {
  const warning = version.deprecationWarning;
  if (warning === undefined) return [];
  const at = path.child('deprecationWarning');
  if (!version.deprecated) return [invalid(at, warning, 'can only be set for deprecated versions')];
  if (!warning) return [invalid(at, warning, 'must not be an empty string')];
  const position = warning.search(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}]/u);
  if (position < 0) return [];
  const text = `must only contain printable UTF-8 characters; non-printable character found at index ${position}`;
  return [invalid(at, warning, text)];
}

function validateConversion(conversion: api.CustomResourceConversion | undefined): FieldError[] {
  if (!conversion) return [];
  const path = specPath.child('conversion');
  const clientPath = path.child('webhookClientConfig');
  const versionsAt = path.child('conversionReviewVersions');
  const { strategy, webhook } = conversion;
  const reviewVersions = webhook?.conversionReviewVersions ?? [];
  const errors: FieldError[] = [];
  if (!strategy) errors.push(required(path.child('strategy')));
  else if (strategy !== 'None' && strategy !== 'Webhook') {
    errors.push(notSupported(path.child('strategy'), strategy, ['None', 'Webhook']));
  }
  if (strategy !== 'Webhook') {
    if (webhook?.clientConfig) errors.push(forbidden(clientPath, 'should not be set when strategy is not set to Webhook'));
    if (reviewVersions.length) errors.push(forbidden(versionsAt, 'should not be set when strategy is not set to Webhook'));
    return errors;
  }
  if (!webhook?.clientConfig) errors.push(required(clientPath, 'required when strategy is set to Webhook'));
  else errors.push(...validateWebhookClient(webhook.clientConfig, clientPath));
  if (!reviewVersions.length) return [...errors, required(versionsAt)];
  reviewVersions.forEach((version, i) => {
    if (reviewVersions.indexOf(version) < i) errors.push(invalid(versionsAt.index(i), version, 'duplicate version'));
    errors.push(...problemsAt(versionsAt.index(i), version, dns1035LabelErrors(version)));
  });
  if (!reviewVersions.some((version) => knownReviewVersions.includes(version))) {
    errors.push(invalid(versionsAt, reviewVersions, `must include at least one of ${knownReviewVersions.join(', ')}`));
  }
  return errors;
}

/** Objects may still be stored in a version as long as the status lists it. */
function validateStoredVersions(
  stored: readonly string[],
  versions: readonly api.CustomResourceDefinitionVersion[],
  given: readonly string[] | undefined,
): FieldError[] {
  if (!stored.length) return [invalid(storedPath, given, 'must have at least one stored version')];
  const errors: FieldError[] = [];
  const unseen = new Set(stored);
  for (const { name, storage } of versions) {
    // Each stored version counts once: a second version of the same name finds it taken.
    if (!unseen.delete(name) && storage) errors.push(invalid(storedPath, stored, `must have the storage version ${name}`));
  }
  stored.forEach((name, i) => {
    if (!unseen.has(name)) return;
    const why =
      `${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures ` +
      `no data remains persisted in ${name} and removes ${name} from status.storedVersions`;
    errors.push(invalid(storedPath.index(i), name, `missing from spec.versions; ${why}`));
  });
  return errors;
}

/** Kubernetes' own domains need a sign that somebody agreed. */
function validateApproval({ metadata, spec }: api.CustomResourceDefinition): FieldError[] {
  if (!/(^|\.)(k8s|kubernetes)\.io$/.test(spec?.group ?? '')) return [];
  const value = metadata.annotations?.[approvalAnnotation];
  const path = FieldPath.of('metadata', 'annotations').key(approvalAnnotation);
  const see = 'see https://github.com/kubernetes/enhancements/pull/1111';
  if (!value) {
    return [required(path, `protected groups must have approval annotation "${approvalAnnotation}", ${see}`)];
  }
  if (value.startsWith('unapproved') || /^https?:\/\/[^/]+/.test(value)) return [];
  const text = `protected groups must have approval annotation "${approvalAnnotation}" with either a URL or a reason starting with "unapproved", ${see}`;
  return [invalid(path, value, text)];
}

/** Once objects may exist under a name, the name stays. */
export function validateDefinitionUpdate(crd: api.CustomResourceDefinition, old: api.CustomResourceDefinition): FieldError[] {
  const [spec, before] = [crd.spec, old.spec];
  const errors = immutable(specPath.child('group'), spec?.group, before?.group);
  const established = old.status?.conditions?.some(
    (condition) => condition.type === 'Established' && condition.status === 'True',
  );
  if (established) {
    errors.push(...immutable(specPath.child('scope'), spec?.scope, before?.scope));
    errors.push(...immutable(specPath.child('names', 'kind'), spec?.names?.kind, before?.names?.kind));
  }
  return [...errors, ...immutable(specPath.child('names', 'plural'), spec?.names?.plural, before?.names?.plural)];
}
