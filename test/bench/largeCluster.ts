/** Machines with much room, so that a bench's pods are held up by nothing but the cluster itself. */
import { type ApiConnection, connect } from '#runtime/cli/apiConnection.ts';
import { startTestCluster, type TestCluster } from '../support/testCluster.ts';

export interface LargeCluster {
  readonly api: ApiConnection;
  readonly process: TestCluster['process'];
  stop(): Promise<void>;
}

/** Resolves when all nodes are ready. */
export async function startLargeCluster(nodes: number, podsPerNode = 500): Promise<LargeCluster> {
  const cluster = await startTestCluster({ args: ['--nodes', '0'] });
  const api = connect(cluster.kubeconfig);
  const room = { cpu: '64', memory: '256Gi', pods: `${podsPerNode}` };
  for (let i = 1; i <= nodes; i++)
    await api.send('POST', '/api/v1/nodes', { metadata: { name: `node-${i}` }, status: { capacity: room, allocatable: room } });
  await api.watch('/api/v1/nodes?watch=true', readyNodes(nodes), AbortSignal.timeout(60_000));
  return {
    api,
    process: cluster.process,
    async stop() {
      api.close();
      await cluster.stop();
    },
  };
}

function readyNodes(count: number): (type: string, object: { metadata: { name?: string } }) => boolean {
  const ready = new Set<string>();
  return (_, object) => {
    const { status } = object as { status?: { conditions?: { type: string; status: string }[] } };
    if (status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True')) ready.add(object.metadata.name ?? '');
    return ready.size === count;
  };
}
