/**
 * Says on each node how many seconds its kubelet may hold on to the Secrets and ConfigMaps that it has read: the more
 * nodes there are, the longer. The annotation only moves between steps when the cluster has clearly outgrown one.
 */
import { Node } from '#common/kinds/node.ts';
import type * as api from '#common/schema/generated/types.ts';
import { defineController, done } from '../controller/controller.ts';

export const ttlAnnotation = 'node.alpha.kubernetes.io/ttl';

/** Up to `most` nodes have `seconds`; the step before it holds again below `least` nodes. */
const steps = [
  { least: 0, most: 100, seconds: 0 },
  { least: 90, most: 500, seconds: 15 },
  { least: 450, most: 1000, seconds: 30 },
  { least: 900, most: 2000, seconds: 60 },
  { least: 1800, most: Infinity, seconds: 300 },
];

export const nodeTtlController = (): ReturnType<typeof defineController> => {
  /** Where the cluster's size was last; it decides in the ranges where two steps overlap. */
  let step = 0;
  return defineController<api.Node>({
    name: 'ttl-controller',
    for: Node,
    writes: [Node],
    async reconcile(ctx, key) {
      const before = step;
      step = planStep(step, ctx.cache.informer(Node).size);
      const concerned = step === before ? [ctx.cache.get(Node, key)] : ctx.cache.list(Node);
      const seconds = String(steps[step]?.seconds ?? 0);
      for (const node of concerned) {
        if (!node || node.metadata.deletionTimestamp || node.metadata.annotations?.[ttlAnnotation] === seconds) continue;
        const place = { namespace: '', name: node.metadata.name ?? '' };
        await ctx.client.patch(Node, place, 'strategic', { metadata: { annotations: { [ttlAnnotation]: seconds } } });
      }
      return done;
    },
  });
};

/** The step for a cluster of `nodes` that was at `step`. */
export function planStep(step: number, nodes: number): number {
  let next = step;
  while (nodes > (steps[next]?.most ?? Infinity)) next++;
  while (nodes < (steps[next]?.least ?? 0)) next--;
  return next;
}
