/** Finds the ReplicaSet of the Deployment's present template, or makes it, and keeps revisions and annotations in step. */
import { deepEqual } from '#common/base/freeze.ts';
import { controllerOf } from '#common/api/meta.ts';
import { hasReason } from '#common/api/status.ts';
import { Deployment } from '#common/kinds/deployment.ts';
import { ReplicaSet } from '#common/kinds/replicaSet.ts';
import type * as api from '#common/schema/generated/types.ts';
import { ownerReference } from '../../controller/adoption.ts';
import type { ReconcileContext } from '../../controller/controller.ts';
import { isNamespaceTerminating } from '../../controller/podControl.ts';
import { hashOf } from '../templateHash.ts';
import { newSetReplicas } from './planScaling.ts';
import { conditionOf, newCondition, withCondition } from './planStatus.ts';
import {
  findNewReplicaSet,
  hashLabel,
  hasProgressDeadline,
  revisionAnnotation,
  revisionOf,
  type Rollout,
  sameTemplate,
} from './replicaSets.ts';
import { planAnnotations, withReplicaAnnotations } from './revisions.ts';

/** The rollout of a Deployment that owns `sets`. Without `create`, `newSet` is undefined when there is none yet. */
export async function syncRevisions(
  ctx: ReconcileContext,
  deployment: api.Deployment,
  sets: readonly api.ReplicaSet[],
  create: boolean,
): Promise<Rollout> {
  const found = findNewReplicaSet(deployment, sets);
  const oldSets = sets.filter((set) => set !== found);
  const revision = Math.max(0, ...oldSets.map(revisionOf)) + 1;
  if (found) return useReplicaSet(ctx, deployment, found, oldSets, revision);
  return create ? createReplicaSet(ctx, deployment, oldSets, revision) : { deployment, newSet: undefined, oldSets };
}

async function useReplicaSet(
  ctx: ReconcileContext,
  deployment: api.Deployment,
  set: api.ReplicaSet,
  oldSets: readonly api.ReplicaSet[],
  revision: number,
): Promise<Rollout> {
  const annotations = planAnnotations(deployment, set.metadata.annotations, revision);
  const minReadySeconds = deployment.spec?.minReadySeconds ?? 0;
  let newSet = set;
  if (
    set.spec &&
    (!deepEqual(annotations, set.metadata.annotations ?? {}) || (set.spec.minReadySeconds ?? 0) !== minReadySeconds)
  ) {
    const { minReadySeconds: _, ...spec } = set.spec;
    newSet = await ctx.client.update(ReplicaSet, {
      ...set,
      metadata: { ...set.metadata, annotations: { ...annotations } },
      spec: { ...spec, ...(minReadySeconds ? { minReadySeconds } : {}) },
    });
  }
  const conditions = deployment.status?.conditions ?? [];
  const needsCondition = hasProgressDeadline(deployment) && !conditionOf(deployment.status, 'Progressing');
  const message = `Found new replica set "${set.metadata.name}"`;
  const condition = newCondition('Progressing', 'True', 'FoundNewReplicaSet', message, ctx.clock.now());
  const noted = await note(ctx, deployment, {
    revision: newSet.metadata.annotations?.[revisionAnnotation],
    conditions: needsCondition ? withCondition(conditions, condition) : conditions,
  });
  return { deployment: noted, newSet, oldSets };
}

