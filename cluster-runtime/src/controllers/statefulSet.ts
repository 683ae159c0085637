/** Runs pods that each have a name, an order and claims of their own: create, scale, update, roll back. */
import { deepEqual } from '#common/base/freeze.ts';
import { keyOf } from '#common/api/meta.ts';
import { ApiError, hasReason } from '#common/api/status.ts';
import { ControllerRevision } from '#common/kinds/controllerRevision.ts';
import { PersistentVolumeClaim } from '#common/kinds/persistentVolumeClaim.ts';
import { Pod } from '#common/kinds/pod.ts';
import { StatefulSet } from '#common/kinds/statefulSet.ts';
import type * as api from '#common/schema/generated/types.ts';
import { claim, indexOrphans, watchOrphans } from '../controller/adoption.ts';
import { defineController, done, type ReconcileContext, requeueAt } from '../controller/controller.ts';
import { isNamespaceTerminating } from '../controller/podControl.ts';
import { type Revisions, syncRevisions, templateOf, trimRevisions } from './controllerRevisions.ts';
import { isCurrentRevisionNeeded, planStatefulSet, planStatefulStatus } from './statefulSet/planStatefulSet.ts';
import {
  claimName,
  claimTemplates,
  newClaim,
  newPod,
  ordinalOf,
  planClaimOwners,
  revisionOf,
} from './statefulSet/statefulPods.ts';

export const statefulSetController = defineController<api.StatefulSet>({
  name: 'statefulset-controller',
  writes: [StatefulSet, Pod, PersistentVolumeClaim, ControllerRevision],
  for: StatefulSet,
  owns: [Pod],
  watches: [watchOrphans(StatefulSet, Pod, (set) => set.spec?.selector)],
  concurrency: 5,
  setup(ctx) {
    indexOrphans(ctx.cache, Pod);
    indexOrphans(ctx.cache, ControllerRevision);
  },
  async reconcile(ctx, key) {
    const set = ctx.cache.get(StatefulSet, key);
    if (!set) return done;
    const { selector, template } = set.spec ?? {};
    const accepts = (pod: api.Pod): boolean => ordinalOf(set, pod) !== undefined;
    const pods = (await claim(ctx, { kind: StatefulSet, owner: set, childKind: Pod, selector, accepts })).filter(accepts);
    const revisions = await syncRevisions(ctx, {
      kind: StatefulSet,
      object: set,
      selector,
      template,
      hashLabel: 'controller.kubernetes.io/hash',
      collisionCount: set.status?.collisionCount ?? 0,
    });
    const update = revisions.update.metadata.name ?? '';
    const current = revisions.all.find((revision) => revision.metadata.name === set.status?.currentRevision) ?? revisions.update;
    const view = { set, pods, updateRevision: update, now: ctx.clock.now() };

    let failure: unknown;
    if (!set.metadata.deletionTimestamp) {
      try {
        await applyPlan(ctx, set, planStatefulSet(view), pods, current, revisions.update);
      } catch (error) {
        if (!isNamespaceTerminating(error)) failure = error;
      }
    }
    const after = ctx.cache
      .informer(Pod)
      .ownedBy(set.metadata.uid ?? '')
      .filter(accepts);
    const names = { current: current.metadata.name ?? '', update, collisionCount: revisions.collisionCount };
    const { status, nextCheck } = planStatefulStatus({ ...view, pods: after }, names);
    if (!deepEqual(status, set.status)) await ctx.client.updateStatus(StatefulSet, { ...set, status });
    await trim(ctx, set, revisions, status, after);
    if (failure !== undefined) throw failure;
    return requeueAt(nextCheck);
  },
});

async function applyPlan(
  ctx: ReconcileContext,
  set: api.StatefulSet,
  plan: ReturnType<typeof planStatefulSet>,
  pods: readonly api.Pod[],
  current: api.ControllerRevision,
  update: api.ControllerRevision,
): Promise<void> {
  for (const pod of pods) await syncClaimOwners(ctx, set, pod);
  await Promise.all([
    ...plan.keep
      .filter((pod) => pod.status?.phase === 'Pending')
      .map((pod) => createClaims(ctx, set, ordinalOf(set, pod) ?? 0, false)),
    ...plan.create.map((ordinal) => {
      const revision = isCurrentRevisionNeeded(set, ordinal) ? current : update;
      return createPod(ctx, set, newPod(set, templateOf(revision), revision.metadata.name ?? '', ordinal), ordinal);
    }),
    ...plan.delete.map((pod) => deletePod(ctx, set, pod)),
  ]);
}

