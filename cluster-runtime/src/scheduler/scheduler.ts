/**
 * Gives every pod that names one of its profiles and has no node one. Decisions are made one after the other on a model of the cluster
 * that already counts pods whose binding is still on its way; bindings run beside them.
 */
import { type Context, spawnTask } from '#common/base/context.ts';
import { DisposableStore } from '#common/base/disposable.ts';
import { deepEqual } from '#common/base/freeze.ts';
import { unexpected } from '#common/base/unexpected.ts';
import { keyOf } from '#common/api/meta.ts';
import { hasReason } from '#common/api/status.ts';
import { CSINode } from '#common/kinds/csiNode.ts';
import { Namespace } from '#common/kinds/namespace.ts';
import { Node } from '#common/kinds/node.ts';
import { PersistentVolume } from '#common/kinds/persistentVolume.ts';
import { PersistentVolumeClaim } from '#common/kinds/persistentVolumeClaim.ts';
import { Pod } from '#common/kinds/pod.ts';
import { StorageClass } from '#common/kinds/storageClass.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Cache, Client, InformerEvent } from '../client/client.ts';
import type { EventRecorder } from '../controller/eventRecorder.ts';
import { isFinished } from '../controller/podState.ts';
import { lookupsFrom } from './cacheLookups.ts';
import type { ClusterChange } from './clusterChange.ts';
import { ClusterModel } from './clusterModel.ts';
import { type Cursor, decide, type Decision } from './cycle.ts';
import type { Explanation } from './explanation.ts';
import { everyObjection } from './feasibility.ts';
import type { NodeInfo } from './nodeInfo.ts';
import { evictVictims } from './preemption/evictVictims.ts';
import { planPreemption } from './preemption/planPreemption.ts';
import { defaultSettings, type Profile, type SchedulerSettings } from './profile.ts';
import { patchPodStatus, reportUnscheduled } from './reportUnscheduled.ts';
import { type NodeObjections, type SchedulingDecision, SchedulingDecisions } from './schedulingDecisions.ts';
import { SchedulingQueue } from './schedulingQueue.ts';
import { assumeVolumes } from './volumes/assumeVolumes.ts';

/** Decisions per turn of the event loop: enough to be quick, few enough that answers to clients do not wait. */
const perTurn = 64;

export interface SchedulerOptions {
  readonly client: Client;
  readonly cache: Cache;
  readonly events: EventRecorder;
  /** The profiles, by which pods choose a scheduler; the default one alone unless said. */
  readonly settings?: SchedulerSettings;
  /** Where the reasons for each decision are kept. */
  readonly decisions?: SchedulingDecisions;
}

