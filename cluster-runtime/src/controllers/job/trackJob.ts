/**
 * Counts finished pods exactly once. A pod that finished is first noted by uid (or index) in the status, then loses its
 * tracking finalizer, then moves from the notes into the counters: whenever the process dies in between, the next look
 * goes on from there.
 */
import { deepEqual } from '#common/base/freeze.ts';
import { keyOf } from '#common/api/meta.ts';
import { hasReason } from '#common/api/status.ts';
import { Job } from '#common/kinds/job.ts';
import { Pod } from '#common/kinds/pod.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { ReconcileContext } from '../../controller/controller.ts';
import { jobCondition, withJobCondition } from './jobConditions.ts';
import { indexOf, isFailed, isIndexed, isTracked, trackingFinalizer } from './jobPods.ts';
import { type JobView, limitsPerIndex } from './jobView.ts';
import { judgeFailure } from './policies.ts';

/** At most so many pods are noted at a time. */
const mostUncounted = 500;

interface Progress {
  readonly view: JobView;
  /** The status to be written, but for the counters. */
  readonly status: api.JobStatus;
  /** The condition that announces the end, when the Job ends. */
  readonly end: api.JobCondition | undefined;
}

/**
 * Writes the status as often as the counting needs, and the final condition when nothing is left to wait for. False when
 * a pod could not be freed and is to be tried again.
 */
export async function trackJob(ctx: ReconcileContext, progress: Progress): Promise<boolean> {
  const { view, end } = progress;
  const noted = planNotes(progress);
  const conditions = end ? withJobCondition(noted.status.conditions ?? [], end) : noted.status.conditions;
  let job = await write(ctx, view.job, { ...noted.status, ...(conditions ? { conditions: [...conditions] } : {}) });

  const held = new Set(view.pods.filter(isTracked).map((pod) => pod.metadata.uid ?? ''));
  const freed = await Promise.all(noted.finished.map((pod) => removeTrackingFinalizer(ctx, pod)));
  noted.finished.forEach((pod, i) => freed[i] && held.delete(pod.metadata.uid ?? ''));

  const counted = countNotes(job.status ?? {}, held);
  const final = end && !noted.moreToCome ? planFinalCondition(counted, end, ctx.clock.now()) : undefined;
  job = await write(ctx, job, final ? finish(counted, final) : counted);
  if (final) tellFinished(ctx, job, final);
  return freed.every(Boolean);
}

/** Notes what finished since, and says whose finalizer may go. */
function planNotes({ view, status, end }: Progress): { status: api.JobStatus; finished: api.Pod[]; moreToCome: boolean } {
  const { job } = view;
  const indexed = isIndexed(job);
  const notes = {
    succeeded: [...(status.uncountedTerminatedPods?.succeeded ?? [])],
    failed: [...(status.uncountedTerminatedPods?.failed ?? [])],
  };
  const finished: api.Pod[] = [];
  let moreToCome = false;
  for (const pod of view.pods) {
    if (!isTracked(pod) || !mayFree(view, pod, end)) continue;
    if (notes.succeeded.length + notes.failed.length >= mostUncounted) {
      moreToCome = true;
      break;
    }
    finished.push(pod);
    const { uid = '' } = pod.metadata;
    if (pod.status?.phase === 'Succeeded' && !notes.failed.includes(uid)) {
      // An index is counted once by itself.
      if (!indexed && !notes.succeeded.includes(uid)) notes.succeeded.push(uid);
    } else if (isFailed(job, pod) || (end && end.type !== 'SuccessCriteriaMet')) {
      // When the Job fails, what has not finished counts as failed.
      const counts = judgeFailure(job.spec?.podFailurePolicy, pod).counts && (!indexed || indexOf(job, pod) !== undefined);
      if (counts && !notes.failed.includes(uid)) notes.failed.push(uid);
    }
  }
  return {
    status: { ...withIndexes(view, status), uncountedTerminatedPods: notesOf(notes.succeeded, notes.failed) },
    finished,
    moreToCome,
  };
}

function mayFree(view: JobView, pod: api.Pod, end: api.JobCondition | undefined): boolean {
  if (view.job.metadata.deletionTimestamp || end || pod.status?.phase === 'Succeeded') return true;
  if (!isFailed(view.job, pod)) return false;
  const index = indexOf(view.job, pod);
  return index === undefined || view.toReplace.get(index)?.metadata.uid !== pod.metadata.uid;
}

