import { type PodRequirements, requirementsOf, type Resources } from '../podRequirements.ts';
import type { NodeInfo } from '../nodeInfo.ts';
import { highestScore, type Plugin, type Rejection } from '../plugin.ts';

/** The pod's requests must fit into what the node has left; nodes with more left score higher (LeastAllocated). */
export const nodeResourcesFit: Plugin = {
  name: 'NodeResourcesFit',
  weight: 1,
  planFilter(pod) {
    const { requests } = requirementsOf(pod);
    return { filter: (node) => (fits(requests, node) ? undefined : rejectionOf(requests, node)) };
  },
  score(pod, nodes) {
    const requirements = requirementsOf(pod);
    const scores = new Float64Array(nodes.length);
    for (let i = 0; i < nodes.length; i++) scores[i] = leastAllocated(requirements, nodes[i] as NodeInfo);
    return scores;
  },
  mayHelp(pod, change) {
    const { requests } = requirementsOf(pod);
    switch (change.type) {
      case 'podGone':
        return true;
      case 'podChanged':
        return requirementsOf(change.pod) !== requirementsOf(change.old);
      case 'node': {
        const info = new Map(Object.entries(change.node.status?.allocatable ?? change.node.status?.capacity ?? {}));
        return [...requests.others.keys()].every((name) => info.has(name));
      }
      default:
        return false;
    }
  },
};

function fits({ milliCpu, memory, ephemeralStorage, others }: Resources, node: NodeInfo): boolean {
  const { allocatable, requested } = node;
  return (
    node.pods.size < node.allowedPods &&
    (milliCpu === 0 || milliCpu <= allocatable.milliCpu - requested.milliCpu) &&
    (memory === 0 || memory <= allocatable.memory - requested.memory) &&
    (ephemeralStorage === 0 || ephemeralStorage <= allocatable.ephemeralStorage - requested.ephemeralStorage) &&
    (others.size === 0 || othersFit(others, node))
  );
}

function othersFit(others: ReadonlyMap<string, number>, { allocatable, requested }: NodeInfo): boolean {
  for (const [name, want] of others) {
    if (want > 0 && want > (allocatable.others.get(name) ?? 0) - (requested.others.get(name) ?? 0)) return false;
  }
  return true;
}

function rejectionOf(requests: Resources, { allocatable, requested, pods, allowedPods }: NodeInfo): Rejection {
  const reasons: string[] = [];
  let unresolvable = false;
  const check = (name: string, want: number, used: number, room: number): void => {
    if (want <= 0 || want <= room - used) return;
    reasons.push(`Insufficient ${name}`);
    // More than the whole node has: emptying it would not help.
    if (want > room) unresolvable = true;
  };
  if (pods.size + 1 > allowedPods) reasons.push('Too many pods');
  check('cpu', requests.milliCpu, requested.milliCpu, allocatable.milliCpu);
  check('memory', requests.memory, requested.memory, allocatable.memory);
  check('ephemeral-storage', requests.ephemeralStorage, requested.ephemeralStorage, allocatable.ephemeralStorage);
  for (const [name, want] of requests.others)
    check(name, want, requested.others.get(name) ?? 0, allocatable.others.get(name) ?? 0);
  return { reasons, unresolvable };
}

/** The mean share of cpu and memory that stays free, in percent. What a node does not state is left out. */
function leastAllocated({ countedMilliCpu, countedMemory }: PodRequirements, node: NodeInfo): number {
  const { milliCpu, memory } = node.allocatable;
  let sum = 0;
  let resources = 0;
  if (milliCpu > 0) {
    sum += free(countedMilliCpu + node.countedMilliCpu, milliCpu);
    resources++;
  }
  if (memory > 0) {
    sum += free(countedMemory + node.countedMemory, memory);
    resources++;
  }
  return resources === 0 ? 0 : Math.floor(sum / resources);
}

const free = (used: number, room: number): number => (used > room ? 0 : Math.floor(((room - used) * highestScore) / room));
