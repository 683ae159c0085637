/** Bad input: one sentence with what to do, exit status 1, or 2 for wrong usage, and nothing lost. */
import { chmodSync, copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '#runtime/cli/apiConnection.ts';
import type { ConfigMap } from '#common/schema/generated/types.ts';
import { Desk } from './desk.ts';
import { configMap } from './manifests.ts';

const desk = new Desk();
const kept = '/api/v1/namespaces/default/configmaps/kept';
const state = desk.at('state');
let before: ConfigMap;

/** A cluster with something in it, which no refusal may touch. */
beforeAll(async () => {
  const running = await desk.start('--json', '--state', state, '--nodes', '1');
  const api = connect(desk.at('state/kubeconfig'));
  await api.send('POST', '/api/v1/namespaces/default/configmaps', { metadata: { name: 'kept' }, data: { a: '1' } });
  before = await api.get<ConfigMap>(kept);
  api.close();
  await running.end('SIGTERM');
});

afterAll(async () => {
  const running = await desk.start('--json', '--state', state);
  const api = connect(desk.at('state/kubeconfig'));
  try {
    expect(await api.get<ConfigMap>(kept)).toEqual(before);
  } finally {
    api.close();
    await running.end('SIGTERM');
    expect(await desk.clear()).toEqual([]);
  }
});

async function refusal(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await desk.run(args);
  expect({ code, lines: stderr.split('\n').length }, `${stdout}${stderr}`).toEqual({ code: 1, lines: 2 });
  return stderr.trimEnd();
}
const startRefusal = (...args: string[]): Promise<string> => refusal('start', '--state', state, ...args);

describe('wrong usage ends with 2', () => {
  it.each([
    [[], /^Usage: kube-playground \[options\] \[command\]\n/],
    [['fly'], /^unknown command 'fly'; see "kube-playground --help"\.\n$/],
    [['strat'], /^unknown command 'strat' \(Did you mean start\?\); see "kube-playground --help"\.\n$/],
    [['start', '--fast'], /^unknown option '--fast'; see /],
    [['start', '--nodes', 'x'], /^option '--nodes <n>' argument 'x' is invalid\. Give a whole number from 0 to 5000; see /],
    [['start', '--nodes', '-1'], /'-1' is invalid\. Give a whole number/],
    [['start', '--speed', '0'], /^option '--speed <factor>' argument '0' is invalid\. Give a number from 0\.01 to 1000; see /],
    [['start', '--port', '70000'], /'70000' is invalid\. Give a whole number from 0 to 65535; see /],
    [['start', '--latency', 'low'], /'low' is invalid\. Allowed choices are typical, none; see /],
    [['start', '--seed', '1.5'], /'1\.5' is invalid\. Give a whole number/],
    [['start', '--state'], /^option '--state <folder\|memory>' argument missing; see /],
    [['start', '--detach', '--state', 'memory'], /^--detach needs a state folder, since .*; leave out "--state memory"\.\n$/],
    [['start', 'extra'], /^too many arguments/],
    [['service'], /^missing required argument 'name'; see /],
    [['node', 'explode'], /^unknown command 'explode'; see /],
  ])('%j', async (args, words) => {
    const { code, stdout, stderr } = await desk.run(args);
    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: expect.stringMatching(words) as string });
  });
});

