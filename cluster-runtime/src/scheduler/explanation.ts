/**
 * Why a pod got its node, or none: what a decision leaves behind as data, only so much of it that the largest cluster
 * costs no more than a small one.
 */
import type { PluginRejection } from './feasibility.ts';
import type { NodeInfo } from './nodeInfo.ts';
import { highestScore } from './plugin.ts';

export interface Objection {
  readonly plugin: string;
  readonly reasons: readonly string[];
  /** How many nodes it kept the pod off, and the names of the first of them. */
  readonly count: number;
  readonly nodes: readonly string[];
}

export interface NodeScore {
  readonly node: string;
  readonly total: number;
  /** By plugin, 0 … 100. A plugin that found all nodes alike is not there. */
  readonly byPlugin: Readonly<Record<string, number>>;
}

export interface Explanation {
  /** The node chosen. */
  readonly node?: string;
  /** Why there is none. */
  readonly message?: string;
  readonly feasible: number;
  readonly objections: readonly Objection[];
  /** The chosen node first, then the best of the others. */
  readonly scores: readonly NodeScore[];
  /** How often each plugin's score counts in the total. */
  readonly weights: Readonly<Record<string, number>>;
}

interface ScorePart {
  readonly plugin: string;
  readonly weight: number;
  readonly scores: ArrayLike<number>;
}

const namesKept = 20;
const scoresKept = 10;

export const explainFailure = (message: string, rejections: ReadonlyMap<NodeInfo, PluginRejection>): Explanation => ({
  message,
  feasible: 0,
  objections: objectionsOf(rejections),
  scores: [],
  weights: {},
});

export function explainChoice(
  chosen: NodeInfo,
  nodes: readonly NodeInfo[],
  parts: readonly ScorePart[],
  totals: Float64Array,
  rejections: ReadonlyMap<NodeInfo, PluginRejection>,
): Explanation {
  const kept = bestOf(totals);
  const at = nodes.indexOf(chosen);
  const order = [at, ...kept.filter((i) => i !== at)].slice(0, scoresKept);
  return {
    node: chosen.name,
    feasible: nodes.length,
    objections: rejections.size > 0 ? objectionsOf(rejections) : [],
    scores: order.map((i) => ({
      node: nodes[i]?.name ?? '',
      total: totals[i] ?? 0,
      byPlugin: Object.fromEntries(parts.map(({ plugin, scores }) => [plugin, Math.min(highestScore, scores[i] ?? 0)])),
    })),
    weights: Object.fromEntries(parts.map(({ plugin, weight }) => [plugin, weight])),
  };
}

function bestOf(totals: Float64Array): number[] {
  const top: { i: number; total: number }[] = [];
  for (let i = 0; i < totals.length; i++) {
    const total = totals[i] ?? 0;
    const last = top[top.length - 1];
    if (top.length === scoresKept && last && last.total >= total) continue;
    let at = top.length;
    while (at > 0 && (top[at - 1]?.total ?? 0) < total) at--;
    top.splice(at, 0, { i, total });
    if (top.length > scoresKept) top.pop();
  }
  return top.map(({ i }) => i);
}

function objectionsOf(rejections: ReadonlyMap<NodeInfo, PluginRejection>): Objection[] {
  interface Group {
    readonly plugin: string;
    readonly reasons: readonly string[];
    count: number;
    readonly nodes: string[];
  }
  const groups = new Map<string, Group>();
  // Most plugins give the same list each time, which spares looking into it.
  const byList = new Map<readonly string[], Group>();
  for (const [node, { plugin, reasons }] of rejections) {
    let group = byList.get(reasons);
    if (!group) {
      const key = `${plugin}: ${reasons.join()}`;
      group = groups.get(key) ?? { plugin, reasons, count: 0, nodes: [] };
      groups.set(key, group);
      byList.set(reasons, group);
    }
    group.count++;
    if (group.nodes.length < namesKept) group.nodes.push(node.name);
  }
  return [...groups.values()];
}
