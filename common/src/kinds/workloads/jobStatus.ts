/** Validation of a Job's status: counts that only grow, and a story of conditions that makes sense. */
import { duplicate, type FieldError, invalid, noValue, required } from '#common/api/fieldError.ts';
import type * as api from '#common/schema/generated/types.ts';
import { countIndexes } from './jobIndexes.ts';
import { checkCounts, statusPath } from './statusRules.ts';

const isTrue = (status: api.JobStatus, type: string): boolean =>
  status.conditions?.some((condition) => condition.type === type && condition.status === 'True') ?? false;

export const isFinished = (status: api.JobStatus): boolean => isTrue(status, 'Complete') || isTrue(status, 'Failed');

export function validateJobStatusUpdate(job: api.Job, old: api.Job): FieldError[] {
  const errors: FieldError[] = [];
  const status = job.status ?? {};
  const before = old.status ?? {};
  checkCounts(status, ['active', 'succeeded', 'failed', 'ready', 'terminating'], errors);
  checkUncounted(status.uncountedTerminatedPods, errors);
  checkConditions(status, errors);
  checkTimes(status, before, errors);
  checkIndexes(job, status, errors);
  if ((status.ready ?? 0) > (status.active ?? 0)) {
    errors.push(invalid(statusPath.child('ready'), status.ready, 'cannot set more ready pods than active'));
  }
  for (const field of ['failed', 'succeeded'] as const) {
    if ((status[field] ?? 0) >= (before[field] ?? 0)) continue;
    errors.push(invalid(statusPath.child(field), status[field] ?? 0, `cannot decrease the ${field} counter`));
  }
  return errors;
}

/** Pods are counted once. */
function checkUncounted(pods: api.UncountedTerminatedPods | undefined, errors: FieldError[]): void {
  const seen = new Set<string>();
  for (const field of ['succeeded', 'failed'] as const) {
    pods?.[field]?.forEach((uid, i) => {
      const at = statusPath.child('uncountedTerminatedPods', field).index(i);
      if (!uid) errors.push(invalid(at, uid, 'must not be empty'));
      else if (seen.has(uid)) errors.push(duplicate(at, uid));
      seen.add(uid);
    });
  }
}

function checkConditions(status: api.JobStatus, errors: FieldError[]): void {
  const at = statusPath.child('conditions');
  const [complete, failed] = [isTrue(status, 'Complete'), isTrue(status, 'Failed')];
  const [success, failure] = [isTrue(status, 'SuccessCriteriaMet'), isTrue(status, 'FailureTarget')];
  const refuse = (text: string): void => void errors.push(invalid(at, noValue, text));
  if (complete && failed) refuse('cannot set Complete=True and Failed=true conditions');
  if (complete && failure) refuse('cannot set Complete=True and FailureTarget=true conditions');
  if (complete && !success) refuse('cannot set Complete=True condition without the SuccessCriteriaMet=true condition');
  if (failed && !failure) refuse('cannot set Failed=True condition without the FailureTarget=true condition');
  if (success && failure) refuse('cannot set FailureTarget=True and SuccessCriteriaMet=true conditions');
  if (success && failed) refuse('cannot set Failed=True and SuccessCriteriaMet=true conditions');
  if ((status.active ?? 0) > 0 && (complete || failed)) {
    errors.push(invalid(statusPath.child('active'), status.active, 'active>0 is invalid for finished job'));
  }
  if ((status.terminating ?? 0) > 0 && (complete || failed)) {
    errors.push(invalid(statusPath.child('terminating'), status.terminating, 'terminating>0 is invalid for finished job'));
  }
}

function checkTimes(status: api.JobStatus, before: api.JobStatus, errors: FieldError[]): void {
  const { startTime, completionTime } = status;
  const completionPath = statusPath.child('completionTime');
  if (isFinished(status) && !startTime) {
    errors.push(required(statusPath.child('startTime'), 'startTime is required for finished job'));
  }
  if (isTrue(status, 'Complete') && !completionTime) {
    errors.push(required(completionPath, 'completionTime is required for Complete jobs'));
  }
  if (!completionTime) return;
  if (!isTrue(status, 'Complete')) {
    const text = 'cannot set completionTime when there is no Complete=True condition';
    errors.push(invalid(completionPath, completionTime, text));
  }
  if (startTime && Date.parse(completionTime) < Date.parse(startTime)) {
    errors.push(invalid(completionPath, completionTime, 'must be equal to or after `startTime`'));
  }
  if (before.completionTime && before.completionTime !== completionTime) {
    errors.push(invalid(completionPath, completionTime, 'field is immutable'));
  }
}

function checkIndexes({ spec }: api.Job, status: api.JobStatus, errors: FieldError[]): void {
  const { completedIndexes: completed, failedIndexes: failed } = status;
  const check = (field: 'completedIndexes' | 'failedIndexes', text: string): void => {
    const counted = countIndexes(text, spec?.completions ?? 0);
    if (!('problem' in counted)) return;
    errors.push(invalid(statusPath.child(field), text, `error parsing ${field}: ${counted.problem}`));
  };
  if (completed) {
    if (spec?.completionMode !== 'Indexed') {
      const text = 'cannot set non-empty completedIndexes when non-indexed completion mode';
      errors.push(invalid(statusPath.child('completedIndexes'), completed, text));
    } else check('completedIndexes', completed);
  }
  if (failed == null) return;
  if (spec?.backoffLimitPerIndex == null) {
    const text = 'cannot set non-null failedIndexes when backoffLimitPerIndex is null';
    errors.push(invalid(statusPath.child('failedIndexes'), failed, text));
  } else check('failedIndexes', failed);
}
