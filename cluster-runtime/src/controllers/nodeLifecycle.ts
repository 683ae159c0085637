/**
 * Watches over nodes: a silent one turns Unknown, conditions become taints, pods of a node that is not ready are not
 * ready. Nodes are given up one after the other in each zone, and not at all while too much of a cluster is silent. What
 * taints do to pods is taintEviction.ts's business.
 */
import { deepEqual } from '#common/base/freeze.ts';
import type { ObjectKey } from '#common/api/meta.ts';
import { keyOf } from '#common/api/meta.ts';
import { formatTime } from '#common/api/time.ts';
import { hasReason } from '#common/api/status.ts';
import { Lease } from '#common/kinds/lease.ts';
import { Node } from '#common/kinds/node.ts';
import { Pod } from '#common/kinds/pod.ts';
import type * as api from '#common/schema/generated/types.ts';
import { type ControllerDefinition, defineController, done, type ReconcileContext, requeueAt } from '../controller/controller.ts';
import { conditionOf, isFinished } from '../controller/podState.ts';
import { indexPodsByNode, podsOnNode } from './nodes/podsOnNode.ts';
import {
  isGivenUp,
  planBetaLabels,
  planTaints,
  planUnknownConditions,
  readyCondition,
  silentAt,
} from './nodes/planNodeHealth.ts';
import { zoneOf, ZoneHealth } from './nodes/zoneHealth.ts';

/** How soon an unready node is looked at again: what becomes of it depends on the others. */
const monitorPeriod = 5000;
const leaseNamespace = 'kube-node-lease';

export const nodeLifecycleController = (): ControllerDefinition => {
  /** Nodes that were told of as registered, by name; with what is needed to tell of their removal. */
  const registered = new Map<string, api.Node>();
  /** Names of nodes that were ready when last looked at. */
  const ready = new Set<string>();
  let health = new ZoneHealth();
  let watchingSince = 0;

  return defineController<api.Node>({
    name: 'node-lifecycle-controller',
    writes: [Node, Pod],
    account: 'node-controller',
    eventSource: 'node-controller',
    for: Node,
    concurrency: 5,
    setup(ctx) {
      watchingSince = ctx.clock.now();
      health = new ZoneHealth();
      for (const node of ctx.cache.list(Node)) health.set(node.metadata.name ?? '', zoneOf(node), isReady(node));
      indexPodsByNode(ctx.cache);
    },
    async reconcile(ctx, key) {
      let node = ctx.cache.get(Node, key);
      const known = registered.get(key.name);
      if (known && known.metadata.uid !== node?.metadata.uid) {
        tell(ctx, known, 'RemovingNode', `Node ${key.name} event: Removing Node ${key.name} from Controller`);
        registered.delete(key.name);
        ready.delete(key.name);
      }
      if (!node) {
        health.delete(key.name);
        return done;
      }
      if (!registered.has(key.name)) {
        tell(ctx, node, 'RegisteredNode', `Node ${key.name} event: Registered Node ${key.name} in Controller`);
        registered.set(key.name, node);
      }

      node = await patchLabels(ctx, node);
      const silent = silentAt(node, ctx.cache.get(Lease, { namespace: leaseNamespace, name: key.name }), watchingSince);
      const now = ctx.clock.now();
      if (silent <= now) node = await writeUnknown(ctx, node);
      const wasReady = ready.has(key.name);
      health.set(key.name, zoneOf(node), isReady(node));
      if (isReady(node)) ready.add(key.name);
      else {
        ready.delete(key.name);
        if (wasReady) tell(ctx, node, 'NodeNotReady', `Node ${key.name} status is now: NodeNotReady`);
        await markPodsNotReady(ctx, key);
      }
      const givenUp = planGivingUp(health, node, now);
      await patchTaints(ctx, node, givenUp);
      if (!isReady(node)) return requeueAt(Math.min(now + monitorPeriod, silent > now ? silent : Infinity));
      return requeueAt(silent > now ? silent : undefined);
    },
  });
};

/** Node events name no version of the node. */
function tell(ctx: ReconcileContext, node: api.Node, reason: string, message: string): void {
  const { name = '', uid = '' } = node.metadata;
  ctx.events.event({ apiVersion: 'v1', kind: 'Node', metadata: { name, uid } }, 'Normal', reason, message);
}

async function patchLabels(ctx: ReconcileContext, node: api.Node): Promise<api.Node> {
  const labels = planBetaLabels(node);
  return Object.keys(labels).length > 0 ? ctx.client.patch(Node, keyOf(node), 'strategic', { metadata: { labels } }) : node;
}

async function writeUnknown(ctx: ReconcileContext, node: api.Node): Promise<api.Node> {
  const conditions = planUnknownConditions(node, ctx.clock.now());
  if (deepEqual(conditions, node.status?.conditions)) return node;
  return ctx.client.updateStatus(Node, { ...node, status: { ...node.status, conditions } });
}

const isReady = (node: api.Node): boolean => readyCondition(node)?.status === 'True';

/** Whether pods are to leave the node: of those that are not ready one more whenever its zone allows it. */
function planGivingUp(health: ZoneHealth, node: api.Node, now: number): boolean {
  // A node that has not spoken yet has no pods that it could lose.
  if (isReady(node) || !readyCondition(node) || health.allDisrupted) return false;
  if (isGivenUp(node)) return true;
  const next = health.nextEviction(zoneOf(node));
  if (next === undefined || next > now) return false;
  health.noteEviction(zoneOf(node), now);
  return true;
}

async function patchTaints(ctx: ReconcileContext, node: api.Node, givenUp: boolean): Promise<void> {
  const taints = planTaints(node, ctx.clock.now(), givenUp);
  if (deepEqual(taints, node.spec?.taints ?? [])) return;
  const { resourceVersion } = node.metadata;
  const patch = { metadata: { resourceVersion }, spec: { taints: taints.length > 0 ? taints : null } };
  await ctx.client.patch(Node, keyOf(node), 'merge', patch);
}

async function markPodsNotReady(ctx: ReconcileContext, node: ObjectKey): Promise<void> {
  const pods = podsOnNode(ctx.cache, node.name).filter((pod) => !isFinished(pod) && conditionOf(pod, 'Ready')?.status === 'True');
  for (const pod of pods) {
    const lastTransitionTime = formatTime(ctx.clock.now());
    const conditions = pod.status?.conditions?.map((condition) =>
      condition.type === 'Ready' ? { ...condition, status: 'False', lastTransitionTime } : condition,
    );
    try {
      await ctx.client.updateStatus(Pod, { ...pod, status: { ...pod.status, ...(conditions ? { conditions } : {}) } });
    } catch (error) {
      if (hasReason(error, 'NotFound')) continue;
      throw error;
    }
    ctx.events.event(pod, 'Warning', 'NodeNotReady', 'Node is not ready');
  }
}
