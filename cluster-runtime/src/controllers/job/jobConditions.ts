/** A Job's conditions, and when a Job is to end: pure decisions. */
import { formatTime, parseTime } from '#common/api/time.ts';
import type * as api from '#common/schema/generated/types.ts';
import { isFailed, isIndexed, isSuspended } from './jobPods.ts';
import { type JobView, limitsPerIndex } from './jobView.ts';
import { judgeFailure, judgeSuccess } from './policies.ts';

export const jobCondition = (type: string, status: string, reason: string, message: string, now: number): api.JobCondition => ({
  type,
  status,
  lastProbeTime: formatTime(now),
  lastTransitionTime: formatTime(now),
  reason,
  message,
});

export const findCondition = (conditions: readonly api.JobCondition[] | undefined, type: string): api.JobCondition | undefined =>
  conditions?.find((condition) => condition.type === type && condition.status === 'True');

export const isJobFinished = ({ status }: api.Job): boolean =>
  Boolean(findCondition(status?.conditions, 'Complete') ?? findCondition(status?.conditions, 'Failed'));

/** With the condition put in its place; the same list when nothing changes. A condition that is False is not added. */
export function withJobCondition(
  conditions: readonly api.JobCondition[],
  condition: api.JobCondition,
): readonly api.JobCondition[] {
  const at = conditions.findIndex((one) => one.type === condition.type);
  const old = conditions[at];
  if (!old) return condition.status === 'False' ? conditions : [...conditions, condition];
  if (old.status === condition.status && old.reason === condition.reason && old.message === condition.message) return conditions;
  return conditions.with(at, condition);
}

/** When the Job has been active for too long; undefined without a deadline. */
export function deadlineOf(job: api.Job): number | undefined {
  const start = parseTime(job.status?.startTime);
  const seconds = job.spec?.activeDeadlineSeconds;
  return start === undefined || seconds === undefined || isSuspended(job) ? undefined : start + seconds * 1000;
}

/** The condition that announces the Job's end, SuccessCriteriaMet or FailureTarget, other than by reaching its completions. */
export function planEnd(view: JobView, now: number): api.JobCondition | undefined {
  const { job } = view;
  const announced =
    findCondition(job.status?.conditions, 'SuccessCriteriaMet') ?? findCondition(job.status?.conditions, 'FailureTarget');
  if (announced) return announced;
  const fail = (reason: string, message: string): api.JobCondition => jobCondition('FailureTarget', 'True', reason, message, now);

  for (const pod of job.spec?.podFailurePolicy ? view.pods : []) {
    const message = isFailed(job, pod) ? judgeFailure(job.spec?.podFailurePolicy, pod).failJob : undefined;
    if (message !== undefined) return fail('PodFailurePolicy', message);
  }
  if (view.failed > (job.spec?.backoffLimit ?? 6) || restartsExceedLimit(view)) {
    return fail('BackoffLimitExceeded', 'Job has reached the specified backoff limit');
  }
  const deadline = deadlineOf(job);
  if (deadline !== undefined && deadline <= now) return fail('DeadlineExceeded', 'Job was active longer than specified deadline');
  if (!isIndexed(job)) return undefined;

  const completions = job.spec?.completions ?? 0;
  if (limitsPerIndex(job)) {
    const { maxFailedIndexes } = job.spec ?? {};
    const failed = view.failedIndexes.size;
    if (maxFailedIndexes !== undefined && failed > maxFailedIndexes) {
      return fail('MaxFailedIndexesExceeded', 'Job has exceeded the specified maximal number of failed indexes');
    }
    if (failed > 0 && failed + view.succeededIndexes.size >= completions) return fail('FailedIndexes', 'Job has failed indexes');
  }
  const met = judgeSuccess(job.spec?.successPolicy, completions, view.succeededIndexes);
  return met === undefined ? undefined : jobCondition('SuccessCriteriaMet', 'True', 'SuccessPolicy', met, now);
}

/** Pods that restart in place count by their containers' restarts. */
function restartsExceedLimit({ job, pods }: JobView): boolean {
  if (job.spec?.template.spec?.restartPolicy !== 'OnFailure') return false;
  const running = pods.filter((pod) => pod.status?.phase === 'Running' || pod.status?.phase === 'Pending');
  const statuses = running.flatMap((pod) => [
    ...(pod.status?.initContainerStatuses ?? []),
    ...(pod.status?.containerStatuses ?? []),
  ]);
  const restarts = statuses.reduce((sum, status) => sum + (status.restartCount ?? 0), 0);
  const limit = job.spec.backoffLimit ?? 6;
  return limit === 0 ? restarts > 0 : restarts >= limit;
}

/** Whether the Job has all the successes it asks for, with `active` pods left. */
export function isComplete({ job, succeeded }: JobView, active: number): boolean {
  if (active > 0) return false;
  const completions = job.spec?.completions;
  return completions === undefined ? succeeded > 0 : succeeded >= completions;
}
