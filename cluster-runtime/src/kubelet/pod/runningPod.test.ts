import { afterEach, describe, expect, it } from 'vitest';
import { Pod } from '#common/kinds/pod.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { KubeletOptions } from '../options.ts';
import { type FakeApi } from '../testing/fakeApi.ts';
import { KubeletFixture, seedNode } from '../testing/kubeletFixture.ts';

let fixture: KubeletFixture;
const begin = (options: Partial<KubeletOptions> = {}, seed: (fake: FakeApi) => void = seedNode): KubeletFixture =>
  (fixture = new KubeletFixture(options, seed));
afterEach(() => fixture.close());

const app = (more: Partial<api.Container> = {}): api.Container => ({ name: 'app', image: 'nginx', ...more });

describe('a running pod', () => {
  it('ends at its deadline', async () => {
    const f = begin();
    await f.createPod({ containers: [app()], activeDeadlineSeconds: 60 });
    await f.advance(60_000);
    expect(f.status()).toMatchObject({
      phase: 'Failed',
      reason: 'DeadlineExceeded',
      message: 'Pod was active on the node longer than the specified deadline',
    });
  });

  it('puts right what somebody else said of it, after a while', async () => {
    const f = begin();
    await f.createPod({ containers: [app()] });
    f.api.edit(Pod, { namespace: 'default', name: 'web' }, (pod) => ({
      ...pod,
      status: { ...pod.status, conditions: [{ type: 'Ready', status: 'False' }] },
    }));
    await f.settle();
    expect(f.condition('Ready')).toBe('False');
    await f.advance(20_000);
    expect(f.condition('Ready')).toBe('True');
  });

  it('is ready when its readiness gates are', async () => {
    const f = begin();
    await f.createPod({ containers: [app()], readinessGates: [{ conditionType: 'x/gate' }] });
    expect(f.condition('Ready')).toBe(
      'False ReadinessGatesNotReady corresponding condition of pod readiness gate "x/gate" does not exist.',
    );
    expect(f.condition('ContainersReady')).toBe('True');
    f.api.edit(Pod, { namespace: 'default', name: 'web' }, (pod) => ({
      ...pod,
      status: { ...pod.status, conditions: [...(pod.status?.conditions ?? []), { type: 'x/gate', status: 'True' }] },
    }));
    await f.settle();
    expect(f.condition('Ready')).toBe('True');
  });

  it('restarts a container whose image is changed', async () => {
    const f = begin();
    const pod = await f.createPod({ containers: [app()] });
    f.api.edit(Pod, { namespace: 'default', name: 'web' }, () => ({
      ...pod,
      metadata: { ...pod.metadata, generation: 2 },
      spec: { ...pod.spec, containers: [app({ image: 'nginx:2' })] },
    }));
    await f.settle();
    expect(f.container('app')).toMatchObject({ image: 'nginx:2', restartCount: 1, ready: true });
    expect(f.status().observedGeneration).toBe(2);
    expect(f.events.find(({ reason }) => reason === 'Killing')?.message).toBe(
      'Container app definition changed, will be restarted',
    );
  });

  it('runs ephemeral containers that are added', async () => {
    const f = begin();
    const pod = await f.createPod({ containers: [app()] });
    const ephemeralContainers = [{ name: 'debug', image: 'busybox' }];
    f.api.edit(Pod, { namespace: 'default', name: 'web' }, () => ({
      ...pod,
      metadata: { ...pod.metadata, generation: 2 },
      spec: { ...pod.spec, containers: [app()], ephemeralContainers },
    }));
    await f.settle();
    expect(f.container('debug')).toMatchObject({ ready: false, state: { running: {} } });
    expect(f.events.at(-1)?.fieldPath).toBe('spec.ephemeralContainers{debug}');
  });

  /** A pod that ran when its machine went down. */
  const beginAfterReboot = (metadata: Partial<api.ObjectMeta> = {}) =>
    begin({}, (fake) => {
      seedNode(fake);
      const running = {
        containerID: 'containerd://old',
        image: 'nginx',
        imageID: '',
        name: 'app',
        ready: true,
        restartCount: 2,
        state: { running: { startedAt: '2025-12-31T00:00:00Z' } },
      };
      fake.put(Pod, {
        metadata: { name: 'web', namespace: 'default', ...metadata },
        spec: { nodeName: 'node-1', restartPolicy: 'Always', containers: [app()] },
        status: { phase: 'Running', startTime: '2025-12-31T00:00:00Z', containerStatuses: [running] },
      });
    });

  it('starts again after a reboot of its machine, with one more restart', async () => {
    const f = beginAfterReboot();
    await f.settle();
    expect(f.container('app')).toMatchObject({
      restartCount: 3,
      lastState: { terminated: { exitCode: 255, reason: 'Unknown', containerID: 'containerd://old' } },
      state: { running: {} },
    });
    expect(f.reasons()).toEqual(['SandboxChanged', 'Pulled', 'Created', 'Started']);
    expect(f.status().startTime).toBe('2025-12-31T00:00:00Z');
  });

  it('does not start again after a reboot when it was deleted meanwhile', async () => {
    const f = beginAfterReboot({ deletionTimestamp: '2025-12-31T00:10:00Z', deletionGracePeriodSeconds: 30 });
    const seen: unknown[] = [];
    f.api.cache.informer(Pod).onChange(({ object }) => seen.push(object.status?.containerStatuses?.[0]?.state));
    await f.settle();
    expect(seen[0]).toMatchObject({ terminated: { exitCode: 255, reason: 'Unknown' } });
    expect(f.api.cache.list(Pod)).toEqual([]);
    expect(f.reasons()).toEqual([]);
  });
});

