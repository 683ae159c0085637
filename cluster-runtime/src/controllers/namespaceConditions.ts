/** The five conditions that tell how far a namespace's deletion is: a pure decision. */
import type { KubeObject } from '#common/api/meta.ts';
import { formatTime } from '#common/api/time.ts';
import type * as api from '#common/schema/generated/types.ts';

/** Objects of one resource that are still there after deletion was asked for. */
export interface Remaining {
  /** `deployments.apps`, `configmaps.` */
  readonly resource: string;
  readonly objects: readonly KubeObject[];
}

type Finding = Pick<api.NamespaceCondition, 'type' | 'status' | 'reason' | 'message'>;

/** What went wrong in one look. */
export interface Failures {
  /** Announced group versions that nobody answers for: `example.com/v1`. */
  readonly unavailable: readonly string[];
  /** Of deletion, at most one for each resource. */
  readonly deletion: readonly string[];
}

export const unavailableText = (groupVersions: readonly string[]): string => {
  const each = [...groupVersions].sort().map((text) => `${text}: stale GroupVersion discovery: ${text}`);
  return `unable to retrieve the complete list of server APIs: ${each.join(', ')}`;
};

/** The object's conditions with those five brought up to date, in Kubernetes' order. */
export function planNamespaceConditions(
  namespace: api.Namespace,
  remaining: readonly Remaining[],
  failures: Failures,
  now: number,
): api.NamespaceCondition[] {
  const conditions = [...(namespace.status?.conditions ?? [])];
  for (const finding of findings(remaining, failures)) {
    const at = conditions.findIndex((condition) => condition.type === finding.type);
    const old = conditions[at];
    if (old && old.status === finding.status && old.message === finding.message && old.reason === finding.reason) continue;
    const lastTransitionTime = old && old.status === finding.status ? old.lastTransitionTime : undefined;
    const condition = { ...finding, lastTransitionTime: lastTransitionTime ?? formatTime(now) };
    if (at < 0) conditions.push(condition);
    else conditions[at] = condition;
  }
  return conditions;
}

function findings(remaining: readonly Remaining[], { unavailable, deletion: errors }: Failures): Finding[] {
  const finalizers = countFinalizers(remaining);
  return [
    unavailable.length > 0
      ? {
          type: 'NamespaceDeletionDiscoveryFailure',
          status: 'True',
          reason: 'DiscoveryFailed',
          message: `Discovery failed for some groups, ${unavailable.length} failing: ${unavailableText(unavailable)}`,
        }
      : passed('NamespaceDeletionDiscoveryFailure', 'ResourcesDiscovered', 'All resources successfully discovered'),
    // Whatever is served has a group version that could be read, so that this cannot fail.
    passed('NamespaceDeletionGroupVersionParsingFailure', 'ParsedGroupVersions', 'All legacy kube types successfully parsed'),
    errors.length > 0
      ? {
          type: 'NamespaceDeletionContentFailure',
          status: 'True',
          reason: 'ContentDeletionFailed',
          message: `Failed to delete all resource types, ${errors.length} remaining: ${[...errors].sort().join(', ')}`,
        }
      : passed(
          'NamespaceDeletionContentFailure',
          'ContentDeleted',
          'All content successfully deleted, may be waiting on finalization',
        ),
    remaining.length > 0
      ? {
          type: 'NamespaceContentRemaining',
          status: 'True',
          reason: 'SomeResourcesRemain',
          message: `Some resources are remaining: ${texts(remaining.map(({ resource, objects }) => `${resource} has ${objects.length} resource instances`))}`,
        }
      : passed('NamespaceContentRemaining', 'ContentRemoved', 'All content successfully removed'),
    finalizers.size > 0
      ? {
          type: 'NamespaceFinalizersRemaining',
          status: 'True',
          reason: 'SomeFinalizersRemain',
          message: `Some content in the namespace has finalizers remaining: ${texts([...finalizers].map(([name, count]) => `${name} in ${count} resource instances`))}`,
        }
      : passed('NamespaceFinalizersRemaining', 'ContentHasNoFinalizers', 'All content-preserving finalizers finished'),
  ];
}

const passed = (type: string, reason: string, message: string): Finding => ({ type, status: 'False', reason, message });

const texts = (parts: readonly string[]): string => [...parts].sort().join(', ');

function countFinalizers(remaining: readonly Remaining[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { objects } of remaining) {
    for (const { metadata } of objects) {
      for (const finalizer of metadata.finalizers ?? []) counts.set(finalizer, (counts.get(finalizer) ?? 0) + 1);
    }
  }
  return counts;
}
