/**
 * Deletes the leases of API servers that have gone: those in kube-system that say so by label and have run out.
 *
 * Differs from Kubernetes: there are no StorageVersion objects (an alpha API there), so that none of servers that have gone
 * are cleaned up.
 */
import { hasReason } from '#common/api/status.ts';
import { parseTime } from '#common/api/time.ts';
import { Lease } from '#common/kinds/lease.ts';
import type * as api from '#common/schema/generated/types.ts';
import { defineController, done, requeueAt } from '../controller/controller.ts';

export const identityLabel = 'apiserver.kubernetes.io/identity';

export const staleApiServerLeaseController = defineController<api.Lease>({
  name: 'apiserver-identity-garbage-collector',
  for: Lease,
  writes: [Lease],
  async reconcile(ctx, key) {
    const lease = key.namespace === 'kube-system' ? ctx.cache.get(Lease, key) : undefined;
    if (lease?.metadata.labels?.[identityLabel] !== 'kube-apiserver') return done;
    const end = endOfLease(lease);
    if (end > ctx.clock.now()) return requeueAt(end);
    try {
      const { uid = '', resourceVersion = '' } = lease.metadata;
      await ctx.client.delete(Lease, key, { preconditions: { uid, resourceVersion } });
    } catch (error) {
      if (!hasReason(error, 'NotFound')) throw error;
    }
    return done;
  },
});

/** When it runs out (ms). One that does not say how long it holds has run out. */
export function endOfLease({ spec }: api.Lease): number {
  const renewed = parseTime(spec?.renewTime);
  return renewed === undefined || !spec?.leaseDurationSeconds ? 0 : renewed + spec.leaseDurationSeconds * 1000;
}
