/** How long a Job waits before it replaces a failed pod: 10 seconds, doubled with each failure in a row, at most ten minutes. */
import { parseTime } from '#common/api/time.ts';
import type * as api from '#common/schema/generated/types.ts';
import { conditionOf } from '../../controller/podState.ts';

const firstDelay = 10_000;
const longestDelay = 600_000;

/** Failures since the last success. */
export interface FailureRecord {
  readonly failures: number;
  readonly lastFailure: number;
}

export const noFailures: FailureRecord = { failures: 0, lastFailure: 0 };

/** When the next pod may be created; 0 when at once. */
export function nextCreation({ failures, lastFailure }: FailureRecord): number {
  return failures === 0 ? 0 : lastFailure + Math.min(firstDelay * 2 ** (failures - 1), longestDelay);
}

/** The record after further pods finished. */
export function recordFinished(record: FailureRecord, succeeded: readonly api.Pod[], failed: readonly api.Pod[]): FailureRecord {
  const lastSuccess = Math.max(-Infinity, ...succeeded.map(finishTime));
  const failures = failed.map(finishTime).filter((time) => time > lastSuccess);
  const before = succeeded.length > 0 && record.lastFailure <= lastSuccess ? noFailures : record;
  return { failures: before.failures + failures.length, lastFailure: Math.max(before.lastFailure, ...failures) };
}

/** When the pod finished: its last container's end; else what its conditions or its deletion say; at worst its creation. */
export function finishTime(pod: api.Pod): number {
  const ends = (pod.status?.containerStatuses ?? []).map((status) => parseTime(status.state?.terminated?.finishedAt));
  if (ends.length > 0 && ends.every((end) => end !== undefined)) return Math.max(...ends);
  const ready = conditionOf(pod, 'Ready');
  if (ready?.status === 'False') {
    const since = parseTime(ready.lastTransitionTime);
    if (since !== undefined) return since;
  }
  const deletion = parseTime(pod.metadata.deletionTimestamp);
  if (deletion !== undefined) return deletion - (pod.metadata.deletionGracePeriodSeconds ?? 0) * 1000;
  return parseTime(pod.metadata.creationTimestamp) ?? 0;
}
