/** Jobs run no more pods at a time than they may, count every pod once, and end. CronJobs keep to their policies. */
import { DisposableStore } from '#common/base/disposable.ts';
import { controllerOf } from '#common/api/meta.ts';
import { CronJob } from '#common/kinds/cronJob.ts';
import { Job } from '#common/kinds/job.ts';
import { Pod } from '#common/kinds/pod.ts';
import type * as api from '#common/schema/generated/types.ts';
import { ns } from '../simulatedCluster.ts';
import { type Invariant, isActive } from './invariant.ts';
import { newsMs } from './rollouts.ts';

const hasEnded = ({ status }: api.Job): boolean =>
  status?.conditions?.some(
    (condition) => (condition.type === 'Complete' || condition.type === 'Failed') && condition.status === 'True',
  ) === true;

export const jobs: Invariant = {
  name: 'jobs keep to parallelism and count right',
  watch({ cache, clock }, report) {
    const subscriptions = new DisposableStore();
    const changed = new Map<string, number>();
    subscriptions.add(
      cache.informer(Job).onChange((event) => {
        if (event.type === 'updated' && event.old.metadata.generation === event.object.metadata.generation) return;
        changed.set(event.object.metadata.uid ?? '', event.type === 'added' ? -Infinity : clock.now());
      }),
    );
    /** The pods that each Job ever had. */
    const had = new Map<string, Set<string | undefined>>();
    subscriptions.add(
      cache.informer(Pod).onChange(({ object }) => {
        const owner = controllerOf(object);
        if (owner?.kind !== 'Job') return;
        const uids = had.get(owner.uid);
        if (uids) uids.add(object.metadata.uid);
        else had.set(owner.uid, new Set([object.metadata.uid]));
      }),
    );
    subscriptions.add(
      cache.informer(Job).onChange(({ object: { metadata, status } }) => {
        const { succeeded = [], failed = [] } = status?.uncountedTerminatedPods ?? {};
        for (const uid of succeeded) if (failed.includes(uid)) report(`Job ${metadata.name} counts a pod as both`);
        const counted = (status?.succeeded ?? 0) + (status?.failed ?? 0) + succeeded.length + failed.length;
        const pods = had.get(metadata.uid ?? '')?.size ?? 0;
        if (counted > pods) report(`Job ${metadata.name} counts ${counted} pods of ${pods}`);
      }),
    );
    subscriptions.add(
      cache.informer(Pod).onChange((event) => {
        const owner = controllerOf(event.object);
        if (event.type !== 'added' || owner?.kind !== 'Job') return;
        const job = cache.get(Job, { namespace: event.object.metadata.namespace ?? '', name: owner.name });
        if (job?.metadata.uid !== owner.uid || clock.now() - (changed.get(owner.uid) ?? 0) < newsMs) return;
        const active = cache.informer(Pod).ownedBy(owner.uid).filter(isActive).length;
        if (active > (job.spec?.parallelism ?? 1))
          report(`Job ${owner.name} makes pod ${active} of ${job.spec?.parallelism} at a time`);
        if (hasEnded(job)) report(`Job ${owner.name} has ended and makes pods`);
      }),
    );
    return subscriptions;
  },
  *atRest({ cache }) {
    for (const job of cache.list(Job, ns)) {
      const { metadata, spec, status } = job;
      if (metadata.deletionTimestamp) continue;
      const active = cache
        .informer(Pod)
        .ownedBy(metadata.uid ?? '')
        .filter(isActive);
      if ((status?.active ?? 0) !== active.length)
        yield `Job ${metadata.name} tells of ${status?.active} active pods of ${active.length}`;
      if (hasEnded(job) && active.length > 0) yield `Job ${metadata.name} has ended and runs ${active.length} pods`;
      const completes = status?.conditions?.some(({ type, status }) => type === 'Complete' && status === 'True');
      const completions = spec?.completions ?? 1;
      if (completes && (status?.succeeded ?? 0) !== completions)
        yield `Job ${metadata.name} is complete with ${status?.succeeded} of ${completions}`;
      const waits = active.some((pod) => !pod.spec?.nodeName);
      if (!hasEnded(job) && !spec?.suspend && spec?.parallelism !== 0 && !waits) yield `Job ${metadata.name} does not end`;
      if (hasEnded(job) && spec?.ttlSecondsAfterFinished !== undefined) yield `Job ${metadata.name} outlives its time`;
    }
  },
};

export const cronJobs: Invariant = {
  name: 'cron jobs keep to their policies',
  watch({ cache }, report) {
    return cache.informer(Job).onChange((event) => {
      const owner = controllerOf(event.object);
      if (event.type !== 'added' || owner?.kind !== 'CronJob') return;
      const cron = cache.get(CronJob, { namespace: event.object.metadata.namespace ?? '', name: owner.name });
      if (cron?.metadata.uid !== owner.uid || cron.spec?.concurrencyPolicy === 'Allow') return;
      const running = cache
        .informer(Job)
        .ownedBy(owner.uid)
        .filter((job) => !hasEnded(job) && !job.metadata.deletionTimestamp);
      if (running.length > 1) report(`CronJob ${owner.name} has ${running.length} Jobs at a time`);
    });
  },
  *atRest({ cache }) {
    for (const { metadata, spec, status } of cache.list(CronJob, ns)) {
      const own = cache.informer(Job).ownedBy(metadata.uid ?? '');
      const failed = own.filter((job) =>
        job.status?.conditions?.some(({ type, status }) => type === 'Failed' && status === 'True'),
      ).length;
      const ended = own.filter(hasEnded).length - failed;
      if (ended > (spec?.successfulJobsHistoryLimit ?? 3)) yield `CronJob ${metadata.name} keeps ${ended} successful Jobs`;
      if (failed > (spec?.failedJobsHistoryLimit ?? 1)) yield `CronJob ${metadata.name} keeps ${failed} failed Jobs`;
      const active = own.filter((job) => !hasEnded(job)).length;
      if ((status?.active?.length ?? 0) !== active)
        yield `CronJob ${metadata.name} tells of ${status?.active?.length} active Jobs of ${active}`;
    }
  },
};
