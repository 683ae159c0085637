/** A large Deployment: the time until all its pods are ready, and until all of them have been replaced. */
import type { ApiConnection } from '#runtime/cli/apiConnection.ts';
import type { Deployment } from '#common/schema/generated/types.ts';
import { startLargeCluster } from './largeCluster.ts';

const deployments = '/apis/apps/v1/namespaces/default/deployments';

const until = (api: ApiConnection, isDone: (deployment: Deployment) => boolean): Promise<void> =>
  api.watch(`${deployments}?watch=true`, (_, object) => isDone(object as unknown as Deployment), AbortSignal.timeout(300_000));

/** Seconds from the Deployment's creation until all its replicas are ready. */
export async function secondsToScale(api: ApiConnection, replicas: number): Promise<number> {
  const from = performance.now();
  await api.send('POST', deployments, {
    metadata: { name: 'web' },
    spec: {
      replicas,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'registry.example/web:1' }] } },
    },
  });
  await until(api, ({ status }) => status?.readyReplicas === replicas);
  return (performance.now() - from) / 1000;
}

/**
 * Seconds from the change of the image until every pod has it and no old one counts any more. `mark` is called with the
 * cluster's process at both ends.
 */
export async function secondsToRollOver(replicas: number, mark: (pid: number) => void): Promise<number> {
  // Until they have ended, old pods take up room beside the new ones.
  const cluster = await startLargeCluster(Math.ceil(replicas / 200));
  try {
    await secondsToScale(cluster.api, replicas);
    const pid = cluster.process.pid ?? 0;
    mark(pid);
    const from = performance.now();
    const image = { spec: { template: { spec: { containers: [{ name: 'c', image: 'registry.example/web:2' }] } } } };
    await cluster.api.send('PATCH', `${deployments}/web`, image, 'application/strategic-merge-patch+json');
    await until(
      cluster.api,
      ({ status, metadata }) =>
        status?.observedGeneration === metadata.generation &&
        status?.updatedReplicas === replicas &&
        status.availableReplicas === replicas &&
        status.replicas === replicas,
    );
    const seconds = (performance.now() - from) / 1000;
    mark(pid);
    return seconds;
  } finally {
    await cluster.stop();
  }
}
