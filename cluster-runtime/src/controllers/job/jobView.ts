/** What a look at a Job and its pods shows: who is active, who finished and is not counted yet, which indexes are done. */
import type * as api from '#common/schema/generated/types.ts';
import { isActive, isReady, isTerminating } from '../../controller/podState.ts';
import { allFailuresOfIndex, indexOf, isFailed, isIndexed, isTracked, failuresOfIndex } from './jobPods.ts';
import { IndexSet } from './indexSet.ts';
import { judgeFailure } from './policies.ts';
import { finishTime } from './backoff.ts';

export interface JobView {
  readonly job: api.Job;
  readonly pods: readonly api.Pod[];
  readonly active: readonly api.Pod[];
  readonly terminating: readonly api.Pod[];
  readonly ready: number;
  /** Finished pods that neither the counters nor uncountedTerminatedPods know. */
  readonly newSucceeded: readonly api.Pod[];
  readonly newFailed: readonly api.Pod[];
  /** With those that are not counted yet. */
  readonly succeeded: number;
  readonly failed: number;
  /** For Indexed Jobs; otherwise empty. */
  readonly succeededIndexes: IndexSet;
  readonly failedIndexes: IndexSet;
  /** Failed pods of indexes that wait for a new one: they keep the count of failures until it is made. */
  readonly toReplace: ReadonlyMap<number, api.Pod>;
}

export const limitsPerIndex = ({ spec }: api.Job): boolean => spec?.backoffLimitPerIndex !== undefined;

export function viewJob(job: api.Job, pods: readonly api.Pod[]): JobView {
  const { status } = job;
  const uncounted = status?.uncountedTerminatedPods ?? {};
  const countedAs = (list: readonly string[] | undefined, pod: api.Pod): boolean =>
    list?.includes(pod.metadata.uid ?? '') ?? false;
  const tracked = pods.filter(isTracked);
  // A pod that was noted as failed while it was being deleted stays so, even if it ends well.
  const newSucceeded = tracked.filter(
    (pod) => pod.status?.phase === 'Succeeded' && !countedAs(uncounted.succeeded, pod) && !countedAs(uncounted.failed, pod),
  );
  const newFailed = tracked.filter((pod) => isFailed(job, pod) && !countedAs(uncounted.failed, pod));
  const active = pods.filter(isActive);
  const succeededIndexes = isIndexed(job) ? succeededOf(job, tracked) : new IndexSet();
  const failedIndexes = limitsPerIndex(job) ? failedOf(job, tracked) : new IndexSet();
  return {
    job,
    pods,
    active,
    terminating: pods.filter(isTerminating),
    ready: active.filter(isReady).length,
    newSucceeded,
    newFailed,
    succeeded: isIndexed(job)
      ? succeededIndexes.size
      : (status?.succeeded ?? 0) + newSucceeded.length + (uncounted.succeeded?.length ?? 0),
    failed:
      (status?.failed ?? 0) +
      newFailed.filter((pod) => judgeFailure(job.spec?.podFailurePolicy, pod).counts).length +
      (uncounted.failed?.length ?? 0),
    succeededIndexes,
    failedIndexes,
    toReplace: limitsPerIndex(job) ? toReplaceOf(job, tracked, active, succeededIndexes, failedIndexes) : new Map(),
  };
}

const completionsOf = ({ spec }: api.Job): number => spec?.completions ?? 0;

function succeededOf(job: api.Job, tracked: readonly api.Pod[]): IndexSet {
  const indexes = tracked.filter((pod) => pod.status?.phase === 'Succeeded').map((pod) => indexOf(job, pod));
  return IndexSet.parse(job.status?.completedIndexes, completionsOf(job)).with(indexes.filter((index) => index !== undefined));
}

function failedOf(job: api.Job, tracked: readonly api.Pod[]): IndexSet {
  const limit = job.spec?.backoffLimitPerIndex ?? 0;
  const indexes = tracked.filter((pod) => {
    if (!isFailed(job, pod)) return false;
    const { counts, action } = judgeFailure(job.spec?.podFailurePolicy, pod);
    return action === 'FailIndex' || (counts && failuresOfIndex(pod) >= limit);
  });
  const known = IndexSet.parse(job.status?.failedIndexes, completionsOf(job));
  return known.with(indexes.map((pod) => indexOf(job, pod)).filter((index) => index !== undefined));
}

function toReplaceOf(
  job: api.Job,
  tracked: readonly api.Pod[],
  active: readonly api.Pod[],
  succeeded: IndexSet,
  failed: IndexSet,
): Map<number, api.Pod> {
  const activeIndexes = new Set(active.map((pod) => indexOf(job, pod)));
  const result = new Map<number, api.Pod>();
  for (const pod of tracked) {
    const index = isFailed(job, pod) ? indexOf(job, pod) : undefined;
    if (index === undefined || succeeded.has(index) || failed.has(index) || activeIndexes.has(index)) continue;
    const other = result.get(index);
    const isLater = !other || (allFailuresOfIndex(other) <= allFailuresOfIndex(pod) && finishTime(pod) >= finishTime(other));
    if (isLater) result.set(index, pod);
  }
  return result;
}
