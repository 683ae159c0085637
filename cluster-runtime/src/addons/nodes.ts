/** The simulated machines that a cluster starts with, and that `node add` makes: 8 cpu, 16Gi, 110 pods. */
import type { Node } from '#common/schema/generated/types.ts';

export function newNode(name: string): Node {
  const room = { cpu: '8', memory: '16Gi', pods: '110' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/arch': 'amd64', 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux' } },
    status: { capacity: room, allocatable: room },
  };
}
