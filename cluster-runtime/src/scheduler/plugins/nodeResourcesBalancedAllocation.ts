import type { NodeInfo } from '../nodeInfo.ts';
import { highestScore, type Plugin } from '../plugin.ts';
import { type PodRequirements, requirementsOf } from '../podRequirements.ts';
import { amountOf, cpuAndMemory, roomFor, type WeightedResource } from '../resourceScoring.ts';

/**
 * Prefers nodes on which the pod brings the shares of the resources in use closer together: 75 for a change that is
 * neither good nor bad. Pods that ask for none of the resources change no balance.
 */
export function createBalancedAllocation(resources: readonly WeightedResource[] = cpuAndMemory): Plugin {
  const names = resources.map(({ name }) => name);
  return {
    name: 'NodeResourcesBalancedAllocation',
    weight: 1,
    score(pod, nodes) {
      const requirements = requirementsOf(pod);
      if (names.every((name) => amountOf(name, requirements.requests) === 0)) return undefined;
      const scores = new Float64Array(nodes.length);
      for (let i = 0; i < nodes.length; i++) {
        const node = nodes[i] as NodeInfo;
        const change = balance(names, requirements, node, true) - balance(names, requirements, node, false);
        scores[i] = highestScore / 2 + Math.trunc((highestScore / 2 + change) / 2);
      }
      return scores;
    },
  };
}

export const nodeResourcesBalancedAllocation = createBalancedAllocation();

/** 100 when all are used to the same degree; less by the standard deviation of the shares in use. */
function balance(names: readonly string[], requirements: PodRequirements, node: NodeInfo, withPod: boolean): number {
  let count = 0;
  let first = 0;
  let last = 0;
  let sum = 0;
  for (const name of names) {
    const share = shareOf(name, requirements, node, withPod);
    if (share === undefined) continue;
    if (count === 0) first = share;
    last = share;
    sum += share;
    count++;
  }
  if (count < 2) return highestScore;
  // Of two values it is half their distance, without the rounding of the general way.
  if (count === 2) return Math.trunc((1 - Math.abs(first - last) / 2) * highestScore);
  let squares = 0;
  for (const name of names) {
    const share = shareOf(name, requirements, node, withPod);
    if (share !== undefined) squares += (share - sum / count) ** 2;
  }
  return Math.trunc((1 - Math.sqrt(squares / count)) * highestScore);
}

/** Undefined for a resource that does not count for the pod on this node. */
function shareOf(name: string, requirements: PodRequirements, node: NodeInfo, withPod: boolean): number | undefined {
  const room = roomFor(name, requirements, node);
  if (room === 0) return undefined;
  const used = amountOf(name, node.requested) + (withPod ? amountOf(name, requirements.requests) : 0);
  return Math.min(1, used / room);
}
