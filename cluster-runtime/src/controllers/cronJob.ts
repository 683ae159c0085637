/** Makes Jobs on a schedule, keeps the list of those that run, and removes old ones. */
import { deepEqual } from '#common/base/freeze.ts';
import { keyOf } from '#common/api/meta.ts';
import { ApiError, hasReason } from '#common/api/status.ts';
import { formatTime, parseTime } from '#common/api/time.ts';
import { CronJob } from '#common/kinds/cronJob.ts';
import { Job } from '#common/kinds/job.ts';
import { parseCronSchedule } from '#common/kinds/workloads/cronSchedule.ts';
import { isTimeZone } from '#common/kinds/workloads/timeZone.ts';
import type * as api from '#common/schema/generated/types.ts';
import { ownerReference } from '../controller/adoption.ts';
import { defineController, done, type ReconcileContext, requeueAt } from '../controller/controller.ts';
import { isNamespaceTerminating } from '../controller/podControl.ts';
import { formatInZone } from './cronJob/cronTime.ts';
import { jobNameAt, planHistory, planSchedule } from './cronJob/planCronJob.ts';
import { findCondition, isJobFinished } from './job/jobConditions.ts';

const scheduledAnnotation = 'batch.kubernetes.io/cronjob-scheduled-timestamp';

export const cronJobController = defineController<api.CronJob>({
  name: 'cronjob-controller',
  writes: [CronJob, Job],
  for: CronJob,
  owns: [Job],
  concurrency: 5,
  async reconcile(ctx, key) {
    const cronJob = ctx.cache.get(CronJob, key);
    if (!cronJob) return done;
    const jobs = ctx.cache.informer(Job).ownedBy(cronJob.metadata.uid ?? '');
    const old = cronJob.status ?? {};
    const status = noteJobs(ctx, cronJob, jobs);
    const { next, started } = await start(ctx, cronJob, status);
    const after = await trimHistory(ctx, cronJob, jobs, started);
    if (!deepEqual(after, old)) await ctx.client.updateStatus(CronJob, { ...cronJob, status: after });
    return requeueAt(next);
  },
});

const withActive = ({ active: _, ...status }: api.CronJobStatus, active: api.ObjectReference[]): api.CronJobStatus =>
  active.length > 0 ? { ...status, active } : status;

/** Whether the Job was made for a time of the schedule, rather than by a person from the template. */
function isScheduled(cronJob: api.CronJob, { metadata }: api.Job): boolean {
  const at = parseTime(metadata.annotations?.[scheduledAnnotation]);
  return at !== undefined && metadata.name === jobNameAt(cronJob, at);
}

function referenceTo({ metadata }: api.Job): api.ObjectReference {
  const { name = '', namespace = '', uid = '', resourceVersion = '' } = metadata;
  return { apiVersion: 'batch/v1', kind: 'Job', name, namespace, uid, resourceVersion };
}

/** The status with finished and missing Jobs taken off the list of active ones. */
function noteJobs(ctx: ReconcileContext, cronJob: api.CronJob, jobs: readonly api.Job[]): api.CronJobStatus {
  let status = cronJob.status ?? {};
  const isListed = (job: api.Job): boolean => status.active?.some((ref) => ref.uid === job.metadata.uid) ?? false;
  for (const job of jobs) {
    const { name, uid } = job.metadata;
    const finished = isJobFinished(job);
    if (!finished && !isListed(job) && isScheduled(cronJob, job)) {
      // Made just before this controller ended, which kept it from noting so: policies have to know of it.
      status = withActive(status, [...(status.active ?? []), referenceTo(job)]);
    } else if (!finished && !isListed(job)) {
      ctx.events.event(cronJob, 'Warning', 'UnexpectedJob', `Saw a job that the controller did not create or forgot: ${name}`);
    } else if (finished && isListed(job)) {
      const type = findCondition(job.status?.conditions, 'Complete') ? 'Complete' : 'Failed';
      status = withActive(
        status,
        (status.active ?? []).filter((ref) => ref.uid !== uid),
      );
      ctx.events.event(cronJob, 'Normal', 'SawCompletedJob', `Saw completed job: ${name}, condition: ${type}`);
    }
    const completion = findCondition(job.status?.conditions, 'Complete') && job.status?.completionTime;
    if (completion && (status.lastSuccessfulTime ?? '') < completion) status = { ...status, lastSuccessfulTime: completion };
  }
  for (const ref of status.active ?? []) {
    if (jobs.some((job) => job.metadata.uid === ref.uid)) continue;
    ctx.events.event(cronJob, 'Normal', 'MissingJob', `Active job went missing: ${ref.name}`);
    status = withActive(
      status,
      (status.active ?? []).filter((other) => other !== ref),
    );
  }
  return status;
}

interface Started {
  /** When to look again. */
  readonly next: number | undefined;
  readonly started: api.CronJobStatus;
}

const schedules = new WeakMap<api.CronJobSpec, ReturnType<typeof parseCronSchedule>>();

/** Revisions of a CronJob share their spec, so that it is read once and not each time that it fires. */
function scheduleOf(spec: api.CronJobSpec): ReturnType<typeof parseCronSchedule> {
  let found = schedules.get(spec);
  if (!found) schedules.set(spec, (found = parseCronSchedule(spec.schedule)));
  return found;
}

