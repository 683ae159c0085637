import { afterEach, describe, expect, it } from 'vitest';
import { DaemonSet } from '#common/kinds/daemonSet.ts';
import { Node } from '#common/kinds/node.ts';
import { StatefulSet } from '#common/kinds/statefulSet.ts';
import type * as api from '#common/schema/generated/types.ts';
import { daemonSetController } from '#runtime/controllers/daemonSet.ts';
import { statefulSetController } from '#runtime/controllers/statefulSet.ts';
import { ns, startTestCluster, template } from './testCluster.ts';

let cluster: Awaited<ReturnType<typeof startTestCluster>>;
afterEach(() => cluster.stop());

const key = { namespace: ns, name: 'web' };
const spec = (more: object) => ({ selector: { matchLabels: { app: 'web' } }, template: template({ app: 'web' }), ...more });
const names = (): string[] =>
  cluster
    .pods()
    .map((pod) => pod.metadata.name ?? '')
    .sort();
const images = (): string[] =>
  cluster
    .pods()
    .map((pod) => pod.spec?.containers[0]?.image?.at(-1) ?? '')
    .sort();
const running = () => cluster.pods().filter((pod) => pod.status?.phase === 'Running').length;
const changeImage = (kind: typeof StatefulSet | typeof DaemonSet) =>
  cluster.client.patch<api.StatefulSet>(kind as typeof StatefulSet, key, 'json', [
    { op: 'replace', path: '/spec/template/spec/containers/0/image', value: 'app:2' },
  ]);

describe('StatefulSet', () => {
  const start = async (more: object): Promise<void> => {
    cluster = await startTestCluster([statefulSetController]);
    await cluster.create(StatefulSet, { metadata: key, spec: spec({ replicas: 3, serviceName: 's', ...more }) } as never);
  };

  it('starts its pods one after the other, ready by ready', async () => {
    await start({});
    expect(names()).toEqual(['web-0']);
    await cluster.runPods();
    expect(names()).toEqual(['web-0', 'web-1', 'web-2']);
    expect(cluster.cache.get(StatefulSet, key)?.status).toMatchObject({
      replicas: 3,
      readyReplicas: 3,
      currentReplicas: 3,
      updatedReplicas: 3,
      collisionCount: 0,
    });
  });

  it('starts them all at once where it may', async () => {
    await start({ podManagementPolicy: 'Parallel' });
    expect(names()).toEqual(['web-0', 'web-1', 'web-2']);
  });

  it('updates from the highest ordinal down, never two at a time, and respects the partition', async () => {
    await start({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } });
    await cluster.runPods();
    await changeImage(StatefulSet);
    await cluster.settle();
    expect(running()).toBe(2);
    await cluster.runPods();
    expect(images()).toEqual(['1', '2', '2']);
  });

  it('scales down from the highest ordinal', async () => {
    await start({});
    await cluster.runPods();
    await cluster.client.patch(StatefulSet, key, 'merge', { spec: { replicas: 1 } });
    await cluster.settle();
    expect(names()).toEqual(['web-0']);
    expect(cluster.problems).toEqual([]);
  });
});

describe('DaemonSet', () => {
  /** A node is born with a taint that goes when it is ready. */
  const addNode = async (name: string, taints: api.Taint[] | null = null): Promise<void> => {
    await cluster.create(Node, { metadata: { name } });
    await cluster.client.patch(Node, { namespace: '', name }, 'merge', { spec: { taints } });
    await cluster.settle();
  };
  const start = async (more: object): Promise<void> => {
    cluster = await startTestCluster([daemonSetController()]);
    for (const name of ['a', 'b']) await addNode(name);
    await cluster.create(DaemonSet, { metadata: key, spec: spec(more) } as never);
    await cluster.runPods();
  };

  it('has a pod on each node, on new ones too, and none where a taint repels it', async () => {
    await start({});
    await addNode('c');
    await addNode('d', [{ key: 'x', effect: 'NoSchedule' }]);
    await cluster.runPods();
    expect(cluster.pods()).toHaveLength(3);
    expect(cluster.cache.get(DaemonSet, key)?.status).toMatchObject({
      desiredNumberScheduled: 3,
      numberReady: 3,
      numberAvailable: 3,
    });
  });

  it('replaces one pod after the other', async () => {
    await start({});
    await changeImage(DaemonSet);
    await cluster.settle();
    expect(running()).toBe(1);
    await cluster.runPods();
    expect(images()).toEqual(['2', '2']);
  });

  it('adds the new pod first where it may surge', async () => {
    await start({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } });
    await changeImage(DaemonSet);
    await cluster.settle();
    expect([running(), cluster.pods().length]).toEqual([2, 3]);
    await cluster.runPods();
    expect(images()).toEqual(['2', '2']);
    expect(cluster.problems).toEqual([]);
  });
});
