/** A machine fails and comes back, in a whole cluster whose clock is in the test's hand. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SteppedClock } from '#common/base/clock.ts';
import { silentLog } from '#common/base/log.ts';
import type { KubeObject } from '#common/api/meta.ts';
import { Deployment } from '#common/kinds/deployment.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import { EndpointSlice } from '#common/kinds/endpointSlice.ts';
import { Machine } from '#common/kinds/machine.ts';
import { Node } from '#common/kinds/node.ts';
import { Pod } from '#common/kinds/pod.ts';
import { Service } from '#common/kinds/service.ts';
import { StatefulSet } from '#common/kinds/statefulSet.ts';
import type * as api from '#common/schema/generated/types.ts';
import { type Cluster, startCluster } from '#runtime/cluster.ts';

let clock: SteppedClock;
let cluster: Cluster;

beforeEach(async () => {
  clock = new SteppedClock();
  const starting = startCluster({ nodes: 3, zones: ['a', 'b'], port: 0, folder: undefined, latency: 'typical', seed: 1, clock, freeze: true, log: silentLog }); // prettier-ignore
  let started: Cluster | undefined;
  void starting.then((running) => (started = running));
  while (!started) await clock.advance(100, settle);
  cluster = started;
  await advance(10);
}, 30_000);
afterEach(() => cluster.close());

/** Turns of the event loop until what one timer started has run its course. */
async function settle(): Promise<void> {
  for (let i = 0; i < 40; i++) await new Promise((resolve) => setImmediate(resolve));
}
const advance = (seconds: number): Promise<void> => clock.advance(seconds * 1000, settle);

async function create<T extends KubeObject>(kind: KindDefinition<T>, object: Omit<T, 'apiVersion' | 'kind'>): Promise<void> {
  const apiVersion = kind.group ? `${kind.group}/${kind.version}` : kind.version;
  await cluster.client.create(kind, { apiVersion, kind: kind.kind, ...object } as unknown as T);
}
async function power(name: string, state: 'On' | 'Off'): Promise<void> {
  await cluster.client.patch(Machine, { namespace: '', name }, 'merge', { spec: { power: state } });
  await settle();
}

const pods = () => cluster.cache.list(Pod, 'default');
/** `node running|ending` of each pod, in order of their nodes. */
const places = () =>
  pods()
    .map(({ spec, metadata }) => `${spec?.nodeName} ${metadata.deletionTimestamp ? 'ending' : 'running'}`)
    .sort();
