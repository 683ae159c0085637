import { requirementsOf } from '../podRequirements.ts';
import type { Plugin } from '../plugin.ts';

/** The pod's requests must fit into what the node has left; nodes with more left score higher (LeastAllocated). */
export const nodeResourcesFit: Plugin = {
  name: 'NodeResourcesFit',
  weight: 1,
  normalise: 'asIs',
  filter(pod, { allocatable, requested, pods, allowedPods }) {
    const { requests } = requirementsOf(pod);
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
    return reasons.length > 0 ? { reasons, unresolvable } : undefined;
  },
  score(pod, { allocatable, requested }) {
    const { milliCpu, memory } = countedRequests(pod);
    return (left(milliCpu + requested.milliCpu, allocatable.milliCpu) + left(memory + requested.memory, allocatable.memory)) / 2;
  },
};

const left = (used: number, room: number): number => (room > 0 && used <= room ? Math.floor(((room - used) * 100) / room) : 0);

/** A pod that asks for nothing still counts as something when nodes are compared: 100m and 200MB. */
export function countedRequests(pod: Parameters<typeof requirementsOf>[0]): { milliCpu: number; memory: number } {
  const { requests } = requirementsOf(pod);
  return { milliCpu: requests.milliCpu || 100, memory: requests.memory || 200 * 1024 * 1024 };
}
