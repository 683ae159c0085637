/** What machines do that are switched off and on, run short of something, or run out of memory. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Machine } from '#common/kinds/machine.ts';
import { Node } from '#common/kinds/node.ts';
import { Pod } from '#common/kinds/pod.ts';
import { Lease } from '#common/kinds/lease.ts';
import type * as api from '#common/schema/generated/types.ts';
import { KubeletFixture, seedNode } from './testing/kubeletFixture.ts';

const key = { namespace: '', name: 'node-1' };
const mebibyte = 2 ** 20;
let kubelet: KubeletFixture;
/** In Mi, by pod. */
let uses: Record<string, number>;

beforeEach(async () => {
  uses = {};
  kubelet = new KubeletFixture({ memoryOf: (pod) => (uses[pod.metadata.name ?? ''] ?? 0) * mebibyte }, (api) => {
    seedNode(api);
    api.put(Machine, { metadata: { name: 'node-1' }, spec: { power: 'On', shutdown: 'Immediate' } });
  });
  await kubelet.settle();
});
afterEach(() => kubelet.close());

const set = async (spec: api.MachineSpec): Promise<void> => {
  const machine = kubelet.api.cache.get(Machine, key) as api.Machine;
  await kubelet.api.client.update(Machine, { ...machine, spec: { ...machine.spec, ...spec } });
  await kubelet.settle();
};
const machine = () => kubelet.api.cache.get(Machine, key)?.status;
const node = () => kubelet.api.cache.get(Node, key)?.status;
const condition = (type: string) => node()?.conditions?.find((each) => each.type === type);
const renewed = () => kubelet.api.cache.get(Lease, { namespace: 'kube-node-lease', name: 'node-1' })?.spec?.renewTime;
const container = { name: 'app', image: 'app' };
const nodeReasons = () => kubelet.events.filter(({ about }) => about === 'Node/node-1').map(({ reason }) => reason);

describe('a machine that is switched off', () => {
  it('says nothing more, and nothing on it can be reached', async () => {
    await kubelet.createPod({ containers: [container] });
    const ip = kubelet.status().podIP ?? '';
    expect(() => kubelet.network.connect('10.0.0.9', ip, 80)).toThrow('ECONNREFUSED');
    const [last, status] = [renewed(), kubelet.status()];
    await set({ power: 'Off' });
    expect(machine()).toMatchObject({ phase: 'Off' });
    expect(machine()?.bootID).toBeUndefined();
    await kubelet.advance(120_000);
    expect(renewed()).toBe(last);
    expect(kubelet.status()).toEqual(status);
    expect(kubelet.runtime.container('app').stops).toEqual([0]);
    expect(() => kubelet.network.connect('10.0.0.9', ip, 80)).toThrow('EHOSTUNREACH');
    await expect(kubelet.streams.attach({ namespace: 'default', name: 'web' }, 'app', {} as never)).rejects.toThrow(
      /^error dialing backend: dial tcp [\d.]+:10250: connect: no route to host$/,
    );
  });

  it('boots again: its pods restart, those that were deleted meanwhile go', async () => {
    await kubelet.createPod({ containers: [container] });
    await kubelet.createPod({ containers: [container] }, { name: 'replaced', uid: 'r' });
    const before = machine()?.bootID;
    await set({ power: 'Off' });
    await kubelet.deletePod(30, 'replaced');
    await kubelet.advance(60_000);
    expect(kubelet.pod('replaced')).toBeDefined();
    await set({ power: 'On' });
    expect(machine()).toMatchObject({ phase: 'Running' });
    expect(machine()?.bootID).not.toBe(before);
    expect(node()?.nodeInfo?.bootID).toBe(machine()?.bootID);
    expect(kubelet.container('app')).toMatchObject({
      restartCount: 1,
      lastState: { terminated: { exitCode: 255, reason: 'Unknown' } },
    });
    expect(kubelet.pod('replaced')).toBeUndefined();
    expect(nodeReasons()).toContain('Rebooted');
  });

  it('takes its time when it is shut down: pods by priority, and none new', async () => {
    await kubelet.createPod({ containers: [container], terminationGracePeriodSeconds: 60 });
    kubelet.runtime.container('app').obeysTerm = false;
    await kubelet.createPod({ containers: [container], priority: 2_000_000_000 }, { name: 'critical', uid: 'c' });
    await set({ power: 'Off', shutdown: 'Graceful', shutdownGracePeriodByPodPriority: [{ priority: 0, shutdownGracePeriodSeconds: 15 }, { priority: 1_000_000, shutdownGracePeriodSeconds: 5 }] }); // prettier-ignore
    expect(machine()).toMatchObject({ phase: 'ShuttingDown' });
    expect(condition('Ready')).toMatchObject({ status: 'False', reason: 'KubeletNotReady', message: 'node is shutting down' });
    await kubelet.createPod({ containers: [container] }, { name: 'late', uid: 'l' });
    expect(kubelet.status('late')).toMatchObject({ phase: 'Failed', reason: 'NodeShutdown' });
    await kubelet.advance(14_000);
    expect([kubelet.status().phase, kubelet.status('critical').phase]).toEqual(['Running', 'Running']);
    await kubelet.advance(2000);
    expect(machine()).toMatchObject({ phase: 'Off' });
    for (const name of ['web', 'critical']) {
      expect(kubelet.status(name)).toMatchObject({
        phase: 'Failed',
        reason: 'Terminated',
        message: 'Pod was terminated in response to imminent node shutdown.',
      });
    }
    expect(kubelet.condition('DisruptionTarget')).toBe(
      'True TerminationByKubelet Pod was terminated in response to imminent node shutdown.',
    );
  });

  it('boots again when it is switched on while it shuts down', async () => {
    await kubelet.createPod({ containers: [container] });
    kubelet.runtime.container('app').obeysTerm = false;
    await set({ power: 'Off', shutdown: 'Graceful' });
    await set({ power: 'On' });
    expect(machine()?.phase).toBe('ShuttingDown');
    await kubelet.advance(21_000);
    expect(machine()?.phase).toBe('Running');
    expect(condition('Ready')?.status).toBe('True');
  });
});