async function createPod(ctx: ReconcileContext, set: api.StatefulSet, pod: api.Pod, ordinal: number): Promise<void> {
  const { name } = pod.metadata;
  try {
    await createClaims(ctx, set, ordinal, true);
    await ctx.client.create(Pod, pod);
  } catch (error) {
    // Another's pod has the name, or the cache is late. Nobody tells when that pod goes: the set looks again by itself.
    if (hasReason(error, 'AlreadyExists')) throw error;
    tellFailure(ctx, set, 'FailedCreate', `Create Pod ${name} in StatefulSet ${set.metadata.name} failed error:`, error);
    throw error;
  }
  ctx.events.event(set, 'Normal', 'SuccessfulCreate', `Create Pod ${name} in StatefulSet ${set.metadata.name} successful`);
}

async function deletePod(ctx: ReconcileContext, set: api.StatefulSet, pod: api.Pod): Promise<void> {
  const { name, uid = '' } = pod.metadata;
  try {
    await ctx.client.delete(Pod, keyOf(pod), { preconditions: { uid } });
  } catch (error) {
    if (hasReason(error, 'NotFound')) return;
    tellFailure(ctx, set, 'FailedDelete', `Delete Pod ${name} in StatefulSet ${set.metadata.name} failed error:`, error);
    throw error;
  }
  ctx.events.event(set, 'Normal', 'SuccessfulDelete', `Delete Pod ${name} in StatefulSet ${set.metadata.name} successful`);
}

/**
 * Makes the claims that are missing. Where a pod is to be made for them, one that is being deleted stands in its way: it would take
 * the pod's data with it. Nobody tells when it is gone; the set looks again by itself.
 */
async function createClaims(ctx: ReconcileContext, set: api.StatefulSet, ordinal: number, forNewPod: boolean): Promise<void> {
  for (const template of claimTemplates(set)) {
    const wanted = newClaim(set, template, ordinal);
    const there = ctx.cache.get(PersistentVolumeClaim, keyOf(wanted));
    if (there) {
      if (there.metadata.deletionTimestamp && forNewPod) {
        throw new ApiError(409, 'Conflict', `pvc ${wanted.metadata.name} is being deleted`);
      }
      continue;
    }
    const what = `Create Claim ${wanted.metadata.name} Pod ${set.metadata.name}-${ordinal} in StatefulSet ${set.metadata.name}`;
    try {
      await ctx.client.create(PersistentVolumeClaim, wanted);
      ctx.events.event(set, 'Normal', 'SuccessfulCreate', `${what} success`);
    } catch (error) {
      if (hasReason(error, 'AlreadyExists')) continue;
      tellFailure(ctx, set, 'FailedCreate', `${what} failed error:`, error);
      throw error;
    }
  }
}

async function syncClaimOwners(ctx: ReconcileContext, set: api.StatefulSet, pod: api.Pod): Promise<void> {
  const ordinal = ordinalOf(set, pod) ?? 0;
  for (const template of claimTemplates(set)) {
    const key = { namespace: set.metadata.namespace ?? '', name: claimName(set, template, ordinal) };
    const there = ctx.cache.get(PersistentVolumeClaim, key);
    if (!there) continue;
    const owners = planClaimOwners(set, there, pod, ordinal);
    if (deepEqual(owners, there.metadata.ownerReferences ?? [])) continue;
    const { ownerReferences: _, ...metadata } = there.metadata;
    await ctx.client.update(PersistentVolumeClaim, {
      ...there,
      metadata: { ...metadata, ...(owners.length > 0 ? { ownerReferences: owners } : {}) },
    });
  }
}

function tellFailure(ctx: ReconcileContext, set: api.StatefulSet, reason: string, what: string, error: unknown): void {
  if (error instanceof ApiError && !isNamespaceTerminating(error))
    ctx.events.event(set, 'Warning', reason, `${what} ${error.message}`);
}

async function trim(
  ctx: ReconcileContext,
  set: api.StatefulSet,
  revisions: Revisions,
  status: api.StatefulSetStatus,
  pods: readonly api.Pod[],
): Promise<void> {
  const live = new Set([...pods.map(revisionOf), status.currentRevision ?? '', status.updateRevision ?? '']);
  await trimRevisions(ctx, revisions.all, live, set.spec?.revisionHistoryLimit ?? 10);
}
