/** Every example does what its comments promise: all of them in one cluster, with the time that things usually take. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Deployment, ReplicaSetList } from '#common/schema/generated/types.ts';
import type { AnyObject } from '#runtime/cli/progress.ts';
import { deployments, ExamplesCluster, pods } from './examplesCluster.ts';

let cluster: ExamplesCluster;
let problems = '';

beforeAll(async () => {
  cluster = await ExamplesCluster.start('--latency', 'typical', '--speed', '20');
  await Promise.all(
    ['hello-echo', 'httpd-two-nodes', 'nginx-rollout', 'mongo-express', 'guestbook', 'job-pi'].map((name) =>
      cluster.applyUntilReady(name),
    ),
  );
});
afterAll(async () => {
  problems = await cluster.stop();
  expect(problems).toBe('');
});

/** Follows the deployment until a template is rolled out everywhere. */
const rolledOut = (name: string, image: string): Promise<AnyObject> =>
  cluster.until<Deployment & AnyObject>(deployments, name, ({ spec, status, metadata }) => {
    const want = spec?.replicas ?? 1;
    return (
      spec?.template.spec?.containers[0]?.image === image &&
      status?.observedGeneration === metadata.generation &&
      status?.updatedReplicas === want &&
      status.availableReplicas === want &&
      status.replicas === want
    );
  });

const setImage = (name: string, image: string): Promise<unknown> =>
  cluster.api.send(
    'PATCH',
    `${deployments}/${name}`,
    { spec: { template: { spec: { containers: [{ name, image }] } } } },
    'application/strategic-merge-patch+json',
  );

describe('hello-echo', () => {
  it('answers with what it was asked', async () => {
    const answer = await fetch(`${cluster.url(30_080)}/some/path?a=1`, { method: 'POST', body: 'hi there', headers: { 'x-mine': 'yes' } });
    expect(answer.status).toBe(200);
    const text = await answer.text();
    for (const detail of ['command=POST', 'real path=/some/path?a=1', 'query=a=1', 'x-mine=yes', 'hi there']) expect(text).toContain(detail);
  });
});

describe('httpd-two-nodes', () => {
  it('has its two pods on two nodes, and answers', async () => {
    const nodes = (await cluster.podsOf('app=httpd')).map((pod) => pod.spec?.nodeName);
    expect(new Set(nodes).size).toBe(2);
    expect(await (await fetch(cluster.url(30_081))).text()).toContain('It works!');
  });
});

describe('nginx-rollout', () => {
  const replicaSets = async (): Promise<Record<string, number>> => {
    const { items } = await cluster.api.get<ReplicaSetList>('/apis/apps/v1/namespaces/default/replicasets?labelSelector=app%3Dnginx');
    return Object.fromEntries(items.map(({ spec }) => [spec?.template?.spec?.containers[0]?.image, spec?.replicas ?? 0]));
  };

  it('shows the old and the new ReplicaSet, and can be undone', async () => {
    expect(await replicaSets()).toEqual({ 'nginx:1.26': 3 });
    let fewest = Infinity;
    const watching = new AbortController();
    const seen = cluster.api.watch<Deployment>(
      `${deployments}?watch=true&fieldSelector=metadata.name%3Dnginx`,
      (_, { status }) => {
        fewest = Math.min(fewest, status?.availableReplicas ?? 0);
        return false;
      },
      watching.signal,
    );
    await setImage('nginx', 'nginx:1.27');
    await rolledOut('nginx', 'nginx:1.27');
    expect(await replicaSets()).toEqual({ 'nginx:1.26': 0, 'nginx:1.27': 3 });
    // What `rollout undo` sends: the template of the revision before.
    await setImage('nginx', 'nginx:1.26');
    await rolledOut('nginx', 'nginx:1.26');
    watching.abort();
    await seen;
    expect(await replicaSets()).toEqual({ 'nginx:1.26': 3, 'nginx:1.27': 0 });
    expect(fewest, 'available replicas on the way, with maxUnavailable 0').toBe(3);
    expect((await cluster.api.get<Deployment>(`${deployments}/nginx`)).metadata.annotations).toMatchObject({
      'deployment.kubernetes.io/revision': '3',
    });
  });
});

