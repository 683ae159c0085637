import { afterAll, beforeAll, expect, it } from 'vitest';
import { silentLog } from '#common/base/log.ts';
import { Pod } from '#common/kinds/pod.ts';
import { type Cluster, startCluster } from '#runtime/cluster.ts';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, port: 0, folder: undefined, latency: 'none', freeze: true, log: silentLog });
});
afterAll(() => cluster.close());

it('says on the pod which containers only stand in for their image', async () => {
  const containers = [
    { name: 'mine', image: 'example.com/team/thing:3' },
    { name: 'web', image: 'nginx:1.27' },
    { name: 'nobodys', image: 'registry.example/x:1' },
  ];
  const noted = new Promise<Record<string, string>>((resolve) => {
    cluster.cache.informer(Pod).onChange(({ object }) => object.metadata.annotations && resolve(object.metadata.annotations));
  });
  await cluster.client.create(Pod, { metadata: { name: 'p', namespace: 'default' }, spec: { containers } });
  expect(await noted).toEqual({ 'playground.kube/no-simulated-behaviour': 'mine' });
});
