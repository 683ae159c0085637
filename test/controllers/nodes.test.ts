import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatMicroTime, formatTime } from '#common/api/time.ts';
import { Lease } from '#common/kinds/lease.ts';
import { Namespace } from '#common/kinds/namespace.ts';
import { Node } from '#common/kinds/node.ts';
import { Pod } from '#common/kinds/pod.ts';
import type * as api from '#common/schema/generated/types.ts';
import { nodeIpamController } from '#runtime/controllers/nodeIpam.ts';
import { nodeLifecycleController } from '#runtime/controllers/nodeLifecycle.ts';
import { podGarbageCollector } from '#runtime/controllers/podGarbageCollector.ts';
import { taintEvictionController } from '#runtime/controllers/taintEviction.ts';
import { ns, startTestCluster, template } from './testCluster.ts';

let cluster: Awaited<ReturnType<typeof startTestCluster>>;
beforeEach(async () => {
  cluster = await startTestCluster([
    nodeIpamController,
    nodeLifecycleController(),
    taintEvictionController(),
    podGarbageCollector(),
  ]);
  await cluster.create(Namespace, { metadata: { name: 'kube-node-lease' } });
  // One that is always heard of: when nothing is, nothing is given up.
  const heard = formatTime(cluster.clock.now() + 24 * 3_600_000);
  await cluster.create(Node, {
    metadata: { name: 'other' },
    status: { conditions: [{ type: 'Ready', status: 'True', lastHeartbeatTime: heard }] },
  });
});
afterEach(() => cluster.stop());

const node = () => cluster.cache.get(Node, { namespace: '', name: 'n' });
const taints = () => node()?.spec?.taints?.map(({ key, effect }) => `${key.split('/')[1]}:${effect}`) ?? [];
const startNode = async (): Promise<void> => {
  await cluster.create(Node, { metadata: { name: 'n', labels: { 'kubernetes.io/os': 'linux' } } });
  await ready();
  await cluster.create(Lease, {
    metadata: { name: 'n', namespace: 'kube-node-lease' },
    spec: { renewTime: formatMicroTime(cluster.clock.now()) },
  });
};
const ready = async (): Promise<void> => {
  const now = formatTime(cluster.clock.now());
  const fresh = await cluster.client.get(Node, { namespace: '', name: 'n' });
  const conditions = [{ type: 'Ready', status: 'True', reason: 'KubeletReady', lastHeartbeatTime: now, lastTransitionTime: now }];
  await cluster.client.updateStatus(Node, { ...fresh, status: { ...fresh.status, conditions } });
  await cluster.settle();
};
const renew = async (): Promise<void> => {
  const lease = await cluster.client.get(Lease, { namespace: 'kube-node-lease', name: 'n' });
  await cluster.client.update(Lease, { ...lease, spec: { ...lease.spec, renewTime: formatMicroTime(cluster.clock.now()) } });
};
const startPod = async (tolerations: api.Toleration[] = []): Promise<void> => {
  const created = await cluster.create(Pod, {
    metadata: { name: 'p', namespace: ns },
    spec: { ...template({}).spec, nodeName: 'n', terminationGracePeriodSeconds: 0, tolerations } as api.PodSpec,
  });
  const lastTransitionTime = formatTime(cluster.clock.now());
  await cluster.setPodStatus(created, { phase: 'Running', conditions: [{ type: 'Ready', status: 'True', lastTransitionTime }] });
};
const pod = () => cluster.cache.get(Pod, { namespace: ns, name: 'p' });

describe('nodes', () => {
  it('get ranges of pod addresses, which come free again', async () => {
    for (const name of ['a', 'b', 'c']) await cluster.create(Node, { metadata: { name } });
    await cluster.client.delete(Node, { namespace: '', name: 'b' });
    await cluster.create(Node, { metadata: { name: 'd' } });
    const ranges = cluster.cache.list(Node).map(({ metadata, spec }) => `${metadata.name} ${spec?.podCIDR}`);
    expect(ranges.sort()).toEqual(['a 10.244.1.0/24', 'c 10.244.3.0/24', 'd 10.244.2.0/24', 'other 10.244.0.0/24']);
  });

  it('turn Unknown after 50 seconds of silence, get taints, lose their pods after 5 minutes, and recover', async () => {
    await startNode();
    await startPod();
    expect(taints()).toEqual([]);
    await cluster.advance(30_000);
    await renew();
    await cluster.advance(45_000);
    expect(taints()).toEqual([]);
    await cluster.advance(10_000);
    expect(node()?.status?.conditions?.find((c) => c.type === 'Ready')).toMatchObject({
      status: 'Unknown',
      reason: 'NodeStatusUnknown',
    });
    expect(taints()).toEqual(['unreachable:NoSchedule', 'unreachable:NoExecute']);
    expect(pod()?.status?.conditions?.find((c) => c.type === 'Ready')?.status).toBe('False');
    await cluster.advance(290_000);
    expect(pod()).toBeDefined();
    await cluster.advance(11_000);
    expect(pod()).toBeUndefined();
    await renew();
    await ready();
    expect(taints()).toEqual([]);
    expect((await cluster.events('n', 'default')).map(([reason]) => reason)).toEqual(['RegisteredNode', 'NodeNotReady']);
  });

  it('are not given up while none is heard of, and are once another is', async () => {
    await startNode();
    await startPod();
    await cluster.client.delete(Node, { namespace: '', name: 'other' });
    await cluster.advance(400_000);
    expect(taints()).toEqual(['unreachable:NoSchedule']);
    expect(pod()).toBeDefined();
    const heard = formatTime(cluster.clock.now() + 3_600_000);
    const conditions = [{ type: 'Ready', status: 'True', lastHeartbeatTime: heard }];
    await cluster.create(Node, { metadata: { name: 'other' }, status: { conditions } });
    await cluster.advance(10_000);
    expect(taints()).toEqual(['unreachable:NoSchedule', 'unreachable:NoExecute']);
    await cluster.client.delete(Node, { namespace: '', name: 'other' });
    await cluster.advance(10_000);
    expect(taints()).toEqual(['unreachable:NoSchedule']);
    await cluster.advance(400_000);
    expect(pod()).toBeDefined();
  });

  it('evict by taint at once, after the tolerated time, or not when the taint goes', async () => {
    await startNode();
    await startPod([{ key: 'x', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 60 }]);
    const taint = (value: api.Taint[] | null) =>
      cluster.client.patch(Node, { namespace: '', name: 'n' }, 'merge', { spec: { taints: value } });
    await taint([{ key: 'x', effect: 'NoExecute' }]);
    await cluster.advance(30_000);
    await taint(null);
    await renew();
    await cluster.advance(31_000);
    expect((await cluster.events('p')).map(([, message]) => message)).toContain('Cancelling deletion of Pod test/p');
    expect(pod()).toBeDefined();
    await taint([{ key: 'y', effect: 'NoExecute' }]);
    await cluster.settle();
    expect(pod()).toBeUndefined();
  });

  it('leave pods behind that are removed 40 seconds later', async () => {
    await startNode();
    await startPod();
    await cluster.client.delete(Node, { namespace: '', name: 'n' });
    await cluster.advance(39_000);
    expect(pod()).toBeDefined();
    await cluster.advance(2000);
    expect(pod()).toBeUndefined();
  });
});
