/**
 * What a scheduler plugin is: a name and pure functions. Each looks at the pod once per decision and says early, with
 * `undefined`, that it has nothing to do for it; otherwise it returns what is asked per node.
 */
import type { Pod } from '#common/schema/generated/types.ts';
import type { ClusterChange } from './clusterChange.ts';
import type { ClusterModel } from './clusterModel.ts';
import type { NodeInfo } from './nodeInfo.ts';

export interface Rejection {
  /** One text per reason, as Kubernetes words it; the message counts nodes per text. */
  readonly reasons: readonly string[];
  /** True when removing pods from the node could not help. */
  readonly unresolvable: boolean;
}

/** Why this node cannot take the pod; undefined when it can. */
export type NodeFilter = (node: NodeInfo) => Rejection | undefined;

export interface FilterPlan {
  readonly filter?: NodeFilter;
  /** The names of the only nodes that come into question. */
  readonly only?: ReadonlySet<string>;
  /** Why no node at all can take the pod. */
  readonly refused?: string;
}

export interface Plugin {
  readonly name: string;
  planFilter?(pod: Pod, cluster: ClusterModel): FilterPlan | undefined;
  /** 0 … 100 for each feasible node, higher is better; undefined when all are alike. */
  score?(pod: Pod, nodes: readonly NodeInfo[], cluster: ClusterModel): ArrayLike<number> | undefined;
  readonly weight?: number;
  /** Whether the change may let a pod in that this plugin kept off some node. Without it, every change may. */
  mayHelp?(pod: Pod, change: ClusterChange, cluster: ClusterModel): boolean;
}

export const highestScore = 100;

/** Scales scores, in their place, so that the highest has 100. */
export function scaledToHighest(scores: Float64Array): Float64Array | undefined {
  const highest = largest(scores);
  if (highest === 0) return undefined;
  for (let i = 0; i < scores.length; i++) scores[i] = Math.floor(((scores[i] ?? 0) * highestScore) / highest);
  return scores;
}

/** Scales counts of what speaks against a node, so that none at all has 100. */
export function scaledToLowest(scores: Float64Array): Float64Array | undefined {
  return scaledToHighest(scores)?.map((score) => highestScore - score);
}

/** Without spreading the values over a call's arguments, of which there may be too many. */
export function largest(values: ArrayLike<number>): number {
  let max = values[0] ?? 0;
  for (let i = 1; i < values.length; i++) max = Math.max(max, values[i] ?? 0);
  return max;
}

export function smallest(values: ArrayLike<number>): number {
  let min = values[0] ?? 0;
  for (let i = 1; i < values.length; i++) min = Math.min(min, values[i] ?? 0);
  return min;
}
