/** What pods and machines use at present, for the metrics API: asked for, never collected. */
import { Pod } from '#common/kinds/pod.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Cache } from '../../client/client.ts';
import type { ContainerRecord } from '../container/containerRecord.ts';
import { cpuUse, memoryUse } from '../pod/statedUse.ts';

export interface Use {
  readonly cpuNanoCores: number;
  readonly memoryBytes: number;
}

export interface ContainerUse extends Use {
  readonly container: string;
}

/** What a machine's own services take: the operating system, kubelet and container runtime. */
const ownUse: Use = { cpuNanoCores: 85_000_000, memoryBytes: 420 * 2 ** 20 };

export interface MachineUse {
  /** Per running container; undefined for a pod that no machine has. */
  podUse(pod: api.Pod): readonly ContainerUse[] | undefined;
  /** Of the whole machine; undefined while it does not run. */
  nodeUse(node: string): Use | undefined;
}

export interface MachineUseSources {
  readonly cache: Cache;
  /** The index of pods by their node. */
  readonly nodeIndex: string;
  runs(node: string): boolean;
  recordsOf(pod: api.Pod): ReadonlyMap<string, ContainerRecord> | undefined;
}

export function createMachineUse({ cache, nodeIndex, runs, recordsOf }: MachineUseSources): MachineUse {
  const podUse = (pod: api.Pod): readonly ContainerUse[] | undefined => {
    const records = recordsOf(pod);
    if (!records) return undefined;
    return [...records.values()].flatMap(({ name, running, stage }) => {
      if (!running || stage !== 'running') return [];
      const measured = running.usage();
      return [
        {
          container: name,
          cpuNanoCores: cpuUse(pod, name, measured.cpuNanoCores),
          memoryBytes: memoryUse(pod, name, measured.memoryBytes),
        },
      ];
    });
  };
  return {
    podUse,
    nodeUse(node) {
      if (!runs(node)) return undefined;
      let { cpuNanoCores, memoryBytes } = ownUse;
      for (const pod of cache.informer(Pod).byIndex(nodeIndex, node)) {
        for (const use of podUse(pod) ?? []) {
          cpuNanoCores += use.cpuNanoCores;
          memoryBytes += use.memoryBytes;
        }
      }
      return { cpuNanoCores, memoryBytes };
    },
  };
}
