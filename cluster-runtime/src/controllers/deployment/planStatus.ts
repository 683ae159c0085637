/** The status of a Deployment and how its rollout gets on: pure decisions. */
import { formatTime, parseTime } from '#common/api/time.ts';
import type * as api from '#common/schema/generated/types.ts';
import { allSets, hasProgressDeadline, replicasOf, type Rollout, sum, surgeAndUnavailable } from './replicaSets.ts';

type Condition = api.DeploymentCondition;

export const conditionOf = (status: api.DeploymentStatus | undefined, type: string): Condition | undefined =>
  status?.conditions?.find((condition) => condition.type === type);

export const newCondition = (type: string, status: string, reason: string, message: string, now: number): Condition => ({
  type,
  status,
  lastUpdateTime: formatTime(now),
  lastTransitionTime: formatTime(now),
  reason,
  message,
});

/** A changed condition moves to the end; one with the same status and reason stays as it is. */
export function withCondition(conditions: readonly Condition[], condition: Condition): Condition[] {
  const old = conditions.find((one) => one.type === condition.type);
  if (old && old.status === condition.status && old.reason === condition.reason) return [...conditions];
  const lastTransitionTime = old?.status === condition.status ? old.lastTransitionTime : condition.lastTransitionTime;
  return [...without(conditions, condition.type), { ...condition, ...(lastTransitionTime ? { lastTransitionTime } : {}) }];
}

const without = (conditions: readonly Condition[], type: string): Condition[] => conditions.filter((one) => one.type !== type);

/** Numbers and availability, as while paused or scaled: nothing is said of progress. */
export function planStatus(rollout: Rollout, now: number): api.DeploymentStatus {
  const { deployment, newSet } = rollout;
  const sets = allSets(rollout);
  const count = (of: (status: api.ReplicaSetStatus) => number | undefined, from = sets): number =>
    sum(from, (set) => (set.status && of(set.status)) ?? 0);
  const replicas = count((s) => s.replicas);
  const updated = count((s) => s.replicas, newSet ? [newSet] : []);
  const ready = count((s) => s.readyReplicas);
  const available = count((s) => s.availableReplicas);
  const unavailable = Math.max(0, sum(sets, replicasOf) - available);
  const terminatingKnown = sets.every((set) => set.status?.terminatingReplicas !== undefined);
  const enough = available >= replicasOf(deployment) - surgeAndUnavailable(deployment).maxUnavailable;
  const availability = enough
    ? newCondition('Available', 'True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.', now)
    : newCondition('Available', 'False', 'MinimumReplicasUnavailable', 'Deployment does not have minimum availability.', now);
  const { collisionCount, conditions } = deployment.status ?? {};
  return {
    ...(deployment.metadata.generation === undefined ? {} : { observedGeneration: deployment.metadata.generation }),
    ...(replicas ? { replicas } : {}),
    ...(updated ? { updatedReplicas: updated } : {}),
    ...(ready ? { readyReplicas: ready } : {}),
    ...(available ? { availableReplicas: available } : {}),
    ...(unavailable ? { unavailableReplicas: unavailable } : {}),
    ...(terminatingKnown ? { terminatingReplicas: count((s) => s.terminatingReplicas) } : {}),
    conditions: withCondition(conditions ?? [], availability),
    ...(collisionCount === undefined ? {} : { collisionCount }),
  };
}

/** The same with the conditions that tell of progress, of its deadline and of ReplicaSets that fail. */
export function planRolloutStatus(rollout: Rollout, now: number): api.DeploymentStatus {
  const { deployment, newSet } = rollout;
  const status = planStatus(rollout, now);
  const current = conditionOf(deployment.status, 'Progressing');
  const deadline = hasProgressDeadline(deployment);
  let conditions = deadline ? (status.conditions ?? []) : without(status.conditions ?? [], 'Progressing');
  const settled = (status.replicas ?? 0) === (status.updatedReplicas ?? 0) && current?.reason === 'NewReplicaSetAvailable';
  if (deadline && !settled) {
    const subject = newSet ? `ReplicaSet "${newSet.metadata.name}"` : `Deployment "${deployment.metadata.name}"`;
    if (isComplete(deployment, status)) {
      const message = `${subject} has successfully progressed.`;
      conditions = withCondition(conditions, newCondition('Progressing', 'True', 'NewReplicaSetAvailable', message, now));
    } else if (hasProgressed(deployment, status)) {
      // Each sign of progress moves lastUpdateTime, which the deadline counts from.
      const progressing = newCondition('Progressing', 'True', 'ReplicaSetUpdated', `${subject} is progressing.`, now);
      const since = current?.status === 'True' ? current.lastTransitionTime : undefined;
      conditions = withCondition(without(conditions, 'Progressing'), {
        ...progressing,
        ...(since ? { lastTransitionTime: since } : {}),
      });
    } else if (hasTimedOut(deployment, conditions, now)) {
      const message = `${subject} has timed out progressing.`;
      conditions = withCondition(conditions, newCondition('Progressing', 'False', 'ProgressDeadlineExceeded', message, now));
    }
  }
  const failure = replicaFailure(rollout);
  conditions = failure ? withCondition(conditions, failure) : without(conditions, 'ReplicaFailure');
  return { ...status, conditions };
}

