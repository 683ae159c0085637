/** Deletes pods from nodes whose NoExecute taints they do not tolerate, or no longer once their time is over. */
import { keyOf, keyText } from '#common/api/meta.ts';
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
import { toleratedSeconds } from '../controller/tolerations.ts';
import { writeDisruptionTarget } from './disruptionTarget.ts';
import { indexPodsByNode, podsOnNode } from './nodes/podsOnNode.ts';

interface Eviction {
  readonly node: string;
  readonly since: number;
  readonly due: number;
}

const noExecute = (node: api.Node | undefined): api.Taint[] =>
  node?.spec?.taints?.filter((taint) => taint.effect === 'NoExecute') ?? [];

export const taintEvictionController = (): ControllerDefinition => {
  /** Evictions that wait for their time, by pod. */
  const waiting = new Map<string, Eviction>();
  return defineController<api.Node>({
    name: 'taint-eviction-controller',
    writes: [Pod],
    account: 'node-controller',
    for: Node,
    concurrency: 5,
    watches: [
      defineWatch<api.Pod>({
        kind: Pod,
        keysFor(event, cache) {
          const { nodeName } = event.object.spec ?? {};
          if (!nodeName) return [];
          if (event.type === 'deleted') {
            waiting.delete(keyText(keyOf(event.object)));
            return [];
          }
          const old = event.type === 'updated' ? event.old.spec : undefined;
          if (old?.nodeName === nodeName && old.tolerations === event.object.spec?.tolerations) return [];
          const key = { namespace: '', name: nodeName };
          return noExecute(cache.get(Node, key)).length > 0 ? [key] : [];
        },
      }),
    ],
    setup: (ctx) => indexPodsByNode(ctx.cache),
    async reconcile(ctx, key) {
      const taints = noExecute(ctx.cache.get(Node, key));
      if (taints.length === 0 && waiting.size === 0) return done;
      let next: number | undefined;
      for (const pod of podsOnNode(ctx.cache, key.name)) {
        const due = schedule(ctx, waiting, pod, taints);
        if (due === undefined) continue;
        if (due <= ctx.clock.now()) await evict(ctx, waiting, pod);
        else next = Math.min(next ?? due, due);
      }
      return requeueAt(next);
    },
  });
};

/** When the pod has to go, if at all. A taint that goes, or one more tolerant, cancels what was scheduled. */
function schedule(
  ctx: ReconcileContext,
  waiting: Map<string, Eviction>,
  pod: api.Pod,
  taints: readonly api.Taint[],
): number | undefined {
  const key = keyText(keyOf(pod));
  const now = ctx.clock.now();
  const known = waiting.get(key);
  const seconds = taints.length > 0 ? toleratedSeconds(pod.spec?.tolerations, taints) : Infinity;
  if (seconds === Infinity) {
    if (known) {
      waiting.delete(key);
      tell(ctx, pod, `Cancelling deletion of Pod ${key}`);
    }
    return undefined;
  }
  if (pod.metadata.deletionTimestamp) return undefined;
  if (seconds === undefined) return now;
  const since = known?.since ?? now;
  const due = since + seconds * 1000;
  waiting.set(key, { node: pod.spec?.nodeName ?? '', since, due });
  return due;
}

async function evict(ctx: ReconcileContext, waiting: Map<string, Eviction>, pod: api.Pod): Promise<void> {
  const key = keyOf(pod);
  waiting.delete(keyText(key));
  tell(ctx, pod, `Marking for deletion Pod ${keyText(key)}`);
  try {
    const message = 'Taint manager: deleting due to NoExecute taint';
    await writeDisruptionTarget(ctx, pod, 'DeletionByTaintManager', message, formatTime(ctx.clock.now()));
    await ctx.client.delete(Pod, key, { preconditions: { uid: pod.metadata.uid ?? '' } });
  } catch (error) {
    if (!hasReason(error, 'NotFound')) throw error;
  }
}

/** These events name no version of the pod. */
function tell(ctx: ReconcileContext, { metadata: { name = '', namespace = '' } }: api.Pod, message: string): void {
  ctx.events.event({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace } }, 'Normal', 'TaintManagerEviction', message);
}
