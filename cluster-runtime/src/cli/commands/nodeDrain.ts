/**
 * `kube-playground node drain NAME`: cordons a node and evicts its pods, as `kubectl drain --ignore-daemonsets
 * --delete-emptydir-data` does; budgets are kept, and evictions that they refuse are tried again.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { Node, Pod, PodList } from '#common/schema/generated/types.ts';
import { type ApiConnection, ApiRefusal } from '../apiConnection.ts';
import { CliError } from '../cliError.ts';
import { nodesPath, orNoNode, type StateOption, withApi } from '../nodeAccess.ts';

export interface NodeDrainOptions extends StateOption {
  /** In seconds. */
  readonly timeout?: number;
}

const retryMs = 1000;

export const drainNode = (name: string, { timeout = 120, ...options }: NodeDrainOptions): Promise<void> =>
  withApi(options, async (api) => {
    const path = `${nodesPath}/${encodeURIComponent(name)}`;
    await orNoNode(name, api.send<Node>('PATCH', path, { spec: { unschedulable: true } }, 'application/merge-patch+json'));
    process.stdout.write(`node/${name} takes no more pods\n`);
    let refusal = '';
    for (let left = timeout * 1000; ; left -= retryMs) {
      const pods = await evictable(api, name);
      if (pods.length === 0) break;
      if (left <= 0)
        throw new CliError(`${pods.map(podName).join(', ')} did not go within ${timeout} seconds${refusal && `: ${refusal}`}`);
      for (const pod of pods) if (!pod.metadata.deletionTimestamp) refusal = (await evict(api, pod)) ?? refusal;
      await wait(retryMs);
    }
    process.stdout.write(`node/${name} is drained; "kube-playground kubectl uncordon ${name}" lets pods come again\n`);
  });

const podName = ({ metadata }: Pod): string => `pod/${metadata.name ?? ''}`;

/** All but those that a DaemonSet would make again at once, and those that their kubelet made itself. */
async function evictable(api: ApiConnection, node: string): Promise<Pod[]> {
  const { items } = await api.get<PodList>(`/api/v1/pods?fieldSelector=spec.nodeName%3D${encodeURIComponent(node)}`);
  return items.filter(
    ({ metadata }) =>
      !metadata.ownerReferences?.some(({ kind, controller }) => controller && kind === 'DaemonSet') &&
      metadata.annotations?.['kubernetes.io/config.mirror'] === undefined,
  );
}

/** Why the pod may not go yet; undefined when it goes. */
async function evict(api: ApiConnection, pod: Pod): Promise<string | undefined> {
  const { namespace = '', name = '' } = pod.metadata;
  const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } };
  try {
    await api.send('POST', `/api/v1/namespaces/${namespace}/pods/${name}/eviction`, eviction);
    process.stdout.write(`${podName(pod)} evicted\n`);
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error;
    if (error.code === 404) return undefined;
    if (error.code === 429) return error.message;
    throw error;
  }
}