export function isComplete(deployment: api.Deployment, status: api.DeploymentStatus | undefined): boolean {
  const desired = replicasOf(deployment);
  return (
    (status?.updatedReplicas ?? 0) === desired &&
    (status?.replicas ?? 0) === desired &&
    (status?.availableReplicas ?? 0) === desired &&
    (status?.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  );
}

function hasProgressed({ status: old }: api.Deployment, status: api.DeploymentStatus): boolean {
  const number = (
    s: api.DeploymentStatus | undefined,
    field: 'replicas' | 'updatedReplicas' | 'readyReplicas' | 'availableReplicas',
  ): number => s?.[field] ?? 0;
  const outdated = (s: api.DeploymentStatus | undefined): number => number(s, 'replicas') - number(s, 'updatedReplicas');
  return (
    number(status, 'updatedReplicas') > number(old, 'updatedReplicas') ||
    outdated(status) < outdated(old) ||
    number(status, 'readyReplicas') > number(old, 'readyReplicas') ||
    number(status, 'availableReplicas') > number(old, 'availableReplicas')
  );
}

function hasTimedOut(deployment: api.Deployment, conditions: readonly Condition[], now: number): boolean {
  const progressing = conditions.find((condition) => condition.type === 'Progressing');
  if (!progressing || progressing.reason === 'NewReplicaSetAvailable') return false;
  if (progressing.reason === 'ProgressDeadlineExceeded') return true;
  return deadlineOf(deployment, progressing) < now;
}

const deadlineOf = (deployment: api.Deployment, progressing: Condition): number =>
  (parseTime(progressing.lastUpdateTime) ?? 0) + (deployment.spec?.progressDeadlineSeconds ?? 0) * 1000;

/** When to look whether the deadline has passed, while something is awaited. */
export function nextProgressCheck(deployment: api.Deployment, status: api.DeploymentStatus): number | undefined {
  const progressing = conditionOf(status, 'Progressing');
  if (!hasProgressDeadline(deployment) || !progressing || deployment.spec?.paused) return undefined;
  const over = progressing.reason === 'ProgressDeadlineExceeded' || progressing.reason === 'NewReplicaSetAvailable';
  if (over || isComplete(deployment, status)) return undefined;
  return deadlineOf(deployment, progressing) + 1000;
}

/** The new ReplicaSet's failure goes before those of old ones. */
function replicaFailure(rollout: Rollout): Condition | undefined {
  const { newSet } = rollout;
  for (const set of [...(newSet ? [newSet] : []), ...allSets(rollout)]) {
    const failure = set.status?.conditions?.find((condition) => condition.type === 'ReplicaFailure');
    if (!failure) continue;
    const { lastTransitionTime } = failure;
    return { ...failure, ...(lastTransitionTime ? { lastUpdateTime: lastTransitionTime } : {}) };
  }
  return undefined;
}

/** The Progressing condition that pausing and resuming leave; undefined when it is there already. */
export function planPausedCondition(deployment: api.Deployment, now: number): Condition | undefined {
  const progressing = conditionOf(deployment.status, 'Progressing');
  if (!hasProgressDeadline(deployment) || progressing?.reason === 'ProgressDeadlineExceeded') return undefined;
  const noted = progressing?.reason === 'DeploymentPaused';
  const paused = deployment.spec?.paused === true;
  if (paused === noted) return undefined;
  return paused
    ? newCondition('Progressing', 'Unknown', 'DeploymentPaused', 'Deployment is paused', now)
    : newCondition('Progressing', 'Unknown', 'DeploymentResumed', 'Deployment is resumed', now);
}
