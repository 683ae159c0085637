/** `kube-playground node list`: the nodes, and which of their machines are off. */
import type { MachineList, Node, NodeList } from '#common/schema/generated/types.ts';
import { isReady, machinesPath, nodesPath, type StateOption, withApi } from '../nodeAccess.ts';
import { table } from '../report.ts';

const zoneLabel = 'topology.kubernetes.io/zone';

export const listNodes = (options: StateOption): Promise<void> =>
  withApi(options, async (api) => {
    const [{ items }, machines] = await Promise.all([api.get<NodeList>(nodesPath), api.get<MachineList>(machinesPath)]);
    const off = new Set(machines.items.filter(({ status }) => status?.phase === 'Off').map(({ metadata }) => metadata.name));
    const zoned = items.some(({ metadata }) => metadata.labels?.[zoneLabel] !== undefined);
    const rows = items.map((node) => {
      const { metadata, status } = node;
      const room = [status?.capacity?.['cpu'] ?? '', status?.capacity?.['memory'] ?? ''];
      const zone = zoned ? [metadata.labels?.[zoneLabel] ?? ''] : [];
      return [metadata.name ?? '', statusText(node, off.has(metadata.name)), ...room, ...zone];
    });
    const titles = ['NAME', 'STATUS', 'CPU', 'MEMORY', ...(zoned ? ['ZONE'] : [])];
    for (const row of table([titles, ...rows])) process.stdout.write(`${row}\n`);
  });

const statusText = (node: Node, isOff: boolean): string =>
  (isReady(node) ? 'Ready' : 'NotReady') + (isOff ? ',Off' : '') + (node.spec?.unschedulable ? ',SchedulingDisabled' : '');
