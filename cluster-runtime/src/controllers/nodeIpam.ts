/** Gives each node its range of pod addresses: a /24 of 10.244.0.0/16, free again when the node goes. */
import { keyOf } from '#common/api/meta.ts';
import { Node } from '#common/kinds/node.ts';
import type * as api from '#common/schema/generated/types.ts';
import { defineController, done } from '../controller/controller.ts';

const ranges = 256;
const rangeAt = (i: number): string => `10.244.${i}.0/24`;

export const nodeIpamController = defineController<api.Node>({
  name: 'node-ipam-controller',
  writes: [Node],
  account: 'node-controller',
  eventSource: 'cidrAllocator',
  for: Node,
  async reconcile(ctx, key) {
    const node = ctx.cache.get(Node, key);
    if (!node || node.spec?.podCIDR) return done;
    const podCIDR = planRange(ctx.cache.list(Node));
    if (!podCIDR) {
      ctx.events.event(node, 'Normal', 'CIDRNotAvailable', `Node ${key.name} status is now: CIDRNotAvailable`);
      throw new Error(`no free range of pod addresses for node ${key.name}`);
    }
    await ctx.client.patch(Node, keyOf(node), 'strategic', { spec: { podCIDR, podCIDRs: [podCIDR] } });
    return done;
  },
});

/** The first range that none of the nodes has; undefined when all are taken. */
export function planRange(nodes: readonly api.Node[]): string | undefined {
  const taken = new Set(nodes.flatMap(({ spec }) => [...(spec?.podCIDR ? [spec.podCIDR] : []), ...(spec?.podCIDRs ?? [])]));
  for (let i = 0; i < ranges; i++) if (!taken.has(rangeAt(i))) return rangeAt(i);
  return undefined;
}
