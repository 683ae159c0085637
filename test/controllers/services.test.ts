import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Endpoints } from '#common/kinds/endpoints.ts';
import { EndpointSlice } from '#common/kinds/endpointSlice.ts';
import { Node } from '#common/kinds/node.ts';
import { Pod } from '#common/kinds/pod.ts';
import { Service } from '#common/kinds/service.ts';
import { endpointsController } from '#runtime/controllers/endpoints.ts';
import { endpointSliceController } from '#runtime/controllers/endpointSlice.ts';
import { endpointSliceMirroringController } from '#runtime/controllers/endpointSliceMirroring.ts';
import { ns, startTestCluster } from './testCluster.ts';

let cluster: Awaited<ReturnType<typeof startTestCluster>>;
beforeEach(async () => {
  cluster = await startTestCluster([endpointsController(), endpointSliceController(), endpointSliceMirroringController]);
  await cluster.create(Node, { metadata: { name: 'n' } });
});
afterEach(() => cluster.stop());

const pod = async (name: string, ready: boolean, ip = `10.244.0.${cluster.pods().length + 1}`): Promise<void> => {
  const created = await cluster.create(Pod, {
    metadata: { name, namespace: ns, labels: { app: 'e' } },
    spec: { nodeName: 'n', containers: [{ name: 'c', image: 'x', ports: [{ name: 'http', containerPort: 8080 }] }] },
  });
  await cluster.setPodStatus(created, {
    phase: 'Running',
    podIP: ip,
    conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
  });
};
const service = (spec: object) =>
  cluster.create(Service, {
    metadata: { name: 's', namespace: ns },
    spec: { type: 'ClusterIP', selector: { app: 'e' }, ...spec } as never,
  });
const slices = () => cluster.cache.list(EndpointSlice, ns);
const endpoints = () => cluster.cache.get(Endpoints, { namespace: ns, name: 's' });

describe('endpoints of a Service', () => {
  it('lists ready pods and others apart', async () => {
    await pod('a', true);
    await pod('b', false);
    await service({ ports: [{ port: 80, targetPort: 'http', protocol: 'TCP' }] });
    expect(slices().map((slice) => [slice.ports, slice.endpoints?.map((e) => [e.targetRef?.name, e.conditions?.ready])])).toEqual(
      [
        [
          [{ name: '', port: 8080, protocol: 'TCP' }],
          [
            ['a', true],
            ['b', false],
          ],
        ],
      ],
    );
    const subset = endpoints()?.subsets?.[0];
    expect([subset?.addresses?.map((a) => a.ip), subset?.notReadyAddresses?.map((a) => a.ip), subset?.ports]).toEqual([
      ['10.244.0.1'],
      ['10.244.0.2'],
      [{ port: 8080, protocol: 'TCP' }],
    ]);
  });

  it('spreads many endpoints over slices of 100 and writes only the slice that changes', async () => {
    await service({ ports: [{ port: 80, protocol: 'TCP' }] });
    for (let i = 0; i < 130; i++) await pod(`p${i}`, true, `10.244.${i}.1`);
    await cluster.advance(2000);
    expect(
      slices()
        .map((slice) => slice.endpoints?.length ?? 0)
        .sort(),
    ).toEqual([100, 30].sort());
    const before = new Map(slices().map((slice) => [slice.metadata.name, slice.metadata.resourceVersion]));
    await cluster.client.delete(Pod, { namespace: ns, name: 'p7' }, { gracePeriodSeconds: 0 });
    await cluster.advance(5000);
    expect(
      slices()
        .map((slice) => slice.endpoints?.length ?? 0)
        .reduce((a, b) => a + b),
    ).toBe(129);
    expect(slices().filter((slice) => before.get(slice.metadata.name) !== slice.metadata.resourceVersion)).toHaveLength(1);
  });

  it('publishes pods that are not ready where the Service asks for it', async () => {
    await pod('a', false);
    await service({ clusterIP: 'None', publishNotReadyAddresses: true });
    expect(slices()[0]?.endpoints?.[0]?.conditions).toEqual({ ready: true, serving: false, terminating: false });
    expect(endpoints()?.subsets).toMatchObject([{ addresses: [{ ip: '10.244.0.1' }] }]);
    expect(slices()[0]?.metadata.labels).toMatchObject({ 'service.kubernetes.io/headless': '' });
  });

  it('mirrors Endpoints of a Service without selector, and removes the copy with them', async () => {
    await service({ selector: undefined, ports: [{ port: 80, protocol: 'TCP' }] });
    const mine = await cluster.create(Endpoints, {
      metadata: { name: 's', namespace: ns },
      subsets: [
        { addresses: [{ ip: '192.0.2.1' }], notReadyAddresses: [{ ip: '192.0.2.2' }], ports: [{ port: 80, protocol: 'TCP' }] },
      ],
    });
    expect(slices().map((slice) => slice.endpoints)).toEqual([
      [
        { addresses: ['192.0.2.1'], conditions: { ready: true } },
        { addresses: ['192.0.2.2'], conditions: { ready: false } },
      ],
    ]);
    await cluster.client.delete(Endpoints, { namespace: ns, name: mine.metadata.name ?? '' });
    await cluster.settle();
    expect(slices()).toEqual([]);
    expect(cluster.problems).toEqual([]);
  });

  it('takes the Endpoints away with the Service', async () => {
    await service({ ports: [{ port: 80, protocol: 'TCP' }] });
    expect(endpoints()).toBeDefined();
    await cluster.client.delete(Service, { namespace: ns, name: 's' });
    await cluster.settle();
    expect(endpoints()).toBeUndefined();
  });
});
