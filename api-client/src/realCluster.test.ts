/** The client against a whole cluster: discovery, a list that is kept, logs, commands in containers, forwarded ports. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject } from '#common/api/meta.ts';
import { RealClock } from '#common/base/clock.ts';
import { silentLog } from '#common/base/log.ts';
import { Random } from '#common/base/random.ts';
import { playgroundGroup } from '#common/kinds/playgroundGroup.ts';
import type { Pod } from '#common/schema/generated/types.ts';
import { type Cluster, startCluster } from '#runtime/cluster.ts';
import { type ApiClient, createApiClient, mergePatch } from './apiClient.ts';
import { discover } from './discovery.ts';
import { readKubeconfig } from './kubeconfig/contextAccess.ts';
import { reflect } from './reflector.ts';
import { Resources } from './resources.ts';
import { execInPod } from './streams/exec.ts';
import { followLog, readLog } from './streams/logs.ts';
import { connectToPod, forwardPort } from './streams/portForward.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'api-client-cluster-'));
const pods = '/api/v1/namespaces/default/pods';
const forever = new AbortController().signal;
let cluster: Cluster;
let api: ApiClient;

beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, port: 0, folder: undefined, latency: 'none', freeze: true, log: silentLog });
  const kubeconfig = path.join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, cluster.kubeconfig, { mode: 0o600 });
  api = createApiClient(await readKubeconfig(kubeconfig));
  await api.send('POST', pods, {
    metadata: { name: 'web' },
    spec: { containers: [{ name: 'web', image: 'nginx:1.27', ports: [{ containerPort: 80 }] }] },
  });
  await api.send('POST', pods, {
    metadata: { name: 'talk' },
    spec: {
      restartPolicy: 'Never',
      containers: [{ name: 'talk', image: 'busybox:1.36', command: ['sh', '-c', 'echo one; echo two'] }],
    },
  });
  await untilPod(
    'web',
    ({ status }) => status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true,
  );
  await untilPod('talk', ({ status }) => status?.phase === 'Succeeded');
});
afterAll(async () => {
  api?.close();
  await cluster?.close();
  rmSync(folder, { recursive: true });
});

async function untilPod(name: string, fits: (pod: Pod) => boolean): Promise<void> {
  const enough = new AbortController();
  await api.watch(
    `${pods}?watch=true&fieldSelector=metadata.name%3D${name}`,
    ({ object }) => fits(object as Pod) && enough.abort(),
    enough.signal,
  );
}

const collected = (): { stream: Writable; text(): string } => {
  let text = '';
  return { stream: new Writable({ write: (chunk, _, done) => ((text += String(chunk)), done()) }), text: () => text };
};

describe('discovery', () => {
  it('is the same in one document and in many', async () => {
    // The playground's own group is told in the one document only.
    const whole = (await discover(api)).filter(({ group }) => group !== playgroundGroup);
    const legacy: ApiClient = { ...api, server: api.server, get: (where, signal) => api.get(where, signal) } as ApiClient;
    const pieces = await discover(legacy);
    const key = ({ apiVersion, kind, plural, namespaced, subresources }: (typeof whole)[number]): string =>
      JSON.stringify([apiVersion, kind, plural, namespaced, subresources.toSorted()]);
    expect(pieces.map(key).toSorted()).toEqual(whole.map(key).toSorted());
    expect(whole.find(({ kind }) => kind === 'Deployment')).toMatchObject({
      group: 'apps',
      version: 'v1',
      apiVersion: 'apps/v1',
      plural: 'deployments',
      shortNames: ['deploy'],
      namespaced: true,
      subresources: expect.arrayContaining(['scale', 'status']) as string[],
    });
  });

  it('tells where an object is', async () => {
    const resources = new Resources(api);
    const at = (apiVersion: string, kind: string, namespace?: string) =>
      resources.pathOf({ apiVersion, kind, namespace, name: 'a b' });
    expect(await at('v1', 'Pod')).toBe('/api/v1/namespaces/default/pods/a%20b');
    expect(await at('apps/v1', 'Deployment', 'n')).toBe('/apis/apps/v1/namespaces/n/deployments/a%20b');
    expect(await at('v1', 'Node', 'n')).toBe('/api/v1/nodes/a%20b');
    expect(await at('v1', 'Teapot')).toBeUndefined();
    expect(await at('shop/v1', 'Teapot')).toBeUndefined();
  });
});

it('a collection is kept while it changes', async () => {
  const stop = new AbortController();
  const held = new Map<string, KubeObject>();
  let check = (): void => undefined;
  const until = (fits: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      check = () => fits() && resolve();
      check();
    });
  const nameOf = ({ metadata }: KubeObject): string => metadata.name ?? '';
  const running = reflect(
    { api, clock: new RealClock(), random: new Random(1), signal: stop.signal },
    { kind: 'ConfigMap', apiVersion: 'v1', path: '/api/v1/namespaces/default/configmaps', pageSize: 1 },
    {
      replace: (_, objects) => (objects.forEach((object) => held.set(nameOf(object), object)), check()),
      set: (_, object) => (held.set(nameOf(object), object), check()),
      remove: (_, object) => (held.delete(nameOf(object)), check()),
    },
    {},
  );
  await until(() => held.has('kube-root-ca.crt'));
  await api.send('POST', '/api/v1/namespaces/default/configmaps', { metadata: { name: 'c' }, data: { a: '1' } });
  await until(() => held.has('c'));
  await api.send('PATCH', '/api/v1/namespaces/default/configmaps/c', { data: { a: '2' } }, mergePatch);
  await until(() => (held.get('c') as { data?: { a?: string } } | undefined)?.data?.a === '2');
  await api.send('DELETE', '/api/v1/namespaces/default/configmaps/c');
  await until(() => !held.has('c'));
  stop.abort();
  await running;
});

describe('logs', () => {
  it('whole, the last lines of it, and as they come', async () => {
    const options = { namespace: 'default', pod: 'talk' };
    expect(await readLog(api, options)).toBe('one\ntwo\n');
    expect(await readLog(api, { ...options, container: 'talk', tailLines: 1 })).toBe('two\n');
    let text = '';
    await followLog(api, options, (piece) => (text += piece), forever);
    expect(text).toBe('one\ntwo\n');
  });

  it('of what is not there: the refusal', async () => {
    await expect(readLog(api, { namespace: 'default', pod: 'none' })).rejects.toMatchObject({ reason: 'NotFound' });
  });
});

describe('a command in a container', () => {
  const target = { namespace: 'default', pod: 'web' };

  it('gives its output, errors apart, and its exit code', async () => {
    const [out, err] = [collected(), collected()];
    const code = await execInPod(
      api,
      target,
      ['sh', '-c', 'echo out; echo err >&2; exit 3'],
      { stdout: out.stream, stderr: err.stream },
      forever,
    );
    expect([code, out.text(), err.text()]).toEqual([3, 'out\n', 'err\n']);
  });

  it('reads its input to the end', async () => {
    const [out, stdin] = [collected(), new PassThrough()];
    const running = execInPod(api, target, ['cat'], { stdin, stdout: out.stream }, forever);
    stdin.write('a\n');
    stdin.end('b\n');
    expect([await running, out.text()]).toEqual([0, 'a\nb\n']);
  });

  it('that cannot be started, of a pod that is not there, or that is given up', async () => {
    const { stream: stdout } = collected();
    await expect(execInPod(api, { ...target, container: 'x' }, ['ls'], { stdout }, forever)).rejects.toMatchObject({ code: 400 });
    await expect(execInPod(api, { ...target, pod: 'x' }, ['ls'], { stdout }, forever)).rejects.toMatchObject({
      reason: 'NotFound',
    });
    await expect(execInPod(api, target, ['no-such-program'], { stdout }, forever)).rejects.toThrow();
    const stop = new AbortController();
    const first = new Writable({ write: (_chunk, _encoding, done) => (stop.abort(), done()) });
    const running = execInPod(api, target, ['sh', '-c', 'echo begun; sleep 1000'], { stdout: first }, stop.signal);
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('a forwarded port', () => {
  it('answers here as it does there, connection after connection', async () => {
    const problems: string[] = [];
    const forward = await forwardPort(api, { namespace: 'default', pod: 'web', port: 80 }, 0, ({ message }) =>
      problems.push(message),
    );
    try {
      const answers = await Promise.all([1, 2, 3].map(() => fetched(`http://127.0.0.1:${forward.localPort}/`)));
      expect(answers.map((text) => text.includes('Welcome to nginx'))).toEqual([true, true, true]);
      expect(problems).toEqual([]);
    } finally {
      await forward.close();
    }
  });

  it('on which nothing listens says so', async () => {
    const stream = await connectToPod(api, { namespace: 'default', pod: 'web', port: 81 });
    const message = await new Promise<string>((resolve) => stream.once('error', (error) => resolve(error.message)));
    expect(message).toMatch(/^error forwarding port 81 to pod web/);
    await expect(connectToPod(api, { namespace: 'default', pod: 'none', port: 80 })).rejects.toMatchObject({
      reason: 'NotFound',
    });
  });

  it('that is taken on this machine is refused', async () => {
    const target = { namespace: 'default', pod: 'web', port: 80 };
    const first = await forwardPort(api, target, 0, () => undefined);
    await expect(forwardPort(api, target, first.localPort, () => undefined)).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await first.close();
  });
});

function fetched(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      answer.on('end', () => resolve(text));
    }).on('error', reject);
  });
}
