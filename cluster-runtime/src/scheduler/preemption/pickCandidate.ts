/** Of the nodes that could be cleared, the one where that does least harm. */
import type { Pod } from '#common/schema/generated/types.ts';
import type { NodeInfo } from '../nodeInfo.ts';
import { priorityOf, startOf } from '../priority.ts';

export interface Candidate {
  readonly node: NodeInfo;
  /** The most important first. */
  readonly victims: readonly Pod[];
  /** How many of them a PodDisruptionBudget would keep. */
  readonly violations: number;
}

/** Priorities may be negative; shifted, more victims never look like less. */
const shift = 2 ** 31;

/** In this order: each decides only between those that all before it find equal. Lower is better. */
const criteria: readonly ((candidate: Candidate) => number)[] = [
  ({ violations }) => violations,
  ({ victims: [first] }) => (first ? priorityOf(first) : -Infinity),
  ({ victims }) => victims.reduce((sum, victim) => sum + priorityOf(victim) + shift, 0),
  ({ victims }) => victims.length,
  // The most important victims of the node should not have run for long.
  ({ victims: [first, ...rest] }) => {
    if (!first) return -Infinity;
    const peers = rest.filter((victim) => priorityOf(victim) === priorityOf(first));
    return -Math.min(startOf(first), ...peers.map(startOf));
  },
];

export function pickCandidate(candidates: readonly Candidate[]): Candidate | undefined {
  let left = candidates;
  for (const criterion of criteria) {
    if (left.length <= 1) break;
    const values = left.map(criterion);
    const lowest = Math.min(...values);
    left = left.filter((_, i) => values[i] === lowest);
  }
  return left[0];
}
