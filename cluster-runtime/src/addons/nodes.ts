/** The Nodes of simulated machines as they are registered: 8 cpu, 16Gi and 110 pods unless something else is asked for. */
import type { Node, Taint } from '#common/schema/generated/types.ts';

/** What a machine is; everything that is not said is as usual. */
export interface NodeShape {
  /** Quantities: `4`, `8Gi`, `110`. */
  readonly cpu?: string | undefined;
  readonly memory?: string | undefined;
  readonly pods?: string | undefined;
  readonly zone?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly taints?: readonly Taint[] | undefined;
}

const zoneLabel = 'topology.kubernetes.io/zone';

export function newNode(name: string, { cpu, memory, pods, zone, labels, taints }: NodeShape = {}): Node {
  const room = { cpu: cpu ?? '8', memory: memory ?? '16Gi', pods: pods ?? '110' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        ...(zone ? { [zoneLabel]: zone } : {}),
        ...labels,
      },
    },
    spec: { providerID: `kube-playground://${name}`, ...(taints?.length ? { taints: [...taints] } : {}) },
    status: { capacity: room, allocatable: room },
  };
}

/** The nodes `node-1` to `node-<count>` of a new cluster, in its zones in turn. */
export function newNodes(count: number, zones: readonly string[] = [], shape: NodeShape = {}): Node[] {
  return Array.from({ length: count }, (_, i) => {
    const zone = zones[i % Math.max(1, zones.length)];
    return newNode(`node-${i + 1}`, { ...shape, ...(zone === undefined ? {} : { zone }) });
  });
}
