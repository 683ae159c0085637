/** Rolls a Deployment's template out through ReplicaSets: rolling update, Recreate, pause, scaling, history, status. */
import { deepEqual } from '#common/base/freeze.ts';
import { keyOf, controllerOf } from '#common/api/meta.ts';
import { hasReason } from '#common/api/status.ts';
import { selectorFromLabelSelector } from '#common/api/labelSelector.ts';
import { Deployment } from '#common/kinds/deployment.ts';
import { Pod } from '#common/kinds/pod.ts';
import { ReplicaSet } from '#common/kinds/replicaSet.ts';
import type * as api from '#common/schema/generated/types.ts';
import { claim, indexOrphans, watchOrphans } from '../controller/adoption.ts';
import {
  defineController,
  defineWatch,
  done,
  type ReconcileContext,
  type ReconcileResult,
  requeueAt,
} from '../controller/controller.ts';
import { isFinished } from '../controller/podState.ts';
import { syncRevisions } from './deployment/newReplicaSet.ts';
import { planProportionalScaling, planRollingUpdate, type Scaling } from './deployment/planScaling.ts';
import {
  isComplete,
  nextProgressCheck,
  planPausedCondition,
  planRolloutStatus,
  planStatus,
  withCondition,
} from './deployment/planStatus.ts';
import {
  allSets,
  byRevision,
  desiredReplicasAnnotation,
  hasReplicas,
  numberAnnotation,
  replicasOf,
  type Rollout,
} from './deployment/replicaSets.ts';
import { withReplicaAnnotations } from './deployment/revisions.ts';

export const deploymentController = defineController<api.Deployment>({
  name: 'deployment-controller',
  writes: [Deployment, ReplicaSet],
  for: Deployment,
  owns: [ReplicaSet],
  concurrency: 5,
  watches: [
    watchOrphans(Deployment, ReplicaSet, (deployment) => deployment.spec?.selector),
    // Recreate waits for the last of the old pods.
    defineWatch<api.Pod>({
      kind: Pod,
      keysFor(event, cache) {
        const owner = event.type === 'deleted' ? controllerOf(event.object) : undefined;
        if (owner?.kind !== 'ReplicaSet') return [];
        const { namespace = '' } = event.object.metadata;
        const set = cache.get(ReplicaSet, { namespace, name: owner.name });
        const name = set && controllerOf(set)?.name;
        const deployment = name === undefined ? undefined : cache.get(Deployment, { namespace, name });
        return deployment?.spec?.strategy?.type === 'Recreate' ? [keyOf(deployment)] : [];
      },
    }),
  ],
  setup: (ctx) => indexOrphans(ctx.cache, ReplicaSet),
  async reconcile(ctx, key) {
    const deployment = ctx.cache.get(Deployment, key);
    if (!deployment) return done;
    if (selectorFromLabelSelector(deployment.spec?.selector).isEmpty) return refuseEmptySelector(ctx, deployment);
    const sets = await claim(ctx, {
      kind: Deployment,
      owner: deployment,
      childKind: ReplicaSet,
      selector: deployment.spec?.selector,
    });
    if (deployment.metadata.deletionTimestamp)
      return writeStatus(ctx, await syncRevisions(ctx, deployment, sets, false), planStatus);

    const current = await notePause(ctx, deployment);
    if (current.spec?.paused || isScaling(current, sets)) return scale(ctx, current, sets);
    return current.spec?.strategy?.type === 'Recreate' ? recreate(ctx, current, sets) : rollOut(ctx, current, sets);
  },
});

async function refuseEmptySelector(ctx: ReconcileContext, deployment: api.Deployment): Promise<ReconcileResult> {
  ctx.events.event(
    deployment,
    'Warning',
    'SelectingAll',
    'This deployment is selecting all pods. A non-empty selector is required.',
  );
  const { generation } = deployment.metadata;
  if (generation !== undefined && (deployment.status?.observedGeneration ?? 0) < generation) {
    await ctx.client.updateStatus(Deployment, {
      ...deployment,
      status: { ...deployment.status, observedGeneration: generation },
    });
  }
  return done;
}

async function notePause(ctx: ReconcileContext, deployment: api.Deployment): Promise<api.Deployment> {
  const condition = planPausedCondition(deployment, ctx.clock.now());
  if (!condition) return deployment;
  const conditions = withCondition(deployment.status?.conditions ?? [], condition);
  return ctx.client.updateStatus(Deployment, { ...deployment, status: { ...deployment.status, conditions } });
}

/** A ReplicaSet with pods was last sized for another number of replicas. */
const isScaling = (deployment: api.Deployment, sets: readonly api.ReplicaSet[]): boolean =>
  sets.some((set) => {
    const desired = hasReplicas(set) ? numberAnnotation(set, desiredReplicasAnnotation) : undefined;
    return desired !== undefined && desired !== replicasOf(deployment);
  });

async function scale(
  ctx: ReconcileContext,
  deployment: api.Deployment,
  sets: readonly api.ReplicaSet[],
): Promise<ReconcileResult> {
  let rollout = await syncRevisions(ctx, deployment, sets, false);
  rollout = await applyScalings(ctx, rollout, planProportionalScaling(rollout));
  if (deployment.spec?.paused) await trimHistory(ctx, rollout);
  return writeStatus(ctx, rollout, planStatus);
}

