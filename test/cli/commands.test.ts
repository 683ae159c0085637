/** The commands that look at a running cluster, and the help. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findKubectls } from '../kubectl/kubectls.ts';
import { Desk } from './desk.ts';
import { web } from './manifests.ts';

const desk = new Desk();
const hasKubectl = (await findKubectls()).length > 0;

beforeAll(async () => {
  await desk.start('--latency', 'none', '--apply', desk.file('web.yaml', web(30_051)));
});
afterAll(async () => {
  expect(await desk.clear()).toEqual([]);
});

describe('help', () => {
  it('lists the commands, with examples', async () => {
    const help = await desk.ok('--help');
    for (const command of ['start', 'status', 'stop', 'delete', 'kubeconfig', 'kubectl', 'service', 'node'])
      expect(help).toMatch(new RegExp(`^  ${command}\\b.* {2,}\\S`, 'm'));
    expect(help).toContain('\nExamples:\n  kube-playground start --apply my-manifests/ ');
    expect(await desk.ok('help', 'start')).toBe(await desk.ok('start', '--help'));
  });

  it('tells every option of start with its default', async () => {
    const help = await desk.ok('start', '--help');
    for (const option of [
      'nodes <n>',
      'port <n>',
      'state <folder|memory>',
      'kubeconfig <file>',
      'apply <paths...>',
      'detach',
      'speed <factor>',
      'latency <how>',
      'seed <n>',
      'json',
    ])
      // prettier-ignore
      expect(help).toContain(`  --${option} `);
    expect(help).toContain('(default: 3)');
    expect(help.split('\n').filter((line) => line.length > 120)).toEqual([]);
  });

  it('tells the version of package.json', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
    expect(await desk.ok('--version')).toBe(`${version}\n`);
  });
});

describe('service', () => {
  it('prints where a Service answers', async () => {
    expect(await desk.ok('service', 'web', '--url')).toBe('http://127.0.0.1:30051\n');
    expect(await desk.ok('service', 'web')).toBe(
      'NAMESPACE  NAME  TARGET PORT  URL\ndefault    web   http/80      http://127.0.0.1:30051\n',
    );
  });

  it.each([
    [
      ['inside'],
      'Service inside has no node port; give it the type NodePort or LoadBalancer, or use "kubectl port-forward service/inside".\n',
    ],
    [['nothing'], 'There is no Service nothing in namespace default; "kubectl get services -A" lists what there is.\n'],
    [
      ['web', '-n', 'kube-system'],
      'There is no Service web in namespace kube-system; "kubectl get services -A" lists what there is.\n',
    ],
  ])('%j', async (args, sentence) => {
    expect(await desk.run(['service', ...args])).toEqual({ code: 1, stdout: '', stderr: sentence });
  });
});

describe('node', () => {
  it('adds, lists and removes machines', async () => {
    expect(await desk.ok('node', 'add')).toBe('node/node-4 is ready\n');
    expect(await desk.ok('node', 'add', 'big')).toBe('node/big is ready\n');
    expect(await desk.ok('node', 'list')).toBe(
      `NAME    STATUS  CPU  MEMORY\nbig     Ready   8    16Gi\n${[1, 2, 3, 4].map((n) => `node-${n}  Ready   8    16Gi\n`).join('')}`,
    );
    expect(await desk.run(['node', 'add', 'big'])).toMatchObject({ code: 1, stderr: 'There is a node big already; choose another name, or leave it out.\n' }); // prettier-ignore
    expect(await desk.run(['node', 'add', 'No Name'])).toMatchObject({ code: 1, stderr: expect.stringMatching(/^Node "No Name" is invalid: /) as string }); // prettier-ignore
    expect(await desk.ok('node', 'remove', 'big')).toBe('node/big is removed; its pods are made again on other nodes\n');
    expect(await desk.run(['node', 'remove', 'big'])).toMatchObject({ code: 1, stderr: 'There is no node big; "kube-playground node list" shows those there are.\n' }); // prettier-ignore
    expect(await desk.ok('node', 'list')).not.toContain('big');
  });
});

describe('kubeconfig', () => {
  it('prints what any client can use', async () => {
    expect(await desk.ok('kubeconfig')).toBe(readFileSync(desk.at('data/kube-playground/kubeconfig'), 'utf8'));
  });
});

describe('kubectl', () => {
  it.skipIf(!hasKubectl)('runs the kubectl on PATH with its own output and exit status', async () => {
    expect(await desk.ok('kubectl', 'get', 'deployment', 'web', '-o', 'name')).toBe('deployment.apps/web\n');
    expect(await desk.ok('kubectl', '-n', 'kube-system', 'get', 'namespaces', 'default', '--no-headers')).toMatch(
      /^default +Active /,
    );
    expect(await desk.ok('kubectl', '--state', desk.at('data/kube-playground'), 'get', 'node/node-1', '-oname')).toBe(
      'node/node-1\n',
    );
    expect(await desk.ok('kubectl', 'get', '--help')).toContain('Display one or many resources');
    expect(await desk.run(['kubectl', 'get', 'pod', 'nothing'])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'Error from server (NotFound): pods "nothing" not found\n',
    });
    expect((await desk.run(['kubectl', 'exec', 'deployment/web', '--', 'sh', '-c', 'exit 7'])).code).toBe(7);
    expect(await desk.run(['kubectl', 'apply', '-f', '-'], { input: web(30_051) })).toEqual({
      code: 0,
      stdout: 'deployment.apps/web unchanged\nservice/web unchanged\nservice/inside unchanged\n',
      stderr: '',
    });
  });

  it('has its own where there is none', async () => {
    expect(await desk.run(['kubectl', 'get', 'deployment/web', '-o', 'name'], { env: { PATH: desk.at('tmp') } })).toEqual({
      code: 0,
      stdout: 'deployment.apps/web\n',
      stderr: '',
    });
  });
});
