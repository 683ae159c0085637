import { afterEach, describe, expect, it } from 'vitest';
import { Lease } from '#common/kinds/lease.ts';
import { Node } from '#common/kinds/node.ts';
import { Pod } from '#common/kinds/pod.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { KubeletOptions } from '../options.ts';
import { KubeletFixture } from '../testing/kubeletFixture.ts';

let fixture: KubeletFixture;
const begin = (options: Partial<KubeletOptions> = {}): KubeletFixture => (fixture = new KubeletFixture(options, () => undefined));
afterEach(() => fixture.close());

const addNode = async (node: Partial<api.Node> = {}, name = 'node-1'): Promise<void> => {
  fixture.api.put(Node, {
    metadata: { name, ...node.metadata },
    spec: { podCIDR: '10.244.0.0/24', ...node.spec },
    ...(node.status ? { status: node.status } : {}),
  });
  await fixture.settle();
};
const node = (name = 'node-1'): api.Node => fixture.api.cache.get(Node, { namespace: '', name }) as api.Node;
const lease = (): api.Lease | undefined => fixture.api.cache.get(Lease, { namespace: 'kube-node-lease', name: 'node-1' });

describe('a new Node', () => {
  it('becomes a ready machine', async () => {
    const f = begin();
    await addNode();
    expect(node().status).toMatchObject({
      capacity: { cpu: '8', memory: '16Gi', pods: '110' },
      allocatable: { cpu: '8', memory: '16Gi', pods: '110' },
      addresses: [
        { type: 'InternalIP', address: '10.0.0.1' },
        { type: 'Hostname', address: 'node-1' },
      ],
      nodeInfo: { kubeletVersion: 'v1.36.3', operatingSystem: 'linux', architecture: 'amd64' },
    });
    expect(
      node().status?.conditions?.map(({ type, status, reason, message }) => [type, status, reason, message].join(' ')),
    ).toEqual([
      'MemoryPressure False KubeletHasSufficientMemory kubelet has sufficient memory available',
      'DiskPressure False KubeletHasNoDiskPressure kubelet has no disk pressure',
      'PIDPressure False KubeletHasSufficientPID kubelet has sufficient PID available',
      'Ready True KubeletReady kubelet is posting ready status',
    ]);
    expect(node().metadata.labels).toEqual({
      'kubernetes.io/arch': 'amd64',
      'kubernetes.io/hostname': 'node-1',
      'kubernetes.io/os': 'linux',
    });
    expect(f.events.map(({ reason }) => reason)).toEqual([
      'Starting',
      'NodeHasSufficientMemory',
      'NodeHasNoDiskPressure',
      'NodeHasSufficientPID',
      'NodeReady',
    ]);
    expect(f.events.at(-1)?.message).toBe('Node node-1 status is now: NodeReady');
  });

  it('keeps the size, the labels and the address that it was given', async () => {
    begin();
    await addNode({
      metadata: { labels: { 'kubernetes.io/arch': 'arm64' } },
      status: {
        capacity: { cpu: '2', 'x.io/gpu': '1' },
        allocatable: { cpu: '1' },
        addresses: [{ type: 'InternalIP', address: '10.0.5.5' }],
      },
    });
    expect(node().status).toMatchObject({
      capacity: { cpu: '2', memory: '16Gi', pods: '110', 'x.io/gpu': '1' },
      allocatable: { cpu: '1', memory: '16Gi', pods: '110', 'x.io/gpu': '1' },
      addresses: [{ address: '10.0.5.5' }, {}],
      nodeInfo: { architecture: 'arm64' },
    });
    expect(node().metadata.labels).toEqual({ 'kubernetes.io/arch': 'arm64' });
  });

  it('keeps its labels as they are when nothing takes time', async () => {
    begin({ instant: true });
    await addNode();
    expect(node().metadata.labels).toBeUndefined();
  });
});

describe('heartbeats', () => {
  it('renew the lease every ten seconds and report every five minutes, on one timer', async () => {
    const f = begin();
    await addNode();
    await addNode({}, 'node-2');
    expect(lease()).toMatchObject({
      metadata: { ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: 'node-1', uid: 'uid-node-1' }] },
      spec: { holderIdentity: 'node-1', leaseDurationSeconds: 40, renewTime: '2026-01-01T00:00:00.000000Z' },
    });
    const reports = (): number => f.api.writes.filter(({ verb, name }) => verb === 'updateStatus' && name === 'node-1').length;
    expect(f.clock.pending).toBe(1);
    await f.advance(30_000);
    expect(lease()?.spec?.renewTime).toBe('2026-01-01T00:00:30.000000Z');
    expect(reports()).toBe(1);
    await f.advance(270_000);
    expect(reports()).toBe(2);
    expect(node().status?.conditions?.[3]).toMatchObject({
      lastHeartbeatTime: '2026-01-01T00:05:00Z',
      lastTransitionTime: '2026-01-01T00:00:00Z',
    });
    expect(f.clock.pending).toBe(1);
  });

  it('list new images', async () => {
    const f = begin();
    await addNode();
    await f.createPod({ containers: [{ name: 'app', image: 'nginx' }] });
    await f.advance(10_000);
    expect(node().status?.images).toEqual([{ names: [expect.stringContaining('nginx@sha256:'), 'nginx'], sizeBytes: 1000 }]);
  });
});

