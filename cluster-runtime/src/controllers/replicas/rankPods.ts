/**
 * Which pods a scale-down takes first, in Kubernetes' order: without a node, pending, not ready, cheaper by
 * pod-deletion-cost, more siblings on the same node, more recently ready, more restarts, more recently created. Times
 * are compared by their order of magnitude, so that age alone does not always take the youngest.
 */
import { parseTime } from '#common/api/time.ts';
import type * as api from '#common/schema/generated/types.ts';
import { conditionOf, isActive } from '../../controller/podState.ts';

const deletionCostAnnotation = 'controller.kubernetes.io/pod-deletion-cost';

const phaseOrder: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

interface Rank {
  readonly pod: api.Pod;
  readonly assigned: boolean;
  readonly phase: number;
  readonly ready: boolean;
  readonly cost: number;
  /** Active siblings on the same node. */
  readonly crowd: number;
  /** When it became ready (ms), 0 when unknown. */
  readonly readySince: number;
  readonly restarts: number;
  readonly sidecarRestarts: number;
  readonly created: number;
}

/** The `count` pods of `pods` to delete first. `siblings` are the active pods that share the owner's purpose. */
export function podsToDelete(
  pods: readonly api.Pod[],
  siblings: readonly api.Pod[],
  count: number,
  now: number,
): readonly api.Pod[] {
  if (count >= pods.length) return pods;
  const perNode = new Map<string, number>();
  for (const pod of siblings) {
    if (isActive(pod)) perNode.set(pod.spec?.nodeName ?? '', (perNode.get(pod.spec?.nodeName ?? '') ?? 0) + 1);
  }
  return pods
    .map((pod) => rankOf(pod, perNode))
    .sort((a, b) => compare(a, b, now))
    .slice(0, count)
    .map((rank) => rank.pod);
}

function rankOf(pod: api.Pod, perNode: ReadonlyMap<string, number>): Rank {
  const node = pod.spec?.nodeName ?? '';
  const ready = conditionOf(pod, 'Ready');
  return {
    pod,
    assigned: node !== '',
    phase: phaseOrder[pod.status?.phase ?? ''] ?? 0,
    ready: ready?.status === 'True',
    cost: deletionCost(pod),
    crowd: perNode.get(node) ?? 0,
    readySince: ready?.status === 'True' ? (parseTime(ready.lastTransitionTime) ?? 0) : 0,
    ...restartsOf(pod),
    created: parseTime(pod.metadata.creationTimestamp) ?? 0,
  };
}

/** Of the regular and of the restartable init containers, the one with most restarts. */
function restartsOf(pod: api.Pod): Pick<Rank, 'restarts' | 'sidecarRestarts'> {
  const sidecars = new Set(pod.spec?.initContainers?.filter((c) => c.restartPolicy === 'Always').map((c) => c.name));
  const most = (statuses: readonly api.ContainerStatus[] = []): number =>
    statuses.reduce((max, status) => Math.max(max, status.restartCount ?? 0), 0);
  return {
    restarts: most(pod.status?.containerStatuses),
    sidecarRestarts: sidecars.size > 0 ? most(pod.status?.initContainerStatuses?.filter((s) => sidecars.has(s.name))) : 0,
  };
}

/** 0 unless the annotation is a whole number that fits into 32 bits. */
function deletionCost(pod: api.Pod): number {
  const annotations = pod.metadata.annotations;
  const text =
    annotations && Object.hasOwn(annotations, deletionCostAnnotation) ? annotations[deletionCostAnnotation] : undefined;
  if (text === undefined || !/^(0|[+-]?[1-9]\d*)$/.test(text) || text.startsWith('+')) return 0;
  const cost = Number(text);
  return Math.abs(cost) < 2 ** 31 ? cost : 0;
}

/** Negative when `a` goes before `b`. */
function compare(a: Rank, b: Rank, now: number): number {
  if (a.assigned !== b.assigned) return a.assigned ? 1 : -1;
  if (a.phase !== b.phase) return a.phase - b.phase;
  if (a.ready !== b.ready) return a.ready ? 1 : -1;
  if (a.cost !== b.cost) return a.cost - b.cost;
  if (a.crowd !== b.crowd) return b.crowd - a.crowd;
  if (a.readySince !== b.readySince) return compareAges(a.readySince, b.readySince, a.pod, b.pod, now);
  if (a.restarts !== b.restarts) return b.restarts - a.restarts;
  if (a.sidecarRestarts !== b.sidecarRestarts) return b.sidecarRestarts - a.sidecarRestarts;
  if (a.created !== b.created) return compareAges(a.created, b.created, a.pod, b.pod, now);
  return 0;
}

function compareAges(a: number, b: number, podA: api.Pod, podB: api.Pod, now: number): number {
  const difference = magnitude(now - a) - magnitude(now - b);
  if (difference !== 0) return difference;
  return (podA.metadata.uid ?? '') < (podB.metadata.uid ?? '') ? -1 : 1;
}

/** The order of magnitude, to the base of 2, of an age; in nanoseconds, as Kubernetes counts. */
const magnitude = (ageMs: number): number => (ageMs > 0 ? Math.trunc(Math.log2(ageMs * 1e6)) : -1);
