/**
 * Which requests a webhook or a policy is for: rules and exceptions, equivalent versions, the namespace's labels and the
 * object's. Match conditions come after this (matchConditions.ts).
 */
import type { GroupVersionResource } from '#common/api/groupVersion.ts';
import { selectorFromLabelSelector } from '#common/api/labelSelector.ts';
import type { KubeObject, LabelSelector } from '#common/api/meta.ts';
import { notFound } from '#common/api/status.ts';
import { Namespace } from '#common/kinds/namespace.ts';
import type { MatchResources, MutatingWebhook, ValidatingWebhook } from '#common/schema/generated/types.ts';
import type { Resource } from '../../registry/registry.ts';
import type { AdmissionRequest, AdmissionState } from '../admission.ts';
import { type Rule, ruleMatches, type RuleTarget } from './resourceRules.ts';
import { type RegistryOf, versionsOf } from './servedVersions.ts';

export interface MatchCriteria {
  /** `everything`: no rules are asked, as in a binding that has none. */
  readonly rules: readonly Rule[] | 'everything';
  readonly exceptions: readonly Rule[];
  /** False: a request in another version of the same resource is not this rule's. */
  readonly equivalent: boolean;
  readonly namespaceSelector: LabelSelector;
  readonly objectSelector: LabelSelector;
}

/** In which version the matching rule wants to see the request. */
export interface Match {
  readonly resource: Resource;
}

const all: LabelSelector = {};

export const criteriaOfWebhook = (webhook: MutatingWebhook | ValidatingWebhook): MatchCriteria => ({
  rules: webhook.rules ?? [],
  exceptions: [],
  equivalent: webhook.matchPolicy !== 'Exact',
  namespaceSelector: webhook.namespaceSelector ?? all,
  objectSelector: webhook.objectSelector ?? all,
});

/** Of a policy's constraints or a binding's resources; absent rules restrict nothing. */
export const criteriaOfMatchResources = (match: MatchResources | undefined): MatchCriteria => ({
  rules: match?.resourceRules?.length ? match.resourceRules : 'everything',
  exceptions: match?.excludeResourceRules ?? [],
  equivalent: match?.matchPolicy !== 'Exact',
  namespaceSelector: match?.namespaceSelector ?? all,
  objectSelector: match?.objectSelector ?? all,
});

const configurationGroup = 'admissionregistration.k8s.io';
const configurations = new Set([
  'mutatingwebhookconfigurations',
  'validatingwebhookconfigurations',
  'mutatingadmissionpolicies',
  'mutatingadmissionpolicybindings',
  'validatingadmissionpolicies',
  'validatingadmissionpolicybindings',
]);

/** Nothing may stand in the way of repairing what stands in the way; and nothing is asked twice about one request. */
export const isExempt = ({ kind, options }: AdmissionRequest): boolean =>
  options.admitted === true || (kind.group === configurationGroup && configurations.has(kind.plural));

const isNamespace = ({ kind }: AdmissionRequest): boolean => kind.group === '' && kind.plural === 'namespaces';

/** The namespace of a request; that of a Namespace is itself. */
export const namespaceOf = (request: AdmissionRequest): string => (isNamespace(request) ? request.name : request.namespace);

/** The version that the request speaks. */
export const requestedKind = (request: AdmissionRequest): AdmissionRequest['kind'] => request.requested ?? request.kind;

const targetOf = (request: AdmissionRequest, { group, version, resource }: GroupVersionResource): RuleTarget => ({
  operation: request.operation,
  group,
  version,
  resource,
  subresource: request.subresource ?? '',
  namespace: namespaceOf(request),
  name: request.name,
});

const addressOf = ({ group, version, plural }: AdmissionRequest['kind']): GroupVersionResource => ({
  group,
  version,
  resource: plural,
});

/** The resource in whose version one of the rules names the request: its own if that is named, else an equivalent one. */
function ruled(
  rules: readonly Rule[],
  equivalent: boolean,
  request: AdmissionRequest,
  registryOf: RegistryOf,
): Resource | undefined {
  if (rules.length === 0) return undefined;
  const kind = requestedKind(request);
  const own = targetOf(request, addressOf(kind));
  if (rules.some((rule) => ruleMatches(rule, own))) return registryOf().resource(kind.group, kind.version, kind.plural);
  if (!equivalent) return undefined;
  const versions = versionsOf(registryOf(), kind);
  if (versions.length < 2) return undefined;
  return versions.find((other) => {
    if (other.kind === kind) return false;
    const target = targetOf(request, addressOf(other.kind));
    return rules.some((rule) => ruleMatches(rule, target));
  });
}

/** Throws 404 where a namespace has to be looked at that is not there. */
function namespaceMatches(selector: LabelSelector, request: AdmissionRequest, state: AdmissionState): boolean {
  const compiled = selectorFromLabelSelector(selector);
  if (compiled.isEmpty) return true;
  // What is about to be stored counts, where a Namespace is written; where one is deleted, what is stored.
  if (isNamespace(request) && !request.subresource && request.operation !== 'DELETE') {
    return compiled.matches(request.object?.metadata.labels);
  }
  const name = namespaceOf(request);
  if (name === '') return true;
  const namespace = state.get(Namespace, '', name);
  if (!namespace) throw notFound({ group: '', resource: 'namespaces' }, name);
  return compiled.matches(namespace.metadata.labels);
}

function objectMatches(selector: LabelSelector, objects: readonly (KubeObject | undefined)[]): boolean {
  const compiled = selectorFromLabelSelector(selector);
  return compiled.isEmpty || objects.some((object) => object?.metadata && compiled.matches(object.metadata.labels));
}

/**
 * Undefined when the request is none of its business. An update matches by its labels before or after. Throws 404 when the
 * request's namespace has to be looked at and is not there.
 */
export function matchRequest(
  criteria: MatchCriteria,
  request: AdmissionRequest,
  state: AdmissionState,
  registryOf: RegistryOf,
): Match | undefined {
  const kind = requestedKind(request);
  const { rules, exceptions, equivalent } = criteria;
  const resource =
    rules === 'everything'
      ? registryOf().resource(kind.group, kind.version, kind.plural)
      : ruled(rules, equivalent, request, registryOf);
  if (!resource || ruled(exceptions, equivalent, request, registryOf)) return undefined;
  // The scale of an object has no labels.
  const objects = request.subresource === 'scale' ? [] : [request.object, request.old];
  if (!objectMatches(criteria.objectSelector, objects)) return undefined;
  return namespaceMatches(criteria.namespaceSelector, request, state) ? { resource } : undefined;
}
