import { highestScore, type Plugin } from '../plugin.ts';
import { requirementsOf, type Resources } from '../podRequirements.ts';

/**
 * Prefers nodes on which the pod brings the shares of cpu and memory in use closer together: 75 for a change that is
 * neither good nor bad. Pods that ask for neither change no balance.
 */
export const nodeResourcesBalancedAllocation: Plugin = {
  name: 'NodeResourcesBalancedAllocation',
  weight: 1,
  score(pod, nodes) {
    const { requests, isBestEffort } = requirementsOf(pod);
    if (isBestEffort) return undefined;
    return Float64Array.from(nodes, ({ allocatable, requested }) => {
      const before = balance(requested.milliCpu, requested.memory, allocatable);
      const after = balance(requested.milliCpu + requests.milliCpu, requested.memory + requests.memory, allocatable);
      return highestScore / 2 + Math.trunc((highestScore / 2 + after - before) / 2);
    });
  },
};

/** 100 when both are used to the same degree. The standard deviation of two values is half their distance. */
function balance(milliCpu: number, memory: number, room: Resources): number {
  if (room.milliCpu === 0 || room.memory === 0) return highestScore;
  const cpuShare = Math.min(1, milliCpu / room.milliCpu);
  const memoryShare = Math.min(1, memory / room.memory);
  return Math.trunc((1 - Math.abs(cpuShare - memoryShare) / 2) * highestScore);
}
