/**
 * Deletes what has lost its owners, in the way that deletion was asked for: in the background, in the foreground
 * (owners wait for dependents that block them) or orphaning. Works over every kind, custom resources included; events
 * are nobody's dependents.
 */
import { hasReason } from '#common/api/status.ts';
import { WorkQueue } from '#common/base/workQueue.ts';
import type { KubeObject, OwnerReference } from '#common/api/meta.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import type { InformerEvent } from '../client/client.ts';
import type { ReconcileContext, RunnableController } from '../controller/controller.ts';
import { runQueue } from '../controller/runQueue.ts';
import { watchAllKinds } from '../controller/watchAllKinds.ts';
import { collect, type Collector, kindKey, kindKeyOf, orphanDependents } from './garbageCollector/collect.ts';
import { type GraphNode, isInReach, OwnershipGraph, refersTo } from './garbageCollector/ownershipGraph.ts';

const concurrency = 20;

export const garbageCollector: RunnableController = {
  name: 'garbage-collector-controller',
  reads: 'any',
  writes: 'any',
  account: 'generic-garbage-collector',
  async run(ctx) {
    const queue = new WorkQueue({ clock: ctx.clock });
    const collector = new GarbageCollector(ctx, queue);
    const watching = watchAllKinds(ctx.cache, (event, kind) => collector.observe(event, kind), true);
    const kinds = ctx.cache.onKindsChange(() => collector.onKindsChange());
    ctx.reportIdle(() => queue.idle);
    await runQueue(ctx.signal, queue, concurrency, (uid) => collector.process(uid));
    kinds.dispose();
    watching.dispose();
  },
};

class GarbageCollector implements Collector {
  readonly ctx: ReconcileContext;
  readonly graph = new OwnershipGraph();
  readonly #queue: WorkQueue;
  #kinds: ReadonlyMap<string, KindDefinition> | undefined;
  /** Objects with an owner of a kind that is not served: looked at again when kinds come or go. */
  readonly #unknown = new Set<string>();

  constructor(ctx: ReconcileContext, queue: WorkQueue) {
    this.ctx = ctx;
    this.#queue = queue;
  }

  readonly enqueue = (uid: string): void => this.#queue.add(uid);

  kindOf(owner: OwnerReference): KindDefinition | undefined {
    this.#kinds ??= new Map(this.ctx.cache.kinds().map((kind) => [kindKey(kind.group, kind.kind), kind]));
    return this.#kinds.get(kindKeyOf(owner));
  }

  onKindsChange(): void {
    this.#kinds = undefined;
    for (const uid of this.#unknown) this.enqueue(uid);
    this.#unknown.clear();
  }

  observe(event: InformerEvent<KubeObject>, kind: KindDefinition): void {
    if (kind.kind === 'Event') return;
    const { uid = '' } = event.object.metadata;
    if (event.type === 'deleted') this.#onDeleted(uid);
    else if (event.type === 'added' || mayMatter(event.old, event.object))
      this.#onPut(event.object, kind, event.type === 'added');
  }

  #onPut(object: KubeObject, kind: KindDefinition, isNew: boolean): void {
    const { node, added, unblocked, startsDeletingDependents, startsOrphaning } = this.graph.put(object, kind);
    if (added.some((owner) => !this.#isSound(node, owner))) this.enqueue(node.uid);
    for (const { uid } of unblocked) if (this.graph.get(uid)?.deletingDependents) this.enqueue(uid);
    if (startsOrphaning || startsDeletingDependents) this.enqueue(node.uid);
    if (startsDeletingDependents) for (const dependent of this.graph.dependentsOf(node.uid)) this.enqueue(dependent.uid);
    if (isNew) this.#checkEarlierDependents(node);
  }

  /** Whether the reference is to an owner that is there and may own the object. Tells people when it may not. */
  #isSound(node: GraphNode, reference: OwnerReference): boolean {
    const owner = this.graph.get(reference.uid);
    if (!owner) return false;
    if (!isInReach(owner, node)) {
      this.#reportInvalidNamespace(node, reference);
      return false;
    }
    return refersTo(reference, owner) && !owner.deletingDependents;
  }

  /** Objects may refer to an owner that comes after them. */
  #checkEarlierDependents(owner: GraphNode): void {
    for (const dependent of this.graph.dependentsOf(owner.uid)) {
      const reference = dependent.owners.find((ref) => ref.uid === owner.uid);
      if (reference && !this.#isSound(dependent, reference)) this.enqueue(dependent.uid);
    }
  }

  #reportInvalidNamespace({ key, kind, uid }: GraphNode, owner: OwnerReference): void {
    const about = this.ctx.cache.get(kind, key);
    if (about?.metadata.uid !== uid) return;
    const identity = `[${owner.apiVersion}/${owner.kind}, namespace: ${key.namespace}, name: ${owner.name}, uid: ${owner.uid}]`;
    const message = `ownerRef ${identity} does not exist in namespace ${JSON.stringify(key.namespace)}`;
    const { resourceVersion: _, ...metadata } = about.metadata;
    this.ctx.events.event({ ...about, metadata }, 'Warning', 'OwnerRefInvalidNamespace', message);
  }

  #onDeleted(uid: string): void {
    const node = this.graph.get(uid);
    this.graph.remove(uid);
    this.#unknown.delete(uid);
    for (const dependent of this.graph.dependentsOf(uid)) this.enqueue(dependent.uid);
    for (const owner of node?.owners ?? []) if (this.graph.get(owner.uid)?.deletingDependents) this.enqueue(owner.uid);
  }

  async process(uid: string): Promise<void> {
    const node = this.graph.get(uid);
    if (!node) return;
    try {
      if (node.owners.some((owner) => !this.kindOf(owner))) this.#unknown.add(uid);
      if (node.orphaning) await orphanDependents(this, node);
      else await collect(this, node);
      this.#queue.forget(uid);
    } catch (error) {
      if (this.ctx.signal.aborted) return;
      this.#queue.addAfterFailure(uid);
      const level = hasReason(error, 'Conflict') ? 'debug' : 'warn';
      this.ctx.log[level](`collecting ${node.kind.kind} ${node.key.namespace}/${node.key.name} failed`, { error: String(error) });
    }
  }
}

/** Most updates change neither owners nor deletion, and share those parts with the object before. */
const mayMatter = (old: KubeObject, now: KubeObject): boolean =>
  old.metadata.ownerReferences !== now.metadata.ownerReferences ||
  old.metadata.deletionTimestamp !== now.metadata.deletionTimestamp ||
  old.metadata.finalizers !== now.metadata.finalizers;
