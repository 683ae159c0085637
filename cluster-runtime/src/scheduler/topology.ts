/**
 * Which domain (zone, node …) each node is in, as numbers: what is counted by domain is an array then. Made anew whenever
 * nodes come, go or change their labels, together with everything that is counted by it.
 */
import type { NodeInfo } from './nodeInfo.ts';

export interface Topology {
  /** The domain of each node by its index; -1 for nodes that are in none. */
  readonly domainOf: Int32Array;
  /** How many domains there are; their numbers are below. */
  readonly size: number;
  /** The domain whose name is empty; -1 when there is none. */
  readonly nameless: number;
}

export const noDomain = -1;

/** The values of a label; with an empty key, each node is a domain of its own. */
export function topologyOf(key: string, nodes: readonly NodeInfo[]): Topology {
  if (key === '') return { domainOf: Int32Array.from(nodes, (_, i) => i), size: nodes.length, nameless: noDomain };
  const numbers = new Map<string, number>();
  const domainOf = Int32Array.from(nodes, (node) => {
    const value = node.label(key);
    if (value === undefined) return noDomain;
    let number = numbers.get(value);
    if (number === undefined) numbers.set(value, (number = numbers.size));
    return number;
  });
  return { domainOf, size: numbers.size, nameless: numbers.get('') ?? noDomain };
}
