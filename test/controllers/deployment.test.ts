import { afterEach, describe, expect, it } from 'vitest';
import { Deployment } from '#common/kinds/deployment.ts';
import { ReplicaSet } from '#common/kinds/replicaSet.ts';
import { deploymentController } from '#runtime/controllers/deployment.ts';
import { replicaSetController } from '#runtime/controllers/replicaSet.ts';
import { ns, startTestCluster, template } from './testCluster.ts';

let cluster: Awaited<ReturnType<typeof startTestCluster>>;
afterEach(() => cluster.stop());

const key = { namespace: ns, name: 'web' };
const start = async (spec: object) => {
  cluster = await startTestCluster([deploymentController, replicaSetController]);
  await cluster.create(Deployment, {
    metadata: key,
    spec: { replicas: 3, selector: { matchLabels: { app: 'web' } }, template: template({ app: 'web' }), ...spec },
  } as never);
};
const sizes = () => cluster.cache.list(ReplicaSet, ns).map((set) => set.spec?.replicas);

describe('Deployment', () => {
  it('rolls out, and tells so in status, conditions and events', async () => {
    await start({});
    await cluster.runPods();
    const { status } = await cluster.client.get(Deployment, key);
    expect(status).toMatchObject({
      replicas: 3,
      updatedReplicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      observedGeneration: 1,
    });
    expect(status?.conditions?.map((c) => [c.type, c.status, c.reason])).toEqual([
      ['Available', 'True', 'MinimumReplicasAvailable'],
      ['Progressing', 'True', 'NewReplicaSetAvailable'],
    ]);
    const name = cluster.cache.list(ReplicaSet, ns)[0]?.metadata.name;
    expect(await cluster.events('web')).toEqual([['ScalingReplicaSet', `Scaled up replica set ${name} from 0 to 3`]]);
    expect(cluster.problems).toEqual([]);
  });

  it('replaces pods step by step when the template changes', async () => {
    await start({});
    await cluster.runPods();
    await cluster.client.patch(Deployment, key, 'json', [
      { op: 'replace', path: '/spec/template/spec/containers/0/image', value: 'registry.example/app:2' },
    ]);
    await cluster.settle();
    expect(sizes().sort()).toEqual([1, 3]);
    await cluster.runPods();
    expect(sizes().sort()).toEqual([0, 3]);
    const messages = (await cluster.events('web')).map(([, message]) => message.replace(/web-\w+/, 'web-x'));
    expect(messages).toEqual([
      'Scaled up replica set web-x from 0 to 3',
      'Scaled up replica set web-x from 0 to 1',
      'Scaled down replica set web-x from 3 to 2',
      'Scaled up replica set web-x from 1 to 2',
      'Scaled down replica set web-x from 2 to 1',
      'Scaled up replica set web-x from 2 to 3',
      'Scaled down replica set web-x from 1 to 0',
    ]);
    expect((await cluster.client.get(Deployment, key)).metadata.annotations).toEqual({
      'deployment.kubernetes.io/revision': '2',
    });
  });

  it('exceeds its deadline when pods never get ready', async () => {
    await start({ progressDeadlineSeconds: 60 });
    await cluster.advance(62_000);
    const { status } = await cluster.client.get(Deployment, key);
    expect(status?.conditions?.at(-1)).toMatchObject({
      type: 'Progressing',
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
    });
  });

  it('takes another hash when its ReplicaSet was relabelled away', async () => {
    await start({ replicas: 1 });
    const set = cluster.cache.list(ReplicaSet, ns)[0]?.metadata.name ?? '';
    await cluster.client.patch(ReplicaSet, { namespace: ns, name: set }, 'merge', { metadata: { labels: { app: 'other' } } });
    await cluster.advance(1000);
    expect((await cluster.client.get(Deployment, key)).status?.collisionCount).toBe(1);
    expect(cluster.cache.list(ReplicaSet, ns)).toHaveLength(2);
  });
});