describe('manifests', () => {
  const bad = (name: string, text: string): string => desk.file(`bad/${name}`, text);

  it.each([
    [
      'that does not exist',
      () => desk.at('nowhere.yaml'),
      /\/nowhere\.yaml does not exist; give --apply a manifest or a folder of manifests\.$/,
    ],
    [
      'that is no YAML',
      () => bad('a/no.yaml', 'a: b: c'),
      /\/no\.yaml is not valid YAML: .* at line 1, column 4; mend it and start again\.$/,
    ],
    [
      'in a folder',
      () => (bad('b/fine.yaml', configMap('fine')), bad('b/no.yml', '{'), desk.at('bad/b')),
      /\/b\/no\.yml is not valid YAML: /,
    ],
    ['with an alias to nothing', () => bad('c/no.yaml', 'a: *b'), /\/no\.yaml is not valid YAML: /],
    [
      'that is no object',
      () => bad('d/no.yaml', 'just: words'),
      /\/no\.yaml holds something that is no Kubernetes object: give it an apiVersion and a kind\.$/,
    ],
    [
      'without a name',
      () => bad('e/no.yaml', 'apiVersion: v1\nkind: Pod'),
      /\/no\.yaml holds a Pod without a name: give it a metadata\.name\.$/,
    ],
    [
      'in an empty folder',
      () => (bad('f/notes.txt', ''), desk.at('bad/f')),
      /\/f holds no manifests; --apply takes files and folders of \.yaml, \.yml, \.json\.$/,
    ],
    [
      'for kustomize',
      () => bad('g/kustomization.yaml', 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization'),
      /run "kubectl apply -k .*\/g"\.$/,
    ],
  ])('%s are told of before anything starts', async (_, file, words) => {
    expect(await startRefusal('--apply', file())).toMatch(words);
  });

  it.each([
    [
      'of a kind that does not exist',
      'apiVersion: shop/v1\nkind: Teapot\nmetadata: {name: t}',
      /\/refused\.yaml was refused: this cluster has no kind Teapot in shop\/v1; "kubectl api-resources" lists what it has\.$/,
    ],
    [
      'that the API finds invalid',
      'apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {ports: [{port: 70000, targetPort: 1}]}',
      /\/refused\.yaml was refused: Service "s" is invalid: spec\.ports\[0\]\.port: Invalid value: 70000: must be between 1 and 65535, inclusive$/,
    ],
    [
      'with a field that does not exist',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndatta: {}',
      /\/refused\.yaml was refused: .*datta/,
    ],
    [
      'for a namespace that does not exist',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: moon}',
      /\/refused\.yaml was refused: namespaces "moon" not found$/,
    ],
  ])('%s end the start, and the cluster is kept', async (_, text, words) => {
    const { code, stderr } = await desk.run(['start', '--state', state, '--apply', desk.file('refused.yaml', text)]);
    expect({ code, stderr: stderr.trimEnd() }).toEqual({ code: 1, stderr: expect.stringMatching(words) as string });
    expect(existsSync(desk.at('state/running.json'))).toBe(false);
  });

  it('that are refused leave nothing running in the background', async () => {
    const file = desk.file('refused.yaml', 'apiVersion: shop/v1\nkind: Teapot\nmetadata: {name: t}');
    const { code, stderr } = await desk.run(['start', '--detach', '--json', '--state', state, '--apply', file]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('no kind Teapot') as string });
    expect((await desk.run(['status', '--state', state])).stdout).toBe(`stopped  ${state}\n`);
  });
});

