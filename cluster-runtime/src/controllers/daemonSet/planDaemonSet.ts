/** Which nodes get a pod and which pods go, for the set's placement and for its rolling update: pure decisions. */
import { resolveIntOrPercent } from '#common/api/intOrString.ts';
import type * as api from '#common/schema/generated/types.ts';
import { isAvailable, isReady } from '../../controller/podState.ts';
import { isUpdated, nodeOf, placementOn } from './daemonPods.ts';

export interface DaemonView {
  readonly set: api.DaemonSet;
  readonly nodes: readonly api.Node[];
  readonly pods: readonly api.Pod[];
  /** The hash of the present template. */
  readonly hash: string;
  readonly now: number;
}

export interface DaemonPlan {
  /** Names of nodes to get a pod. */
  readonly create: readonly string[];
  readonly delete: readonly api.Pod[];
  /** Those of `delete` that failed or succeeded, to be told of. */
  readonly finished: readonly api.Pod[];
}

export function podsByNode(pods: readonly api.Pod[]): Map<string, api.Pod[]> {
  const result = new Map<string, api.Pod[]>();
  for (const pod of pods) {
    const node = nodeOf(pod);
    if (node === undefined) continue;
    const list = result.get(node);
    if (list) list.push(pod);
    else result.set(node, [pod]);
  }
  return result;
}

const available = ({ set, now }: DaemonView, pod: api.Pod): boolean => isAvailable(pod, set.spec?.minReadySeconds ?? 0, now);

const oldestFirst = (a: api.Pod, b: api.Pod): number => {
  const bound = Number(Boolean(b.spec?.nodeName)) - Number(Boolean(a.spec?.nodeName));
  return bound || ((a.metadata.creationTimestamp ?? '') < (b.metadata.creationTimestamp ?? '') ? -1 : 1);
};

const isLeaving = (pod: api.Pod): boolean => pod.metadata.deletionTimestamp !== undefined;

/** Every node that is to have a pod has one, others none. `mayReplace`: whether a failed pod may be replaced already. */
export function planPlacement(view: DaemonView, mayReplace: (pod: api.Pod) => boolean): DaemonPlan {
  const { set, nodes } = view;
  const byNode = podsByNode(view.pods);
  const surges = limits(view, 0).surges;
  const create: string[] = [];
  const remove: api.Pod[] = [];
  const finished: api.Pod[] = [];
  for (const node of nodes) {
    const name = node.metadata.name ?? '';
    const here = byNode.get(name) ?? [];
    const { run, stay } = placementOn(set, node);
    if (run && here.length === 0) create.push(name);
    else if (!stay) remove.push(...here.filter((pod) => !isLeaving(pod)));
    else {
      const over = here.filter(
        (pod) => !isLeaving(pod) && (pod.status?.phase === 'Failed' || pod.status?.phase === 'Succeeded') && mayReplace(pod),
      );
      finished.push(...over);
      const running = here
        .filter((pod) => !isLeaving(pod) && pod.status?.phase !== 'Failed' && pod.status?.phase !== 'Succeeded')
        .sort(oldestFirst);
      remove.push(...over, ...(surges ? surplusOfSurge(view, running) : running.slice(1)));
    }
  }
  // Pods that wait for a node which is gone can never start; bound ones are the pod garbage collector's.
  const known = new Set(nodes.map((node) => node.metadata.name ?? ''));
  const stranded = view.pods.filter((pod) => !pod.spec?.nodeName && !isLeaving(pod) && !known.has(nodeOf(pod) ?? ''));
  return { create, delete: [...remove, ...stranded], finished };
}

/** With surge a node may have one old and one new pod, until the new one is available or the old one is not ready. */
function surplusOfSurge(view: DaemonView, running: readonly api.Pod[]): api.Pod[] {
  if (running.length <= 1) return [];
  const newest = running.filter((pod) => isUpdated(pod, view.hash));
  const old = running.filter((pod) => !isUpdated(pod, view.hash));
  const surplus = [...newest.slice(1), ...old.slice(1)];
  const [newPod] = newest;
  const [oldPod] = old;
  if (newPod && oldPod && (!isReady(oldPod) || available(view, newPod))) surplus.push(oldPod);
  return surplus;
}

/** How many nodes may be without an available pod, and how many may have two; one of them at least. */
function limits({ set }: DaemonView, desired: number): { unavailable: number; surge: number; surges: boolean } {
  const { maxSurge = 0, maxUnavailable = 1 } = set.spec?.updateStrategy?.rollingUpdate ?? {};
  const surges = set.spec?.updateStrategy?.type === 'RollingUpdate' && maxSurge !== 0 && maxSurge !== '0%';
  const surge = surges ? (resolveIntOrPercent(maxSurge, desired, 'up') ?? 0) : 0;
  const unavailable = resolveIntOrPercent(maxUnavailable, desired, 'up') ?? 0;
  return { unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable, surge, surges };
}

