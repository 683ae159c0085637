import { afterEach, describe, expect, it } from 'vitest';
import { ClusterRole } from '#common/kinds/clusterRole.ts';
import { ConfigMap } from '#common/kinds/configMap.ts';
import { EndpointSlice } from '#common/kinds/endpointSlice.ts';
import { Lease } from '#common/kinds/lease.ts';
import { Node } from '#common/kinds/node.ts';
import { ResourceQuota } from '#common/kinds/resourceQuota.ts';
import { Secret } from '#common/kinds/secret.ts';
import { Service } from '#common/kinds/service.ts';
import { ServiceAccount } from '#common/kinds/serviceAccount.ts';
import { ServiceCIDR } from '#common/kinds/serviceCidr.ts';
import { hasReason } from '#common/api/status.ts';
import type { Controller } from '#runtime/controller/controller.ts';
import { planLease } from '#runtime/controller/leaderElection.ts';
import { cloudNodeController } from '#runtime/controllers/cloudNode.ts';
import { clusterRoleAggregationController } from '#runtime/controllers/clusterRoleAggregation.ts';
import { planLegacyToken } from '#runtime/controllers/legacyTokenCleaner.ts';
import { loadBalancerController } from '#runtime/controllers/loadBalancer.ts';
import { nodeTtlController, planStep } from '#runtime/controllers/nodeTtl.ts';
import { resourceQuotaController } from '#runtime/controllers/resourceQuota.ts';
import { serviceAccountTokenController } from '#runtime/controllers/serviceAccountToken.ts';
import { serviceCidrController } from '#runtime/controllers/serviceCidr.ts';
import { staleApiServerLeaseController } from '#runtime/controllers/staleApiServerLease.ts';
import { ns, startTestCluster } from './testCluster.ts';

let cluster: Awaited<ReturnType<typeof startTestCluster>>;
const start = async (...controllers: Controller[]): Promise<void> => {
  cluster = await startTestCluster(controllers);
};
afterEach(() => cluster.stop());
const place = (name: string, namespace = ns): { namespace: string; name: string } => ({ namespace, name });

describe('resource quota', () => {
  const used = () => cluster.client.get(ResourceQuota, place('q')).then(({ status }) => status?.used);
  const configMap = (name: string) => cluster.client.create(ConfigMap, { metadata: { name, namespace: ns } });

  it('books what is made before the answer, and never lets two have the last one', async () => {
    await start(resourceQuotaController());
    await cluster.create(ResourceQuota, { metadata: { name: 'q', namespace: ns }, spec: { hard: { configmaps: '3' } } });
    await cluster.settle();
    await configMap('a');
    expect(await used()).toEqual({ configmaps: '1' });
    const results = await Promise.allSettled(['b', 'c', 'd', 'e'].map(configMap));
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
    expect(refused).toHaveLength(2);
    for (const error of refused) expect(hasReason(error, 'Forbidden')).toBe(true);
    expect(await used()).toEqual({ configmaps: '3' });
  });

  it('is given back what goes, and counts nothing for a name that is taken', async () => {
    await start(resourceQuotaController());
    await configMap('a');
    await cluster.create(ResourceQuota, { metadata: { name: 'q', namespace: ns }, spec: { hard: { configmaps: '5' } } });
    await cluster.settle();
    await expect(configMap('a')).rejects.toThrow('already exists');
    expect(await used()).toEqual({ configmaps: '1' });
    await cluster.client.delete(ConfigMap, place('a'));
    await cluster.advance(100);
    expect(await used()).toEqual({ configmaps: '0' });
  });
});

it('an aggregated role follows the roles that it is put together from', async () => {
  await start(clusterRoleAggregationController);
  const rule = (resource: string) => ({ apiGroups: [''], resources: [resource], verbs: ['get'] });
  await cluster.create(ClusterRole, {
    metadata: { name: 'all' },
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: { to: 'all' } }] },
  });
  await cluster.create(ClusterRole, { metadata: { name: 'b', labels: { to: 'all' } }, rules: [rule('pods'), rule('nodes')] });
  await cluster.create(ClusterRole, { metadata: { name: 'a', labels: { to: 'all' } }, rules: [rule('nodes')] });
  await cluster.settle();
  const rules = async () => (await cluster.client.get(ClusterRole, place('all', ''))).rules;
  expect(await rules()).toEqual([rule('nodes'), rule('pods')]);
  await cluster.client.delete(ClusterRole, place('b', ''));
  await cluster.settle();
  expect(await rules()).toEqual([rule('nodes')]);
});

