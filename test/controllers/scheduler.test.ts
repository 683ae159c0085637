/** The scheduler against the real API: what waiting pods are told, and what lets them in. */
import { afterEach, expect, it } from 'vitest';
import { Node } from '#common/kinds/node.ts';
import { PersistentVolume } from '#common/kinds/persistentVolume.ts';
import { PersistentVolumeClaim } from '#common/kinds/persistentVolumeClaim.ts';
import { Pod } from '#common/kinds/pod.ts';
import { PriorityClass } from '#common/kinds/priorityClass.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { RunnableController } from '#runtime/controller/controller.ts';
import { runScheduler } from '#runtime/scheduler/scheduler.ts';
import { ns, startTestCluster } from './testCluster.ts';

const scheduler: RunnableController = {
  name: 'scheduler',
  writes: [Pod, PersistentVolumeClaim, PersistentVolume],
  run: (ctx) => runScheduler(ctx, ctx),
};
type Cluster = Awaited<ReturnType<typeof startTestCluster>>;
let cluster: Cluster | undefined;
afterEach(async () => {
  await cluster?.stop();
  cluster = undefined;
});

async function start(...nodes: string[]): Promise<Cluster> {
  cluster = await startTestCluster([scheduler]);
  for (const name of nodes) await addNode(cluster, name);
  return cluster;
}

/** Ready at once: nobody takes away the taint that new nodes get. */
async function addNode({ client }: Cluster, name: string): Promise<void> {
  const room = { cpu: '4', memory: '8Gi', pods: '10' };
  const metadata = { name, labels: { 'kubernetes.io/hostname': name } };
  await client.create(Node, { apiVersion: 'v1', kind: 'Node', metadata, status: { allocatable: room, capacity: room } });
  await client.patch(Node, { namespace: '', name }, 'merge', { spec: { taints: null } });
}

const addPod = ({ client }: Cluster, name: string, spec: Partial<api.PodSpec> = {}) =>
  client.create(Pod, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: ns },
    spec: { containers: [{ name: 'c', image: 'i', resources: { requests: { cpu: '3' } } }], ...spec },
  });

const podNamed = ({ cache }: Cluster, name: string): api.Pod | undefined => cache.get(Pod, { namespace: ns, name });

/** Lets the event loop turn as well, on which the scheduler works. */
async function pass(running: Cluster, ms: number): Promise<void> {
  for (let i = 0; i < 5; i++) {
    await new Promise((resolve) => setImmediate(resolve));
    await running.advance(ms / 5);
  }
}

it('takes in a waiting pod when a node comes, and not before its back-off', async () => {
  const running = await start('n1');
  await addPod(running, 'first');
  await pass(running, 100);
  await addPod(running, 'second');
  await pass(running, 100);
  expect(podNamed(running, 'first')?.spec?.nodeName).toBe('n1');
  expect(podNamed(running, 'second')?.status?.conditions?.[0]).toMatchObject({ reason: 'Unschedulable', status: 'False' });
  await addNode(running, 'n2');
  await pass(running, 100);
  expect(podNamed(running, 'second')?.spec?.nodeName).toBeUndefined();
  await pass(running, 1_000);
  expect(podNamed(running, 'second')?.spec?.nodeName).toBe('n2');
});

it('preempts: the victim is told why, the room is kept, and taken when the victim is gone', async () => {
  const running = await start('n1');
  await addPod(running, 'victim');
  await pass(running, 100);
  await running.client.patch(Pod, { namespace: ns, name: 'victim' }, 'merge', { metadata: { finalizers: ['x.example/hold'] } });
  await running.client.create(PriorityClass, {
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name: 'high' },
    value: 1000,
  });
  const important = await addPod(running, 'important', { priorityClassName: 'high' });
  await pass(running, 100);
  expect(podNamed(running, 'important')?.status).toMatchObject({
    nominatedNodeName: 'n1',
    conditions: [{ type: 'PodScheduled', message: '0/1 nodes are available: 1 Insufficient cpu.' }],
  });
  const victim = podNamed(running, 'victim');
  expect(victim?.metadata.deletionTimestamp).toBeDefined();
  expect(victim?.status?.conditions?.find((c) => c.type === 'DisruptionTarget')).toMatchObject({
    reason: 'PreemptionByScheduler',
    message: 'default-scheduler: preempting to accommodate a higher priority pod',
  });
  expect(await running.events('victim')).toContainEqual(['Preempted', `Preempted by pod ${important.metadata.uid} on node n1`]);

  await addPod(running, 'opportunist');
  const victimKey = { namespace: ns, name: 'victim' };
  await running.client.patch(Pod, victimKey, 'merge', { metadata: { finalizers: null } });
  await running.client.delete(Pod, victimKey, { gracePeriodSeconds: 0 });
  await pass(running, 2_000);
  expect(podNamed(running, 'important')?.spec?.nodeName).toBe('n1');
  expect(podNamed(running, 'opportunist')?.spec?.nodeName).toBeUndefined();
});

it('leaves pods of other schedulers, and those with gates, alone until the gates are gone', async () => {
  const running = await start('n1');
  await addPod(running, 'other', { schedulerName: 'mine' });
  await addPod(running, 'gated', { schedulingGates: [{ name: 'example.com/wait' }] });
  await pass(running, 5_000);
  expect(podNamed(running, 'other')?.spec?.nodeName).toBeUndefined();
  expect(podNamed(running, 'gated')?.spec?.nodeName).toBeUndefined();
  await running.client.patch(Pod, { namespace: ns, name: 'gated' }, 'merge', { spec: { schedulingGates: [] } });
  await pass(running, 100);
  expect(podNamed(running, 'gated')?.spec?.nodeName).toBe('n1');
});

it('tries a pod again when its missing claim has come', async () => {
  const running = await start('n1');
  await addPod(running, 'p', { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }] });
  await pass(running, 2_000);
  const message = (): string | undefined => podNamed(running, 'p')?.status?.conditions?.[0]?.message;
  expect(message()).toBe('0/1 nodes are available: persistentvolumeclaim "c" not found. not found');
  await running.client.create(PersistentVolumeClaim, {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'c', namespace: ns },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  });
  await pass(running, 100);
  expect(message()).toBe('0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found');
});
