/** What controllers ask about a pod. */
import { parseTime } from '#common/api/time.ts';
import type * as api from '#common/schema/generated/types.ts';

/** Neither finished nor being deleted: it counts as a replica. */
export const isActive = (pod: api.Pod): boolean =>
  pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed' && !pod.metadata.deletionTimestamp;

export const isTerminating = (pod: api.Pod): boolean =>
  pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed' && pod.metadata.deletionTimestamp !== undefined;

export const isFinished = (pod: api.Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';

export function conditionOf(pod: api.Pod, type: string): api.PodCondition | undefined {
  const conditions = pod.status?.conditions;
  if (conditions) for (const condition of conditions) if (condition.type === type) return condition;
  return undefined;
}

export const isReady = (pod: api.Pod): boolean => conditionOf(pod, 'Ready')?.status === 'True';

/**
 * Since when (ms) a pod that is ready counts as available: after minReadySeconds of readiness. Undefined when it is not
 * ready; may lie in the future.
 */
export function availableFrom(pod: api.Pod, minReadySeconds: number): number | undefined {
  const ready = conditionOf(pod, 'Ready');
  if (ready?.status !== 'True') return undefined;
  if (minReadySeconds === 0) return 0;
  const since = parseTime(ready.lastTransitionTime);
  return since === undefined ? undefined : since + minReadySeconds * 1000;
}

export const isAvailable = (pod: api.Pod, minReadySeconds: number, now: number): boolean => {
  const from = availableFrom(pod, minReadySeconds);
  return from !== undefined && from <= now;
};
