import { afterEach, expect, test } from 'vitest';
import { SteppedClock } from '#common/base/clock.ts';
import { Random } from '#common/base/random.ts';
import { APIService } from '#common/kinds/apiService.ts';
import { NodeMetrics } from '#common/kinds/metrics/nodeMetrics.ts';
import { PodMetrics } from '#common/kinds/metrics/podMetrics.ts';
import { Namespace } from '#common/kinds/namespace.ts';
import { Node } from '#common/kinds/node.ts';
import { Pod } from '#common/kinds/pod.ts';
import type * as api from '#common/schema/generated/types.ts';
import { createCache } from '../../client/informerCache.ts';
import { createLocalClient } from '../../client/localClient.ts';
import { MemoryStore } from '../../store/memoryStore.ts';
import { createRegistry } from '../registry/apiRegistry.ts';
import { serveMetrics } from './serveMetrics.ts';

let close: (() => Promise<void>) | undefined;
afterEach(async () => close?.());

/** Pods called `quiet…` have no figures. */
async function start() {
  const clock = new SteppedClock();
  const store = new MemoryStore({ freeze: true });
  const registry = createRegistry({ store, clock, random: new Random(1), admissionPlugins: [] });
  const cache = createCache(store, registry);
  const client = createLocalClient(registry, { name: 'admin', groups: ['system:masters'] }, 'test');
  const podUse = (pod: api.Pod) =>
    pod.metadata.name?.startsWith('quiet') ? undefined : [{ container: 'c', cpuNanoCores: 1_500_001, memoryBytes: 2_000_000 }];
  const nodeUse = (node: string) => (node === 'off' ? undefined : { cpuNanoCores: 0, memoryBytes: 2 ** 30 });
  const serving = serveMetrics({ registry, cache, clock, usage: { podUse, nodeUse } });
  close = async () => {
    serving.dispose();
    cache.dispose();
    await store.close();
  };
  await client.create(Namespace, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'test' } });
  const pod = async (name: string, app: string, phase = 'Running'): Promise<void> => {
    const spec = { containers: [{ name: 'c', image: 'i' }] } as api.PodSpec;
    const made = await client.create(Pod, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'test', labels: { app } },
      spec,
    });
    await client.updateStatus(Pod, { ...made, status: { phase } });
  };
  const announce = () =>
    client.create(APIService, {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: 'v1beta1.metrics.k8s.io' },
      spec: { group: 'metrics.k8s.io', version: 'v1beta1', groupPriorityMinimum: 100, versionPriority: 100 },
    });
  return { registry, client, pod, announce };
}

test('the group is there as long as its APIService is', async () => {
  const { registry, client, announce } = await start();
  const served = () => registry.resources.filter(({ kind }) => kind.group === 'metrics.k8s.io').map(({ kind }) => kind.plural);
  expect(served()).toEqual([]);
  await expect(client.list(PodMetrics, {})).rejects.toThrow('the server could not find the requested resource');
  await announce();
  expect(served()).toEqual(['nodes', 'pods']);
  await client.delete(APIService, { namespace: '', name: 'v1beta1.metrics.k8s.io' });
  expect(served()).toEqual([]);
});

test('pods that run are measured, by name and by labels', async () => {
  const { client, pod, announce } = await start();
  await announce();
  await pod('a', 'web');
  await pod('b', 'db');
  await pod('waiting', 'web', 'Pending');
  await pod('quiet', 'web');
  expect(await client.list(PodMetrics, { namespace: 'test', labelSelector: 'app=web' })).toEqual([
    {
      kind: 'PodMetrics',
      apiVersion: 'metrics.k8s.io/v1beta1',
      metadata: { name: 'a', namespace: 'test', creationTimestamp: '2026-01-01T00:00:00Z', labels: { app: 'web' } },
      timestamp: '2026-01-01T00:00:00Z',
      window: '15s',
      containers: [{ name: 'c', usage: { cpu: '1500001n', memory: '1954Ki' } }],
    },
  ]);
  expect((await client.list(PodMetrics, {})).map(({ metadata }) => metadata.name)).toEqual(['a', 'b']);
  expect((await client.get(PodMetrics, { namespace: 'test', name: 'b' })).metadata.name).toBe('b');
  const missing = (name: string) => expect(client.get(PodMetrics, { namespace: 'test', name })).rejects;
  await missing('quiet').toThrow('podmetrics.metrics.k8s.io "test/quiet" not found');
  await missing('nobody').toThrow('pods "nobody" not found');
});

test('nodes that run are measured, and nothing can be written', async () => {
  const { client, announce } = await start();
  await announce();
  for (const name of ['on', 'off']) await client.create(Node, { apiVersion: 'v1', kind: 'Node', metadata: { name } });
  const all = await client.list(NodeMetrics);
  expect(all.map(({ metadata, usage }) => [metadata.name, usage])).toEqual([['on', { cpu: '0', memory: '1Gi' }]]);
  await expect(client.delete(NodeMetrics, { namespace: '', name: 'on' })).rejects.toThrow('does not allow this method');
});
