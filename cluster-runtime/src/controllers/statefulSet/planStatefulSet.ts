/**
 * The next step of a StatefulSet: a pure decision. Ordered sets take one step at a time, the next only when every pod
 * before is running, ready and available; Parallel ones create and delete all at once. Updates always go one by one,
 * from the highest ordinal down.
 */
import type * as api from '#common/schema/generated/types.ts';
import { availableFrom, isFinished, isReady } from '../../controller/podState.ts';
import { firstOrdinal, isHealthy, isInRange, ordinalOf, revisionOf } from './statefulPods.ts';

export interface StatefulPlan {
  readonly create: readonly number[];
  readonly delete: readonly api.Pod[];
  /** Pods that stay, whose claims are brought in line. */
  readonly keep: readonly api.Pod[];
}

export interface StatefulView {
  readonly set: api.StatefulSet;
  readonly pods: readonly api.Pod[];
  readonly updateRevision: string;
  readonly now: number;
}

const available = ({ set, now }: StatefulView, pod: api.Pod): boolean => {
  const from = availableFrom(pod, set.spec?.minReadySeconds ?? 0);
  return isHealthy(pod) && from !== undefined && from <= now;
};

export function planStatefulSet(view: StatefulView): StatefulPlan {
  const { set, pods } = view;
  const parallel = set.spec?.podManagementPolicy === 'Parallel';
  const byOrdinal = new Map(pods.map((pod) => [ordinalOf(set, pod) ?? -1, pod]));
  const condemned = pods
    .filter((pod) => !isInRange(set, ordinalOf(set, pod) ?? -1))
    .sort((a, b) => (ordinalOf(set, b) ?? 0) - (ordinalOf(set, a) ?? 0));
  const steps: { create: number[]; delete: api.Pod[]; keep: api.Pod[] } = { create: [], delete: [], keep: [] };

  for (let ordinal = firstOrdinal(set); isInRange(set, ordinal); ordinal++) {
    const pod = byOrdinal.get(ordinal);
    if (!pod) steps.create.push(ordinal);
    else if (isFinished(pod)) {
      // Whatever a pod's end says, its place is to be filled.
      if (!pod.metadata.deletionTimestamp) steps.delete.push(pod);
    } else {
      steps.keep.push(pod);
      if (available(view, pod)) continue;
    }
    if (!parallel) return steps;
  }

  for (const pod of condemned) {
    if (!pod.metadata.deletionTimestamp) {
      // An ordered set takes a pod away only while all others are well, or when it is itself the one that is not.
      const firstUnhealthy = [...steps.keep, ...[...condemned].reverse()].find((other) => !isHealthy(other));
      if (!parallel && firstUnhealthy && firstUnhealthy !== pod && !available(view, pod)) return steps;
      steps.delete.push(pod);
    }
    if (!parallel) return steps;
  }
  if (steps.create.length + steps.delete.length > 0) return steps;
  const outdated = nextToUpdate(view, byOrdinal);
  return outdated ? { ...steps, delete: [outdated] } : steps;
}

/** The pod to replace next; undefined while an updated one is not available yet. */
function nextToUpdate(view: StatefulView, byOrdinal: ReadonlyMap<number, api.Pod>): api.Pod | undefined {
  const { set, updateRevision } = view;
  if (set.spec?.updateStrategy?.type === 'OnDelete') return undefined;
  const first = firstOrdinal(set);
  const lowest = first + (set.spec?.updateStrategy?.rollingUpdate?.partition ?? 0);
  for (let ordinal = first + (set.spec?.replicas ?? 1) - 1; ordinal >= lowest; ordinal--) {
    const pod = byOrdinal.get(ordinal);
    if (!pod) return undefined;
    if (revisionOf(pod) !== updateRevision && !pod.metadata.deletionTimestamp) return pod;
    if (!available(view, pod)) return undefined;
  }
  return undefined;
}

/** Whether a new pod of this ordinal is still made from the current revision rather than from the updated one. */
export function isCurrentRevisionNeeded(set: api.StatefulSet, ordinal: number): boolean {
  const { type, rollingUpdate } = set.spec?.updateStrategy ?? {};
  if (type !== 'RollingUpdate') return false;
  const kept = rollingUpdate ? (rollingUpdate.partition ?? 0) : (set.status?.currentReplicas ?? 0);
  return ordinal < firstOrdinal(set) + kept;
}

export interface StatefulRevisions {
  readonly current: string;
  readonly update: string;
  readonly collisionCount: number;
}

export function planStatefulStatus(
  { set, pods, now }: StatefulView,
  { current, update, collisionCount }: StatefulRevisions,
): { readonly status: api.StatefulSetStatus; readonly nextCheck: number | undefined } {
  let [replicas, ready, availableCount, currentCount, updated] = [0, 0, 0, 0, 0];
  let nextCheck: number | undefined;
  for (const pod of pods) {
    replicas++;
    if (pod.status?.phase === 'Running' && isReady(pod)) {
      ready++;
      const from = availableFrom(pod, set.spec?.minReadySeconds ?? 0);
      if (from !== undefined && from <= now) availableCount++;
      else if (from !== undefined) nextCheck = Math.min(nextCheck ?? from, from);
    }
    if (pod.metadata.deletionTimestamp) continue;
    if (revisionOf(pod) === current) currentCount++;
    if (revisionOf(pod) === update) updated++;
  }
  const rolledOut = set.spec?.updateStrategy?.type === 'RollingUpdate' && updated === replicas && ready === replicas;
  const { generation } = set.metadata;
  const { conditions } = set.status ?? {};
  return {
    status: {
      ...(conditions ? { conditions } : {}),
      ...(generation === undefined ? {} : { observedGeneration: generation }),
      replicas,
      ...(ready > 0 ? { readyReplicas: ready } : {}),
      ...((rolledOut ? updated : currentCount) > 0 ? { currentReplicas: rolledOut ? updated : currentCount } : {}),
      ...(updated > 0 ? { updatedReplicas: updated } : {}),
      availableReplicas: availableCount,
      currentRevision: rolledOut ? update : current,
      updateRevision: update,
      collisionCount,
    },
    nextCheck,
  };
}
