/** The order in which nodes are looked at: zones take turns, so that a sample of the first ones has some of each. */
import type { NodeInfo } from './nodeInfo.ts';

export function nodesByZone(nodes: readonly NodeInfo[]): NodeInfo[] {
  const zones = new Map<string, NodeInfo[]>();
  for (const node of [...nodes].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const zone = `${node.label('topology.kubernetes.io/region') ?? ''}/${node.label('topology.kubernetes.io/zone') ?? ''}`;
    const found = zones.get(zone);
    if (found) found.push(node);
    else zones.set(zone, [node]);
  }
  const lists = [...zones.values()];
  if (lists.length <= 1) return lists[0] ?? [];
  const out: NodeInfo[] = [];
  for (let i = 0; out.length < nodes.length; i++) {
    for (const list of lists) {
      const node = list[i];
      if (node) out.push(node);
    }
  }
  return out;
}
