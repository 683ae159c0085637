import { beforeEach, describe, expect, it } from 'vitest';
import { SteppedClock } from '#common/base/clock.ts';
import { Random } from '#common/base/random.ts';
import type { KubeObject } from '#common/api/meta.ts';
import type { ApiError, Status } from '#common/api/status.ts';
import { ConfigMap } from '#common/kinds/configMap.ts';
import { Deployment } from '#common/kinds/deployment.ts';
import { Namespace } from '#common/kinds/namespace.ts';
import { Pod } from '#common/kinds/pod.ts';
import { Service } from '#common/kinds/service.ts';
import { ServiceAccount } from '#common/kinds/serviceAccount.ts';
import type * as api from '#common/schema/generated/types.ts';
import { createCache, type InformerCache } from '../../client/informerCache.ts';
import { createLocalClient } from '../../client/localClient.ts';
import type { Client } from '../../client/client.ts';
import { MemoryStore } from '../../store/memoryStore.ts';
import { allPlugins } from '../admission/allPlugins.ts';
import { type ApiRegistry, createRegistry } from './apiRegistry.ts';
import type { WatchEvent, WriteOptions } from './registry.ts';

let store: MemoryStore;
let registry: ApiRegistry;
let client: Client;
let cache: InformerCache;
const key = (name: string): { namespace: string; name: string } => ({ namespace: 'default', name });
const options: WriteOptions = {
  user: { name: 'admin', groups: ['system:masters'] },
  fieldManager: 'test',
  dryRun: false,
  fieldValidation: 'Strict',
  warn: () => undefined,
};
const configMap = (name: string, data: Record<string, string> = {}): api.ConfigMap => ({
  metadata: { name, namespace: 'default' },
  data,
});
const service = (name: string, spec: Partial<api.ServiceSpec> = {}): api.Service => ({
  metadata: { name, namespace: 'default' },
  spec: { ports: [{ port: 80 }], ...spec },
});

beforeEach(async () => {
  store = new MemoryStore({ freeze: true });
  registry = createRegistry({ store, clock: new SteppedClock(), random: new Random(1), admissionPlugins: allPlugins });
  client = createLocalClient(registry, options.user, 'test');
  cache = createCache(store, registry);
  await client.create(Namespace, { metadata: { name: 'default' } });
  await client.create(ServiceAccount, { metadata: { name: 'default', namespace: 'default' } });
});

describe('create', () => {
  it('needs a namespace that exists', async () => {
    await expect(client.create(ConfigMap, { metadata: { name: 'a', namespace: 'nowhere' } })).rejects.toMatchObject({
      code: 404,
      message: 'namespaces "nowhere" not found',
    });
  });

  it('leaves nothing behind on a dry run, not even an address', async () => {
    const dry = { ...options, dryRun: true };
    const first = await registry.resourceOf(Service).create('default', service('a') as KubeObject, dry);
    expect((first.object as api.Service).spec?.clusterIP).toMatch(/^10\.96\./);
    expect(first.object.metadata.resourceVersion).toBeUndefined();
    expect(cache.list(Service)).toEqual([]);
  });

  it('makes another name when a generated one is taken', async () => {
    for (let i = 0; i < 50; i++) await client.create(ConfigMap, { metadata: { generateName: 'x-', namespace: 'default' } });
    const names = cache.list(ConfigMap).map((c) => c.metadata.name);
    expect(new Set(names).size).toBe(50);
    expect(names.every((name) => /^x-[a-z0-9]{5}$/.test(name ?? ''))).toBe(true);
  });
});

