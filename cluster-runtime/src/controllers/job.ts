/** Runs a Job's pods to completion: parallelism, completions by number or index, retries, deadlines, suspension. */
import { controllerOf, keyText, type ObjectKey } from '#common/api/meta.ts';
import { formatTime } from '#common/api/time.ts';
import { Job } from '#common/kinds/job.ts';
import { Pod } from '#common/kinds/pod.ts';
import type * as api from '#common/schema/generated/types.ts';
import { claim, indexOrphans, watchOrphans } from '../controller/adoption.ts';
import {
  type ControllerDefinition,
  defineController,
  defineWatch,
  done,
  type ReconcileContext,
  requeueAt,
} from '../controller/controller.ts';
import { createPod, deletePod, isNamespaceTerminating, slowStart } from '../controller/podControl.ts';
import { isReady } from '../controller/podState.ts';
import { type FailureRecord, noFailures, recordFinished } from './job/backoff.ts';
import { deadlineOf, isComplete, isJobFinished, jobCondition, planEnd, withJobCondition } from './job/jobConditions.ts';
import { isSuspended, isTracked, jobNameLabel, newPod, trackingFinalizer } from './job/jobPods.ts';
import { type JobView, viewJob } from './job/jobView.ts';
import { type JobPlan, planJob } from './job/planJob.ts';
import { removeTrackingFinalizer, trackJob } from './job/trackJob.ts';

/** Changes of pods and of the status are looked at together, once a second. */
const batchPeriod = 1000;
const trackedIndex = 'jobTracked';

export const jobController = (): ControllerDefinition => {
  /** Failures since the last success, by Job. Lost with the process; then the first wait is short again. */
  const failures = new Map<string, FailureRecord>();
  return defineController<api.Job>({
    name: 'job-controller',
    writes: [Job, Pod],
    for: Job,
    owns: [Pod],
    watches: [
      watchOrphans(Job, Pod, (job) => job.spec?.selector),
      defineWatch<api.Pod>({
        kind: Pod,
        replay: true,
        keysFor({ type, object }) {
          const lost = type === 'added' || (type === 'updated' && !controllerOf(object));
          const tracker = lost ? trackerOf(object) : undefined;
          return tracker ? [tracker] : [];
        },
      }),
    ],
    concurrency: 5,
    delayOf(_key, event, kind) {
      if (kind.kind === 'Pod') return batchPeriod;
      return event.type === 'updated' && event.old.metadata.generation === event.object.metadata.generation ? batchPeriod : 0;
    },
    setup(ctx) {
      indexOrphans(ctx.cache, Pod);
      ctx.cache.informer(Pod).addIndex(trackedIndex, trackedFor);
    },
    async reconcile(ctx, key) {
      const job = ctx.cache.get(Job, key);
      const text = keyText(key);
      if (!job || isJobFinished(job)) {
        failures.delete(text);
        return (await freePods(ctx, text, job)) ? done : requeueAt(ctx.clock.now() + batchPeriod);
      }
      const pods = await claim(ctx, {
        kind: Job,
        owner: job,
        childKind: Pod,
        selector: job.spec?.selector,
        finalizer: trackingFinalizer,
      });
      const allFreed = await freePods(ctx, text, job);
      const view = viewJob(job, pods);
      const record = recordFinished(failures.get(text) ?? noFailures, view.newSucceeded, view.newFailed);
      const nextCreation = await syncJob(ctx, view, record);
      failures.set(text, record);
      const deadline = deadlineOf(ctx.cache.get(Job, key) ?? job);
      const retry = allFreed ? undefined : ctx.clock.now() + batchPeriod;
      const times = [nextCreation, deadline, retry].filter((time) => time !== undefined && time > ctx.clock.now()) as number[];
      return requeueAt(times.length > 0 ? Math.min(...times) : undefined);
    },
  });
};

/** The Job whose finalizer holds the pod; one that has no owner any more still names it in a label. */
function trackerOf(pod: api.Pod): ObjectKey | undefined {
  if (!isTracked(pod)) return undefined;
  const owner = controllerOf(pod);
  const name = owner ? (owner.kind === 'Job' ? owner.name : undefined) : pod.metadata.labels?.[jobNameLabel];
  return name === undefined ? undefined : { namespace: pod.metadata.namespace ?? '', name };
}

/** Pods that a Job's finalizer holds, by the Job's key. */
function trackedFor(pod: api.Pod): string[] {
  const tracker = trackerOf(pod);
  return tracker ? [keyText(tracker)] : [];
}

