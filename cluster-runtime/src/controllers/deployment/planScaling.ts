/** How many pods each ReplicaSet of a Deployment shall have: pure decisions for rolling updates, Recreate and scaling. */
import type * as api from '#common/schema/generated/types.ts';
import {
  allSets,
  byCreation,
  bySizeNewer,
  bySizeOlder,
  desiredReplicasAnnotation,
  hasReplicas,
  isRollingUpdate,
  maxReplicasAnnotation,
  numberAnnotation,
  replicasOf,
  type Rollout,
  sum,
  surgeAndUnavailable,
} from './replicaSets.ts';

export interface Scaling {
  readonly set: api.ReplicaSet;
  readonly replicas: number;
}

const available = (set: api.ReplicaSet): number => set.status?.availableReplicas ?? 0;

/** The next step of a rolling update: more of the new pods or, when that is not due, fewer of the old ones. */
export function planRollingUpdate(rollout: Rollout): Scaling[] {
  const { deployment, newSet, oldSets } = rollout;
  if (!newSet) return [];
  const desired = replicasOf(deployment);
  if (replicasOf(newSet) > desired) return [{ set: newSet, replicas: desired }];
  if (replicasOf(newSet) < desired) {
    const replicas = newSetReplicas(deployment, allSets(rollout), newSet);
    if (replicas !== replicasOf(newSet)) return [{ set: newSet, replicas }];
  }
  return planOldReplicas(deployment, newSet, oldSets.filter(hasReplicas));
}

/** As many pods as the new set may have now: all but what old ones and the surge leave no room for. */
export function newSetReplicas(deployment: api.Deployment, sets: readonly api.ReplicaSet[], newSet: api.ReplicaSet): number {
  const desired = replicasOf(deployment);
  if (!isRollingUpdate(deployment)) return desired;
  const room = desired + surgeAndUnavailable(deployment).maxSurge - sum(sets, replicasOf);
  return room <= 0 ? replicasOf(newSet) : replicasOf(newSet) + Math.min(room, desired - replicasOf(newSet));
}

/** Takes old pods that are not available first, then as many available ones as the minimum allows, the oldest sets first. */
function planOldReplicas(deployment: api.Deployment, newSet: api.ReplicaSet, oldSets: readonly api.ReplicaSet[]): Scaling[] {
  if (oldSets.length === 0) return [];
  const minAvailable = replicasOf(deployment) - surgeAndUnavailable(deployment).maxUnavailable;
  const newUnavailable = replicasOf(newSet) - available(newSet);
  const removable = sum([...oldSets, newSet], replicasOf) - minAvailable - newUnavailable;
  if (removable <= 0) return [];

  const steps: Scaling[] = [];
  const size = new Map(oldSets.map((set) => [set, replicasOf(set)]));
  const shrink = (set: api.ReplicaSet, by: number): void => {
    const replicas = (size.get(set) ?? 0) - by;
    size.set(set, replicas);
    steps.push({ set, replicas });
  };
  const sorted = [...oldSets].sort(byCreation);
  let unhealthy = removable;
  for (const set of sorted) {
    const count = Math.min(unhealthy, replicasOf(set) - available(set));
    if (count <= 0) continue;
    unhealthy -= count;
    shrink(set, count);
  }
  let healthy = sum([...oldSets, newSet], available) - minAvailable;
  for (const set of sorted) {
    const count = Math.min(healthy, size.get(set) ?? 0);
    if (count <= 0) continue;
    healthy -= count;
    shrink(set, count);
  }
  return steps;
}

/** A change of spec.replicas, or any while paused: no rollout goes on, sets keep their proportions. */
export function planProportionalScaling({ deployment, newSet, oldSets }: Rollout): Scaling[] {
  const desired = replicasOf(deployment);
  const only = activeOrLatest(newSet, oldSets);
  if (only) return replicasOf(only) === desired ? [] : [{ set: only, replicas: desired }];
  if (!newSet && oldSets.length === 0) return [];
  const activeOld = oldSets.filter(hasReplicas);
  if (isSaturated(deployment, newSet)) return activeOld.map((set) => ({ set, replicas: 0 }));
  if (!isRollingUpdate(deployment)) return [];

  const active = newSet && hasReplicas(newSet) ? [...activeOld, newSet] : activeOld;
  const allowed = desired > 0 ? desired + surgeAndUnavailable(deployment).maxSurge : 0;
  const toAdd = allowed - sum(active, replicasOf);
  active.sort(toAdd > 0 ? bySizeNewer : bySizeOlder);
  let added = 0;
  const sizes = active.map((set) => {
    const share = proportionOf(deployment, set, toAdd, added);
    added += share;
    return replicasOf(set) + share;
  });
  // What rounding leaves over goes to the largest.
  return active.map((set, i) => ({ set, replicas: Math.max(0, (sizes[i] ?? 0) + (i === 0 ? toAdd - added : 0)) }));
}

/** The set that scaling is about when only one has pods, or none has. */
function activeOrLatest(newSet: api.ReplicaSet | undefined, oldSets: readonly api.ReplicaSet[]): api.ReplicaSet | undefined {
  const active = [...oldSets, ...(newSet ? [newSet] : [])].filter(hasReplicas);
  if (active.length === 1) return active[0];
  if (active.length > 1) return undefined;
  return newSet ?? [...oldSets].sort(byCreation).at(-1);
}

function isSaturated(deployment: api.Deployment, set: api.ReplicaSet | undefined): boolean {
  const desired = replicasOf(deployment);
  return (
    set !== undefined &&
    replicasOf(set) === desired &&
    numberAnnotation(set, desiredReplicasAnnotation) === desired &&
    available(set) === desired
  );
}

/** The part of the `toAdd` replicas (negative: to remove), of which `added` are given out, that falls to `set`. */
function proportionOf(deployment: api.Deployment, set: api.ReplicaSet, toAdd: number, added: number): number {
  if (replicasOf(set) === 0 || toAdd === added || toAdd === 0) return 0;
  const share = fractionOf(deployment, set);
  return toAdd > 0 ? Math.min(share, toAdd - added) : Math.max(share, toAdd - added);
}

function fractionOf(deployment: api.Deployment, set: api.ReplicaSet): number {
  const desired = replicasOf(deployment);
  if (desired === 0) return -replicasOf(set);
  const before = numberAnnotation(set, maxReplicasAnnotation) || (deployment.status?.replicas ?? 0);
  if (before === 0) return 0;
  const size = (replicasOf(set) * (desired + surgeAndUnavailable(deployment).maxSurge)) / before;
  return Math.round(size) - replicasOf(set);
}
