/** What the commands about nodes share: a connection for the time of one command, and what is said of a node that is not there. */
import type { Machine, Node, NodeList } from '#common/schema/generated/types.ts';
import { type ApiConnection, ApiRefusal, connect } from './apiConnection.ts';
import { CliError } from './cliError.ts';
import { openStateFolder } from './stateFolder.ts';

export interface StateOption {
  readonly state?: string;
}

export const nodesPath = '/api/v1/nodes';
export const machinesPath = '/apis/playground.kube/v1alpha1/machines';

export async function withApi(options: StateOption, act: (api: ApiConnection) => Promise<void>): Promise<void> {
  const api = connect(openStateFolder(options.state).kubeconfig);
  try {
    await act(api);
  } finally {
    api.close();
  }
}

/** Words a refusal for what does not exist. */
export async function orNoNode<T>(name: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiRefusal && error.code === 404)
      throw new CliError(`There is no node ${name}; "kube-playground node list" shows those there are.`);
    throw error;
  }
}

/** The first of `node-1`, `node-2` … that no node has. */
export async function freeNodeName(api: ApiConnection): Promise<string> {
  const { items } = await api.get<NodeList>(nodesPath);
  const taken = new Set(items.map((node) => node.metadata.name));
  let free = 1;
  while (taken.has(`node-${free}`)) free++;
  return `node-${free}`;
}

export const isReady = (node: Node): boolean =>
  node.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true;

export const untilReady = (api: ApiConnection, name: string): Promise<void> =>
  api.watch<Node>(`${nodesPath}?watch=true&fieldSelector=metadata.name%3D${name}`, (_, node) => isReady(node));

export const changeMachine = (api: ApiConnection, name: string, spec: NonNullable<Machine['spec']>): Promise<Machine> =>
  orNoNode(
    name,
    api.send<Machine>('PATCH', `${machinesPath}/${encodeURIComponent(name)}`, { spec }, 'application/merge-patch+json'),
  );
