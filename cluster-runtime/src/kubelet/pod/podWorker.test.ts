import { afterEach, describe, expect, it } from 'vitest';
import { ConfigMap } from '#common/kinds/configMap.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { KubeletOptions } from '../options.ts';
import { type FakeApi } from '../testing/fakeApi.ts';
import { KubeletFixture, seedNode } from '../testing/kubeletFixture.ts';

let fixture: KubeletFixture;
const begin = (options: Partial<KubeletOptions> = {}, seed: (fake: FakeApi) => void = seedNode): KubeletFixture =>
  (fixture = new KubeletFixture(options, seed));
afterEach(() => fixture.close());

const app = (more: Partial<api.Container> = {}): api.Container => ({ name: 'app', image: 'nginx', ...more });

describe('a pod that starts', () => {
  it('is Running and Ready in one write', async () => {
    const f = begin();
    await f.createPod({ containers: [app()] });
    expect(f.api.writes.filter(({ kind }) => kind === 'Pod').map(({ verb }) => verb)).toEqual(['updateStatus']);
    expect(f.status()).toMatchObject({
      phase: 'Running',
      podIP: '10.244.0.2',
      hostIP: '10.0.0.1',
      observedGeneration: 1,
      startTime: '2026-01-01T00:00:00Z',
    });
    expect(
      f.status().conditions?.map(({ type, status, observedGeneration }) => `${type}=${status}@${observedGeneration}`),
    ).toEqual([
      'PodReadyToStartContainers=True@1',
      'Initialized=True@1',
      'Ready=True@1',
      'ContainersReady=True@1',
      'PodScheduled=True@1',
    ]);
    expect(f.container('app')).toMatchObject({
      ready: true,
      started: true,
      restartCount: 0,
      lastState: {},
      state: { running: { startedAt: '2026-01-01T00:00:00Z' } },
    });
    expect(f.container('app').containerID).toMatch(/^containerd:\/\/[0-9a-f]{64}$/);
    expect(f.events.filter(({ about }) => about === 'Pod/web')).toEqual([
      {
        about: 'Pod/web',
        type: 'Normal',
        reason: 'Pulling',
        message: 'Pulling image "nginx"',
        fieldPath: 'spec.containers{app}',
      },
      {
        about: 'Pod/web',
        type: 'Normal',
        reason: 'Pulled',
        message: 'Successfully pulled image "nginx" in 0s (0s including waiting). Image size: 1000 bytes.',
        fieldPath: 'spec.containers{app}',
      },
      { about: 'Pod/web', type: 'Normal', reason: 'Created', message: 'Container created', fieldPath: 'spec.containers{app}' },
      { about: 'Pod/web', type: 'Normal', reason: 'Started', message: 'Container started', fieldPath: 'spec.containers{app}' },
    ]);
  });

  it('shows ContainerCreating while the image is pulled', async () => {
    const f = begin();
    f.runtime.pullMs = 1200;
    await f.createPod({ containers: [app()] });
    expect(f.status().phase).toBe('Pending');
    expect(f.container('app').state).toEqual({ waiting: { reason: 'ContainerCreating' } });
    expect(f.condition('Ready')).toBe('False ContainersNotReady containers with unready status: [app]');
    await f.advance(1200);
    expect(f.status().phase).toBe('Running');
    expect(f.events.find(({ reason }) => reason === 'Pulled')?.message).toBe(
      'Successfully pulled image "nginx" in 1.2s (1.2s including waiting). Image size: 1000 bytes.',
    );
  });

  it('runs init containers one after the other, and sidecars beside them', async () => {
    const f = begin();
    await f.createPod({
      initContainers: [app({ name: 'a' }), app({ name: 'side', restartPolicy: 'Always' }), app({ name: 'b' })],
      containers: [app()],
    });
    expect(f.runtime.started()).toEqual(['a']);
    expect(f.condition('Initialized')).toBe('False ContainersNotInitialized containers with incomplete status: [a side b]');
    expect(f.container('app').state).toEqual({ waiting: { reason: 'PodInitializing' } });
    f.runtime.container('a').exit(0);
    await f.settle();
    expect(f.runtime.started()).toEqual(['a', 'side', 'b']);
    f.runtime.container('b').exit(0);
    await f.settle();
    expect(f.runtime.started()).toEqual(['a', 'side', 'b', 'app']);
    expect(f.status().phase).toBe('Running');
    expect(f.condition('Ready')).toBe('True');
  });

  it('waits for a ConfigMap that its environment needs', async () => {
    const f = begin();
    await f.createPod({ containers: [app({ env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'cfg', key: 'k' } } }] })] });
    expect(f.container('app').state).toEqual({
      waiting: { reason: 'CreateContainerConfigError', message: 'configmap "cfg" not found' },
    });
    f.api.put(ConfigMap, { metadata: { name: 'cfg', namespace: 'default' }, data: {} });
    await f.settle();
    expect(f.container('app').state?.waiting?.message).toBe("couldn't find key k in ConfigMap default/cfg");
    f.api.edit(ConfigMap, { name: 'cfg', namespace: 'default' }, (cfg) => ({ ...cfg, data: { k: 'v' } }));
    await f.settle();
    expect(f.status().phase).toBe('Running');
    expect(f.runtime.container('app').spec.env).toMatchObject({ A: 'v' });
  });

  it('waits for a ConfigMap that it mounts', async () => {
    const f = begin();
    const volumes = [{ name: 'v', configMap: { name: 'cfg' } }];
    await f.createPod({ volumes, containers: [app({ volumeMounts: [{ name: 'v', mountPath: '/etc/v' }] })] });
    expect(f.status()).toMatchObject({ phase: 'Pending' });
    expect(f.condition('PodReadyToStartContainers')).toBe('False');
    expect(f.events.filter(({ reason }) => reason === 'FailedMount').map(({ message }) => message)).toEqual([
      'MountVolume.SetUp failed for volume "v" : configmap "cfg" not found',
    ]);
    f.api.put(ConfigMap, { metadata: { name: 'cfg', namespace: 'default' }, data: { a: '1' } });
    await f.settle();
    expect(f.status().phase).toBe('Running');
    const [mount] = f.runtime.container('app').spec.mounts;
    expect([...(mount?.volume.files.keys() ?? [])]).toEqual(['a']);
    f.api.edit(ConfigMap, { name: 'cfg', namespace: 'default' }, (cfg) => ({ ...cfg, data: { b: '2' } }));
    expect([...(mount?.volume.files.keys() ?? [])]).toEqual(['b']);
  });

  it.each([
    ['missing', 'ErrImagePull', 'missing: not found', ['Pulling', 'Failed', 'Failed']],
    [
      'Bad',
      'InvalidImageName',
      'Failed to apply default image tag "Bad": couldn\'t parse image name "Bad": invalid reference format',
      ['InspectFailed', 'Failed'],
    ],
  ])('says what is wrong with the image %s', async (image, reason, message, events) => {
    const f = begin();
    await f.createPod({ containers: [app({ image })] });
    expect(f.container('app').state).toEqual({ waiting: { reason, message } });
    expect(f.reasons()).toEqual(events);
  });

  it.each([
    [
      { runAsNonRoot: true },
      'container has runAsNonRoot and image will run as root (pod: "web_default(uid-web)", container: app)',
    ],
    [
      { runAsNonRoot: true, runAsUser: 0 },
      'container\'s runAsUser breaks non-root policy (pod: "web_default(uid-web)", container: app)',
    ],
  ])('does not run as root against its security context', async (securityContext, message) => {
    const f = begin();
    await f.createPod({ containers: [app({ securityContext })] });
    expect(f.container('app').state).toEqual({ waiting: { reason: 'CreateContainerConfigError', message } });
  });

  it('waits for an image that another pod may bring', async () => {
    const f = begin();
    await f.createPod({ containers: [app({ imagePullPolicy: 'Never' })] });
    expect(f.container('app').state?.waiting).toEqual({
      reason: 'ErrImageNeverPull',
      message: 'Container image "nginx" is not present with pull policy of Never',
    });
    await f.createPod({ containers: [app()] }, { name: 'other' });
    await f.settle();
    expect(f.status().phase).toBe('Running');
  });

  it('backs off from an image that cannot be pulled, and finds it when it appears', async () => {
    const f = begin();
    await f.createPod({ containers: [app({ image: 'missing' })] });
    await f.advance(2000);
    expect(f.container('app').state).toEqual({
      waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image "missing": ErrImagePull: missing: not found' },
    });
    f.runtime.missing.clear();
    await f.advance(8000);
    expect(f.status().phase).toBe('Running');
  });
});

