/**
 * Removes pods that nobody else can: those of a node that is gone, and ending ones of a node that is marked out of
 * service.
 *
 * Differs from Kubernetes: finished pods are kept however many they are (it keeps 12,500).
 */
import { keyOf } from '#common/api/meta.ts';
import { hasReason } from '#common/api/status.ts';
import { formatTime } from '#common/api/time.ts';
import { Node } from '#common/kinds/node.ts';
import { Pod } from '#common/kinds/pod.ts';
import type * as api from '#common/schema/generated/types.ts';
import {
  type ControllerDefinition,
  defineController,
  defineWatch,
  done,
  type ReconcileContext,
  requeueAt,
} from '../controller/controller.ts';
import { isFinished } from '../controller/podState.ts';
import { indexPodsByNode, podsOnNode } from './nodes/podsOnNode.ts';
import { readyCondition } from './nodes/planNodeHealth.ts';
import { writeDisruptionTarget } from './disruptionTarget.ts';

/** How long a node must be gone before its pods go: it may come back under its name. */
const quarantine = 40_000;
const outOfServiceTaint = 'node.kubernetes.io/out-of-service';

export const podGarbageCollector = (): ControllerDefinition => {
  const goneSince = new Map<string, number>();
  return defineController<api.Node>({
    name: 'pod-garbage-collector-controller',
    writes: [Pod],
    account: 'pod-garbage-collector',
    for: Node,
    watches: [
      defineWatch<api.Pod>({
        kind: Pod,
        replay: true,
        keysFor(event, cache) {
          const { nodeName } = event.object.spec ?? {};
          if (!nodeName || event.type === 'deleted') return [];
          const bound = event.type === 'added' || event.old.spec?.nodeName !== nodeName;
          const ends =
            event.type === 'updated' && !event.old.metadata.deletionTimestamp && event.object.metadata.deletionTimestamp;
          if (!bound && !ends) return [];
          const node = cache.get(Node, { namespace: '', name: nodeName });
          return !node || (ends && isOutOfService(node)) ? [{ namespace: '', name: nodeName }] : [];
        },
      }),
    ],
    setup(ctx) {
      indexPodsByNode(ctx.cache);
      goneSince.clear();
    },
    async reconcile(ctx, key) {
      const node = ctx.cache.get(Node, key);
      const pods = podsOnNode(ctx.cache, key.name);
      if (node) {
        goneSince.delete(key.name);
        if (!isOutOfService(node)) return done;
        const message = 'PodGC: terminating pod on a node that is out of service';
        for (const pod of pods) if (pod.metadata.deletionTimestamp) await remove(ctx, pod, message);
        return done;
      }
      if (pods.length === 0) {
        goneSince.delete(key.name);
        return done;
      }
      const since = goneSince.get(key.name) ?? ctx.clock.now();
      goneSince.set(key.name, since);
      if (ctx.clock.now() < since + quarantine) return requeueAt(since + quarantine);
      for (const pod of pods) await remove(ctx, pod, 'PodGC: node no longer exists');
      return done;
    },
  });
};

const isOutOfService = (node: api.Node): boolean =>
  readyCondition(node)?.status !== 'True' && (node.spec?.taints?.some((taint) => taint.key === outOfServiceTaint) ?? false);

async function remove(ctx: ReconcileContext, pod: api.Pod, message: string): Promise<void> {
  try {
    if (!isFinished(pod))
      await writeDisruptionTarget(ctx, pod, 'DeletionByPodGC', message, formatTime(ctx.clock.now()), 'Failed');
    await ctx.client.delete(Pod, keyOf(pod), { gracePeriodSeconds: 0, preconditions: { uid: pod.metadata.uid ?? '' } });
  } catch (error) {
    if (!hasReason(error, 'NotFound')) throw error;
  }
}