async function start(ctx: ReconcileContext, cronJob: api.CronJob, status: api.CronJobStatus): Promise<Started> {
  const { spec, metadata } = cronJob;
  const nothing: Started = { next: undefined, started: status };
  if (metadata.deletionTimestamp || !spec) return nothing;
  if (spec.timeZone !== undefined && !isTimeZone(spec.timeZone)) {
    ctx.events.event(
      cronJob,
      'Warning',
      'UnknownTimeZone',
      `invalid timeZone: ${JSON.stringify(spec.timeZone)}: unknown time zone ${spec.timeZone}`,
    );
    return nothing;
  }
  if (spec.suspend) return nothing;
  const schedule = scheduleOf(spec);
  if (schedule.type === 'problem') {
    ctx.events.event(
      cronJob,
      'Warning',
      'UnparseableSchedule',
      `unparseable schedule: ${JSON.stringify(spec.schedule)} : ${schedule.problem}`,
    );
    return nothing;
  }
  const now = ctx.clock.now();
  const timeZone = spec.timeZone ?? 'UTC';
  const { at, next, tooManyMissed } = planSchedule({ ...cronJob, status }, schedule, timeZone, now);
  if (tooManyMissed) {
    const advice = 'Set or decrease .spec.startingDeadlineSeconds or check clock skew';
    ctx.events.event(cronJob, 'Warning', 'TooManyMissedTimes', `too many missed start times. ${advice}`);
  }
  const waiting: Started = { next, started: status };
  if (
    at === undefined ||
    parseTime(status.lastScheduleTime) === at ||
    status.active?.some((ref) => ref.name === jobNameAt(cronJob, at))
  )
    return waiting;
  if (spec.startingDeadlineSeconds !== undefined && at + spec.startingDeadlineSeconds * 1000 < now) {
    ctx.events.event(
      cronJob,
      'Warning',
      'MissSchedule',
      `Missed scheduled time to start a job: ${new Date(at).toUTCString().replace('GMT', '+0000')}`,
    );
    return waiting;
  }
  if (spec.concurrencyPolicy === 'Forbid' && status.active?.length) {
    const message = 'Not starting job because prior execution is running and concurrency policy is Forbid';
    ctx.events.event(cronJob, 'Normal', 'JobAlreadyActive', message);
    return waiting;
  }
  let current = status;
  if (spec.concurrencyPolicy === 'Replace') {
    for (const ref of status.active ?? [])
      current = await deleteJob(ctx, cronJob, current, { namespace: metadata.namespace ?? '', name: ref.name ?? '' });
  }
  const job = await createJob(ctx, cronJob, at, timeZone);
  if (!job) return { next, started: current };
  const active = [...(current.active ?? []), ...(isJobFinished(job) ? [] : [referenceTo(job)])];
  return { next, started: { ...withActive(current, active), lastScheduleTime: formatTime(at) } };
}

/** The Job for that time, made now or by an attempt before; undefined when another object has its name. */
async function createJob(
  ctx: ReconcileContext,
  cronJob: api.CronJob,
  at: number,
  timeZone: string,
): Promise<api.Job | undefined> {
  const { metadata: template, spec } = cronJob.spec?.jobTemplate ?? {};
  const job: api.Job = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: jobNameAt(cronJob, at),
      namespace: cronJob.metadata.namespace ?? '',
      ...(template?.labels ? { labels: template.labels } : {}),
      annotations: { ...template?.annotations, [scheduledAnnotation]: formatInZone(at, timeZone) },
      ownerReferences: [ownerReference(CronJob, cronJob)],
    },
    ...(spec ? { spec } : {}),
  };
  try {
    const created = await ctx.client.create(Job, job);
    ctx.events.event(cronJob, 'Normal', 'SuccessfulCreate', `Created job ${created.metadata.name}`);
    return created;
  } catch (error) {
    if (isNamespaceTerminating(error)) return undefined;
    if (hasReason(error, 'AlreadyExists')) {
      const there = await ctx.client.get(Job, keyOf(job));
      return there.metadata.ownerReferences?.some((owner) => owner.uid === cronJob.metadata.uid) ? there : undefined;
    }
    if (error instanceof ApiError) ctx.events.event(cronJob, 'Warning', 'FailedCreate', `Error creating job: ${error.message}`);
    throw error;
  }
}

async function deleteJob(
  ctx: ReconcileContext,
  cronJob: api.CronJob,
  status: api.CronJobStatus,
  key: { namespace: string; name: string },
): Promise<api.CronJobStatus> {
  try {
    await ctx.client.delete(Job, key, { propagationPolicy: 'Background' });
    ctx.events.event(cronJob, 'Normal', 'SuccessfulDelete', `Deleted job ${key.name}`);
  } catch (error) {
    if (!hasReason(error, 'NotFound')) {
      if (error instanceof ApiError) ctx.events.event(cronJob, 'Warning', 'FailedDelete', `Deleted job: ${error.message}`);
      throw error;
    }
  }
  return withActive(
    status,
    (status.active ?? []).filter((ref) => ref.name !== key.name),
  );
}

async function trimHistory(
  ctx: ReconcileContext,
  cronJob: api.CronJob,
  jobs: readonly api.Job[],
  status: api.CronJobStatus,
): Promise<api.CronJobStatus> {
  let current = status;
  for (const job of planHistory(cronJob, jobs)) {
    if (!job.metadata.deletionTimestamp) current = await deleteJob(ctx, cronJob, current, keyOf(job));
  }
  return current;
}
