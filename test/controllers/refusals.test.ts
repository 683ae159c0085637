/** What controllers say when they are not let do their work, in Kubernetes' words. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { APIService } from '#common/kinds/apiService.ts';
import { ConfigMap } from '#common/kinds/configMap.ts';
import { Endpoints } from '#common/kinds/endpoints.ts';
import { EndpointSlice } from '#common/kinds/endpointSlice.ts';
import { Namespace } from '#common/kinds/namespace.ts';
import { Node } from '#common/kinds/node.ts';
import { Pod } from '#common/kinds/pod.ts';
import { ResourceQuota } from '#common/kinds/resourceQuota.ts';
import { Service } from '#common/kinds/service.ts';
import { ServiceAccount } from '#common/kinds/serviceAccount.ts';
import { endpointsController } from '#runtime/controllers/endpoints.ts';
import { endpointSliceController } from '#runtime/controllers/endpointSlice.ts';
import { endpointSliceMirroringController } from '#runtime/controllers/endpointSliceMirroring.ts';
import { ephemeralVolumeController } from '#runtime/controllers/ephemeralVolume.ts';
import { namespaceController } from '#runtime/controllers/namespace.ts';
import { resourceQuotaController } from '#runtime/controllers/resourceQuota.ts';
import { serviceAccountController } from '#runtime/controllers/serviceAccount.ts';
import { ns, startTestCluster, template } from './testCluster.ts';

let cluster: Awaited<ReturnType<typeof startTestCluster>>;
beforeEach(async () => {
  cluster = await startTestCluster([
    endpointsController(),
    endpointSliceController(),
    endpointSliceMirroringController,
    ephemeralVolumeController,
    namespaceController,
    resourceQuotaController(),
    serviceAccountController,
  ]);
});
afterEach(() => cluster.stop());

const quota = (hard: Record<string, string>, namespace = ns) =>
  cluster.create(ResourceQuota, { metadata: { name: 'q', namespace }, spec: { hard } });
const place = (name: string, namespace = ns) => ({ namespace, name });

describe('a quota that forbids', () => {
  it('endpoints is told, and they appear once it is gone', async () => {
    await quota({ 'count/endpoints': '0', 'count/endpointslices.discovery.k8s.io': '0' });
    await cluster.create(Service, {
      metadata: { name: 's', namespace: ns },
      spec: { selector: { app: 'e' }, ports: [{ port: 80 }] },
    });
    const events = await cluster.events('s');
    const found = (reason: string) => events.find((event) => event[0] === reason)?.[1];
    expect(found('FailedToCreateEndpoint')).toBe(
      'Failed to create endpoint for service test/s: endpoints "s" is forbidden: exceeded quota: q, requested: count/endpoints=1, used: count/endpoints=0, limited: count/endpoints=0',
    );
    expect(found('FailedToUpdateEndpointSlices')).toMatch(
      /^Error updating Endpoint Slices for Service test\/s: failed to create EndpointSlice for Service test\/s: endpointslices\.discovery\.k8s\.io "s-.*" is forbidden: exceeded quota: q, /,
    );
    await cluster.client.delete(ResourceQuota, place('q'));
    await cluster.advance(60_000);
    expect(cluster.cache.get(Endpoints, place('s'))).toBeDefined();
    expect(cluster.cache.list(EndpointSlice, ns)).toHaveLength(1);
  });

  it('the claim of an ephemeral volume is told about the pod', async () => {
    await quota({ persistentvolumeclaims: '0' });
    const volumeClaimTemplate = { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } };
    await cluster.create(Pod, {
      metadata: { name: 'p', namespace: ns },
      spec: { containers: [{ name: 'c', image: 'x' }], volumes: [{ name: 'v', ephemeral: { volumeClaimTemplate } }] },
    });
    expect(await cluster.events('p')).toContainEqual([
      'FailedBinding',
      'ephemeral volume v: create PVC p-v: persistentvolumeclaims "p-v" is forbidden: exceeded quota: q, requested: persistentvolumeclaims=1, used: persistentvolumeclaims=0, limited: persistentvolumeclaims=0',
    ]);
  });

  it('the default service account is tried again', async () => {
    await quota({ 'count/serviceaccounts': '0' });
    await cluster.client.delete(ServiceAccount, place('default'));
    await cluster.settle();
    expect(cluster.cache.get(ServiceAccount, place('default'))).toBeUndefined();
    await cluster.client.delete(ResourceQuota, place('q'));
    await cluster.advance(60_000);
    expect(cluster.cache.get(ServiceAccount, place('default'))).toBeDefined();
  });
});

it('mirrors a thousand addresses of a subset and tells how many are left out', async () => {
  await cluster.create(Service, { metadata: { name: 's', namespace: ns }, spec: { ports: [{ port: 80 }] } });
  const address = (i: number) => ({ ip: `192.0.${2 + Math.floor(i / 250)}.${1 + (i % 250)}` });
  await cluster.create(Endpoints, {
    metadata: { name: 's', namespace: ns, annotations: { 'endpoints.kubernetes.io/last-change-trigger-time': 'x', kept: 'y' } },
    subsets: [{ addresses: Array.from({ length: 1003 }, (_, i) => address(i)), ports: [{ port: 80 }] }],
  });
  await cluster.settle();
  const [slice, ...others] = cluster.cache.list(EndpointSlice, ns);
  expect([slice?.endpoints?.length, others, slice?.metadata.annotations]).toEqual([1000, [], { kept: 'y' }]);
  expect(await cluster.events('s')).toContainEqual([
    'TooManyAddressesToMirror',
    'A max of 1000 addresses can be mirrored to EndpointSlices per Endpoints subset. 3 addresses were skipped',
  ]);
});

it('topology-mode Auto gives endpoints to zones, and says when it does and when it cannot', async () => {
  for (const zone of ['a', 'b']) {
    await cluster.create(Node, {
      metadata: { name: `n${zone}`, labels: { 'topology.kubernetes.io/zone': zone } },
      status: { allocatable: { cpu: '1' }, conditions: [{ type: 'Ready', status: 'True' }] },
    });
    const made = await cluster.client.get(Node, place(`n${zone}`, ''));
    await cluster.client.updateStatus(Node, {
      ...made,
      status: { ...made.status, allocatable: { cpu: '1' }, conditions: [{ type: 'Ready', status: 'True' }] },
    });
  }
  const run = async (name: string, zone: string, ip: string) => {
    const spec = { ...template({}).spec, nodeName: `n${zone}` } as never;
    const pod = await cluster.create(Pod, { metadata: { name, namespace: ns, labels: { app: 'e' } }, spec });
    await cluster.setPodStatus(pod, { phase: 'Running', podIP: ip, conditions: [{ type: 'Ready', status: 'True' }] });
  };
  const hints = () =>
    cluster.cache
      .list(EndpointSlice, ns)
      .flatMap(({ endpoints }) => endpoints ?? [])
      .map(({ hints: hint }) => hint?.forZones?.[0]?.name);
  await run('p1', 'a', '10.244.0.1');
  await cluster.create(Service, {
    metadata: { name: 's', namespace: ns, annotations: { 'service.kubernetes.io/topology-mode': 'Auto' } },
    spec: { selector: { app: 'e' }, ports: [{ port: 80 }] },
  });
  expect(hints()).toEqual([undefined]);
  await run('p2', 'a', '10.244.0.2');
  await cluster.advance(5000);
  expect(hints().sort()).toEqual(['a', 'b']);
  const service = await cluster.client.get(Service, place('s'));
  await cluster.client.update(Service, { ...service, metadata: { ...service.metadata, annotations: {} } });
  await cluster.advance(5000);
  expect(hints()).toEqual([undefined, undefined]);
  expect(await cluster.events('s')).toEqual([
    ['TopologyAwareHintsDisabled', 'Insufficient number of endpoints (1 endpoints, 2 zones), addressType: IPv4'],
    ['TopologyAwareHintsEnabled', 'Topology Aware Hints has been enabled, addressType: IPv4'],
    ['TopologyAwareHintsDisabled', 'Topology Aware Hints has been disabled, addressType: IPv4'],
  ]);
});

describe('a namespace that does not go', () => {
  const condition = (type: string) => {
    const { conditions = [] } = cluster.cache.get(Namespace, place(ns, ''))?.status ?? {};
    const found = conditions.find((one) => one.type === type);
    return [found?.status, found?.reason, found?.message];
  };

  it('says which API does not answer, empties itself all the same, and goes with the announcement', async () => {
    await cluster.create(APIService, {
      metadata: { name: 'v1.gone.example' },
      spec: {
        group: 'gone.example',
        version: 'v1',
        groupPriorityMinimum: 100,
        versionPriority: 100,
        insecureSkipTLSVerify: true,
        service: { name: 'nobody', namespace: 'default' },
      },
    });
    await cluster.create(ConfigMap, { metadata: { name: 'c', namespace: ns } });
    await cluster.client.delete(Namespace, place(ns, ''));
    await cluster.advance(1000);
    expect(cluster.cache.list(ConfigMap, ns)).toEqual([]);
    expect(condition('NamespaceDeletionDiscoveryFailure')).toEqual([
      'True',
      'DiscoveryFailed',
      'Discovery failed for some groups, 1 failing: unable to retrieve the complete list of server APIs: gone.example/v1: stale GroupVersion discovery: gone.example/v1',
    ]);
    await cluster.client.delete(APIService, place('v1.gone.example', ''));
    await cluster.advance(60_000);
    expect(cluster.cache.get(Namespace, place(ns, ''))).toBeUndefined();
  });

  it('says that pods outstayed their grace, as on a node that is silent', async () => {
    await cluster.create(Node, { metadata: { name: 'n' } });
    await cluster.create(Pod, { metadata: { name: 'p', namespace: ns }, spec: { ...template({}).spec, nodeName: 'n' } as never });
    await cluster.client.delete(Namespace, place(ns, ''));
    await cluster.advance(20_000);
    expect(condition('NamespaceDeletionContentFailure')[0]).toBe('False');
    await cluster.advance(60_000);
    expect(condition('NamespaceDeletionContentFailure')).toEqual([
      'True',
      'ContentDeletionFailed',
      'Failed to delete all resource types, 1 remaining: unexpected items still remain in namespace: test for gvr: /v1, Resource=pods',
    ]);
    await cluster.client.delete(Pod, place('p'), { gracePeriodSeconds: 0 });
    await cluster.advance(60_000);
    expect(cluster.cache.get(Namespace, place(ns, ''))).toBeUndefined();
  });
});
