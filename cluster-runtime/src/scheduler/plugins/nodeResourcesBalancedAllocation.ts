import type { Plugin } from '../plugin.ts';
import { requirementsOf } from '../podRequirements.ts';

/** Prefers the node on which cpu and memory would be used to the same degree. */
export const nodeResourcesBalancedAllocation: Plugin = {
  name: 'NodeResourcesBalancedAllocation',
  weight: 1,
  normalise: 'asIs',
  // Pods without requests change no balance.
  scores: (pod) => requirementsOf(pod).requests.milliCpu > 0 || requirementsOf(pod).requests.memory > 0,
  score(pod, { allocatable, requested }) {
    const { requests } = requirementsOf(pod);
    const share = (used: number, room: number): number => (room > 0 ? Math.min(1, used / room) : 1);
    const cpu = share(requested.milliCpu + requests.milliCpu, allocatable.milliCpu);
    const memory = share(requested.memory + requests.memory, allocatable.memory);
    // The standard deviation of two values is half their distance.
    return Math.floor((1 - Math.abs(cpu - memory) / 2) * 100);
  },
};
