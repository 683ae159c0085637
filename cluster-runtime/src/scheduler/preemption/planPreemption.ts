/**
 * Which less important pods would have to go so that a pod finds a node: the node where that does least harm. Pure but
 * for the model, which is changed for each question and put back.
 */
import type { Random } from '#common/base/random.ts';
import type { Pod } from '#common/schema/generated/types.ts';
import type { ClusterModel } from '../clusterModel.ts';
import { countReasons } from '../cycle.ts';
import { objectionNow, type PluginRejection } from '../feasibility.ts';
import type { NodeInfo } from '../nodeInfo.ts';
import type { Plugin } from '../plugin.ts';
import { defaultPreemption, type PreemptionSettings } from '../profile.ts';
import { byImportance, priorityOf } from '../priority.ts';
import { type Candidate, pickCandidate } from './pickCandidate.ts';
import { splitByBudgets } from './splitByBudgets.ts';

export type PreemptionPlan =
  | { readonly type: 'preempt'; readonly node: NodeInfo; readonly victims: readonly Pod[] }
  /** `forgetsNode`: a node that was meant for the pod is not any more. */
  | { readonly type: 'none'; readonly message: string; readonly forgetsNode: boolean };

const noVictims = 'No preemption victims found for incoming pod';
const notHelpful = 'Preemption is not helpful for scheduling';

export function planPreemption(
  pod: Pod,
  rejections: ReadonlyMap<NodeInfo, PluginRejection>,
  cluster: ClusterModel,
  plugins: readonly Plugin[],
  random: Random,
  settings: PreemptionSettings = defaultPreemption,
): PreemptionPlan {
  const ineligible = whyNotEligible(pod, cluster, rejections);
  if (ineligible !== undefined) return { type: 'none', message: ineligible, forgetsNode: false };

  const reasons: string[] = [];
  const hopeful: NodeInfo[] = [];
  for (const [node, { unresolvable }] of rejections) {
    if (unresolvable) reasons.push(notHelpful);
    else hopeful.push(node);
  }
  const candidates: Candidate[] = [];
  // Of many nodes some are enough, beginning anywhere.
  const share = Math.floor((hopeful.length * settings.minCandidateNodesPercentage) / 100);
  const enough = Math.max(settings.minCandidateNodesAbsolute, share);
  const offset = hopeful.length > enough ? random.int(hopeful.length) : 0;
  for (let i = 0; i < hopeful.length; i++) {
    const node = hopeful[(offset + i) % hopeful.length] as NodeInfo;
    const found = selectVictims(pod, node, cluster, plugins);
    if ('victims' in found) candidates.push(found);
    else reasons.push(...found.reasons);
    if (candidates.length >= enough && candidates.some(({ violations }) => violations === 0)) break;
  }
  const picked = pickCandidate(candidates);
  if (picked) return { type: 'preempt', node: picked.node, victims: picked.victims };
  const message = `0/${rejections.size} nodes are available: ${countReasons(reasons)}.`;
  return { type: 'none', message, forgetsNode: true };
}

function whyNotEligible(pod: Pod, cluster: ClusterModel, rejections: ReadonlyMap<NodeInfo, PluginRejection>): string | undefined {
  if (pod.spec?.preemptionPolicy === 'Never') return 'not eligible due to preemptionPolicy=Never.';
  const node = cluster.node(cluster.nominated.nodeOf(pod.metadata.uid ?? '') ?? '');
  if (!node || rejections.get(node)?.unresolvable) return undefined;
  for (const other of node.pods.values()) {
    const isLeaving = other.metadata.deletionTimestamp !== undefined && wasPreempted(other);
    if (isLeaving && priorityOf(other) < priorityOf(pod)) return 'not eligible due to a terminating pod on the nominated node.';
  }
  return undefined;
}

const wasPreempted = ({ status }: Pod): boolean =>
  status?.conditions?.some(
    ({ type, status: is, reason }) => type === 'DisruptionTarget' && is === 'True' && reason === 'PreemptionByScheduler',
  ) ?? false;

/** All less important pods leave; then, the most important first, each that does not stand in the way comes back. */
function selectVictims(
  pod: Pod,
  node: NodeInfo,
  cluster: ClusterModel,
  plugins: readonly Plugin[],
): Candidate | { readonly reasons: readonly string[] } {
  const possible = [...node.pods.values()].filter((other) => priorityOf(other) < priorityOf(pod)).sort(byImportance);
  if (possible.length === 0) return { reasons: [noVictims] };
  const away = new Set<Pod>();
  const leave = (other: Pod): void => {
    cluster.unplace(other);
    away.add(other);
  };
  const comeBack = (other: Pod): void => {
    cluster.place(other, node.name);
    away.delete(other);
  };
  const nominated = cluster.nominated.before(pod, node.name);
  const fits = (): boolean => !objectionAlso(pod, nominated, node, cluster, plugins);
  try {
    possible.forEach(leave);
    const left = objectionAlso(pod, nominated, node, cluster, plugins);
    if (left) return { reasons: left.reasons };
    const { violating, others } = splitByBudgets(possible, (namespace) => cluster.lookups.disruptionBudgets(namespace));
    const victims: Pod[] = [];
    let violations = 0;
    const spare = (other: Pod): boolean => {
      comeBack(other);
      if (fits()) return true;
      leave(other);
      victims.push(other);
      return false;
    };
    for (const other of violating) if (!spare(other)) violations++;
    for (const other of others) spare(other);
    return { node, victims: victims.sort(byImportance), violations };
  } finally {
    for (const other of [...away]) comeBack(other);
  }
}

const objectionAlso = (
  pod: Pod,
  nominated: readonly Pod[],
  node: NodeInfo,
  cluster: ClusterModel,
  plugins: readonly Plugin[],
): PluginRejection | undefined =>
  nominated.length === 0
    ? objectionNow(pod, node, plugins, cluster)
    : cluster.withPods(nominated, node, () => objectionNow(pod, node, plugins, cluster));
