/** `kube-playground node add|remove|list`: machines of the cluster. */
import type { Node, NodeList } from '#common/schema/generated/types.ts';
import { type ApiConnection, ApiRefusal, connect } from '../apiConnection.ts';
import { CliError } from '../cliError.ts';
import { table } from '../report.ts';
import { openStateFolder } from '../stateFolder.ts';
import { newNode } from '../../addons/nodes.ts';

interface NodeOptions {
  readonly state?: string;
}

async function withApi(options: NodeOptions, act: (api: ApiConnection) => Promise<void>): Promise<void> {
  const api = connect(openStateFolder(options.state).kubeconfig);
  try {
    await act(api);
  } finally {
    api.close();
  }
}

/** Adds a node under the given name, or under the first free `node-N`. */
export const addNode = (name: string | undefined, options: NodeOptions): Promise<void> =>
  withApi(options, async (api) => {
    const { items } = await api.get<NodeList>('/api/v1/nodes');
    const taken = new Set(items.map((node) => node.metadata.name));
    let free = 1;
    while (taken.has(`node-${free}`)) free++;
    const chosen = name ?? `node-${free}`;
    try {
      await api.send<Node>('POST', '/api/v1/nodes', newNode(chosen));
    } catch (error) {
      if (error instanceof ApiRefusal && error.code === 409)
        throw new CliError(`There is a node ${chosen} already; choose another name, or leave it out.`);
      throw error;
    }
    await api.watch<Node>(
      `/api/v1/nodes?watch=true&fieldSelector=metadata.name%3D${chosen}`,
      (_, node) => node.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') === true,
    );
    process.stdout.write(`node/${chosen} is ready\n`);
  });

export const removeNode = (name: string, options: NodeOptions): Promise<void> =>
  withApi(options, async (api) => {
    try {
      await api.send('DELETE', `/api/v1/nodes/${encodeURIComponent(name)}`);
    } catch (error) {
      if (error instanceof ApiRefusal && error.code === 404)
        throw new CliError(`There is no node ${name}; "kube-playground node list" shows those there are.`);
      throw error;
    }
    process.stdout.write(`node/${name} is removed; its pods are made again on other nodes\n`);
  });

export const listNodes = (options: NodeOptions): Promise<void> =>
  withApi(options, async (api) => {
    const { items } = await api.get<NodeList>('/api/v1/nodes');
    const rows = items.map(({ metadata, spec, status }) => [
      metadata.name ?? '',
      (status?.conditions?.find((c) => c.type === 'Ready')?.status === 'True' ? 'Ready' : 'NotReady') +
        (spec?.unschedulable ? ',SchedulingDisabled' : ''),
      status?.capacity?.['cpu'] ?? '',
      status?.capacity?.['memory'] ?? '',
    ]);
    for (const row of table([['NAME', 'STATUS', 'CPU', 'MEMORY'], ...rows])) process.stdout.write(`${row}\n`);
  });
