/** Whether a quota's scopes take an object in. Quotas without scopes take everything; scopes are about pods. */
import type { KubeObject } from '#common/api/meta.ts';
import type { KindDefinition } from '../defineKind.ts';
import type * as api from '#common/schema/generated/types.ts';
import { qosClassOf } from '../podSpec/qosClass.ts';

export function isInScope(quota: api.ResourceQuota, kind: KindDefinition, object: KubeObject): boolean {
  const requirements = requirementsOf(quota);
  if (requirements.length === 0) return true;
  if (kind.group === '' && kind.plural === 'persistentvolumeclaims') {
    const { spec } = object as api.PersistentVolumeClaim;
    return requirements.every((r) => r.scopeName === 'VolumeAttributesClass' && matchesValue(r, spec?.volumeAttributesClassName));
  }
  if (kind.group !== '' || kind.plural !== 'pods') return false;
  return requirements.every((requirement) => matchesPod(requirement, object as api.Pod));
}

/** Both ways of writing scopes as one. */
function requirementsOf({ spec }: api.ResourceQuota): readonly api.ScopedResourceSelectorRequirement[] {
  const plain = (spec?.scopes ?? []).map((scopeName) => ({ scopeName, operator: 'Exists' }));
  return [...plain, ...(spec?.scopeSelector?.matchExpressions ?? [])];
}

function matchesPod(requirement: api.ScopedResourceSelectorRequirement, { spec }: api.Pod): boolean {
  const bestEffort = (): boolean => !spec || qosClassOf(spec) === 'BestEffort';
  switch (requirement.scopeName) {
    case 'Terminating':
      return spec?.activeDeadlineSeconds !== undefined;
    case 'NotTerminating':
      return spec?.activeDeadlineSeconds === undefined;
    case 'BestEffort':
      return bestEffort();
    case 'NotBestEffort':
      return !bestEffort();
    case 'PriorityClass':
      return matchesValue(requirement, spec?.priorityClassName);
    case 'CrossNamespacePodAffinity':
      return spec !== undefined && reachesOtherNamespaces(spec);
    default:
      return false;
  }
}

function matchesValue({ operator, values = [] }: api.ScopedResourceSelectorRequirement, value: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return Boolean(value) && values.includes(value ?? '');
    case 'NotIn':
      return !value || !values.includes(value);
    case 'Exists':
      return Boolean(value);
    default:
      return !value;
  }
}

function reachesOtherNamespaces({ affinity }: api.PodSpec): boolean {
  const terms = [affinity?.podAffinity, affinity?.podAntiAffinity].flatMap((rules) => [
    ...(rules?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
    ...(rules?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map((weighted) => weighted.podAffinityTerm),
  ]);
  return terms.some((term) => Boolean(term.namespaces?.length) || term.namespaceSelector !== undefined);
}
