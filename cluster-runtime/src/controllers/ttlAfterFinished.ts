/** Deletes Jobs that have finished, ttlSecondsAfterFinished later. */
import { keyOf } from '#common/api/meta.ts';
import { hasReason } from '#common/api/status.ts';
import { parseTime } from '#common/api/time.ts';
import { Job } from '#common/kinds/job.ts';
import type * as api from '#common/schema/generated/types.ts';
import { defineController, done, requeueAt } from '../controller/controller.ts';
import { findCondition } from './job/jobConditions.ts';

export const ttlAfterFinishedController = defineController<api.Job>({
  name: 'ttl-after-finished-controller',
  writes: [Job],
  for: Job,
  async reconcile(ctx, key) {
    const job = ctx.cache.get(Job, key);
    if (!job) return done;
    const expiry = expiryOf(job);
    if (expiry === undefined) return done;
    if (expiry > ctx.clock.now()) return requeueAt(expiry);
    try {
      await ctx.client.delete(Job, keyOf(job), {
        propagationPolicy: 'Foreground',
        preconditions: { uid: job.metadata.uid ?? '' },
      });
    } catch (error) {
      if (!hasReason(error, 'NotFound')) throw error;
    }
    return done;
  },
});

/** When the Job is to be deleted; undefined while it runs, and without a time to live. */
export function expiryOf({ metadata, spec, status }: api.Job): number | undefined {
  const end = findCondition(status?.conditions, 'Complete') ?? findCondition(status?.conditions, 'Failed');
  const finished = parseTime(end?.lastTransitionTime);
  if (metadata.deletionTimestamp || finished === undefined || spec?.ttlSecondsAfterFinished === undefined) return undefined;
  return finished + spec.ttlSecondsAfterFinished * 1000;
}
