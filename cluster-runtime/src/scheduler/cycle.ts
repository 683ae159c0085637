/** One scheduling decision: which nodes can take the pod, which of them is best, and if none can, why. Pure. */
import type { Random } from '#common/base/random.ts';
import type { Pod } from '#common/schema/generated/types.ts';
import type { ClusterModel } from './clusterModel.ts';
import { explainChoice, explainFailure, type Explanation } from './explanation.ts';
import { objection, objectionWithNominated, planFeasibility, type FeasibilityPlan, type PluginRejection } from './feasibility.ts';
import type { NodeInfo } from './nodeInfo.ts';
import { highestScore, type Plugin } from './plugin.ts';
import type { Profile } from './profile.ts';

export type Decision =
  | { readonly type: 'node'; readonly node: NodeInfo; readonly explanation: Explanation }
  | {
      readonly type: 'none';
      /** As the event and the pod's condition begin. */
      readonly message: string;
      /** Why each node was refused; empty when the pod was refused as a whole. */
      readonly rejections: ReadonlyMap<NodeInfo, PluginRejection>;
      /** The plugins whose hints say when to try again. */
      readonly rejectedBy: ReadonlySet<string>;
      readonly explanation: Explanation;
    };

/** Where the next decision begins to look, so that all nodes of a large cluster get their turn. */
export interface Cursor {
  next: number;
}

/** What a profile may change of the cycle itself. */
export type CycleOptions = Pick<Profile, 'percentageOfNodesToScore' | 'looksAtClaims'>;

const usual: CycleOptions = { percentageOfNodesToScore: 0, looksAtClaims: true };

export function decide(
  pod: Pod,
  cluster: ClusterModel,
  plugins: readonly Plugin[],
  random: Random,
  cursor: Cursor = { next: 0 },
  options: CycleOptions = usual,
): Decision {
  const { nodes } = cluster;
  // The last words are those of a plugin that would have to know the pod's resource claims and was not asked yet.
  const ending = options.looksAtClaims ? '. not found' : '.';
  if (nodes.length === 0) return none('no nodes available to schedule pods', new Map(), new Set(['']));
  const plan = planFeasibility(pod, plugins, cluster);
  const available = `0/${nodes.length} nodes are available:`;
  if ('message' in plan) {
    return none(`${available} ${plan.message}${ending}`, new Map(), new Set([plan.plugin]));
  }
  if (plan.only?.size === 0) {
    const text =
      plan.onlyBy.length === 1
        ? `node(s) didn't satisfy plugin ${plan.onlyBy[0] ?? ''}`
        : `node(s) didn't satisfy plugin(s) [${plan.onlyBy.join(' ')}] simultaneously`;
    return none(`${available} ${text}${ending}`, new Map(), new Set(plan.onlyBy));
  }

  const { feasible, rejections } = findFeasible(pod, cluster, plan, plugins, cursor, options);
  const [only] = feasible;
  if (!only) {
    const rejectedBy = new Set<string>();
    for (const { plugin } of rejections.values()) rejectedBy.add(plugin);
    return none(`${available} ${countReasons([...rejections.values()].flatMap((r) => r.reasons))}.`, rejections, rejectedBy);
  }
  if (feasible.length === 1)
    return { type: 'node', node: only, explanation: explainChoice(only, feasible, [], new Float64Array(1), rejections) };
  return best(pod, feasible, rejections, plugins, cluster, random);
}

function none(message: string, rejections: ReadonlyMap<NodeInfo, PluginRejection>, rejectedBy: ReadonlySet<string>): Decision {
  return { type: 'none', message, rejections, rejectedBy, explanation: explainFailure(message, rejections) };
}

interface Found {
  readonly feasible: NodeInfo[];
  readonly rejections: Map<NodeInfo, PluginRejection>;
}

function findFeasible(
  pod: Pod,
  cluster: ClusterModel,
  plan: FeasibilityPlan,
  plugins: readonly Plugin[],
  cursor: Cursor,
  options: CycleOptions,
): Found {
  const rejections = new Map<NodeInfo, PluginRejection>();
  const hasNominated = cluster.nominated.size > 0;
  const judge = (node: NodeInfo): boolean => {
    const found = hasNominated ? objectionWithNominated(pod, node, plan, plugins, cluster) : objection(plan.steps, node);
    if (found) rejections.set(node, found);
    return !found;
  };

  // Room was made for it there.
  const nominated = cluster.node(cluster.nominated.nodeOf(pod.metadata.uid ?? '') ?? '');
  if (nominated && (!plan.only || plan.only.has(nominated.name)) && judge(nominated)) {
    return { feasible: [nominated], rejections };
  }
  rejections.clear();

  const { nodes } = cluster;
  if (plan.only) {
    const absent: PluginRejection = {
      plugin: plan.onlyBy[0] ?? '',
      reasons: [`node(s) didn't satisfy plugin(s) [${plan.onlyBy.join(' ')}]`],
      unresolvable: true,
    };
    const { only } = plan;
    const feasible = [...only].flatMap((name) => cluster.node(name) ?? []).filter(judge);
    if (feasible.length === 0) for (const node of nodes) if (!only.has(node.name)) rejections.set(node, absent);
    return { feasible, rejections };
  }

  const enough = sampleSize(nodes.length, options.percentageOfNodesToScore);
  const feasible: NodeInfo[] = [];
  let looked = 0;
  for (; looked < nodes.length && feasible.length < enough; looked++) {
    const node = nodes[(cursor.next + looked) % nodes.length];
    if (node && judge(node)) feasible.push(node);
  }
  cursor.next = (cursor.next + looked) % nodes.length;
  return { feasible, rejections };
}

/**
 * How many feasible nodes are enough: all of up to 100; of more the share that was asked for, or a falling one (42 % of
 * 1,000) that is never under 5 %.
 */
export function sampleSize(nodes: number, asked = 0): number {
  if (nodes < 100) return nodes;
  const percentage = asked > 0 ? asked : Math.max(5, 50 - Math.floor(nodes / 125));
  return Math.max(100, Math.floor((nodes * percentage) / 100));
}

/** Ties are broken by chance, so that equal nodes fill evenly. */
function best(
  pod: Pod,
  nodes: readonly NodeInfo[],
  rejections: ReadonlyMap<NodeInfo, PluginRejection>,
  plugins: readonly Plugin[],
  cluster: ClusterModel,
  random: Random,
): Decision {
  const totals = new Float64Array(nodes.length);
  const parts: { plugin: string; weight: number; scores: ArrayLike<number> }[] = [];
  for (const plugin of plugins) {
    const scores = plugin.score?.(pod, nodes, cluster);
    if (!scores) continue;
    const weight = plugin.weight ?? 1;
    parts.push({ plugin: plugin.name, weight, scores });
    for (let i = 0; i < totals.length; i++) totals[i] = (totals[i] ?? 0) + weight * Math.min(highestScore, scores[i] ?? 0);
  }
  let top = -Infinity;
  for (const total of totals) top = Math.max(top, total);
  const candidates = nodes.filter((_, i) => totals[i] === top);
  const node = candidates[random.int(candidates.length)] ?? (nodes[0] as NodeInfo);
  return { type: 'node', node, explanation: explainChoice(node, nodes, parts, totals, rejections) };
}

/** `1 Insufficient cpu, 2 node(s) …`: how often each text comes. */
export function countReasons(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts]
    .map(([text, count]) => `${count} ${text}`)
    .sort()
    .join(', ');
}