describe('a container that exits', () => {
  it('restarts at once, then after 10, 20, 40 … seconds', async () => {
    const f = begin();
    await f.createPod({ containers: [app()] });
    for (const wait of [0, 10, 20, 40]) {
      const before = f.runtime.containers.length;
      f.runtime.container('app').exit(1);
      await f.settle();
      if (wait > 0) {
        expect(f.container('app').state?.waiting).toEqual({
          reason: 'CrashLoopBackOff',
          message: `back-off ${wait}s restarting failed container=app pod=web_default(uid-web)`,
        });
        expect(f.container('app').lastState?.terminated).toMatchObject({ exitCode: 1, reason: 'Error' });
        await f.advance(wait * 1000 - 1);
        expect(f.runtime.containers.length).toBe(before);
        await f.advance(1);
      }
      expect(f.runtime.containers.length).toBe(before + 1);
    }
    expect(f.container('app').restartCount).toBe(4);
    expect(f.status().phase).toBe('Running');
    expect(f.events.at(-3)).toMatchObject({ type: 'Normal', reason: 'Pulled' });
    expect(f.events.filter(({ reason }) => reason === 'BackOff').at(-1)?.message).toBe(
      'Back-off restarting failed container app in pod web_default(uid-web)',
    );
  });

  it.each([
    ['Never', 0, 'Succeeded', 'False PodCompleted'],
    ['Never', 3, 'Failed', 'False PodFailed'],
    ['OnFailure', 0, 'Succeeded', 'False PodCompleted'],
    ['OnFailure', 3, 'Running', 'True'],
    ['Always', 0, 'Running', 'True'],
  ])('with restartPolicy %s and exit code %i leaves the pod %s', async (restartPolicy, code, phase, ready) => {
    const f = begin();
    await f.createPod({ restartPolicy, containers: [app()] });
    f.runtime.container('app').exit(code);
    await f.settle();
    expect(f.status().phase).toBe(phase);
    expect(f.condition('Ready')).toBe(ready);
  });

  it('fails the pod when an init container fails and nothing restarts', async () => {
    const f = begin();
    await f.createPod({ restartPolicy: 'Never', initContainers: [app({ name: 'init' })], containers: [app()] });
    f.runtime.container('init').exit(2);
    await f.settle();
    expect(f.status().phase).toBe('Failed');
    expect(f.runtime.started()).toEqual(['init']);
  });

  it('says that the executable is missing', async () => {
    const f = begin();
    f.runtime.startError = new Error('exec: "nope": executable file not found in $PATH');
    await f.createPod({ containers: [app({ command: ['nope'] })] });
    expect(f.container('app').state?.waiting).toEqual({
      reason: 'CrashLoopBackOff',
      message: 'back-off 10s restarting failed container=app pod=web_default(uid-web)',
    });
    expect(f.container('app').lastState?.terminated).toMatchObject({
      exitCode: 128,
      reason: 'StartError',
      startedAt: '1970-01-01T00:00:00Z',
    });
  });

  it('ends the sidecars once the work is done', async () => {
    const f = begin();
    await f.createPod({
      restartPolicy: 'Never',
      initContainers: [app({ name: 'side', restartPolicy: 'Always' })],
      containers: [app()],
    });
    f.runtime.container('app').exit(0);
    await f.settle();
    expect(f.runtime.container('side').stops).toEqual([30]);
    expect(f.status().phase).toBe('Succeeded');
  });

  it('takes the end of its log for its termination message where asked', async () => {
    const f = begin();
    await f.createPod({ restartPolicy: 'Never', containers: [app({ terminationMessagePolicy: 'FallbackToLogsOnError' })] });
    f.runtime.container('app').log.add('no database');
    f.runtime.container('app').exit(1);
    await f.settle();
    expect(f.container('app').state?.terminated?.message).toBe('no database\n');
  });
});