function withIndexes({ job, succeededIndexes, failedIndexes }: JobView, status: api.JobStatus): api.JobStatus {
  if (!isIndexed(job)) return status;
  const completed = String(succeededIndexes);
  return {
    ...status,
    ...(succeededIndexes.size > 0 ? { succeeded: succeededIndexes.size } : {}),
    ...(completed ? { completedIndexes: completed } : {}),
    ...(limitsPerIndex(job) ? { failedIndexes: String(failedIndexes) } : {}),
  };
}

const notesOf = (succeeded: string[], failed: string[]): api.UncountedTerminatedPods => ({
  ...(succeeded.length > 0 ? { succeeded } : {}),
  ...(failed.length > 0 ? { failed } : {}),
});

/** Moves noted pods whose finalizer is gone into the counters. */
function countNotes(status: api.JobStatus, held: ReadonlySet<string>): api.JobStatus {
  const { succeeded: oldSucceeded = [], failed: oldFailed = [] } = status.uncountedTerminatedPods ?? {};
  const succeeded = oldSucceeded.filter((uid) => held.has(uid));
  const failed = oldFailed.filter((uid) => held.has(uid));
  const count = (field: 'succeeded' | 'failed', more: number): api.JobStatus =>
    more > 0 ? { [field]: (status[field] ?? 0) + more } : {};
  return {
    ...status,
    ...count('succeeded', oldSucceeded.length - succeeded.length),
    ...count('failed', oldFailed.length - failed.length),
    uncountedTerminatedPods: notesOf(succeeded, failed),
  };
}

/** Complete or Failed, once every pod is counted and none is still ending. */
function planFinalCondition(status: api.JobStatus, end: api.JobCondition, now: number): api.JobCondition | undefined {
  const { succeeded = [], failed = [] } = status.uncountedTerminatedPods ?? {};
  if (succeeded.length + failed.length > 0 || (status.terminating ?? 0) > 0) return undefined;
  return jobCondition(
    end.type === 'SuccessCriteriaMet' ? 'Complete' : 'Failed',
    'True',
    end.reason ?? '',
    end.message ?? '',
    now,
  );
}

const finish = (status: api.JobStatus, final: api.JobCondition): api.JobStatus => ({
  ...status,
  conditions: [...withJobCondition(status.conditions ?? [], final)],
  // A suspended Job has none, and may end all the same: its pods succeed while they are being stopped.
  ...(status.startTime || !final.lastTransitionTime ? {} : { startTime: final.lastTransitionTime }),
  ...(final.type === 'Complete' && final.lastTransitionTime ? { completionTime: final.lastTransitionTime } : {}),
});

function tellFinished(ctx: ReconcileContext, job: api.Job, { type, reason = '', message = '' }: api.JobCondition): void {
  if (type !== 'Complete') return ctx.events.event(job, 'Warning', reason, message);
  const { completions } = job.spec ?? {};
  const { succeeded = 0 } = job.status ?? {};
  if (completions !== undefined && succeeded > completions) {
    ctx.events.event(
      job,
      'Warning',
      'TooManySucceededPods',
      `Too many succeeded pods: ${succeeded}, while ${completions} were asked for`,
    );
  }
  ctx.events.event(job, 'Normal', 'Completed', 'Job completed');
}

async function write(ctx: ReconcileContext, job: api.Job, status: api.JobStatus): Promise<api.Job> {
  return deepEqual(job.status ?? {}, status) ? job : ctx.client.updateStatus(Job, { ...job, status });
}

/** True when the pod has the finalizer no more. */
export async function removeTrackingFinalizer(ctx: ReconcileContext, pod: api.Pod): Promise<boolean> {
  const patch = { metadata: { uid: pod.metadata.uid, '$deleteFromPrimitiveList/finalizers': [trackingFinalizer] } };
  try {
    await ctx.client.patch(Pod, keyOf(pod), 'strategic', patch);
  } catch (error) {
    // Gone, or another pod has its name: nothing holds the finalizer then.
    if (!hasReason(error, 'NotFound') && !hasReason(error, 'Invalid') && !hasReason(error, 'Conflict')) throw error;
    return !hasReason(error, 'Conflict');
  }
  return true;
}