/** Runs until `ctx.signal` is aborted. */
export async function runScheduler(ctx: Context, options: SchedulerOptions): Promise<void> {
  const { cache } = options;
  const disposables = new DisposableStore();
  const lookups = lookupsFrom(cache);
  disposables.add(lookups);
  const scheduler = new Scheduler(ctx, options, new ClusterModel(lookups));
  disposables.add(scheduler.queue);
  disposables.add(cache.informer(Node).onChange((event) => scheduler.onNode(event), true));
  disposables.add(cache.informer(Namespace).onChange((event) => scheduler.onNamespace(event)));
  disposables.add(
    cache.informer(PersistentVolumeClaim).onChange(({ object }) => scheduler.changed({ type: 'claim', claim: object })),
  );
  disposables.add(cache.informer(PersistentVolume).onChange((event) => scheduler.onVolume(event)));
  disposables.add(cache.informer(StorageClass).onChange(() => scheduler.changed({ type: 'storageClass' })));
  disposables.add(cache.informer(CSINode).onChange(() => scheduler.changed({ type: 'csiNode' })));
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
  readonly #cache: Cache;
  /** Each profile speaks for itself, by its name. */
  readonly #profiles: ReadonlyMap<string, Profile & { readonly events: EventRecorder }>;
  readonly #cluster: ClusterModel;
  readonly #decisions: SchedulingDecisions;
  /** Pods whose binding is on its way, by uid. */
  readonly #binding = new Set<string>();
  readonly #cursor: Cursor = { next: 0 };
  #running = false;

  constructor(ctx: Context, options: SchedulerOptions, cluster: ClusterModel) {
    const { client, cache, events, settings = defaultSettings, decisions = new SchedulingDecisions() } = options;
    this.#ctx = ctx;
    this.#client = client;
    this.#cache = cache;
    this.#profiles = new Map(
      settings.profiles.map((profile) => [profile.schedulerName, { ...profile, events: events.as(profile.schedulerName) }]),
    );
    this.#cluster = cluster;
    this.#decisions = decisions;
    decisions.answerWith((uid) => this.#judgeAll(uid));
    const backoff = { first: settings.podInitialBackoff * 1_000, longest: settings.podMaxBackoff * 1_000 };
    this.queue = new SchedulingQueue(ctx.clock, () => this.#wake(), backoff);
  }

  onNode(event: InformerEvent<api.Node>): void {
    const node = event.object;
    this.#cluster.setNode(node.metadata.name ?? '', event.type === 'deleted' ? undefined : node);
    if (event.type === 'added') this.changed({ type: 'node', node });
    else if (event.type === 'updated' && mayMakeRoom(node, event.old)) this.changed({ type: 'node', node, old: event.old });
  }

  onNamespace(event: InformerEvent<api.Namespace>): void {
    if (event.type === 'updated' && deepEqual(event.old.metadata.labels, event.object.metadata.labels)) return;
    this.#cluster.namespacesChanged();
    if (event.type !== 'deleted') this.changed({ type: 'namespace' });
  }

  onVolume({ object: { metadata, spec } }: InformerEvent<api.PersistentVolume>): void {
    if (spec?.claimRef) this.#cluster.assumedVolumes.delete(metadata.name ?? '');
    this.changed({ type: 'volume' });
  }

  onPod(event: InformerEvent<api.Pod>): void {
    const pod = event.object;
    const uid = pod.metadata.uid ?? '';
    if (event.type === 'deleted' || isFinished(pod)) {
      this.#forget(pod);
      return;
    }
    if (pod.spec?.nodeName) {
      this.#seePlaced(pod, pod.spec.nodeName);
      return;
    }
    const profile = this.#profileOf(pod);
    if (!profile || pod.metadata.deletionTimestamp || (profile.honorsGates && pod.spec?.schedulingGates?.length)) {
      this.queue.remove(uid);
      return;
    }
    // While its binding is on its way, the pod is counted and not tried again.
    if (this.#cluster.nodeOf(uid)) return;
    const old = event.type === 'updated' ? event.old : undefined;
    if (pod.status?.nominatedNodeName !== old?.status?.nominatedNodeName) {
      this.#cluster.nominated.set(pod, pod.status?.nominatedNodeName);
    }
    this.queue.add(pod, !old || !sameToScheduler(pod, old));
  }

  /** Pods that this change may help are tried again. */
  changed(change: ClusterChange): void {
    this.queue.clusterChanged(
      (pod, rejectedBy) =>
        this.#profileOf(pod)?.plugins.some(
          (plugin) => rejectedBy.has(plugin.name) && (plugin.mayHelp?.(pod, change, this.#cluster) ?? true),
        ) ?? false,
    );
  }

  #profileOf({ spec }: api.Pod) {
    return this.#profiles.get(spec?.schedulerName ?? '');
  }

  #forget(pod: api.Pod): void {
    const uid = pod.metadata.uid ?? '';
    this.queue.remove(uid);
    this.#decisions.delete(pod);
    const wasNominated = this.#cluster.nominated.nodeOf(uid) !== undefined;
    this.#cluster.nominated.remove(uid);
    if (this.#cluster.unplace(pod) || wasNominated) this.changed({ type: 'podGone', pod });
  }

  #seePlaced(pod: api.Pod, nodeName: string): void {
    const uid = pod.metadata.uid ?? '';
    this.queue.remove(uid);
    const before = this.#cluster.placed(uid);
    this.#cluster.nominated.remove(uid);
    this.#cluster.place(pod, nodeName);
    if (this.#binding.delete(uid)) this.#announce(pod, nodeName);
    else if (!before) this.changed({ type: 'podPlaced', pod });
    else if (!sameToScheduler(pod, before)) this.changed({ type: 'podChanged', pod, old: before });
  }

  #wake(): void {
    if (this.#running) return;
    this.#running = true;
    setImmediate(() => this.#run());
  }

  #run(): void {
    this.#running = false;
    for (let i = 0; i < perTurn && !this.#ctx.signal.aborted; i++) {
      const pod = this.queue.pop();
      if (!pod) return;
      try {
        this.#schedule(pod);
      } catch (error) {
        // A pod that cannot be judged must not keep the others from being.
        this.#ctx.log.error('scheduling failed', { pod: pod.metadata.name, error: String((error as Error).stack) });
        this.queue.park(pod, undefined, true);
      }
    }
    if (this.queue.size > 0) this.#wake();
  }

  #schedule(pod: api.Pod): void {
    const uid = pod.metadata.uid ?? '';
    const profile = this.#profileOf(pod) ?? unexpected(`no profile schedules ${pod.metadata.name}`);
    const decision = decide(pod, this.#cluster, profile.plugins, this.#ctx.random, this.#cursor, profile);
    if (decision.type === 'none') {
      this.#fail(pod, decision, profile);
      return;
    }
    this.#note(pod, decision.explanation);
    this.queue.done(uid);
    const { node } = decision;
    const volumes = profile.bindsVolumes ? assumeVolumes(pod, node, this.#cluster) : undefined;
    this.#cluster.nominated.remove(uid);
    this.#cluster.place(pod, node.name);
    this.#binding.add(uid);
    this.changed({ type: 'podPlaced', pod });
    spawnTask(this.#ctx, 'bind pod', async () => {
      try {
        if (volumes) {
          // It may take a while: until then this says where the pod is going, and the binding takes it away.
          await patchPodStatus(this.#client, pod, { nominatedNodeName: node.name });
          await volumes.bind(this.#ctx, this.#client, this.#cache);
        }
        await this.#client.bind(keyOf(pod), uid, node.name);
      } catch (error) {
        volumes?.giveUp();
        await this.#bindingFailed(pod, error);
      }
    });
  }

  /** Keeps why it was decided so. */
  #note(pod: api.Pod, explanation: Explanation, preemption?: SchedulingDecision['preemption']): void {
    const { namespace = '', name = '', uid = '', labels } = pod.metadata;
    this.#decisions.set({
      namespace,
      name,
      uid,
      labels,
      schedulerName: pod.spec?.schedulerName ?? '',
      time: this.#ctx.clock.now(),
      attempt: this.queue.attemptsOf(uid) + 1,
      nodes: this.#cluster.nodes.length,
      explanation,
      ...(preemption ? { preemption } : {}),
    });
  }

  #judgeAll(uid: string): NodeObjections[] | undefined {
    const pod = this.queue.get(uid);
    const profile = pod && this.#profileOf(pod);
    if (!profile) return undefined;
    const judge = everyObjection(pod, profile.plugins, this.#cluster);
    return this.#cluster.nodes.map((node) => ({
      node: node.name,
      objections: judge(node).map(({ plugin, reasons }) => ({ plugin, reasons })),
    }));
  }

  /** Makes room by preemption if it can; else says why not. */
  #fail(pod: api.Pod, { message, rejections, rejectedBy, explanation }: Decision & { type: 'none' }, profile: Profile): void {
    const say = (text: string, nominatedNodeName?: string | null, victims?: readonly api.Pod[]): void => {
      const preemption = victims && nominatedNodeName ? preemptionOf(nominatedNodeName, victims) : undefined;
      this.#note(pod, { ...explanation, message: text }, preemption);
      this.queue.park(pod, rejectedBy);
      spawnTask(this.#ctx, 'report unschedulable pod', () => this.#report(pod, 'Unschedulable', text, nominatedNodeName));
    };
    if (rejections.size === 0) {
      say(message);
      return;
    }
    const claims = profile.looksAtClaims ? ' no new claims to deallocate' : '';
    if (!profile.preemption) {
      say(`${message}${claims}`);
      return;
    }
    const plan = planPreemption(pod, rejections, this.#cluster, profile.plugins, this.#ctx.random, profile.preemption);
    if (plan.type === 'none') {
      const forgets = plan.forgetsNode && this.#cluster.nominated.nodeOf(pod.metadata.uid ?? '') !== undefined;
      if (forgets) this.#cluster.nominated.set(pod, undefined);
      say(`${message}${claims && `${claims},`} preemption: ${plan.message}`, forgets ? null : undefined);
      return;
    }
    this.#preempt(pod, plan.node, plan.victims);
    say(message, plan.node.name, plan.victims);
  }

  async #report(
    pod: api.Pod,
    reason: 'Unschedulable' | 'SchedulerError',
    text: string,
    nominatedNodeName?: string | null,
  ): Promise<void> {
    const events = this.#profileOf(pod)?.events;
    if (events) await reportUnscheduled(this.#ctx, this.#client, events, pod, reason, text, nominatedNodeName);
  }

  #preempt(pod: api.Pod, node: NodeInfo, victims: readonly api.Pod[]): void {
    const { nominated } = this.#cluster;
    const displaced = nominated.lessImportantThan(pod, node.name);
    for (const other of displaced) nominated.set(other, undefined);
    nominated.set(pod, node.name);
    const events = this.#profileOf(pod)?.events;
    if (!events) return;
    spawnTask(this.#ctx, 'preempt pods', () =>
      evictVictims(this.#ctx, { client: this.#client, events, pod, node: node.name, victims, displaced }),
    );
  }

  async #bindingFailed(pod: api.Pod, error: unknown): Promise<void> {
    const uid = pod.metadata.uid ?? '';
    const wasOurs = this.#binding.delete(uid);
    if (!wasOurs || this.#ctx.signal.aborted) return;
    if (this.#cluster.unplace(pod)) this.changed({ type: 'podGone', pod });
    // Deleted or bound by somebody else in the meantime: its own change tells the rest.
    if (hasReason(error, 'NotFound') || hasReason(error, 'Conflict')) return;
    this.queue.park(pod, undefined, true);
    const message = `binding rejected: ${(error as Error).message}`;
    await this.#report(pod, 'SchedulerError', message);
  }

  /** Said when the binding is seen, so that it comes before what the node does about it. */
  #announce(pod: api.Pod, node: string): void {
    this.#profileOf(pod)?.events.event(
      pod,
      'Normal',
      'Scheduled',
      `Successfully assigned ${pod.metadata.namespace}/${pod.metadata.name} to ${node}`,
      { action: 'Binding' },
    );
  }
}

const preemptionOf = (node: string, victims: readonly api.Pod[]): { node: string; victims: string[] } => ({
  node,
  victims: victims.map(({ metadata: { namespace, name } }) => `${namespace}/${name}`),
});

const sameToScheduler = (a: api.Pod, b: api.Pod): boolean =>
  (a.spec === b.spec || deepEqual(a.spec, b.spec)) &&
  (a.metadata.labels === b.metadata.labels || deepEqual(a.metadata.labels, b.metadata.labels));

/** A change of a node that could let a waiting pod onto it. */
function mayMakeRoom(node: api.Node, old: api.Node): boolean {
  return (
    !deepEqual(node.spec, old.spec) ||
    !deepEqual(node.metadata.labels, old.metadata.labels) ||
    !deepEqual(node.status?.allocatable, old.status?.allocatable)
  );
}
