/** The reconcile that ReplicaSets and ReplicationControllers share: claim pods, create or delete, write the status. */
import { deepEqual } from '#common/base/freeze.ts';
import { keyOf, keyText, type KubeObject, type LabelSelector, type ObjectKey } from '#common/api/meta.ts';
import { hasReason } from '#common/api/status.ts';
import { Pod } from '#common/kinds/pod.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Cache, InformerEvent } from '../../client/client.ts';
import { claim, ownerReference } from '../../controller/adoption.ts';
import { type ReconcileContext, type ReconcileResult, requeueAt } from '../../controller/controller.ts';
import { createPod, deletePod, isNamespaceTerminating, podFromTemplate, slowStart } from '../../controller/podControl.ts';
import { isActive } from '../../controller/podState.ts';
import { planReplicas, planReplicaStatus, type ReplicaFailure, type ReplicaPlan } from './planReplicas.ts';

/** A ReplicaSet or a ReplicationController, read the same way. */
export interface Replicated<T extends KubeObject> {
  readonly kind: KindDefinition<T>;
  readonly object: T;
  readonly selector: LabelSelector | undefined;
  readonly replicas: number;
  readonly minReadySeconds: number;
  readonly template: api.PodTemplateSpec | undefined;
  readonly status: api.ReplicaSetStatus | undefined;
  readonly reportsTerminating: boolean;
  withStatus(status: api.ReplicaSetStatus): T;
  /** Active pods whose number per node says where a pod is missed least. */
  siblings(own: readonly api.Pod[]): readonly api.Pod[];
}

export async function reconcileReplicas<T extends KubeObject>(
  ctx: ReconcileContext,
  set: Replicated<T>,
): Promise<ReconcileResult> {
  const key = keyText(keyOf(set.object));
  const { deletionTimestamp, generation } = set.object.metadata;
  const settled = ctx.expectations.satisfied(key);
  let pods = await claim(ctx, { kind: set.kind, owner: set.object, childKind: Pod, selector: set.selector, accepts: isActive });

  let failure: ReplicaFailure | undefined;
  let error: unknown;
  if (settled && !deletionTimestamp) {
    const plan = planReplicas(set.replicas, pods, () => set.siblings(pods), ctx.clock.now());
    if (plan.create > 0 || plan.delete.length > 0) {
      error = await applyPlan(ctx, set, key, plan);
      if (error !== undefined) {
        const reason = plan.create > 0 ? 'FailedCreate' : 'FailedDelete';
        failure = { reason, message: error instanceof Error ? error.message : String(error) };
      }
      pods = ctx.cache.informer(Pod).ownedBy(set.object.metadata.uid ?? '');
    }
  }

  const { status, nextCheck } = planReplicaStatus(
    {
      old: set.status,
      generation,
      replicas: set.replicas,
      minReadySeconds: set.minReadySeconds,
      templateLabels: set.template?.metadata?.labels,
      reportsTerminating: set.reportsTerminating,
    },
    pods,
    failure,
    ctx.clock.now(),
  );
  if (!deepEqual(status, set.status)) await writeStatus(ctx, set, status);
  if (error !== undefined) throw error;
  return requeueAt(nextCheck);
}

/** A look at a set costs as much as it has pods: with many of them, changes of status are taken some at a time. */
const podsPerMillisecond = 250;

/** For `delayOf`. Whatever may need a new pod is not delayed. */
export const paceReplicas =
  <T extends KubeObject & { status?: { replicas: number } }>(kind: KindDefinition<T>) =>
  (key: ObjectKey, event: InformerEvent<KubeObject>, changed: KindDefinition, cache: Cache): number => {
    if (changed.kind !== 'Pod' || event.type !== 'updated' || !isActive(event.object)) return 0;
    return Math.floor((cache.get(kind, key)?.status?.replicas ?? 0) / podsPerMillisecond);
  };

async function writeStatus<T extends KubeObject>(
  ctx: ReconcileContext,
  set: Replicated<T>,
  status: api.ReplicaSetStatus,
): Promise<void> {
  try {
    await ctx.client.updateStatus(set.kind, set.withStatus(status));
  } catch (error) {
    if (!hasReason(error, 'NotFound')) throw error;
  }
}

/** The first error, or undefined. */
async function applyPlan<T extends KubeObject>(
  ctx: ReconcileContext,
  set: Replicated<T>,
  key: string,
  plan: ReplicaPlan,
): Promise<unknown> {
  if (plan.create > 0) {
    const reference = ownerReference(set.kind, set.object);
    const pod = podFromTemplate(set.template, set.object, reference);
    ctx.expectations.expectCreations(key, plan.create);
    const { succeeded, error } = await slowStart(plan.create, 1, async () => {
      await createPod(ctx, set.object, pod);
    });
    for (let skipped = plan.create - succeeded; skipped > 0; skipped--) ctx.expectations.creationObserved(key);
    return isNamespaceTerminating(error) ? undefined : error;
  }
  const uids = plan.delete.map((pod) => pod.metadata.uid ?? '');
  ctx.expectations.expectDeletions(key, uids);
  const results = await Promise.allSettled(plan.delete.map((pod) => deletePod(ctx, set.object, pod)));
  for (const uid of uids) ctx.expectations.deletionObserved(key, uid);
  return results.find((result) => result.status === 'rejected')?.reason as unknown;
}