describe('probes', () => {
  it('make a container ready, and not ready again', async () => {
    const f = begin();
    await f.createPod({
      containers: [app({ readinessProbe: { exec: { command: ['check'] }, periodSeconds: 5, failureThreshold: 2 } })],
    });
    expect(f.condition('Ready')).toBe('False ContainersNotReady containers with unready status: [app]');
    await f.advance(0);
    expect(f.condition('Ready')).toBe('True');
    f.runtime.container('app').execResult = { code: 1, output: 'not yet\n' };
    await f.advance(5000);
    expect(f.condition('Ready')).toBe('True');
    await f.advance(5000);
    expect(f.condition('Ready')).toBe('False ContainersNotReady containers with unready status: [app]');
    expect(f.events.at(-1)).toMatchObject({ type: 'Warning', reason: 'Unhealthy', message: 'Readiness probe failed: not yet\n' });
  });

  it('restart a container that is not alive', async () => {
    const f = begin();
    await f.createPod({
      containers: [app({ livenessProbe: { tcpSocket: { port: 80 }, periodSeconds: 10, failureThreshold: 3 } })],
    });
    await f.advance(20_000);
    const unhealthy = f.events.filter(({ reason }) => reason === 'Unhealthy').map(({ message }) => message);
    // The third kills it; the fourth is the first of its successor.
    expect(unhealthy).toEqual(
      Array.from({ length: 4 }, () => 'Liveness probe failed: dial tcp 10.244.0.2:80: connect: connection refused'),
    );
    expect(f.events.find(({ reason }) => reason === 'Killing')?.message).toBe(
      'Container app failed liveness probe, will be restarted',
    );
    expect(f.container('app').restartCount).toBe(1);
  });

  it('hold the others back until the startup probe has passed', async () => {
    const f = begin();
    const probe = { exec: { command: ['x'] }, periodSeconds: 1 };
    await f.createPod({ containers: [app({ startupProbe: { ...probe, initialDelaySeconds: 3 }, readinessProbe: probe })] });
    await f.advance(2000);
    expect(f.container('app')).toMatchObject({ started: false, ready: false });
    await f.advance(1000);
    expect(f.container('app')).toMatchObject({ started: true, ready: true });
  });

  it('pass where the program is unknown', async () => {
    const f = begin();
    f.runtime.unknownPrograms = true;
    await f.createPod({ containers: [app({ readinessProbe: { httpGet: { port: 80 } } })] });
    expect(f.condition('Ready')).toBe('True');
    expect(f.clock.pending).toBe(1);
  });
});

describe('hooks', () => {
  it('kill a container whose postStart fails', async () => {
    const f = begin();
    await f.createPod({ restartPolicy: 'Never', containers: [app({ lifecycle: { postStart: { httpGet: { port: 80 } } } })] });
    expect(f.reasons()).toContain('FailedPostStartHook');
    expect(f.status().phase).toBe('Succeeded');
  });

  it('let preStop use up the grace period first', async () => {
    const f = begin();
    await f.createPod({ containers: [app({ lifecycle: { preStop: { sleep: { seconds: 10 } } } })] });
    await f.deletePod();
    expect(f.runtime.container('app').stops).toEqual([]);
    await f.advance(10_000);
    expect(f.runtime.container('app').stops).toEqual([20]);
    expect(f.pod()).toBeUndefined();
  });
});
