/** The lease in kube-system by which others know which API servers there are. It runs out an hour after its server. */
import { createHash } from 'node:crypto';
import { sleep } from '#common/base/clock.ts';
import type { Context } from '#common/base/context.ts';
import { hasReason } from '#common/api/status.ts';
import { formatMicroTime } from '#common/api/time.ts';
import { Lease } from '#common/kinds/lease.ts';
import type { Cache, Client } from '../client/client.ts';

const namespace = 'kube-system';
const durationSeconds = 3600;
const renewMs = 10_000;

/** Renews the lease until the signal ends. `cluster` tells this cluster from others. */
export async function keepIdentityLease(
  ctx: Context,
  { client, cache, cluster }: { client: Client; cache: Cache; cluster: string },
): Promise<void> {
  const name = `apiserver-${createHash('sha256').update(cluster).digest('hex').slice(0, 26)}`;
  const holderIdentity = `${name}_${cluster}`;
  const metadata = {
    name,
    namespace,
    labels: { 'apiserver.kubernetes.io/identity': 'kube-apiserver', 'kubernetes.io/hostname': 'kube-playground' },
  };
  while (!ctx.signal.aborted) {
    const spec = { holderIdentity, leaseDurationSeconds: durationSeconds, renewTime: formatMicroTime(ctx.clock.now()) };
    const lease = cache.get(Lease, { namespace, name });
    try {
      if (lease) await client.update(Lease, { ...lease, metadata: { ...lease.metadata, ...metadata }, spec });
      else await client.create(Lease, { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec });
    } catch (error) {
      // The next renewal repairs it.
      if (!hasReason(error, 'Conflict') && !hasReason(error, 'NotFound') && !ctx.signal.aborted)
        ctx.log.warn('the lease of the API server was not renewed', { error: String(error) });
    }
    await sleep(ctx.clock, renewMs, ctx.signal);
  }
}
