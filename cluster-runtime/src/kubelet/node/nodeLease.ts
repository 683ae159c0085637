/** The lease in kube-node-lease by which a node shows that it is alive. */
import { hasReason } from '#common/api/status.ts';
import { formatMicroTime } from '#common/api/time.ts';
import { Lease } from '#common/kinds/lease.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Client } from '../../client/client.ts';
import type { KubeletContext } from '../options.ts';

export const leaseNamespace = 'kube-node-lease';
const durationSeconds = 40;

export class NodeLease {
  readonly #ctx: KubeletContext;
  readonly #client: Client;
  readonly #name: string;

  constructor(ctx: KubeletContext, client: Client, node: string) {
    this.#ctx = ctx;
    this.#client = client;
    this.#name = node;
  }

  /** Renews the lease, making it when it is not there. Its next renewal repairs what fails now. */
  async renew(node: api.Node): Promise<void> {
    const key = { namespace: leaseNamespace, name: this.#name };
    const renewTime = formatMicroTime(this.#ctx.clock.now());
    const lease = this.#ctx.cache.get(Lease, key);
    try {
      if (lease)
        await this.#client.update(Lease, {
          ...lease,
          spec: { ...lease.spec, holderIdentity: this.#name, leaseDurationSeconds: durationSeconds, renewTime },
        });
      else await this.#client.create(Lease, newLease(node, this.#name, renewTime));
    } catch (error) {
      if (hasReason(error, 'Conflict') || hasReason(error, 'AlreadyExists') || hasReason(error, 'NotFound')) return;
      if (!this.#ctx.signal.aborted) this.#ctx.log.warn(`the lease of ${this.#name} was not renewed`, { error: String(error) });
    }
  }
}

const newLease = (node: api.Node, name: string, renewTime: string): api.Lease => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: {
    name,
    namespace: leaseNamespace,
    ...(node.metadata.uid ? { ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name, uid: node.metadata.uid }] } : {}),
  },
  spec: { holderIdentity: name, leaseDurationSeconds: durationSeconds, renewTime },
});
