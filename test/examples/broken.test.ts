/** Each of the broken examples fails as its comment says, and recovers where the comment says how. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EndpointSliceList, Pod } from '#common/schema/generated/types.ts';
import { ExamplesCluster, pods } from './examplesCluster.ts';

let cluster: ExamplesCluster;
beforeAll(async () => {
  cluster = await ExamplesCluster.start('--latency', 'typical', '--speed', '20');
  await cluster.apply('broken');
});
afterAll(async () => {
  expect(await cluster.stop()).toBe('');
});

const waitingFor =
  (reason: string) =>
  ({ status }: Pod): boolean =>
    status?.containerStatuses?.[0]?.state?.waiting?.reason === reason;
const isReady = ({ status }: Pod): boolean =>
  status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true;
const messageOf = ({ status }: Pod): string | undefined => status?.containerStatuses?.[0]?.state?.waiting?.message;

describe('missing-configmap', () => {
  it('cannot be created until the ConfigMap is there', async () => {
    const pod = await cluster.untilPod('missing-configmap', waitingFor('CreateContainerConfigError'));
    expect(messageOf(pod)).toBe('configmap "settings" not found');
    await cluster.api.send('POST', '/api/v1/namespaces/default/configmaps', { metadata: { name: 'settings' }, data: { greeting: 'hello' } });
    await cluster.untilPod('missing-configmap', isReady);
  });
});

describe('crash-loop', () => {
  it('is started again and again, later each time, and its log says why', async () => {
    const pod = await cluster.untilPod('crash-loop', (pod) => waitingFor('CrashLoopBackOff')(pod) && (pod.status?.containerStatuses?.[0]?.restartCount ?? 0) >= 1); // prettier-ignore
    expect(messageOf(pod)).toMatch(/^back-off (10|20|40)s restarting failed container=app pod=crash-loop_default\([-0-9a-f]{36}\)$/);
    expect(pod.status?.containerStatuses?.[0]?.lastState?.terminated).toMatchObject({ reason: 'Error', exitCode: 1 });
    expect(await cluster.log('crash-loop', '?previous=true')).toBe('cannot find the database\n');
    expect(await cluster.eventsOf('crash-loop')).toContainEqual({ reason: 'BackOff', message: expect.stringContaining('Back-off restarting failed container app') as string }); // prettier-ignore
  });
});

describe('image-cannot-be-pulled', () => {
  it('fails to pull, then backs off', async () => {
    await cluster.untilPod('image-cannot-be-pulled', waitingFor('ImagePullBackOff'));
    const events = await cluster.eventsOf('image-cannot-be-pulled');
    expect(events).toContainEqual({ reason: 'Failed', message: expect.stringMatching(/^Failed to pull image "nginx:no-such-tag": .*not found/) as string }); // prettier-ignore
    expect(events).toContainEqual({ reason: 'Failed', message: 'Error: ErrImagePull' });
  });
});

describe('unschedulable', () => {
  it('stays pending and says what no node has', async () => {
    const pod = await cluster.untilPod('unschedulable', ({ status }) => (status?.conditions ?? []).length > 0);
    expect(pod.status).toMatchObject({ phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }] });
    expect(pod.status?.conditions?.[0]?.message).toMatch(/^0\/3 nodes are available: 3 Insufficient cpu\./);
    expect(await cluster.eventsOf('unschedulable')).toContainEqual({ reason: 'FailedScheduling', message: pod.status?.conditions?.[0]?.message });
  });
});

describe('selector-matches-nothing', () => {
  it('has running pods and a Service without endpoints, until the selector is mended', async () => {
    await cluster.until(pods, '', (pod: Pod & { kind: string }) => pod.metadata.labels?.['app'] === 'store' && isReady(pod));
    const slices = '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3Dshop';
    const endpoints = async (): Promise<number> => {
      const { items } = await cluster.api.get<EndpointSliceList>(slices);
      return items.reduce((sum, slice) => sum + (slice.endpoints ?? []).length, 0);
    };
    expect(await endpoints()).toBe(0);
    const mended = { spec: { selector: { app: 'store' } } };
    await cluster.api.send('PATCH', '/api/v1/namespaces/default/services/shop', mended, 'application/merge-patch+json');
    await cluster.until(
      '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices',
      '',
      (slice: EndpointSliceList['items'][number] & { kind: string }) =>
        slice.metadata.labels?.['kubernetes.io/service-name'] === 'shop' && (slice.endpoints ?? []).length === 1,
    );
  });
});
