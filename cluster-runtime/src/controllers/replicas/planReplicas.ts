/** What keeps the live pods of a ReplicaSet or ReplicationController equal to its replicas: pure decisions. */
import { formatTime } from '#common/api/time.ts';
import { selectorFromMap } from '#common/api/labelSelector.ts';
import type * as api from '#common/schema/generated/types.ts';
import { availableFrom, isActive, isReady, isTerminating } from '../../controller/podState.ts';
import { podsToDelete } from './rankPods.ts';

/** At most so many pods are created or deleted by one reconcile. */
const atOnce = 500;

export interface ReplicaPlan {
  readonly create: number;
  readonly delete: readonly api.Pod[];
}

/** `siblings` is asked only when there is a choice to make. */
export function planReplicas(
  replicas: number,
  pods: readonly api.Pod[],
  siblings: () => readonly api.Pod[],
  now: number,
): ReplicaPlan {
  const active = pods.filter(isActive);
  const surplus = active.length - replicas;
  if (surplus < 0) return { create: Math.min(-surplus, atOnce), delete: [] };
  if (surplus === 0) return { create: 0, delete: [] };
  const count = Math.min(surplus, atOnce);
  return { create: 0, delete: podsToDelete(active, count < active.length ? siblings() : [], count, now) };
}

export interface ReplicaFailure {
  readonly reason: 'FailedCreate' | 'FailedDelete';
  readonly message: string;
}

export interface ReplicaStatus {
  readonly status: api.ReplicaSetStatus;
  /** When the next ready pod becomes available, if one is waiting for that. */
  readonly nextCheck: number | undefined;
}

export interface ReplicaSpec {
  readonly old: api.ReplicaSetStatus | undefined;
  readonly generation: number | undefined;
  readonly replicas: number;
  readonly minReadySeconds: number;
  readonly templateLabels: Record<string, string> | undefined;
  /** Whether the kind reports terminatingReplicas. */
  readonly reportsTerminating: boolean;
}

export function planReplicaStatus(
  spec: ReplicaSpec,
  pods: readonly api.Pod[],
  failure: ReplicaFailure | undefined,
  now: number,
): ReplicaStatus {
  const labelled = selectorFromMap(spec.templateLabels);
  let replicas = 0;
  let fullyLabeled = 0;
  let ready = 0;
  let available = 0;
  let terminating = 0;
  let nextCheck: number | undefined;
  for (const pod of pods) {
    if (!isActive(pod)) {
      if (isTerminating(pod)) terminating++;
      continue;
    }
    replicas++;
    if (labelled.matches(pod.metadata.labels)) fullyLabeled++;
    if (!isReady(pod)) continue;
    ready++;
    const from = availableFrom(pod, spec.minReadySeconds);
    if (from === undefined) continue;
    if (from <= now) available++;
    else nextCheck = Math.min(nextCheck ?? from, from);
  }
  const conditions = planConditions(spec.old?.conditions ?? [], failure, now);
  return {
    status: {
      replicas,
      ...(fullyLabeled ? { fullyLabeledReplicas: fullyLabeled } : {}),
      ...(ready ? { readyReplicas: ready } : {}),
      ...(available ? { availableReplicas: available } : {}),
      ...(spec.reportsTerminating ? { terminatingReplicas: terminating } : {}),
      ...(spec.generation === undefined ? {} : { observedGeneration: spec.generation }),
      ...(conditions.length > 0 ? { conditions } : {}),
    },
    nextCheck,
  };
}

/** ReplicaFailure is there while creating or deleting fails, and keeps the words of the first failure. */
function planConditions(
  old: readonly api.ReplicaSetCondition[],
  failure: ReplicaFailure | undefined,
  now: number,
): api.ReplicaSetCondition[] {
  const known = old.some((condition) => condition.type === 'ReplicaFailure');
  if (failure && !known) {
    const lastTransitionTime = formatTime(now);
    return [
      ...old,
      { type: 'ReplicaFailure', status: 'True', lastTransitionTime, reason: failure.reason, message: failure.message },
    ];
  }
  return failure ? [...old] : old.filter((condition) => condition.type !== 'ReplicaFailure');
}