async function createReplicaSet(
  ctx: ReconcileContext,
  deployment: api.Deployment,
  oldSets: readonly api.ReplicaSet[],
  revision: number,
): Promise<Rollout> {
  const wanted = buildReplicaSet(deployment, oldSets, revision);
  const conditions = deployment.status?.conditions ?? [];
  let newSet: api.ReplicaSet;
  let made = true;
  try {
    newSet = await ctx.client.create(ReplicaSet, wanted);
  } catch (error) {
    if (isNamespaceTerminating(error)) throw error;
    if (!hasReason(error, 'AlreadyExists')) {
      const message = `Failed to create new replica set "${wanted.metadata.name}": ${(error as Error).message}`;
      ctx.events.event(deployment, 'Warning', 'ReplicaSetCreateError', message);
      const condition = newCondition('Progressing', 'False', 'ReplicaSetCreateError', message, ctx.clock.now());
      if (hasProgressDeadline(deployment)) await note(ctx, deployment, { conditions: withCondition(conditions, condition) });
      throw error;
    }
    newSet = await ctx.client.get(ReplicaSet, { namespace: wanted.metadata.namespace ?? '', name: wanted.metadata.name ?? '' });
    made = false;
    if (
      controllerOf(newSet)?.uid !== deployment.metadata.uid ||
      !sameTemplate(deployment.spec?.template, newSet.spec?.template)
    ) {
      // Somebody else's object has the name: the next attempt takes another hash.
      await note(ctx, deployment, { conditions, collisionCount: (deployment.status?.collisionCount ?? 0) + 1 });
      throw error;
    }
  }
  const { name } = newSet.metadata;
  const replicas = wanted.spec?.replicas ?? 0;
  if (made && replicas > 0) {
    ctx.events.event(deployment, 'Normal', 'ScalingReplicaSet', `Scaled up replica set ${name} from 0 to ${replicas}`);
  }
  const condition = newCondition(
    'Progressing',
    'True',
    'NewReplicaSetCreated',
    `Created new replica set "${name}"`,
    ctx.clock.now(),
  );
  const noted = await note(ctx, deployment, {
    revision: String(revision),
    conditions: made && hasProgressDeadline(deployment) ? withCondition(conditions, condition) : conditions,
  });
  return { deployment: noted, newSet, oldSets };
}

function buildReplicaSet(deployment: api.Deployment, oldSets: readonly api.ReplicaSet[], revision: number): api.ReplicaSet {
  const { spec, metadata, status } = deployment;
  const hash = hashOf(spec?.template, status?.collisionCount);
  const labels = { ...spec?.template.metadata?.labels, [hashLabel]: hash };
  const set: api.ReplicaSet = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${metadata.name}-${hash}`,
      namespace: metadata.namespace ?? '',
      labels,
      annotations: { ...withReplicaAnnotations(deployment, planAnnotations(deployment, undefined, revision)) },
      ownerReferences: [ownerReference(Deployment, deployment)],
    },
    spec: {
      replicas: 0,
      ...(spec?.minReadySeconds ? { minReadySeconds: spec.minReadySeconds } : {}),
      selector: { ...spec?.selector, matchLabels: { ...spec?.selector.matchLabels, [hashLabel]: hash } },
      template: { ...spec?.template, metadata: { ...spec?.template.metadata, labels } },
    },
  };
  return { ...set, spec: { ...set.spec, replicas: newSetReplicas(deployment, [...oldSets, set], set) } as api.ReplicaSetSpec };
}

interface Note {
  readonly conditions: api.DeploymentCondition[];
  readonly revision?: string | undefined;
  readonly collisionCount?: number;
}

/** Writes what is new, if anything, and gives the Deployment as it is then. */
async function note(
  ctx: ReconcileContext,
  deployment: api.Deployment,
  { conditions, revision, collisionCount }: Note,
): Promise<api.Deployment> {
  const { metadata, status } = deployment;
  const sameRevision = revision === undefined || metadata.annotations?.[revisionAnnotation] === revision;
  if (sameRevision && collisionCount === undefined && deepEqual(conditions, status?.conditions ?? [])) return deployment;
  return ctx.client.updateStatus(Deployment, {
    ...deployment,
    metadata: sameRevision ? metadata : { ...metadata, annotations: { ...metadata.annotations, [revisionAnnotation]: revision } },
    status: {
      ...status,
      ...(conditions.length > 0 ? { conditions } : {}),
      ...(collisionCount === undefined ? {} : { collisionCount }),
    },
  });
}