const node = (name: string) => cluster.cache.get(Node, { namespace: '', name });
const labels = { app: 'web' };
const template: api.PodTemplateSpec = {
  metadata: { labels },
  spec: {
    containers: [{ name: 'c', image: 'nginx' }],
    topologySpreadConstraints: [
      { maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway', labelSelector: { matchLabels: labels } },
    ],
  },
}; // prettier-ignore
const web = { metadata: { name: 'web', namespace: 'default' } };

describe('a machine that fails', () => {
  it(
    'is noticed, loses its pods to other machines, and ends those that were replaced when it is back',
    { timeout: 60_000 },
    async () => {
      await create(Deployment, { ...web, spec: { replicas: 3, selector: { matchLabels: labels }, template } });
      await create(Service, { ...web, spec: { selector: labels, ports: [{ port: 80 }] } });
      await advance(30);
      expect(places()).toEqual(['node-1 running', 'node-2 running', 'node-3 running']);

      await power('node-2', 'Off');
      await advance(30);
      const readyEndpoints = () =>
        cluster.cache
          .list(EndpointSlice, 'default')
          .filter(({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === 'web')
          .flatMap(({ endpoints }) => endpoints ?? [])
          .filter(({ conditions }) => conditions?.ready);
      expect(readyEndpoints()).toHaveLength(3);

      await advance(30);
      expect(node('node-2')?.status?.conditions?.map(({ type, status }) => `${type} ${status}`)).toEqual(['MemoryPressure Unknown', 'DiskPressure Unknown', 'PIDPressure Unknown', 'Ready Unknown']); // prettier-ignore
      expect(node('node-2')?.spec?.taints?.map(({ key, effect }) => `${key} ${effect}`)).toEqual(['node.kubernetes.io/unreachable NoSchedule', 'node.kubernetes.io/unreachable NoExecute']); // prettier-ignore
      expect(readyEndpoints().map(({ nodeName }) => nodeName).sort()).toEqual(['node-1', 'node-3']); // prettier-ignore

      await advance(240);
      expect(places()).toHaveLength(3);
      await advance(80);
      expect(places().filter((place) => place.endsWith('running'))).toHaveLength(3);
      expect(places()).toContain('node-2 ending');

      await power('node-2', 'On');
      await advance(15);
      expect(places()).toHaveLength(3);
      expect(places().join()).not.toContain('node-2');
      expect(node('node-2')?.spec?.taints ?? []).toEqual([]);
    },
  );

  it('keeps its pods when it is back in time: they restart', { timeout: 60_000 }, async () => {
    await create(Deployment, { ...web, spec: { replicas: 3, selector: { matchLabels: labels }, template } });
    await advance(30);
    const names = pods().map(({ metadata }) => metadata.name);
    await power('node-2', 'Off');
    await advance(120);
    await power('node-2', 'On');
    await advance(30);
    expect(pods().map(({ metadata }) => metadata.name)).toEqual(names);
    const restarts = pods().map(({ spec, status }) => `${spec?.nodeName} ${status?.containerStatuses?.[0]?.restartCount}`);
    expect(restarts.sort()).toEqual(['node-1 0', 'node-2 1', 'node-3 0']);
  });

  it('holds a StatefulSet’s pod until it is said to be out of service', { timeout: 60_000 }, async () => {
    await create(StatefulSet, { ...web, spec: { replicas: 1, serviceName: 'web', selector: { matchLabels: labels }, template } });
    await advance(30);
    const place = pods()[0]?.spec?.nodeName ?? '';
    await power(place, 'Off');
    await advance(900);
    expect(places()).toEqual([`${place} ending`]);
    const taints = [...(node(place)?.spec?.taints ?? []), { key: 'node.kubernetes.io/out-of-service', effect: 'NoExecute' }];
    await cluster.client.patch(Node, { namespace: '', name: place }, 'merge', { spec: { taints } });
    await advance(60);
    expect(places()).toHaveLength(1);
    expect(places()[0]).toMatch(/running$/);
    expect(places()[0]).not.toContain(place);
  });
});

describe('machines and their Nodes', () => {
  it('come and go together, whichever is made or removed', async () => {
    const names = () => cluster.cache.list(Machine).map(({ metadata, status }) => `${metadata.name} ${status?.phase}`);
    expect(names()).toEqual(['node-1 Running', 'node-2 Running', 'node-3 Running']);
    expect(node('node-2')?.metadata.labels?.['topology.kubernetes.io/zone']).toBe('b');

    await create(Node, { metadata: { name: 'x' }, status: { capacity: { cpu: '2' } } });
    await create(Machine, { metadata: { name: 'y' }, spec: { zone: 'c', capacity: { cpu: '64' } } });
    await advance(15);
    expect(names()).toContain('x Running');
    expect(cluster.cache.get(Machine, { namespace: '', name: 'x' })?.spec?.capacity).toMatchObject({ cpu: '2', memory: '16Gi' });
    expect(node('y')?.status).toMatchObject({ capacity: { cpu: '64' }, conditions: expect.arrayContaining([expect.objectContaining({ type: 'Ready', status: 'True' })]) as unknown }); // prettier-ignore

    await cluster.client.delete(Node, { namespace: '', name: 'x' });
    await cluster.client.delete(Machine, { namespace: '', name: 'y' });
    await advance(5);
    expect(names()).toHaveLength(3);
    expect([node('x'), node('y')]).toEqual([undefined, undefined]);
  });
});