describe('token Secrets', () => {
  const secret = (name: string, annotations: Record<string, string>) =>
    cluster.client.create(Secret, {
      metadata: { name, namespace: ns, annotations },
      type: 'kubernetes.io/service-account-token',
    });
  const begin = () =>
    start(
      serviceAccountTokenController({
        rootCertificate: 'CA',
        issueToken: (account, name) => `token of ${account.name} in ${name}`,
      }),
    );
  const text = (value: string | undefined): string => Buffer.from(value ?? '', 'base64').toString();

  it('are filled, and go with their account', async () => {
    await begin();
    const account = await cluster.client.create(ServiceAccount, { metadata: { name: 'a', namespace: ns } });
    await secret('t', { 'kubernetes.io/service-account.name': 'a' });
    await cluster.settle();
    const filled = await cluster.client.get(Secret, place('t'));
    expect(Object.fromEntries(Object.entries(filled.data ?? {}).map(([key, value]) => [key, text(value)]))).toEqual({
      'ca.crt': 'CA',
      namespace: ns,
      token: 'token of a in t',
    });
    expect(filled.metadata.annotations?.['kubernetes.io/service-account.uid']).toBe(account.metadata.uid);
    await cluster.client.delete(ServiceAccount, place('a'));
    await cluster.settle();
    expect(cluster.cache.get(Secret, place('t'))).toBeUndefined();
  });

  it('of no account, or of one of the same name before, are deleted', async () => {
    await begin();
    await cluster.client.create(ServiceAccount, { metadata: { name: 'a', namespace: ns } });
    await secret('none', { 'kubernetes.io/service-account.name': 'b' });
    await secret('former', { 'kubernetes.io/service-account.name': 'a', 'kubernetes.io/service-account.uid': 'x' });
    await cluster.settle();
    expect(cluster.cache.list(Secret, ns)).toEqual([]);
  });
});

const day = 24 * 3600 * 1000;
it.each<[string, Record<string, string>, number, 'mark' | 'delete' | number]>([
  ['young', {}, 100 * day, 365 * day],
  ['long unused', {}, 366 * day, 'mark'],
  ['used not long ago', { 'kubernetes.io/legacy-token-last-used': '1970-12-01' }, 366 * day, (334 + 365) * day],
  ['marked lately', { 'kubernetes.io/legacy-token-invalid-since': '1971-02-01' }, 400 * day, (396 + 365) * day],
  ['marked a year ago', { 'kubernetes.io/legacy-token-invalid-since': '1971-02-01' }, 800 * day, 'delete'],
])('a listed token that is %s', async (_, labels, now, plan) => {
  await start();
  expect(planLegacyToken({ metadata: { labels, creationTimestamp: '1970-01-01T00:00:00Z' } }, 0, now)).toBe(plan);
});

it('nodes say how long their kubelets may hold on to Secrets, which grows with the cluster and shrinks late', async () => {
  await start(nodeTtlController());
  await cluster.create(Node, { metadata: { name: 'n' } });
  await cluster.settle();
  const node = await cluster.client.get(Node, place('n', ''));
  expect(node.metadata.annotations).toEqual({ 'node.alpha.kubernetes.io/ttl': '0' });
  expect([100, 101, 95, 89].reduce<number[]>((steps, n) => [...steps, planStep(steps.at(-1) ?? 0, n)], [])).toEqual([0, 1, 1, 0]);
  expect(planStep(0, 5000)).toBe(4);
});

it('the lease of an API server that has gone is deleted when it runs out, and others stay', async () => {
  await start(staleApiServerLeaseController);
  const spec = { holderIdentity: 'x', leaseDurationSeconds: 60, renewTime: new Date(cluster.clock.now()).toISOString() };
  const labels = { 'apiserver.kubernetes.io/identity': 'kube-apiserver' };
  const micro = { ...spec, renewTime: spec.renewTime.replace('Z', '000Z') };
  await cluster.client.create(Lease, { metadata: { name: 'gone', namespace: 'kube-system', labels }, spec: micro });
  await cluster.client.create(Lease, { metadata: { name: 'other', namespace: 'kube-system' }, spec: micro });
  await cluster.advance(59_000);
  expect(cluster.cache.list(Lease, 'kube-system')).toHaveLength(2);
  await cluster.advance(2000);
  expect(cluster.cache.list(Lease, 'kube-system').map(({ metadata }) => metadata.name)).toEqual(['other']);
});

it('a service range is ready, and stays while it alone has the address of a Service', async () => {
  await start(serviceCidrController);
  await cluster.create(ServiceCIDR, { metadata: { name: 'r' }, spec: { cidrs: ['10.96.0.0/16'] } });
  await cluster.create(Service, { metadata: { name: 's', namespace: ns }, spec: { ports: [{ port: 80 }] } });
  await cluster.settle();
  const ready = async () => (await cluster.client.get(ServiceCIDR, place('r', ''))).status?.conditions?.[0];
  expect(await ready()).toMatchObject({ type: 'Ready', status: 'True', message: 'Kubernetes Service CIDR is ready' });
  await cluster.client.delete(ServiceCIDR, place('r', ''));
  await cluster.settle();
  expect(await ready()).toMatchObject({ status: 'False', reason: 'Terminating' });
  await cluster.client.delete(Service, place('s'));
  await cluster.settle();
  expect(cluster.cache.list(ServiceCIDR)).toEqual([]);
});

