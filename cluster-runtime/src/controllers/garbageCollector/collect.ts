/** What is done about one object of the ownership graph: delete it, let go of absent owners, or end its own waiting. */
import { parseApiVersion } from '#common/api/groupVersion.ts';
import type { KubeObject, OwnerReference } from '#common/api/meta.ts';
import { hasReason } from '#common/api/status.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import type { DeleteOptions } from '../../client/client.ts';
import type { ReconcileContext } from '../../controller/controller.ts';
import { blocks, type GraphNode, isInReach, type OwnershipGraph, refersTo } from './ownershipGraph.ts';

const foregroundFinalizer = 'foregroundDeletion';
const orphanFinalizer = 'orphan';

export interface Collector {
  readonly ctx: ReconcileContext;
  readonly graph: OwnershipGraph;
  /** The kind that an owner reference names; undefined while no such kind is served. */
  kindOf(owner: OwnerReference): KindDefinition | undefined;
  /** Has a look at the object soon. */
  enqueue(uid: string): void;
}

interface Owners {
  readonly solid: OwnerReference[];
  readonly dangling: OwnerReference[];
  /** Owners that wait in the foreground for this object to go. */
  readonly waiting: OwnerReference[];
}

/** Deletes the object if no owner keeps it. */
export async function collect(collector: Collector, node: GraphNode): Promise<void> {
  const { ctx, graph } = collector;
  const object = ctx.cache.get(node.kind, node.key);
  if (!object || object.metadata.uid !== node.uid) return;
  if (node.deletingDependents) return endForegroundDeletion(collector, node);
  if (object.metadata.deletionTimestamp) return;

  const owners = await classify(collector, node, object.metadata.ownerReferences ?? []);
  if (!owners || owners.dangling.length + owners.waiting.length === 0) return;
  if (owners.solid.length > 0) {
    await removeOwners(ctx, node, new Set([...owners.dangling, ...owners.waiting].map((owner) => owner.uid)));
    return;
  }
  let propagationPolicy = policyOf(object);
  if (owners.waiting.length > 0 && graph.hasDependents(node.uid)) {
    // A circle of objects that all wait for each other would never end: this one stops blocking its owners.
    if (graph.dependentsOf(node.uid).some((dependent) => dependent.deletingDependents)) await unblockOwners(ctx, node, object);
    propagationPolicy = 'Foreground';
  }
  const { uid = '', resourceVersion = '' } = object.metadata;
  try {
    await ctx.client.delete(node.kind, node.key, { propagationPolicy, preconditions: { uid, resourceVersion } });
  } catch (error) {
    if (!hasReason(error, 'NotFound')) throw error;
  }
}

function policyOf(object: KubeObject): NonNullable<DeleteOptions['propagationPolicy']> {
  if (object.metadata.finalizers?.includes(orphanFinalizer)) return 'Orphan';
  return object.metadata.finalizers?.includes(foregroundFinalizer) ? 'Foreground' : 'Background';
}

/** Undefined when it cannot be told: an owner's kind is not served, or a namespaced owner of a cluster-scoped object. */
async function classify(
  collector: Collector,
  node: GraphNode,
  references: readonly OwnerReference[],
): Promise<Owners | undefined> {
  const owners: Owners = { solid: [], dangling: [], waiting: [] };
  for (const reference of references) {
    const kind = collector.kindOf(reference);
    if (!kind || (kind.namespaced && !node.key.namespace)) return undefined;
    const owner = await findOwner(collector, node, kind, reference);
    if (!owner) owners.dangling.push(reference);
    else if (owner.metadata.deletionTimestamp && owner.metadata.finalizers?.includes(foregroundFinalizer))
      owners.waiting.push(reference);
    else owners.solid.push(reference);
  }
  return owners;
}

async function findOwner(
  { ctx, graph }: Collector,
  node: GraphNode,
  kind: KindDefinition,
  reference: OwnerReference,
): Promise<KubeObject | undefined> {
  const key = { namespace: kind.namespaced ? node.key.namespace : '', name: reference.name };
  const known = graph.get(reference.uid);
  if (known && refersTo(reference, known) && isInReach(known, node)) return ctx.cache.get(kind, key);
  try {
    const owner = await ctx.client.get(kind, key);
    return owner.metadata.uid === reference.uid ? owner : undefined;
  } catch (error) {
    if (hasReason(error, 'NotFound')) return undefined;
    throw error;
  }
}

/** Lets an object go that waits for its dependents, once none blocks it any more. */
async function endForegroundDeletion({ ctx, graph, enqueue }: Collector, node: GraphNode): Promise<void> {
  const blocking = graph.dependentsOf(node.uid).filter((dependent) => blocks(dependent, node.uid));
  if (blocking.length === 0) return removeFinalizer(ctx, node, foregroundFinalizer);
  for (const dependent of blocking) if (!dependent.deletingDependents) enqueue(dependent.uid);
}

/** Frees the dependents of an object that was deleted with propagation policy Orphan, then lets it go. */
export async function orphanDependents({ ctx, graph }: Collector, node: GraphNode): Promise<void> {
  await Promise.all(graph.dependentsOf(node.uid).map((dependent) => removeOwners(ctx, dependent, new Set([node.uid]))));
  await removeFinalizer(ctx, node, orphanFinalizer);
}

const removeOwners = (ctx: ReconcileContext, node: GraphNode, uids: ReadonlySet<string>): Promise<void> =>
  patchMetadata(ctx, node, ({ metadata: { ownerReferences = [] } }) => {
    const kept = ownerReferences.filter((owner) => !uids.has(owner.uid));
    return kept.length === ownerReferences.length ? undefined : { ownerReferences: kept.length > 0 ? kept : null };
  });

const unblockOwners = (ctx: ReconcileContext, node: GraphNode, object: KubeObject): Promise<void> =>
  patchMetadata(ctx, node, () => ({
    ownerReferences: (object.metadata.ownerReferences ?? []).map((owner) => ({ ...owner, blockOwnerDeletion: false })),
  }));

const removeFinalizer = (ctx: ReconcileContext, node: GraphNode, finalizer: string): Promise<void> =>
  patchMetadata(ctx, node, ({ metadata: { finalizers = [] } }) => {
    const kept = finalizers.filter((one) => one !== finalizer);
    return kept.length === finalizers.length ? undefined : { finalizers: kept.length > 0 ? kept : null };
  });

/** Patches what `change` says of the object as it is now, and asks again when somebody wrote in between. */
async function patchMetadata(
  ctx: ReconcileContext,
  { kind, key, uid }: GraphNode,
  change: (object: KubeObject) => Record<string, unknown> | undefined,
): Promise<void> {
  for (;;) {
    try {
      const object = await ctx.client.get(kind, key);
      const metadata = object.metadata.uid === uid ? change(object) : undefined;
      if (!metadata) return;
      await ctx.client.patch(kind, key, 'merge', {
        metadata: { ...metadata, uid, resourceVersion: object.metadata.resourceVersion },
      });
      return;
    } catch (error) {
      if (hasReason(error, 'NotFound')) return;
      if (!hasReason(error, 'Conflict') || ctx.signal.aborted) throw error;
    }
  }
}

/** `group/kind`, by which owner references find their kind whatever version they name. */
export const kindKey = (group: string, kind: string): string => `${group}/${kind}`;
export const kindKeyOf = (owner: OwnerReference): string => kindKey(parseApiVersion(owner.apiVersion).group, owner.kind);