describe('update', () => {
  it('refuses a stale revision, and by then the cache shows what it lost against', async () => {
    const made = await client.create(ConfigMap, configMap('a'));
    const first = client.update(ConfigMap, { ...made, data: { v: '1' } });
    await expect(client.update(ConfigMap, { ...made, data: { v: '2' } })).rejects.toMatchObject({ reason: 'Conflict' });
    expect(cache.get(ConfigMap, key('a'))?.data).toEqual({ v: '1' });
    await first;
  });

  it('runs a lost race again when no revision was named', async () => {
    await client.create(ConfigMap, configMap('a'));
    await Promise.all(
      Array.from({ length: 8 }, (_, i) => client.patch(ConfigMap, key('a'), 'merge', { data: { [`k${i}`]: 'v' } })),
    );
    expect(Object.keys(cache.get(ConfigMap, key('a'))?.data ?? {})).toHaveLength(8);
  });

  it('writes nothing when nothing changes', async () => {
    const made = await client.create(ConfigMap, configMap('a', { k: 'v' }));
    const revision = store.revision;
    const same = await client.patch(ConfigMap, key('a'), 'merge', { data: { k: 'v' } });
    expect(same.metadata.resourceVersion).toBe(made.metadata.resourceVersion);
    expect(store.revision).toBe(revision);
  });

  it('raises the generation with the spec only, and keeps status apart', async () => {
    const made = await client.create(Deployment, {
      metadata: { name: 'd', namespace: 'default' },
      spec: {
        selector: { matchLabels: { a: 'b' } },
        template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } },
      },
    });
    expect(made.metadata.generation).toBe(1);
    const status = await client.updateStatus(Deployment, {
      ...made,
      spec: { ...made.spec, replicas: 9 } as api.DeploymentSpec,
      status: { replicas: 1, observedGeneration: 1 },
    });
    expect([status.metadata.generation, status.spec?.replicas, status.status?.replicas]).toEqual([1, 1, 1]);
    const scaled = await client.patch(Deployment, key('d'), 'merge', { spec: { replicas: 3 }, status: { replicas: 7 } });
    expect([scaled.metadata.generation, scaled.spec?.replicas, scaled.status?.replicas]).toEqual([2, 3, 1]);
  });
});

describe('delete', () => {
  it('waits for finalizers and takes no new ones', async () => {
    await client.create(ConfigMap, { ...configMap('a'), metadata: { name: 'a', namespace: 'default', finalizers: ['x.io/f'] } });
    await client.delete(ConfigMap, key('a'));
    expect(cache.get(ConfigMap, key('a'))?.metadata.deletionTimestamp).toBeDefined();
    await expect(
      client.patch(ConfigMap, key('a'), 'merge', { metadata: { finalizers: ['x.io/f', 'x.io/g'] } }),
    ).rejects.toMatchObject({ code: 422 });
    await client.patch(ConfigMap, key('a'), 'merge', { metadata: { finalizers: [] } });
    expect(cache.get(ConfigMap, key('a'))).toBeUndefined();
  });

  it('gives a pod on a node its grace period, and one without a node none', async () => {
    const pod = (name: string, spec: Partial<api.PodSpec>): api.Pod => ({
      metadata: { name, namespace: 'default' },
      spec: { containers: [{ name: 'c', image: 'i' }], ...spec },
    });
    await client.create(Pod, pod('bound', { nodeName: 'n' }));
    await client.create(Pod, pod('free', {}));
    await client.delete(Pod, key('bound'));
    await client.delete(Pod, key('free'));
    expect(cache.get(Pod, key('bound'))?.metadata.deletionGracePeriodSeconds).toBe(30);
    expect(cache.get(Pod, key('free'))).toBeUndefined();
    await client.delete(Pod, key('bound'), { gracePeriodSeconds: 0 });
    expect(cache.get(Pod, key('bound'))).toBeUndefined();
  });
});

describe('addresses', () => {
  it('are never given twice, are refused when taken, and come back with the deletion', async () => {
    const made = await Promise.all(
      Array.from({ length: 200 }, (_, i) => client.create(Service, service(`s${i}`, { type: 'NodePort' }))),
    );
    const ips = made.map((s) => s.spec?.clusterIP ?? '');
    const ports = made.map((s) => s.spec?.ports?.[0]?.nodePort);
    expect(new Set(ips).size).toBe(200);
    expect(new Set(ports).size).toBe(200);
    const [ip = ''] = ips;
    await expect(client.create(Service, service('again', { clusterIP: ip }))).rejects.toMatchObject({
      code: 422,
      message: expect.stringContaining('provided IP is already allocated') as string,
    });
    await client.delete(Service, key('s0'));
    expect((await client.create(Service, service('again', { clusterIP: ip }))).spec?.clusterIP).toBe(ip);
  });

  it('stay when an update leaves them out', async () => {
    const made = await client.create(Service, service('s', { type: 'NodePort' }));
    const updated = await client.update(Service, {
      ...service('s', { type: 'NodePort' }),
      metadata: { ...made.metadata, labels: { a: 'b' } },
    });
    expect(updated.spec?.clusterIP).toBe(made.spec?.clusterIP);
    expect(updated.spec?.ports?.[0]?.nodePort).toBe(made.spec?.ports?.[0]?.nodePort);
  });
});