describe('load balancers', () => {
  const balanced: string[] = [];
  const begin = () => {
    balanced.length = 0;
    return start(
      loadBalancerController({
        ensure: async ({ metadata }) => {
          balanced.push(`+${metadata.name}`);
          return { ip: '127.20.0.1', problems: [] };
        },
        release: async () => void balanced.push('-'),
      }),
    );
  };
  const service = (name: string, spec: object = {}) =>
    cluster.create(Service, {
      metadata: { name, namespace: ns },
      spec: { type: 'LoadBalancer', ports: [{ port: 80 }], ...spec },
    });
  const endpoint = (name: string) =>
    cluster.create(EndpointSlice, {
      metadata: { name, namespace: ns, labels: { 'kubernetes.io/service-name': name } },
      addressType: 'IPv4',
      endpoints: [{ addresses: ['10.244.0.1'], conditions: { ready: true } }],
      ports: [{ port: 80 }],
    });
  const ingress = async (name: string) => (await cluster.client.get(Service, place(name))).status?.loadBalancer?.ingress;

  it('come with the first ready endpoint, and are given back before the Service goes', async () => {
    await begin();
    await service('s');
    await cluster.settle();
    expect(balanced).toEqual([]);
    await endpoint('s');
    await cluster.settle();
    expect(await ingress('s')).toEqual([{ ip: '127.20.0.1', ipMode: 'Proxy' }]);
    await cluster.client.delete(Service, place('s'));
    await cluster.settle();
    expect(cluster.cache.get(Service, place('s'))).toBeUndefined();
    expect(balanced).toEqual(['+s', '-']);
    expect((await cluster.events('s')).map(([reason]) => reason)).toEqual([
      'EnsuringLoadBalancer',
      'EnsuredLoadBalancer',
      'DeletingLoadBalancer',
      'DeletedLoadBalancer',
    ]);
  });

  it('are taken from a Service that changes its type, and not given where a class names another provider', async () => {
    await begin();
    await service('s');
    await service('other', { loadBalancerClass: 'example.com/lb' });
    await endpoint('s');
    await endpoint('other');
    await cluster.settle();
    expect(balanced).toEqual(['+s']);
    await cluster.client.patch(Service, place('s'), 'merge', { spec: { type: 'ClusterIP' } });
    await cluster.settle();
    expect(await ingress('s')).toBeUndefined();
    expect((await cluster.client.get(Service, place('s'))).metadata.finalizers).toBeUndefined();
    expect(balanced).toEqual(['+s', '-']);
  });
});

it('a node that waits for its cloud gets its provider id and loses the taint; others are left alone', async () => {
  await start(cloudNodeController);
  const taint = { key: 'node.cloudprovider.kubernetes.io/uninitialized', value: 'true', effect: 'NoSchedule' };
  await cluster.create(Node, { metadata: { name: 'waits' }, spec: { taints: [taint, { key: 'a', effect: 'NoSchedule' }] } });
  await cluster.create(Node, { metadata: { name: 'plain' } });
  await cluster.settle();
  const spec = async (name: string) => (await cluster.client.get(Node, place(name, ''))).spec;
  const waited = await spec('waits');
  expect(waited?.providerID).toBe('kube-playground://waits');
  expect(waited?.taints?.map(({ key }) => key)).toEqual(['a', 'node.kubernetes.io/not-ready']);
  expect((await spec('plain'))?.providerID).toBeUndefined();
});

const held = { holderIdentity: 'me', leaseDurationSeconds: 15, leaseTransitions: 2, renewTime: '1970-01-01T00:00:10.000000Z' };
it.each<[string, object | undefined, object | number]>([
  ['is not there', undefined, { holderIdentity: 'me', leaseTransitions: 0 }],
  ['is its own', held, { holderIdentity: 'me', leaseTransitions: 2, renewTime: '1970-01-01T00:00:20.000000Z' }],
  ['is held by another', { ...held, holderIdentity: 'you' }, 5000],
  ['has run out', { ...held, holderIdentity: 'you', leaseDurationSeconds: 9 }, { holderIdentity: 'me', leaseTransitions: 3 }],
  ['was given back', { ...held, holderIdentity: '' }, { holderIdentity: 'me', leaseTransitions: 3 }],
])('a lease that %s', async (_, spec, plan) => {
  await start();
  const planned = planLease(spec && { metadata: {}, spec }, 'me', 20_000);
  if (typeof plan === 'number') expect(planned).toBe(plan);
  else expect(planned).toMatchObject(plan);
});
