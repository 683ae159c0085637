/**
 * The history of a StatefulSet's or DaemonSet's template as ControllerRevisions: one for each template that was in use,
 * numbered by when it was used last.
 */
import { deepEqual } from '#common/base/freeze.ts';
import { keyOf, type KubeObject, type LabelSelector } from '#common/api/meta.ts';
import { hasReason } from '#common/api/status.ts';
import { ControllerRevision } from '#common/kinds/controllerRevision.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import type * as api from '#common/schema/generated/types.ts';
import { claim, ownerReference } from '../controller/adoption.ts';
import type { ReconcileContext } from '../controller/controller.ts';
import { hashOf } from './templateHash.ts';

export interface RevisionOwner<T extends KubeObject> {
  readonly kind: KindDefinition<T>;
  readonly object: T;
  readonly selector: LabelSelector | undefined;
  readonly template: api.PodTemplateSpec | undefined;
  /** The label that carries the hash. */
  readonly hashLabel: string;
  readonly collisionCount: number;
}

export interface Revisions {
  /** In order of their numbers. */
  readonly all: readonly api.ControllerRevision[];
  /** That of the present template. */
  readonly update: api.ControllerRevision;
  /** Raised when another object had taken the name. */
  readonly collisionCount: number;
}

const longestName = 223;

/** What a revision keeps: the template, as a patch that would bring it back. */
const dataOf = (template: api.PodTemplateSpec | undefined): unknown => ({
  spec: { template: { ...template, $patch: 'replace' } },
});

export const templateOf = (revision: api.ControllerRevision): api.PodTemplateSpec | undefined => {
  const { spec } = (revision.data ?? {}) as { spec?: { template?: api.PodTemplateSpec & { $patch?: string } } };
  if (!spec?.template) return undefined;
  const { $patch: _, ...template } = spec.template;
  return template;
};

/** The owner's revisions, with the one of its present template made or renumbered as needed. */
export async function syncRevisions<T extends KubeObject>(ctx: ReconcileContext, owner: RevisionOwner<T>): Promise<Revisions> {
  const { kind, object, selector } = owner;
  const claimed = await claim(ctx, { kind, owner: object, childKind: ControllerRevision, selector });
  const all = claimed.sort((a, b) => a.revision - b.revision);
  const data = dataOf(owner.template);
  const next = (all.at(-1)?.revision ?? 0) + 1;
  const same = all.findLast((revision) => deepEqual(revision.data, data));
  if (!same) {
    const { revision, collisionCount } = await createRevision(ctx, owner, data, next);
    return { all: [...all, revision], update: revision, collisionCount };
  }
  if (same === all.at(-1)) return { all, update: same, collisionCount: owner.collisionCount };
  // A template that comes back keeps its revision, under a new number.
  const update = await ctx.client.update(ControllerRevision, { ...same, revision: next });
  return { all: [...all.filter((revision) => revision !== same), update], update, collisionCount: owner.collisionCount };
}

async function createRevision<T extends KubeObject>(
  ctx: ReconcileContext,
  { kind, object, template, hashLabel, collisionCount: collisions }: RevisionOwner<T>,
  data: unknown,
  number: number,
): Promise<{ revision: api.ControllerRevision; collisionCount: number }> {
  const { name = '', namespace = '', annotations } = object.metadata;
  for (let collisionCount = collisions; ; collisionCount++) {
    const hash = hashOf(data, collisionCount);
    const revision: api.ControllerRevision = {
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      metadata: {
        name: `${name.slice(0, longestName)}-${hash}`,
        namespace,
        labels: { ...template?.metadata?.labels, [hashLabel]: hash },
        ...(annotations ? { annotations } : {}),
        ownerReferences: [ownerReference(kind, object)],
      },
      data,
      revision: number,
    };
    try {
      return { revision: await ctx.client.create(ControllerRevision, revision), collisionCount };
    } catch (error) {
      if (!hasReason(error, 'AlreadyExists')) throw error;
      const taken = await ctx.client.get(ControllerRevision, keyOf(revision));
      if (deepEqual(taken.data, data) && taken.metadata.ownerReferences?.some((owner) => owner.uid === object.metadata.uid)) {
        return { revision: taken, collisionCount };
      }
    }
  }
}

/** Deletes the oldest revisions beyond `limit` that are not among the names `live`. */
export async function trimRevisions(
  ctx: ReconcileContext,
  revisions: readonly api.ControllerRevision[],
  live: ReadonlySet<string>,
  limit: number,
): Promise<void> {
  const idle = revisions.filter((revision) => !live.has(revision.metadata.name ?? ''));
  for (const revision of idle.slice(0, Math.max(0, idle.length - limit))) {
    try {
      await ctx.client.delete(ControllerRevision, keyOf(revision));
    } catch (error) {
      if (!hasReason(error, 'NotFound')) throw error;
    }
  }
}
