/** In which order, and for how long, a machine that shuts down gracefully waits for its pods. Pure. */
import type * as api from '#common/schema/generated/types.ts';
import { criticalPriority } from '../eviction/planEviction.ts';

/** Ordinary pods get 20 seconds, then critical ones 10: 30 in all, as Kubernetes' documentation has it. */
export const usualGracePeriods: readonly api.ShutdownGracePeriod[] = [
  { priority: 0, shutdownGracePeriodSeconds: 20 },
  { priority: criticalPriority, shutdownGracePeriodSeconds: 10 },
];

export const shutdownReason = 'Terminated';
export const shutdownMessage = 'Pod was terminated in response to imminent node shutdown.';
/** Of a pod that comes while the machine shuts down. */
export const shutdownRefusal = { reason: 'NodeShutdown', message: 'Pod was rejected as the node is shutting down.' };
/** Of the Ready condition meanwhile. */
export const shuttingDownMessage = 'node is shutting down';

export interface ShutdownGroup<T> {
  readonly graceSeconds: number;
  readonly members: readonly T[];
}

/** Those of low priority first. A pod below every range belongs to the lowest one. Groups without pods are left out. */
export function planShutdown<T extends { readonly pod: api.Pod }>(
  members: readonly T[],
  periods: readonly api.ShutdownGracePeriod[] = [],
): ShutdownGroup<T>[] {
  const sorted = [...(periods.length > 0 ? periods : usualGracePeriods)].sort((a, b) => a.priority - b.priority);
  const rangeOf = ({ pod }: T): number => {
    const priority = pod.spec?.priority ?? 0;
    return Math.max(
      0,
      sorted.findLastIndex((range) => range.priority <= priority),
    );
  };
  return sorted
    .map(({ shutdownGracePeriodSeconds }, i) => ({
      graceSeconds: shutdownGracePeriodSeconds,
      members: members.filter((member) => rangeOf(member) === i),
    }))
    .filter((group) => group.members.length > 0);
}
