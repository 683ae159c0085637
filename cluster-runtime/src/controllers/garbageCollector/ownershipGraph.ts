/**
 * Who owns whom, by uid, over all kinds. Fed by informer events; knows nothing of what is to be done. An owner that was
 * never seen has dependents all the same: what refers to it.
 */
import type { KubeObject, ObjectKey, OwnerReference } from '#common/api/meta.ts';
import { keyOf } from '#common/api/meta.ts';
import { parseApiVersion } from '#common/api/groupVersion.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';

export interface GraphNode {
  readonly uid: string;
  readonly kind: KindDefinition;
  readonly key: ObjectKey;
  owners: readonly OwnerReference[];
  /** It waits, with the finalizer foregroundDeletion, until those of its dependents that block it have gone. */
  deletingDependents: boolean;
  /** It is being deleted with the finalizer orphan. */
  orphaning: boolean;
}

export interface Change {
  readonly node: GraphNode;
  /** References that were not there before. */
  readonly added: readonly OwnerReference[];
  /** References that went, or that do not block their owner any more. */
  readonly unblocked: readonly OwnerReference[];
  readonly startsDeletingDependents: boolean;
  readonly startsOrphaning: boolean;
}

const noOwners: readonly OwnerReference[] = [];

export class OwnershipGraph {
  readonly #nodes = new Map<string, GraphNode>();
  /** Owner's uid → nodes that refer to it. */
  readonly #dependents = new Map<string, Set<GraphNode>>();

  get(uid: string): GraphNode | undefined {
    return this.#nodes.get(uid);
  }

  dependentsOf(uid: string): readonly GraphNode[] {
    return [...(this.#dependents.get(uid) ?? [])];
  }

  hasDependents(uid: string): boolean {
    return this.#dependents.has(uid);
  }

  /** Takes in the object as it is now. */
  put(object: KubeObject, kind: KindDefinition): Change {
    const { uid = '', ownerReferences = noOwners, deletionTimestamp, finalizers } = object.metadata;
    let node = this.#nodes.get(uid);
    if (!node) {
      node = { uid, kind, key: keyOf(object), owners: noOwners, deletingDependents: false, orphaning: false };
      this.#nodes.set(uid, node);
    }
    const before = node.owners;
    const { deletingDependents, orphaning } = node;
    node.owners = ownerReferences;
    node.deletingDependents = deletionTimestamp !== undefined && finalizers?.includes('foregroundDeletion') === true;
    node.orphaning = deletionTimestamp !== undefined && finalizers?.includes('orphan') === true;
    const references = before === ownerReferences ? { added: noOwners, unblocked: noOwners } : this.#relink(node, before);
    return {
      node,
      ...references,
      startsDeletingDependents: node.deletingDependents && !deletingDependents,
      startsOrphaning: node.orphaning && !orphaning,
    };
  }

  remove(uid: string): void {
    const node = this.#nodes.get(uid);
    if (!node) return;
    this.#nodes.delete(uid);
    for (const owner of node.owners) this.#unlink(node, owner.uid);
  }

  #relink(node: GraphNode, before: readonly OwnerReference[]): Pick<Change, 'added' | 'unblocked'> {
    const old = new Map(before.map((owner) => [owner.uid, owner]));
    const now = new Map(node.owners.map((owner) => [owner.uid, owner]));
    const added = node.owners.filter((owner) => !old.has(owner.uid));
    const gone = before.filter((owner) => !now.has(owner.uid));
    for (const owner of gone) this.#unlink(node, owner.uid);
    for (const { uid } of added) {
      const dependents = this.#dependents.get(uid);
      if (dependents) dependents.add(node);
      else this.#dependents.set(uid, new Set([node]));
    }
    const unblocked = before.filter((owner) => owner.blockOwnerDeletion && !now.get(owner.uid)?.blockOwnerDeletion);
    return { added, unblocked: [...new Set([...gone, ...unblocked])] };
  }

  #unlink(node: GraphNode, owner: string): void {
    const dependents = this.#dependents.get(owner);
    if (dependents?.delete(node) && dependents.size === 0) this.#dependents.delete(owner);
  }
}

/** Whether the reference means this node: what the reference says besides the uid must agree. */
export const refersTo = (owner: OwnerReference, node: GraphNode): boolean =>
  owner.uid === node.uid &&
  owner.name === node.key.name &&
  owner.kind === node.kind.kind &&
  parseApiVersion(owner.apiVersion).group === node.kind.group;

/** A namespaced owner can only own what is in its namespace. */
export const isInReach = (owner: GraphNode, dependent: GraphNode): boolean =>
  !owner.key.namespace || owner.key.namespace === dependent.key.namespace;

export const blocks = (dependent: GraphNode, owner: string): boolean =>
  dependent.owners.some((ref) => ref.uid === owner && ref.blockOwnerDeletion === true);
