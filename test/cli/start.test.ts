/** `start`, `status`, `stop` and `delete`, as a person uses them: what is printed, and what stays on disk. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '#runtime/cli/apiConnection.ts';
import type { ConfigMap, NodeList } from '#common/schema/generated/types.ts';
import { Desk } from './desk.ts';
import { configMap, web } from './manifests.ts';

let desk: Desk;
beforeEach(() => {
  desk = new Desk();
});
afterEach(async () => {
  expect(await desk.clear()).toEqual([]);
});

const mode = (file: string): string => (statSync(file).mode & 0o777).toString(8);
const configMapPath = (name: string): string => `/api/v1/namespaces/default/configmaps/${name}`;

describe('start', () => {
  it('tells what runs and where to look, applies what it is given, and ends within a second', async () => {
    desk.file('shop/1-settings/settings.yaml', configMap('settings'));
    desk.file('shop/2-web/web.yaml', web(30_050));
    const running = await desk.start('--latency', 'none', '--nodes', '2', '--apply', 'shop');
    const kubeconfig = desk.at('data/kube-playground/kubeconfig');
    expect(running.stdout.replaceAll(/\d+ ms/g, 'N ms').replace(/https:\/\/127\.0\.0\.1:\d+/, 'https://127.0.0.1:PORT')).toBe(
      `Kubernetes 1.36 is ready in N ms

  API         https://127.0.0.1:PORT
  kubeconfig  ${kubeconfig}

  NODE    STATUS  CPU  MEMORY  PODS
  node-1  Ready   8    16Gi    110
  node-2  Ready   8    16Gi    110

shop/1-settings
  ✓ configmap/settings

shop/2-web
  ✓ service/web
  ✓ service/inside
  ✓ deployment/web  2/2 ready

These answer:
  http://127.0.0.1:30050  web

Go on with:
  export KUBECONFIG=${kubeconfig}
  kubectl get pods -A

Ctrl-C stops the cluster; it comes back as it was.
`,
    );
    expect((await fetch('http://127.0.0.1:30050')).status).toBe(200);
    const api = connect(kubeconfig);
    // Neither somebody who watches nor somebody who connected and says nothing holds up the end.
    const silent = connectSocket(Number(new URL(api.server).port), '127.0.0.1').on('error', () => undefined);
    await once(silent, 'connect');
    const watching = api.watch('/api/v1/pods?watch=true', () => false).catch(() => undefined);
    const end = await running.end('SIGINT');
    await watching;
    api.close();
    expect(end).toMatchObject({ code: 0, stderr: '' });
    expect(end.stdout).toMatch(/\n\nStopped\.\n$/);
    expect(end.ms).toBeLessThan(1000);
    expect(readdirSync(desk.at('data/kube-playground')).sort()).toEqual(['cluster.sqlite', 'credentials.json', 'kubeconfig']);
    expect(['cluster.sqlite', 'credentials.json', 'kubeconfig'].map((name) => mode(desk.at('data/kube-playground', name)))).toEqual(['600', '600', '600']); // prettier-ignore
    expect(mode(desk.at('data/kube-playground'))).toBe('700');
    expect(readdirSync(desk.at('home'))).toEqual([]);
  });

  it('comes back with the same objects and the same address, after Ctrl-C and after kill -9', async () => {
    const manifest = desk.file('kept.yaml', configMap('kept'));
    const first = await desk.start('--state', 'mine', '--nodes', '1', '--apply', manifest);
    // The kubeconfig of an earlier run goes on working.
    const kubeconfig = desk.file('copy', readFileSync(desk.at('mine/kubeconfig'), 'utf8'));
    const api = connect(kubeconfig);
    const before = await api.get<ConfigMap>(configMapPath('kept'));
    await first.end('SIGKILL');
    expect(existsSync(desk.at('mine/running.json'))).toBe(true);
    expect((await desk.run(['status', '--state', 'mine'])).stdout).toBe(`stopped  ${desk.at('mine')}\n`);

    const second = await desk.start('--state', 'mine', '--nodes', '7', '--json');
    expect(await api.get<ConfigMap>(configMapPath('kept'))).toEqual(before);
    expect((await api.get<NodeList>('/api/v1/nodes')).items.length).toBe(1);
    await api.send('POST', '/api/v1/namespaces/default/configmaps', { metadata: { name: 'second' } });
    await second.end('SIGTERM');

    const third = await desk.start('--state', 'mine', '--json');
    expect((await api.get<ConfigMap>(configMapPath('second'))).metadata.name).toBe('second');
    api.close();
    await third.end('SIGINT');
  });

  it('takes another port when the last one is taken', async () => {
    await (await desk.start('--state', 'a', '--nodes', '0', '--json')).end('SIGTERM');
    const server = connect(desk.at('a/kubeconfig')).server;
    const blocker = await desk.start('--state', 'memory', '--nodes', '0', '--json', '--port', new URL(server).port);
    const running = await desk.start('--state', 'a', '--json');
    const api = connect(desk.at('a/kubeconfig'));
    expect(api.server).not.toBe(server);
    expect((await api.get<NodeList>('/api/v1/nodes')).items).toEqual([]);
    api.close();
    await Promise.all([running.end('SIGTERM'), blocker.end('SIGTERM')]);
  });

  it('prints one line of JSON with --json, and keeps nothing with --state memory', async () => {
    const running = await desk.start('--json', '--state', 'memory', '--nodes', '1', '--seed', '7', '--speed', '100');
    const line = JSON.parse(running.stdout) as { ready: boolean; ms: number; server: string; kubeconfig: string; pid: number };
    expect(line).toEqual({
      ready: true,
      ms: expect.any(Number) as number,
      server: expect.stringMatching(/^https:\/\/127\.0\.0\.1:\d+$/) as string,
      kubeconfig: expect.stringContaining(desk.at('tmp')) as string,
      pid: running.pid,
    });
    expect(mode(line.kubeconfig)).toBe('600');
    const api = connect(line.kubeconfig);
    expect((await api.get<NodeList>('/api/v1/nodes')).items.map(({ metadata }) => metadata.name)).toEqual(['node-1']);
    api.close();
    expect(await running.end('SIGINT')).toMatchObject({ code: 0, stderr: '', stdout: `${JSON.stringify(line)}\n` });
    expect(readdirSync(desk.folder).sort()).toEqual(['home', 'tmp']);
  });

  it('says what keeps an object from becoming ready, and goes on', async () => {
    desk.file('broken/pod.yaml', 'apiVersion: v1\nkind: Pod\nmetadata: {name: greedy}\nspec: {containers: [{name: a, image: nginx, resources: {requests: {cpu: 64}}}]}\n'); // prettier-ignore
    const running = desk.spawn('start', '--state', 'memory', '--nodes', '1', '--apply', 'broken');
    await running.until(/^Ctrl-C stops the cluster and forgets it\.$/m);
    expect(running.stdout).toContain('\n  ✗ pod/greedy  Unschedulable: 0/1 nodes are available: 1 Insufficient cpu.');
    await running.end('SIGINT');
  });

  it('writes the kubeconfig where it is told, and keeps the other clusters of that file', async () => {
    const other = {
      clusters: [{ name: 'work', cluster: { server: 'https://example.com' } }],
      users: [{ name: 'me', user: { token: 'secret' } }],
      contexts: [{ name: 'work', context: { cluster: 'work', user: 'me' } }],
    };
    const file = desk.file(
      'home/.kube/config',
      JSON.stringify({ apiVersion: 'v1', kind: 'Config', ...other, 'current-context': 'work' }),
    );
    for (const [state, port] of [
      ['a', '0'],
      ['b', '0'],
    ] as const) {
      // prettier-ignore
      const running = await desk.start('--json', '--state', state, '--nodes', '0', '--port', port, '--kubeconfig', file);
      const { server, kubeconfig } = JSON.parse(running.stdout) as { server: string; kubeconfig: string };
      expect(kubeconfig).toBe(file);
      const { parse } = await import('yaml');
      expect(parse(readFileSync(file, 'utf8'))).toMatchObject({
        clusters: [...other.clusters, { name: 'kube-playground', cluster: { server } }],
        users: [...other.users, { name: 'kube-playground' }],
        contexts: [...other.contexts, { name: 'kube-playground' }],
        'current-context': 'kube-playground',
      });
      expect(mode(file)).toBe('600');
      await running.end('SIGTERM');
    }
  });
});

describe('in the background', () => {
  it('starts, tells its status, refuses a second one, stops, comes back and is deleted', async () => {
    const state = ['--state', 'bg'];
    const manifest = desk.file('kept.yaml', configMap('kept'));
    const started = await desk.ok('start', '--detach', ...state, '--nodes', '2', '--latency', 'none', '--apply', manifest);
    try {
      expect(started).toContain('  ✓ configmap/kept\n');
      expect(started).toMatch(/\nThe cluster runs in the background; "kube-playground stop --state bg" ends it\.\n$/);
      const { server } = connect(desk.at('bg/kubeconfig'));
      const status = await desk.ok('status', ...state);
      expect(status).toMatch(/^running {2}.*\/bg\n {2}API {9}https:\S+ \(process \d+, since \S+Z\)\n {2}kubeconfig {2}\S+\n {2}nodes {7}2\/2 ready\n {2}pods {8}\d+\/\d+ running\n$/); // prettier-ignore
      expect(status).toContain(server);

      for (const extra of [[], ['--detach']])
        expect(await desk.run(['start', ...state, ...extra])).toMatchObject({
          code: 1,
          stdout: '',
          stderr: expect.stringMatching(/^A cluster already runs on .*\/bg \(process \d+\); stop it with "kube-playground stop --state .*\/bg", or choose another --state\.\n$/) as string, // prettier-ignore
        });
    } finally {
      expect(await desk.ok('stop', ...state)).toBe(`stopped  ${desk.at('bg')}\n`);
    }
    expect(await desk.run(['status', ...state])).toMatchObject({ code: 1, stdout: `stopped  ${desk.at('bg')}\n` });
    expect(await desk.run(['stop', ...state])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^No cluster runs on /) as string,
    });

    await desk.ok('start', '--detach', '--json', ...state);
    desk.file('bg/notes.txt', 'mine');
    const api = connect(desk.at('bg/kubeconfig'));
    expect((await api.get<ConfigMap>(configMapPath('kept'))).data).toEqual({ greeting: 'hello' });
    expect(await desk.ok('delete', ...state)).toBe(`deleted  ${desk.at('bg')}\n`);
    await expect(api.get('/version')).rejects.toThrow();
    api.close();
    // What the person put beside the cluster is still there.
    expect(readdirSync(desk.at('bg'))).toEqual(['notes.txt']);
    expect((await desk.run(['delete', ...state])).stderr).toMatch(
      /^There is no cluster in .*; name another folder with --state\.\n$/,
    );
    expect(readFileSync(desk.at('bg/notes.txt'), 'utf8')).toBe('mine');
  });
});
