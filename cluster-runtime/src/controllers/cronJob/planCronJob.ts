/** What a CronJob does now: a pure decision. */
import { parseTime } from '#common/api/time.ts';
import type { CronSchedule } from '#common/kinds/workloads/cronSchedule.ts';
import type * as api from '#common/schema/generated/types.ts';
import { findCondition, isJobFinished } from '../job/jobConditions.ts';
import { nextFire } from './cronTime.ts';

/** Beyond this many missed starts people are warned. */
const manyMissed = 100;

export interface Due {
  /** The latest start that is due and was not made, if any. */
  readonly at: number | undefined;
  /** When the next one is due. */
  readonly next: number | undefined;
  readonly tooManyMissed: boolean;
}

export function planSchedule(cronJob: api.CronJob, schedule: CronSchedule, timeZone: string, now: number): Due {
  const next = nextFire(schedule, now, timeZone);
  const { lastScheduleTime } = cronJob.status ?? {};
  let earliest = parseTime(lastScheduleTime) ?? parseTime(cronJob.metadata.creationTimestamp) ?? now;
  const deadline = cronJob.spec?.startingDeadlineSeconds;
  if (deadline !== undefined) earliest = Math.max(earliest, now - deadline * 1000);
  if (earliest > now) return { at: undefined, next, tooManyMissed: false };
  const first = nextFire(schedule, earliest, timeZone);
  if (first === undefined || first > now) return { at: undefined, next, tooManyMissed: false };
  const second = nextFire(schedule, first, timeZone);
  if (second === undefined || second > now) return { at: first, next, tooManyMissed: false };

  // Of many missed starts only the last counts: most of the others are skipped.
  const missed = Math.floor((now - first) / (second - first)) + 1;
  let latest = first;
  const skipTo = Math.max(first, first + (missed - 2) * (second - first) - 1);
  for (let at = nextFire(schedule, skipTo, timeZone); at !== undefined && at <= now; at = nextFire(schedule, at, timeZone))
    latest = at;
  return { at: latest, next, tooManyMissed: missed > manyMissed };
}

/** The finished Jobs beyond the limits of the history, the oldest first. */
export function planHistory(cronJob: api.CronJob, jobs: readonly api.Job[]): api.Job[] {
  const finished = jobs.filter(isJobFinished).sort(byStart);
  const failed = finished.filter((job) => findCondition(job.status?.conditions, 'Failed'));
  const succeeded = finished.filter((job) => !failed.includes(job));
  const { failedJobsHistoryLimit = 1, successfulJobsHistoryLimit = 3 } = cronJob.spec ?? {};
  const beyond = (list: readonly api.Job[], limit: number): api.Job[] => list.slice(0, Math.max(0, list.length - limit));
  return [...beyond(succeeded, successfulJobsHistoryLimit), ...beyond(failed, failedJobsHistoryLimit)];
}

function byStart(a: api.Job, b: api.Job): number {
  const [startA, startB] = [a.status?.startTime, b.status?.startTime];
  if (startA === startB) return (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1;
  if (startA === undefined || startB === undefined) return startA === undefined ? 1 : -1;
  return startA < startB ? -1 : 1;
}

/** The name says which minute the Job is for, so that no start is made twice. */
export const jobNameAt = ({ metadata }: api.CronJob, at: number): string => `${metadata.name}-${Math.floor(at / 60_000)}`;