/** The next step of a rolling update. */
export function planRollingUpdate(view: DaemonView): Pick<DaemonPlan, 'create' | 'delete'> {
  const byNode = podsByNode(view.pods);
  const desired = view.nodes.filter((node) => placementOn(view.set, node).run);
  const { unavailable, surge } = limits(view, desired.length);
  const running = new Set(desired.map((node) => node.metadata.name ?? ''));
  // A second pod only makes sense where the set still runs pods: on a node that is gone it could never start.
  if (surge > 0) return planSurge(view, byNode, running, surge);
  return planReplacement(view, byNode, new Set([...byNode.keys(), ...running]), unavailable);
}

interface OnNode {
  readonly old: api.Pod | undefined;
  readonly updated: api.Pod | undefined;
}

/** The old and the new pod of a node; undefined when it has more of a kind, which placement puts right first. */
function podsOn(view: DaemonView, pods: readonly api.Pod[]): OnNode | undefined {
  const staying = pods.filter((pod) => !isLeaving(pod));
  const updated = staying.filter((pod) => isUpdated(pod, view.hash));
  const old = staying.filter((pod) => !isUpdated(pod, view.hash));
  return updated.length > 1 || old.length > 1 ? undefined : { old: old[0], updated: updated[0] };
}

function planReplacement(
  view: DaemonView,
  byNode: ReadonlyMap<string, api.Pod[]>,
  names: ReadonlySet<string>,
  maxUnavailable: number,
): Pick<DaemonPlan, 'create' | 'delete'> {
  let unavailable = 0;
  const broken: api.Pod[] = [];
  const candidates: api.Pod[] = [];
  for (const name of names) {
    const here = podsOn(view, byNode.get(name) ?? []);
    if (!here || Boolean(here.old) === Boolean(here.updated)) unavailable++;
    else if (here.updated) unavailable += available(view, here.updated) ? 0 : 1;
    else if (here.old && !available(view, here.old)) {
      broken.push(here.old);
      unavailable++;
    } else if (here.old) candidates.push(here.old);
  }
  return { create: [], delete: [...broken, ...candidates.slice(0, Math.max(0, maxUnavailable - unavailable))] };
}

function planSurge(
  view: DaemonView,
  byNode: ReadonlyMap<string, api.Pod[]>,
  names: ReadonlySet<string>,
  maxSurge: number,
): Pick<DaemonPlan, 'create' | 'delete'> {
  let surging = 0;
  const remove: api.Pod[] = [];
  const broken: string[] = [];
  const candidates: string[] = [];
  for (const name of names) {
    const here = podsOn(view, byNode.get(name) ?? []);
    if (!here) surging++;
    else if (here.old && !here.updated) (available(view, here.old) ? candidates : broken).push(name);
    else if (here.old && here.updated) {
      if (!isReady(here.old) || available(view, here.updated)) remove.push(here.old);
      else surging++;
    }
  }
  return { create: [...broken, ...candidates.slice(0, Math.max(0, maxSurge - surging))], delete: remove };
}

export function planDaemonStatus(
  view: DaemonView,
  collisionCount: number | undefined,
): { status: api.DaemonSetStatus; nextCheck: number | undefined } {
  const { set, hash } = view;
  const byNode = podsByNode(view.pods);
  let [desired, current, misscheduled, ready, availableCount, updated] = [0, 0, 0, 0, 0, 0];
  for (const node of view.nodes) {
    const here = (byNode.get(node.metadata.name ?? '') ?? []).toSorted(oldestFirst);
    if (!placementOn(set, node).run) {
      if (here.length > 0) misscheduled++;
      continue;
    }
    desired++;
    const [first] = here;
    if (!first) continue;
    current++;
    if (isReady(first)) ready++;
    if (isReady(first) && available(view, first)) availableCount++;
    if (isUpdated(first, hash)) updated++;
  }
  const { generation } = set.metadata;
  const unavailable = desired - availableCount;
  const { conditions } = set.status ?? {};
  return {
    status: {
      currentNumberScheduled: current,
      numberMisscheduled: misscheduled,
      desiredNumberScheduled: desired,
      numberReady: ready,
      ...(generation === undefined ? {} : { observedGeneration: generation }),
      ...(updated > 0 ? { updatedNumberScheduled: updated } : {}),
      ...(availableCount > 0 ? { numberAvailable: availableCount } : {}),
      ...(unavailable > 0 ? { numberUnavailable: unavailable } : {}),
      ...(collisionCount ? { collisionCount } : {}),
      ...(conditions ? { conditions } : {}),
    },
    nextCheck: ready > availableCount ? view.now + (set.spec?.minReadySeconds ?? 0) * 1000 : undefined,
  };
}