describe('a Node that is deleted', () => {
  it('takes its containers with it and writes nothing', async () => {
    const f = begin();
    await addNode();
    await f.createPod({ containers: [{ name: 'app', image: 'nginx' }] });
    const writes = f.api.writes.length;
    await f.api.remove(Node, { namespace: '', name: 'node-1' });
    await f.advance(60_000);
    expect(f.runtime.container('app').stops).toEqual([0]);
    expect(f.api.writes.length).toBe(writes + 1);
    expect(f.clock.pending).toBe(0);
  });

  it('leaves pods to nobody, until it comes back', async () => {
    const f = begin();
    await f.createPod({ containers: [{ name: 'app', image: 'nginx' }] });
    expect(f.status().phase).toBe('Pending');
    await addNode();
    expect(f.status().phase).toBe('Running');
  });
});

describe('pods of a node', () => {
  it('wait for its range of addresses', async () => {
    const f = begin();
    f.api.put(Node, { metadata: { name: 'node-1' }, spec: {} });
    await f.createPod({ containers: [{ name: 'app', image: 'nginx' }] });
    expect(f.status().phase).toBe('Pending');
    f.api.edit(Node, { namespace: '', name: 'node-1' }, (old) => ({ ...old, spec: { podCIDR: '10.244.7.0/24' } }));
    await f.settle();
    expect(f.status()).toMatchObject({ phase: 'Running', podIP: '10.244.7.2' });
  });

  it('take shared addresses when their node is given no range', async () => {
    const f = begin();
    f.api.put(Node, { metadata: { name: 'node-1' }, spec: {} });
    await f.createPod({ containers: [{ name: 'app', image: 'nginx' }] });
    await f.advance(2000);
    expect(f.status()).toMatchObject({ phase: 'Running', podIP: expect.stringMatching(/^10\.128\./) });
  });

  it('are refused where they do not fit', async () => {
    const f = begin();
    await addNode({ status: { capacity: { cpu: '1', pods: '2' } } });
    const app = (cpu: string) => ({ name: 'app', image: 'nginx', resources: { requests: { cpu } } });
    await f.createPod({ containers: [app('600m')] }, { name: 'a' });
    await f.createPod({ containers: [app('600m')] }, { name: 'b' });
    expect(f.status('b')).toMatchObject({
      phase: 'Failed',
      reason: 'OutOfcpu',
      message: "Pod was rejected: Node didn't have enough resource: cpu, requested: 600, used: 600, capacity: 1000",
    });
    expect(f.events.at(-1)).toMatchObject({ type: 'Warning', reason: 'OutOfcpu' });
    await f.deletePod(0, 'a');
    await f.createPod({ containers: [app('1')] }, { name: 'c' });
    expect(f.status('c').phase).toBe('Running');
  });

  it('have the address of the machine with hostNetwork', async () => {
    const f = begin();
    await addNode();
    await f.createPod({ hostNetwork: true, containers: [{ name: 'app', image: 'nginx' }] });
    expect(f.status()).toMatchObject({ podIP: '10.0.0.1', hostIP: '10.0.0.1' });
    expect(f.runtime.container('app').spec.pod.hostname).toBe('node-1');
  });

  it('are reached at their host ports', async () => {
    const f = begin();
    await addNode();
    await f.createPod({ containers: [{ name: 'app', image: 'nginx', ports: [{ containerPort: 80, hostPort: 8080 }] }] });
    f.network.listen('10.244.0.2', 80, (socket) => socket.end('hello'));
    const answer = await new Promise((resolve) =>
      f.network.connect('10.0.0.1', '10.0.0.1', 8080).once('data', (data) => resolve(String(data))),
    );
    expect(answer).toBe('hello');
  });

  it('go on where the range ends', async () => {
    const f = begin();
    await addNode({ spec: { podCIDR: '10.244.0.0/29' } });
    for (let i = 0; i < 6; i++) await f.createPod({ containers: [{ name: 'app', image: 'nginx' }] }, { name: `p${i}` });
    const ips = f.api.cache.list(Pod).map((pod) => pod.status?.podIP);
    expect(new Set(ips).size).toBe(6);
    expect(ips.slice(0, 5)).toEqual(['10.244.0.2', '10.244.0.3', '10.244.0.4', '10.244.0.5', '10.244.0.6']);
  });
});