describe('a pod that is deleted', () => {
  it('is stopped within its grace period, then removed', async () => {
    const f = begin();
    await f.createPod({ containers: [app()] });
    f.runtime.container('app').obeysTerm = false;
    await f.deletePod();
    expect(f.events.at(-1)).toMatchObject({ reason: 'Killing', message: 'Stopping container app' });
    expect(f.status().phase).toBe('Running');
    await f.advance(29_000);
    expect(f.pod()).toBeDefined();
    await f.advance(1000);
    expect(f.pod()).toBeUndefined();
    const last = f.api.writes.filter(({ kind, verb }) => kind === 'Pod' && verb === 'updateStatus').at(-1)?.object as api.Pod;
    expect(last.status?.phase).toBe('Failed');
    expect(last.status?.containerStatuses?.[0]?.state?.terminated).toMatchObject({ exitCode: 137, signal: 9 });
  });

  it('goes without a last status when nothing takes time', async () => {
    const f = begin({ instant: true });
    await f.createPod({ containers: [app()] }, { finalizers: ['x/hold'] });
    await f.deletePod();
    expect(f.pod()?.metadata.deletionGracePeriodSeconds).toBe(0);
    expect(f.status().phase).toBe('Running');
  });

  it('is removed at once when nothing of it has started', async () => {
    const f = begin();
    await f.createPod({ volumes: [{ name: 'v', configMap: { name: 'none' } }], containers: [app()] });
    await f.deletePod();
    expect(f.pod()).toBeUndefined();
  });

  it('frees its address and leaves no timer', async () => {
    const f = begin();
    await f.createPod({ containers: [app({ readinessProbe: { exec: { command: ['x'] } } })], activeDeadlineSeconds: 1000 });
    await f.deletePod();
    expect(() => f.network.connect('10.0.0.1', '10.244.0.2', 80)).toThrow('EHOSTUNREACH');
    // The machine's heartbeat is all that is left.
    expect(f.clock.pending).toBe(1);
  });
});
