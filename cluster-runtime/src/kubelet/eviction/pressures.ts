/** What a machine can run short of, and Kubernetes' words for it: conditions, events, the resource's name in messages. */
import type { OwnCondition } from '../node/nodeStatus.ts';

export type PressureName = 'memory' | 'disk' | 'pid';

interface Words {
  readonly reason: string;
  readonly message: string;
  /** The reason of the event that tells of the change. */
  readonly event: string;
}

export interface Pressure {
  readonly name: PressureName;
  readonly condition: string;
  readonly resource: string;
  readonly on: Words;
  readonly off: Words;
}

/** In the order in which a Node lists the conditions and in which what is short is reclaimed. */
export const pressures: readonly Pressure[] = [
  {
    name: 'memory',
    condition: 'MemoryPressure',
    resource: 'memory',
    on: {
      reason: 'KubeletHasInsufficientMemory',
      message: 'kubelet has insufficient memory available',
      event: 'NodeHasInsufficientMemory',
    },
    off: {
      reason: 'KubeletHasSufficientMemory',
      message: 'kubelet has sufficient memory available',
      event: 'NodeHasSufficientMemory',
    },
  },
  {
    name: 'disk',
    condition: 'DiskPressure',
    resource: 'ephemeral-storage',
    on: { reason: 'KubeletHasDiskPressure', message: 'kubelet has disk pressure', event: 'NodeHasDiskPressure' },
    off: { reason: 'KubeletHasNoDiskPressure', message: 'kubelet has no disk pressure', event: 'NodeHasNoDiskPressure' },
  },
  {
    name: 'pid',
    condition: 'PIDPressure',
    resource: 'pids',
    on: {
      reason: 'KubeletHasInsufficientPID',
      message: 'kubelet has insufficient PID available',
      event: 'NodeHasInsufficientPID',
    },
    off: {
      reason: 'KubeletHasSufficientPID',
      message: 'kubelet has sufficient PID available',
      event: 'NodeHasSufficientPID',
    },
  },
];

export const pressureConditions = (present: ReadonlySet<PressureName>): OwnCondition[] =>
  pressures.map(({ name, condition, on, off }) => {
    const { reason, message } = present.has(name) ? on : off;
    return { type: condition, status: present.has(name) ? 'True' : 'False', reason, message };
  });
