/** The cluster, its nodes and its namespaces. */
import type * as api from '#common/schema/generated/types.ts';
import type { KubeObject } from '#common/api/meta.ts';
import type { RowTrait } from '#common/protocol/commands.ts';
import type { TreeRow } from '#common/protocol/webview.ts';
import { namespaceFacts, nodeFacts } from '../facts/clusterFacts.ts';
import { ownRow, type RowSources } from './ownRow.ts';
import { clusterId, groupId, namespaceId, nodeId } from './places.ts';

export const isNodeReady = (node: api.Node): boolean =>
  node.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;

export function clusterRow(name: string, nodes: readonly api.Node[]): TreeRow {
  const ready = nodes.filter(isNodeReady).length;
  return {
    id: clusterId,
    parent: '',
    kind: 'Cluster',
    name,
    order: '0',
    state: ready === nodes.length ? 'ok' : 'warning',
    ready: `${ready}/${nodes.length}`,
    open: true,
  };
}

export function nodeRows(object: KubeObject, sources: RowSources): TreeRow[] {
  const { name = '' } = object.metadata;
  const machine = sources.machine(name);
  const isOff = machine?.spec?.power === 'Off';
  const facts = nodeFacts(object as api.Node, sources.texts, { pods: sources.podsOn(name), isOff });
  const row = { ...ownRow('Node', object, facts), id: nodeId(name), parent: groupId('', 'nodes') };
  const traits = nodeTraits(object as api.Node, machine);
  return [traits.length > 0 ? { ...row, traits } : row];
}

function nodeTraits({ spec }: api.Node, machine: api.Machine | undefined): RowTrait[] {
  const power: RowTrait = machine?.spec?.power === 'Off' ? 'off' : 'on';
  return [...(machine ? [power] : []), ...(spec?.unschedulable ? (['cordoned'] as const) : [])];
}

/** A person's own namespaces first, `default` before them; the system's last and closed. */
export function namespaceRows(object: KubeObject): TreeRow[] {
  const { name = '' } = object.metadata;
  const isSystem = name.startsWith('kube-');
  const order = isSystem ? `3${name}` : name === 'default' ? '1' : `2${name}`;
  const row = ownRow('Namespace', object, namespaceFacts(object as api.Namespace));
  return [{ ...row, id: namespaceId(name), parent: '', order, open: !isSystem }];
}
