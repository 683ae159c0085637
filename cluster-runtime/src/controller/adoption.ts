/**
 * Ownership through labels: a controller adopts orphans that its selector matches and releases what it owns and no
 * longer matches. Never touches what belongs to another controller, and adopts nothing once it is being deleted.
 */
import {
  controllerOf,
  keyOf,
  type KubeObject,
  type LabelSelector,
  type ObjectKey,
  type OwnerReference,
} from '#common/api/meta.ts';
import { apiVersionOf } from '#common/api/groupVersion.ts';
import { type Selector, selectorFromLabelSelector } from '#common/api/labelSelector.ts';
import { ApiError, hasReason } from '#common/api/status.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import type { Cache, Informer } from '../client/client.ts';
import { defineWatch, type ReconcileContext, type Watch } from './controller.ts';

const orphansIndex = 'orphans';

/** Adds the index that `claim` finds orphans with. For a controller's `setup`. */
export function indexOrphans(cache: Cache, kind: KindDefinition): void {
  cache.informer(kind).addIndex(orphansIndex, (object) => (controllerOf(object) ? [] : [object.metadata.namespace ?? '']));
}

export const ownerReference = (kind: KindDefinition, owner: KubeObject): OwnerReference => ({
  apiVersion: apiVersionOf(kind),
  kind: kind.kind,
  name: owner.metadata.name ?? '',
  uid: owner.metadata.uid ?? '',
  controller: true,
  blockOwnerDeletion: true,
});

export interface Claim<T extends KubeObject, C extends KubeObject> {
  readonly kind: KindDefinition<T>;
  readonly owner: T;
  readonly childKind: KindDefinition<C>;
  readonly selector: LabelSelector | undefined;
  /** A further condition for adoption; releasing does not ask it. */
  readonly accepts?: (child: C) => boolean;
  /** Set on what is adopted and removed from what is released. */
  readonly finalizer?: string;
}

/** What the owner owns now, after adopting and releasing. Needs `indexOrphans` on the child kind. */
export async function claim<T extends KubeObject, C extends KubeObject>(ctx: ReconcileContext, claim: Claim<T, C>): Promise<C[]> {
  const informer = ctx.cache.informer(claim.childKind);
  const selector = selectorFromLabelSelector(claim.selector);
  const matches = (child: C): boolean => selector.matches(child.metadata.labels);
  const { uid = '', deletionTimestamp } = claim.owner.metadata;

  const owned = informer.ownedBy(uid);
  const kept = owned.filter(matches);
  if (kept.length < owned.length && !deletionTimestamp) {
    await Promise.all(owned.filter((child) => !matches(child)).map((child) => release(ctx, claim, child)));
  }
  if (deletionTimestamp) return kept;

  const orphans = adoptable(informer, claim, selector);
  if (orphans.length === 0 || !(await mayAdopt(ctx, claim))) return kept;
  const adopted = await Promise.all(orphans.map((orphan) => adopt(ctx, claim, orphan)));
  return [...kept, ...adopted.filter((child) => child !== undefined)];
}

function adoptable<T extends KubeObject, C extends KubeObject>(
  informer: Informer<C>,
  { owner, accepts }: Claim<T, C>,
  selector: Selector,
): C[] {
  return informer
    .byIndex(orphansIndex, owner.metadata.namespace ?? '')
    .filter(
      (orphan) => !orphan.metadata.deletionTimestamp && selector.matches(orphan.metadata.labels) && (accepts?.(orphan) ?? true),
    );
}

/** Whether the owner, asked afresh, still is the one that was read and is not being deleted. */
async function mayAdopt<T extends KubeObject, C extends KubeObject>(
  ctx: ReconcileContext,
  { kind, owner }: Claim<T, C>,
): Promise<boolean> {
  const fresh = await ctx.client.get(kind, keyOf(owner));
  return fresh.metadata.uid === owner.metadata.uid && !fresh.metadata.deletionTimestamp;
}

async function adopt<T extends KubeObject, C extends KubeObject>(
  ctx: ReconcileContext,
  { kind, owner, childKind, finalizer }: Claim<T, C>,
  orphan: C,
): Promise<C | undefined> {
  const patch = {
    metadata: {
      ownerReferences: [ownerReference(kind, owner)],
      uid: orphan.metadata.uid,
      ...(finalizer ? { finalizers: [finalizer] } : {}),
    },
  };
  try {
    return await ctx.client.patch(childKind, keyOf(orphan), 'strategic', patch);
  } catch (error) {
    return ignoreGone(error);
  }
}

export async function release<T extends KubeObject, C extends KubeObject>(
  ctx: ReconcileContext,
  { owner, childKind, finalizer }: Pick<Claim<T, C>, 'owner' | 'childKind' | 'finalizer'>,
  child: C,
): Promise<void> {
  const patch = {
    metadata: {
      uid: child.metadata.uid,
      ownerReferences: [{ $patch: 'delete', uid: owner.metadata.uid }],
      ...(finalizer ? { '$deleteFromPrimitiveList/finalizers': [finalizer] } : {}),
    },
  };
  try {
    await ctx.client.patch(childKind, keyOf(child), 'strategic', patch);
  } catch (error) {
    ignoreGone(error);
  }
}

/** The object went, or another one took its name (its uid cannot be changed: Invalid). Nothing is left to do then. */
function ignoreGone(error: unknown): undefined {
  if (error instanceof ApiError && (hasReason(error, 'NotFound') || hasReason(error, 'Invalid'))) return undefined;
  throw error;
}

/** Wakes the objects of `ownerKind` whose selector matches a new or relabelled orphan of `childKind`. */
export const watchOrphans = <T extends KubeObject, C extends KubeObject>(
  ownerKind: KindDefinition<T>,
  childKind: KindDefinition<C>,
  selectorOf: (owner: T) => LabelSelector | undefined,
): Watch =>
  defineWatch<C>({
    kind: childKind,
    keysFor(event, cache): readonly ObjectKey[] {
      if (event.type === 'deleted' || controllerOf(event.object)) return [];
      if (event.type === 'updated' && !controllerOf(event.old) && event.old.metadata.labels === event.object.metadata.labels)
        return [];
      const { namespace, labels } = event.object.metadata;
      return cache
        .list(ownerKind, namespace ?? '')
        .filter((owner) => selectorFromLabelSelector(selectorOf(owner)).matches(labels))
        .map(keyOf);
    },
  });