/** Nobody counts the pods of a Job that is gone or has ended, nor those it lost: their finalizers would hold them for ever. */
async function freePods(ctx: ReconcileContext, key: string, job: api.Job | undefined): Promise<boolean> {
  const pods = ctx.cache.informer(Pod).byIndex(trackedIndex, key);
  const freed = await Promise.all(
    pods
      .filter((pod) => !job || isJobFinished(job) || controllerOf(pod)?.uid !== job.metadata.uid)
      .map((pod) => removeTrackingFinalizer(ctx, pod)),
  );
  return freed.every(Boolean);
}

/** Gives the time before which no failed pod may be replaced, if that is what the Job waits for. */
async function syncJob(ctx: ReconcileContext, view: JobView, record: FailureRecord): Promise<number | undefined> {
  const { job } = view;
  const now = ctx.clock.now();
  let conditions: readonly api.JobCondition[] = job.status?.conditions ?? [];
  let startTime = job.status?.startTime ?? (isSuspended(job) ? undefined : formatTime(now));
  let active = view.active.length;
  let { ready } = view;
  let terminating = view.terminating.length;
  let nextCreation: number | undefined;
  let error: unknown;

  const remove = async (pods: readonly api.Pod[], uncounted: boolean): Promise<void> => {
    const results = await Promise.allSettled(
      pods.map(async (pod) => {
        if (uncounted && isTracked(pod)) await removeTrackingFinalizer(ctx, pod);
        await deletePod(ctx, job, pod);
      }),
    );
    const deleted = pods.filter((_, i) => results[i]?.status === 'fulfilled');
    active -= deleted.length;
    ready -= deleted.filter(isReady).length;
    terminating += deleted.length;
    error = results.find((result) => result.status === 'rejected')?.reason as unknown;
  };

  let end = planEnd(view, now);
  if (end) {
    await remove(view.active, false);
    // While pods could not be deleted the end is not announced.
    if (active > 0) end = undefined;
  } else {
    let plan: JobPlan = { delete: [], create: [] };
    if (!job.metadata.deletionTimestamp) {
      plan = planJob(view, record, now);
      ({ nextCreation } = plan);
      // Pods that the Job no longer wants have not failed.
      if (plan.delete.length > 0) await remove(plan.delete, true);
      const created = await createPods(ctx, view, plan);
      active += created.count;
      error ??= created.error;
    }
    if (isComplete(view, active)) {
      end = jobCondition('SuccessCriteriaMet', 'True', 'CompletionsReached', 'Reached expected number of succeeded pods', now);
    } else if (!job.metadata.deletionTimestamp) {
      const suspended = noteSuspension(ctx, job, conditions, now);
      if (suspended !== conditions && !isSuspended(job)) startTime = formatTime(now);
      conditions = suspended;
    }
  }

  const { active: _, startTime: __, conditions: ___, ...old } = job.status ?? {};
  const status: api.JobStatus = {
    ...old,
    ...(conditions.length > 0 ? { conditions: [...conditions] } : {}),
    ...(startTime ? { startTime } : {}),
    ...(active > 0 ? { active } : {}),
    ready,
    terminating,
  };
  const complete = await trackJob(ctx, { view, status, end });
  if (error !== undefined) throw error;
  return complete ? nextCreation : Math.min(nextCreation ?? Infinity, ctx.clock.now() + batchPeriod);
}

async function createPods(
  ctx: ReconcileContext,
  { job, toReplace }: JobView,
  plan: JobPlan,
): Promise<{ count: number; error?: unknown }> {
  if (plan.create.length === 0) return { count: 0 };
  const { succeeded, error } = await slowStart(plan.create.length, 1, async (i) => {
    const index = plan.create[i];
    await createPod(ctx, job, newPod(job, index, index === undefined ? undefined : toReplace.get(index)));
  });
  return { count: succeeded, ...(isNamespaceTerminating(error) ? {} : { error }) };
}

/** The Suspended condition as it is now; says so when it changes. */
function noteSuspension(
  ctx: ReconcileContext,
  job: api.Job,
  conditions: readonly api.JobCondition[],
  now: number,
): readonly api.JobCondition[] {
  const suspended = isSuspended(job);
  const condition = suspended
    ? jobCondition('Suspended', 'True', 'JobSuspended', 'Job suspended', now)
    : jobCondition('Suspended', 'False', 'JobResumed', 'Job resumed', now);
  const result = withJobCondition(conditions, condition);
  if (result !== conditions)
    ctx.events.event(job, 'Normal', suspended ? 'Suspended' : 'Resumed', suspended ? 'Job suspended' : 'Job resumed');
  return result;
}