async function rollOut(
  ctx: ReconcileContext,
  deployment: api.Deployment,
  sets: readonly api.ReplicaSet[],
): Promise<ReconcileResult> {
  const rollout = await syncRevisions(ctx, deployment, sets, true);
  const scalings = planRollingUpdate(rollout);
  if (scalings.length > 0) return writeStatus(ctx, await applyScalings(ctx, rollout, scalings), planRolloutStatus);
  if (isComplete(rollout.deployment, rollout.deployment.status)) await trimHistory(ctx, rollout);
  return writeStatus(ctx, rollout, planRolloutStatus);
}

async function recreate(
  ctx: ReconcileContext,
  deployment: api.Deployment,
  sets: readonly api.ReplicaSet[],
): Promise<ReconcileResult> {
  let rollout = await syncRevisions(ctx, deployment, sets, false);
  const old = rollout.oldSets.filter(hasReplicas);
  if (old.length > 0) {
    const emptied = await applyScalings(
      ctx,
      rollout,
      old.map((set) => ({ set, replicas: 0 })),
    );
    return writeStatus(ctx, emptied, planRolloutStatus);
  }
  if (oldPodsRun(ctx, rollout)) return writeStatus(ctx, rollout, planRolloutStatus);
  if (!rollout.newSet) rollout = await syncRevisions(ctx, rollout.deployment, sets, true);
  const { newSet } = rollout;
  const replicas = replicasOf(rollout.deployment);
  if (newSet && replicasOf(newSet) !== replicas) rollout = await applyScalings(ctx, rollout, [{ set: newSet, replicas }]);
  if (isComplete(rollout.deployment, rollout.deployment.status)) await trimHistory(ctx, rollout);
  return writeStatus(ctx, rollout, planRolloutStatus);
}

const oldPodsRun = (ctx: ReconcileContext, { oldSets }: Rollout): boolean =>
  oldSets.some(
    (set) =>
      (set.status?.replicas ?? 0) > 0 ||
      ctx.cache
        .informer(Pod)
        .ownedBy(set.metadata.uid ?? '')
        .some((pod) => !isFinished(pod)),
  );

/** Sizes the sets one after the other, and gives the rollout as it is then. */
async function applyScalings(ctx: ReconcileContext, rollout: Rollout, scalings: readonly Scaling[]): Promise<Rollout> {
  const { deployment } = rollout;
  const latest = new Map<string, api.ReplicaSet>();
  for (const { set, replicas } of scalings) {
    const { name = '' } = set.metadata;
    const current = latest.get(name) ?? set;
    const annotations = { ...withReplicaAnnotations(deployment, current.metadata.annotations) };
    const from = replicasOf(current);
    if (from === replicas && deepEqual(annotations, current.metadata.annotations)) continue;
    const updated = await ctx.client.update(ReplicaSet, {
      ...current,
      metadata: { ...current.metadata, annotations },
      spec: { ...current.spec, replicas } as api.ReplicaSetSpec,
    });
    latest.set(name, updated);
    if (from === replicas) continue;
    const direction = from < replicas ? 'up' : 'down';
    ctx.events.event(
      deployment,
      'Normal',
      'ScalingReplicaSet',
      `Scaled ${direction} replica set ${name} from ${from} to ${replicas}`,
    );
  }
  const newest = (set: api.ReplicaSet): api.ReplicaSet => latest.get(set.metadata.name ?? '') ?? set;
  return { deployment, newSet: rollout.newSet && newest(rollout.newSet), oldSets: rollout.oldSets.map(newest) };
}

/** Deletes the oldest idle ReplicaSets beyond revisionHistoryLimit. */
async function trimHistory(ctx: ReconcileContext, { deployment, oldSets }: Rollout): Promise<void> {
  const limit = deployment.spec?.revisionHistoryLimit;
  if (limit === undefined || limit === 2 ** 31 - 1) return;
  const alive = oldSets.filter((set) => !set.metadata.deletionTimestamp).sort(byRevision);
  for (const set of alive.slice(0, Math.max(0, alive.length - limit))) {
    const { generation = 0 } = set.metadata;
    if (set.status?.replicas || hasReplicas(set) || generation > (set.status?.observedGeneration ?? 0)) continue;
    try {
      await ctx.client.delete(ReplicaSet, keyOf(set), { propagationPolicy: 'Background' });
    } catch (error) {
      if (!hasReason(error, 'NotFound')) throw error;
    }
  }
}

async function writeStatus(
  ctx: ReconcileContext,
  rollout: Rollout,
  plan: (rollout: Rollout, now: number) => api.DeploymentStatus,
): Promise<ReconcileResult> {
  const { deployment } = rollout;
  const sets = allSets(rollout).map((set) => ctx.cache.get(ReplicaSet, keyOf(set)) ?? set);
  const fresh: Rollout = {
    deployment,
    newSet: sets.find((set) => set.metadata.name === rollout.newSet?.metadata.name),
    oldSets: sets.filter((set) => set.metadata.name !== rollout.newSet?.metadata.name),
  };
  const status = plan(fresh, ctx.clock.now());
  if (!deepEqual(status, deployment.status)) await ctx.client.updateStatus(Deployment, { ...deployment, status });
  return plan === planRolloutStatus ? requeueAt(nextProgressCheck(deployment, status)) : done;
}