describe('files and ports', () => {
  it('a port that is taken', async () => {
    const blocker = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => blocker.once('listening', resolve));
    const { port } = blocker.address() as { port: number };
    try {
      const sentence = `Port ${port} is taken; choose another with --port, or leave it out for any free one.`;
      expect(await startRefusal('--port', String(port))).toBe(sentence);
      expect(await startRefusal('--port', String(port), '--detach')).toBe(sentence);
    } finally {
      blocker.close();
    }
  });

  it('a state file of a newer version', async () => {
    const file = desk.file('newer/cluster.sqlite', '');
    copyFileSync(desk.at('state/cluster.sqlite'), file);
    const db = new DatabaseSync(file);
    db.exec('PRAGMA user_version = 99');
    db.close();
    const bytes = readFileSync(file);
    expect(await refusal('start', '--state', desk.at('newer'))).toBe(
      `${file} was written by a newer version of kube-playground; update kube-playground, or choose another --state.`,
    );
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });

  it('a state file that is none', async () => {
    const file = desk.file(
      'noise/cluster.sqlite',
      'not a database at all, but quite long enough to be looked at as one. '.repeat(20),
    );
    const text = readFileSync(file, 'utf8');
    expect(await refusal('start', '--state', desk.at('noise'))).toBe(
      `${file} cannot be used as a cluster's state: file is not a database; choose another --state.`,
    );
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it("another program's database", async () => {
    const file = desk.file('foreign/cluster.sqlite', '');
    const db = new DatabaseSync(file);
    db.exec('CREATE TABLE songs (title TEXT)');
    db.close();
    const bytes = readFileSync(file);
    expect(await refusal('start', '--state', desk.at('foreign'))).toBe(
      `${file} is another program's database and is left as it is; choose another --state.`,
    );
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });

  it("a folder with somebody's credentials", async () => {
    const file = desk.file('project/credentials.json', '{"mine":true}');
    expect(await refusal('start', '--state', desk.at('project'))).toBe(
      `${file} belongs to no cluster and is left as it is; choose another folder with --state.`,
    );
    expect(readFileSync(file, 'utf8')).toBe('{"mine":true}');
    expect(await refusal('delete', '--state', desk.at('project'))).toMatch(/^There is no cluster in /);
    expect(readdirSync(desk.at('project'))).toEqual(['credentials.json']);
  });

  it('a file for a folder, and a folder that cannot be made', async () => {
    const file = desk.file('plain', 'text');
    expect(await refusal('start', '--state', file)).toBe(`${file} is a file; give --state a folder for the cluster to live in.`);
    expect(await refusal('start', '--state', `${file}/inside`)).toBe(
      `Cannot make the state folder ${file}/inside (ENOTDIR); choose another with --state.`,
    );
  });

  // The system's administrator may write everywhere.
  it.skipIf(process.getuid?.() === 0)('folders and files that are closed', async () => {
    const locked = desk.at('locked');
    const manifest = desk.file('locked/a.yaml', configMap('a'));
    chmodSync(locked, 0o500);
    expect(await refusal('start', '--state', locked)).toMatch(
      /cannot be used as a cluster's state: .*; choose another --state\.$/,
    );
    expect(await startRefusal('--kubeconfig', `${locked}/config`)).toMatch(
      /^Cannot write the kubeconfig to .* \(EACCES\); choose /,
    );
    chmodSync(locked, 0o000);
    expect(await refusal('start', '--state', `${locked}/inside`)).toMatch(/^Cannot make the state folder .* \(EACCES\); choose /);
    expect(await startRefusal('--apply', manifest)).toMatch(
      /^Cannot read .* \(EACCES\); give --apply files that you may read\.$/,
    );
    chmodSync(locked, 0o700);
  });

  it('a kubeconfig that cannot be written, or that is none', async () => {
    const plain = desk.file('plain', 'text');
    expect(await startRefusal('--kubeconfig', `${plain}/config`)).toBe(
      `Cannot write the kubeconfig to ${plain}/config (EEXIST); choose another file with --kubeconfig.`,
    );
    expect(await startRefusal('--kubeconfig', desk.folder)).toBe(
      `Cannot write the kubeconfig to ${desk.folder} (EISDIR); choose another file with --kubeconfig.`,
    );
    expect(await startRefusal('--kubeconfig', plain)).toBe(
      `${plain} is no kubeconfig and is left as it is; choose another file with --kubeconfig.`,
    );
    expect(readFileSync(plain, 'utf8')).toBe('text');
  });

  it('a cluster that is not there', async () => {
    const nowhere = ['--state', desk.at('nowhere')];
    expect(await refusal('service', 'web', ...nowhere)).toBe(
      `There is no cluster in ${desk.at('nowhere')}; start one with "kube-playground start".`,
    );
    expect(await refusal('kubeconfig', ...nowhere)).toMatch(/^There is no cluster in /);
    expect(await refusal('kubectl', ...nowhere, 'get', 'pods')).toMatch(/^No cluster runs on .*; start one with /);
    expect(await refusal('node', 'list', '--state', state)).toMatch(
      /^No cluster answers at https:.*; start it with "kube-playground start"\.$/,
    );
  });
});
