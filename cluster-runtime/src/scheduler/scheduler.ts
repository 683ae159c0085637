/**
 * Gives every pod of its name that has no node one. Decisions are made one after the other on a model of the nodes
 * that already counts pods whose binding is still on its way; bindings run beside them.
 */
import { type Context, spawnTask } from '#common/base/context.ts';
import { DisposableStore } from '#common/base/disposable.ts';
import { deepEqual } from '#common/base/freeze.ts';
import { keyOf } from '#common/api/meta.ts';
import { hasReason } from '#common/api/status.ts';
import { formatTime } from '#common/api/time.ts';
import { Node } from '#common/kinds/node.ts';
import { Pod } from '#common/kinds/pod.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Cache, Client, InformerEvent } from '../client/client.ts';
import type { EventRecorder } from '../controller/eventRecorder.ts';
import { decide } from './cycle.ts';
import { NodeInfo } from './nodeInfo.ts';
import { allPlugins } from './plugins/allPlugins.ts';
import { SchedulingQueue } from './schedulingQueue.ts';

const schedulerName = 'default-scheduler';

/** Decisions per turn of the event loop: enough to be quick, few enough that answers to clients do not wait. */
const perTurn = 64;

const isFinished = (pod: api.Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
const isWaiting = (pod: api.Pod): boolean =>
  !pod.spec?.nodeName &&
  pod.spec?.schedulerName === schedulerName &&
  !pod.metadata.deletionTimestamp &&
  !isFinished(pod) &&
  !pod.spec.schedulingGates?.length;

/** Runs until `ctx.signal` is aborted. */
export async function runScheduler(
  ctx: Context,
  { client, cache, events }: { client: Client; cache: Cache; events: EventRecorder },
): Promise<void> {
  const scheduler = new Scheduler(ctx, client, events.as(schedulerName));
  const disposables = new DisposableStore();
  disposables.add(scheduler.queue);
  disposables.add(cache.informer(Node).onChange((event) => scheduler.onNode(event), true));
  disposables.add(cache.informer(Pod).onChange((event) => scheduler.onPod(event), true));
  await new Promise<void>((resolve) => {
    if (ctx.signal.aborted) resolve();
    else ctx.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  disposables.dispose();
}

class Scheduler {
  readonly queue: SchedulingQueue;
  readonly #ctx: Context;
  readonly #client: Client;
  readonly #events: EventRecorder;
  readonly #nodes = new Map<string, NodeInfo>();
  /** The nodes that exist, in a stable order; undefined when one came or went. */
  #present: NodeInfo[] | undefined;
  /** Where each pod is counted, assumed pods included. */
  readonly #placed = new Map<string, NodeInfo>();
  /** Pods whose binding is on its way, by uid. */
  readonly #binding = new Set<string>();
  #running = false;

  constructor(ctx: Context, client: Client, events: EventRecorder) {
    this.#ctx = ctx;
    this.#client = client;
    this.#events = events;
    this.queue = new SchedulingQueue(ctx.clock, () => this.#wake());
  }

  onNode(event: InformerEvent<api.Node>): void {
    const info = this.#node(event.object.metadata.name ?? '');
    info.setNode(event.type === 'deleted' ? undefined : event.object);
    if (event.type === 'deleted' && info.pods.size === 0) this.#nodes.delete(info.name);
    if (event.type !== 'updated') this.#present = undefined;
    if (event.type !== 'updated' || mayMakeRoom(event.object, event.old)) this.queue.clusterChanged();
  }

  onPod(event: InformerEvent<api.Pod>): void {
    const pod = event.object;
    const uid = pod.metadata.uid ?? '';
    if (event.type === 'deleted' || isFinished(pod)) {
      this.queue.remove(uid);
      if (this.#unplace(pod)) this.queue.clusterChanged();
      return;
    }
    if (pod.spec?.nodeName) {
      this.queue.remove(uid);
      this.#place(pod, this.#node(pod.spec.nodeName));
      if (this.#binding.delete(uid)) this.#announce(pod, pod.spec.nodeName);
      return;
    }
    if (!isWaiting(pod)) {
      this.queue.remove(uid);
      return;
    }
    // While its binding is on its way, the pod is counted and not tried again.
    if (this.#placed.has(uid)) return;
    this.queue.add(pod, event.type === 'added' || !deepEqual(event.type === 'updated' ? event.old.spec : undefined, pod.spec));
  }

  #node(name: string): NodeInfo {
    let info = this.#nodes.get(name);
    if (!info) this.#nodes.set(name, (info = new NodeInfo(name)));
    return info;
  }

  #place(pod: api.Pod, info: NodeInfo): void {
    const uid = pod.metadata.uid ?? '';
    const before = this.#placed.get(uid);
    if (before && before !== info) before.removePod(pod);
    info.addPod(pod);
    this.#placed.set(uid, info);
  }

  #unplace(pod: api.Pod): boolean {
    const uid = pod.metadata.uid ?? '';
    const info = this.#placed.get(uid);
    if (!info) return false;
    this.#placed.delete(uid);
    info.removePod(pod);
    return true;
  }

  #wake(): void {
    if (this.#running) return;
    this.#running = true;
    setImmediate(() => this.#run());
  }

  #run(): void {
    this.#running = false;
    if (this.#ctx.signal.aborted) return;
    for (let i = 0; i < perTurn; i++) {
      const pod = this.queue.pop();
      if (!pod) return;
      this.#schedule(pod);
    }
    if (this.queue.size > 0) this.#wake();
  }

  #schedule(pod: api.Pod): void {
    this.#present ??= [...this.#nodes.values()].filter((info) => info.node).sort((a, b) => (a.name < b.name ? -1 : 1));
    const decision = decide(pod, this.#present, allPlugins, this.#ctx.random);
    if (decision.type === 'none') {
      this.queue.park(pod);
      spawnTask(this.#ctx, 'report unschedulable pod', () => this.#report(pod, decision.message));
      return;
    }
    this.#place(pod, decision.node);
    this.#binding.add(pod.metadata.uid ?? '');
    spawnTask(this.#ctx, 'bind pod', () => this.#bind(pod, decision.node));
  }

  async #bind(pod: api.Pod, info: NodeInfo): Promise<void> {
    const key = keyOf(pod);
    try {
      await this.#client.bind(key, pod.metadata.uid ?? '', info.name);
    } catch (error) {
      this.#unplace(pod);
      this.#binding.delete(pod.metadata.uid ?? '');
      // Deleted or bound by somebody else in the meantime: its own change tells the rest.
      if (hasReason(error, 'NotFound') || hasReason(error, 'Conflict')) return;
      this.queue.park(pod);
      this.queue.clusterChanged();
      throw error;
    }
  }

  /** Said when the binding is seen, so that it comes before what the node does about it. */
  #announce(pod: api.Pod, node: string): void {
    this.#events.event(
      pod,
      'Normal',
      'Scheduled',
      `Successfully assigned ${pod.metadata.namespace}/${pod.metadata.name} to ${node}`,
    );
  }

  async #report(pod: api.Pod, message: string): Promise<void> {
    this.#events.event(pod, 'Warning', 'FailedScheduling', message);
    const before = pod.status?.conditions?.find((c) => c.type === 'PodScheduled');
    if (before?.status === 'False' && before.reason === 'Unschedulable' && before.message === message) return;
    const condition = {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message,
      observedGeneration: pod.metadata.generation ?? 0,
      lastProbeTime: null,
      lastTransitionTime: before?.status === 'False' ? before.lastTransitionTime : formatTime(this.#ctx.clock.now()),
    };
    try {
      await this.#client.patch(
        Pod,
        keyOf(pod),
        'strategic',
        { metadata: { uid: pod.metadata.uid }, status: { conditions: [condition] } },
        { subresource: 'status' },
      );
    } catch (error) {
      if (!hasReason(error, 'NotFound') && !hasReason(error, 'Conflict')) throw error;
    }
  }
}

/** A change of a node that could let a waiting pod onto it. */
function mayMakeRoom(node: api.Node, old: api.Node): boolean {
  return (
    !deepEqual(node.spec, old.spec) ||
    !deepEqual(node.metadata.labels, old.metadata.labels) ||
    !deepEqual(node.status?.allocatable, old.status?.allocatable)
  );
}