describe('mongo-express', () => {
  it('shows that it reached the database with the right password', async () => {
    const page = await (await fetch(cluster.url(30_000))).text();
    expect(page).toContain('Connected to mongodb://playground:*****@mongodb:27017');
    expect(page).toContain('admin');
  });

  it('fails, and says why, with a wrong one', async () => {
    const secret = '/api/v1/namespaces/default/secrets/mongodb';
    await cluster.api.send('PATCH', secret, { stringData: { password: 'wrong' } }, 'application/merge-patch+json');
    const [before] = await cluster.podsOf('app=mongo-express');
    await cluster.api.send('DELETE', `${pods}/${before?.metadata.name}`);
    const failed = await cluster.untilPod('', (pod) => {
      const [status] = pod.status?.containerStatuses ?? [];
      return pod.metadata.labels?.['app'] === 'mongo-express' && pod.metadata.uid !== before?.metadata.uid && (status?.restartCount ?? 0) > 0;
    });
    expect(await cluster.log(failed.metadata.name ?? '', '?previous=true')).toContain('Authentication failed');
    await cluster.apply('mongo-express');
    await cluster.api.send('DELETE', `${pods}/${failed.metadata.name}`);
    await cluster.untilPod(
      '',
      ({ metadata, status }) =>
        metadata.labels?.['app'] === 'mongo-express' &&
        metadata.uid !== failed.metadata.uid &&
        status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true,
    );
  });
});

describe('guestbook', () => {
  const ask = async (query: string): Promise<unknown> => (await fetch(`${cluster.url(30_082)}/guestbook.php?${query}`)).json();

  it('keeps what its page writes, for every front end and follower', async () => {
    expect(await (await fetch(cluster.url(30_082))).text()).toContain('<h2>Guestbook</h2>');
    expect(await ask('cmd=get&key=messages')).toEqual({ data: '' });
    expect(await ask(`cmd=set&key=messages&value=${encodeURIComponent('hello,wörld')}`)).toEqual({ message: 'Updated' });
    // Each request may reach another front end and another follower.
    for (let i = 0; i < 10; i++) expect(await ask('cmd=get&key=messages')).toEqual({ data: 'hello,wörld' });
  });

  it('has one leader and two followers that copy it', async () => {
    expect((await cluster.podsOf('app=redis,role=leader')).length).toBe(1);
    const followers = await cluster.podsOf('app=redis,role=follower');
    expect(followers.length).toBe(2);
    for (const { metadata } of followers) expect(await cluster.log(metadata.name ?? '')).toMatch(/MASTER <-> (REPLICA|SLAVE) sync/);
  });
});

describe('job-pi', () => {
  it('has 2,000 digits of pi in its log', async () => {
    const [pod] = await cluster.podsOf('job-name=pi');
    expect(pod?.status?.phase).toBe('Succeeded');
    const log = await cluster.log(pod?.metadata.name ?? '');
    expect(log).toMatch(/^3\.\d{1999}\n$/);
    expect(log.slice(0, 32)).toBe('3.141592653589793238462643383279');
  });
});

describe('a container', () => {
  it('reaches the API with the certificate and the token that are mounted', async () => {
    const account = '/var/run/secrets/kubernetes.io/serviceaccount';
    const command = `curl -sS --cacert ${account}/ca.crt -H "Authorization: Bearer $(cat ${account}/token)" https://kubernetes.default/version
echo
curl -sS https://kubernetes.default.svc/version || echo "exit $?"
wget -q --no-check-certificate -O - https://kubernetes.default/version | grep -c gitVersion`;
    await cluster.api.send('POST', pods, {
      metadata: { name: 'curious' },
      spec: { restartPolicy: 'Never', containers: [{ name: 'curl', image: 'curlimages/curl', command: ['sh', '-c', command] }] },
    });
    await cluster.untilPod('curious', ({ status }) => status?.phase === 'Succeeded' || status?.phase === 'Failed');
    const log = await cluster.log('curious');
    expect(log).toContain('"gitVersion": "v1.36');
    expect(log).toMatch(/curl: \(60\) SSL certificate problem: [\s\S]*\nexit 60\n/);
    expect(log).toMatch(/\n1\n$/);
  });
});