describe('list and watch', () => {
  it('answers pages from one state', async () => {
    for (const name of ['a', 'b', 'c', 'd']) await client.create(ConfigMap, configMap(name));
    const resource = registry.resourceOf(ConfigMap);
    const first = resource.list({ namespace: 'default', limit: 2 });
    await client.delete(ConfigMap, key('c'));
    const rest = resource.list({ namespace: 'default', limit: 2, ...(first.continue ? { continue: first.continue } : {}) });
    expect([...first.items, ...rest.items].map(({ object }) => object.metadata.name)).toEqual(['a', 'b', 'c', 'd']);
    expect(rest.resourceVersion).toBe(first.resourceVersion);
  });

  it('tells a reader whose pages have expired where to go on', async () => {
    for (const name of ['a', 'b', 'c']) await client.create(ConfigMap, configMap(name));
    const resource = registry.resourceOf(ConfigMap);
    const first = resource.list({ namespace: 'default', limit: 1 });
    await client.delete(ConfigMap, key('b'));
    store.compact(store.revision);
    const goOn = (token: string | undefined): ReturnType<typeof resource.list> =>
      resource.list({ namespace: 'default', ...(token ? { continue: token } : {}) });
    let status: Status | undefined;
    try {
      goOn(first.continue);
    } catch (error) {
      status = (error as ApiError).toStatus();
    }
    expect(status).toMatchObject({ code: 410, reason: 'Expired', metadata: { continue: expect.any(String) as string } });
    const rest = goOn(status?.metadata['continue'] as string);
    expect(rest.items.map(({ object }) => object.metadata.name)).toEqual(['c']);
  });

  it('shows what enters and leaves a selection as ADDED and DELETED', async () => {
    const seen: string[] = [];
    const watch = registry.resourceOf(ConfigMap).watch(
      { namespace: 'default', labelSelector: 'app=a', resourceVersion: String(store.revision) },
      (events: readonly WatchEvent[]) =>
        seen.push(...events.map((e) => `${e.type} ${'object' in e ? e.object.metadata.labels?.['app'] : ''}`)),
      (error) => seen.push(String(error)),
    );
    await client.create(ConfigMap, { ...configMap('x'), metadata: { name: 'x', namespace: 'default', labels: { app: 'b' } } });
    await client.patch(ConfigMap, key('x'), 'merge', { metadata: { labels: { app: 'a' } } });
    await client.patch(ConfigMap, key('x'), 'merge', { data: { k: 'v' } });
    await client.patch(ConfigMap, key('x'), 'merge', { metadata: { labels: { app: 'b' } } });
    await client.delete(ConfigMap, key('x'));
    expect(seen).toEqual(['ADDED a', 'MODIFIED a', 'DELETED a']);
    watch.dispose();
  });

  it('keeps informers and their indexes in step', async () => {
    const informer = cache.informer(ConfigMap);
    informer.addIndex('app', (c) => (c.metadata.labels?.['app'] ? [c.metadata.labels['app']] : []));
    await client.create(ConfigMap, { ...configMap('x'), metadata: { name: 'x', namespace: 'default', labels: { app: 'a' } } });
    expect(informer.byIndex('app', 'a')).toHaveLength(1);
    await client.patch(ConfigMap, key('x'), 'merge', { metadata: { labels: { app: 'b' } } });
    expect([informer.byIndex('app', 'a').length, informer.byIndex('app', 'b').length]).toEqual([0, 1]);
    expect(informer.select('default', { matchLabels: { app: 'b' } })).toHaveLength(1);
    expect(informer.select('default', undefined)).toEqual([]);
    await client.delete(ConfigMap, key('x'));
    expect([informer.size, informer.byIndex('app', 'b').length]).toEqual([0, 0]);
  });
});