it('a machine boots with the hardware that it has by then', async () => {
  expect(node()?.capacity).toMatchObject({ cpu: '8', memory: '16Gi' });
  await set({ power: 'Off', capacity: { cpu: '32' } });
  await set({ power: 'On' });
  expect(node()).toMatchObject({ capacity: { cpu: '32', memory: '16Gi' }, allocatable: { cpu: '32', memory: '16Gi' } });
});

describe('a machine under pressure', () => {
  const evicted = () =>
    kubelet.api.cache
      .list(Pod)
      .filter(({ status }) => status?.reason === 'Evicted')
      .map(({ metadata }) => metadata.name);

  it('evicts one pod after another, says so, and is well again five minutes after the last shortage', async () => {
    for (const name of ['small', 'big']) await kubelet.createPod({ containers: [container] }, { name, uid: name });
    Object.assign(uses, { small: 20, big: 200 });
    await set({ pressure: { memory: true } });
    expect(condition('MemoryPressure')).toMatchObject({ status: 'True', reason: 'KubeletHasInsufficientMemory' });
    expect(evicted()).toEqual(['big']);
    await set({ pressure: {} });
    await kubelet.advance(60_000);
    expect(evicted()).toEqual(['big']);
    expect(condition('MemoryPressure')?.status).toBe('True');
    await kubelet.createPod({ containers: [container] }, { name: 'late', uid: 'late' });
    expect(kubelet.status('late')).toMatchObject({
      phase: 'Failed',
      reason: 'Evicted',
      message: 'Pod was rejected: The node had condition: [MemoryPressure]. ',
    });
    await kubelet.advance(300_000);
    expect(condition('MemoryPressure')).toMatchObject({ status: 'False', reason: 'KubeletHasSufficientMemory' });
    expect(nodeReasons()).toEqual(expect.arrayContaining(['NodeHasInsufficientMemory', 'EvictionThresholdMet']));
  });

  it('evicts when its pods use too much, until they no longer do', async () => {
    for (const name of ['a', 'b', 'c']) await kubelet.createPod({ containers: [container] }, { name, uid: name });
    Object.assign(uses, { a: 4000, b: 6000, c: 6330 });
    await kubelet.advance(10_000);
    expect(evicted()).toEqual(['c']);
    await kubelet.advance(60_000);
    expect(evicted()).toEqual(['c']);
  });

  it('has a container killed when all memory is used at once', async () => {
    for (const name of ['a', 'b']) await kubelet.createPod({ containers: [container] }, { name, uid: name });
    Object.assign(uses, { a: 9000, b: 9500 });
    await kubelet.advance(10_000);
    expect(nodeReasons()).toContain('SystemOOM');
  });
});

describe('a container that uses more memory than it may', () => {
  const limited = { ...container, resources: { limits: { memory: '100Mi' } } };

  it('is killed, and starts again after a while', async () => {
    await kubelet.createPod({ containers: [limited] });
    expect(kubelet.container('app').restartCount).toBe(0);
    uses['web'] = 101;
    const pod = kubelet.pod() as api.Pod;
    await kubelet.api.client.update(Pod, {
      ...pod,
      metadata: { ...pod.metadata, annotations: { 'playground.kube/memory': '101Mi' } },
    });
    await kubelet.settle();
    // The first restart comes at once, and is as short.
    expect(kubelet.container('app')).toMatchObject({
      state: { waiting: { reason: 'CrashLoopBackOff' } },
      lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } },
    });
    uses['web'] = 10;
    await kubelet.advance(11_000);
    expect(kubelet.container('app')).toMatchObject({ restartCount: 2, ready: true });
  });

  it('may use all of it', async () => {
    uses['web'] = 100;
    await kubelet.createPod({ containers: [limited] });
    await kubelet.advance(60_000);
    expect(kubelet.container('app')).toMatchObject({ restartCount: 0, ready: true });
  });
});
