/** The language server beside a whole cluster: what comes and goes there is known without asking anybody to start again. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { run } from '../support/run.ts';
import { cliFile, startTestCluster, type TestCluster } from '../support/testCluster.ts';
import { type LspClient, startLspClient } from './lspClient.ts';

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: nginx:1.27
`;
const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: lamps.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Lamp, plural: lamps, singular: lamp, listKind: LampList}
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec: {type: object, properties: {brightness: {type: integer}, colour: {type: string}}}
`;
const lamp = 'apiVersion: example.com/v1\nkind: Lamp\nmetadata: {name: desk}\nspec:\n  brightness: bright\n  \n';

let folder: string;
let kubeconfig: string;
let client: LspClient;
/** What the server has said of the cluster. */
let states: string[];
const uriOf = (name: string): string => pathToFileURL(path.join(folder, name)).href;

beforeEach(async () => {
  states = [];
  const refreshed = { refreshSupport: true };
  client = await startLspClient({
    rootUri: pathToFileURL(folder).href,
    capabilities: { workspace: { codeLens: refreshed } },
    initializationOptions: { kubeconfig },
  });
  client.connection.onNotification('kubePlayground/facts', ({ state }: { state: string }) => void states.push(state));
});
afterEach(() => client?.close());

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kube-playground-live-'));
  kubeconfig = path.join(folder, 'kubeconfig');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const begin = (state = 'memory'): Promise<TestCluster> =>
  startTestCluster({ state, args: ['--kubeconfig', kubeconfig, '--nodes', '1'] });

async function kubectl(args: readonly string[], input = ''): Promise<void> {
  const options = { env: { KUBECONFIG: kubeconfig }, input };
  const { code, stderr } = await run(process.execPath, [cliFile, 'kubectl', '--any-cluster', ...args], options);
  expect(stderr).toBe('');
  expect(code).toBe(0);
}

/** The first text above the object, once it is as wanted; looked at again whenever the server says that it may have changed. */
function lens(uri: string, wanted: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    const look = async (): Promise<void> => {
      type Lens = { command: { title: string } };
      const [first] = await client.connection.sendRequest<Lens[]>('textDocument/codeLens', { textDocument: { uri } });
      if (first && wanted.test(first.command.title)) resolve(first.command.title);
    };
    client.connection.onRequest('workspace/codeLens/refresh', () => {
      look().catch(reject);
      return null;
    });
    look().catch(reject);
  });
}

const completions = async (uri: string, line: number, character: number): Promise<string[]> => {
  const place = { textDocument: { uri }, position: { line, character } };
  const { items } = await client.connection.sendRequest<{ items: { label: string }[] }>('textDocument/completion', place);
  return items.map(({ label }) => label);
};

describe('a cluster that is killed', () => {
  let cluster: TestCluster | undefined;
  let state: string;
  beforeAll(async () => {
    state = mkdtempSync(path.join(tmpdir(), 'kube-playground-live-state-'));
    cluster = await begin(state);
    await kubectl(['apply', '-f', '-'], deployment);
  });
  afterAll(async () => {
    await cluster?.stop();
    rmSync(state, { recursive: true, force: true });
  });

  test('is told of once, leaves what needs no cluster, and is known again when it is back', async () => {
    const uri = uriOf('deployment.yaml');
    client.open(uri, deployment);
    expect(await lens(uri, /ready/)).toMatch(/^1\/1 ready|^0\/1 ready/);
    await cluster?.stop('SIGKILL');
    cluster = undefined;
    expect(await lens(uri, /^Apply$/)).toBe('Apply');

    const wrong = uriOf('wrong.yaml');
    client.open(wrong, deployment.replaceAll('web', 'other').replace('replicas: 1', 'replicas: -1'));
    const { diagnostics } = await client.diagnostics(wrong, (each) => each.diagnostics.length > 0);
    expect(diagnostics.map(({ message }) => message)).toEqual([
      'spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    ]);
    expect(await completions(uri, 4, 2)).toContain('strategy');

    cluster = await begin(state);
    expect(await lens(uri, /ready/)).toMatch(/1 ready/);
    expect(states.filter((each) => each === 'lost')).toEqual(['lost']);
    expect(states.at(-1)).toBe('live');
    expect(client.log.filter((line) => line.includes('The cluster is gone'))).toHaveLength(1);
  });
});

describe('beside a cluster', () => {
  let cluster: TestCluster | undefined;
  beforeAll(async () => void (cluster = await begin()));
  afterAll(() => cluster?.stop());

  test('a kind is known as soon as kubectl has defined it, and no longer than that', async () => {
    const uri = uriOf('lamp.yaml');
    client.open(uri, lamp);
    await client.diagnostics(uri);
    expect(await completions(uri, 5, 2)).not.toContain('colour');
    const found = client.diagnostics(uri, (each) => each.diagnostics.length > 0);
    await kubectl(['apply', '-f', '-'], definition);
    expect((await found).diagnostics[0]?.message).toMatch(/brightness/);
    expect(await completions(uri, 5, 2)).toContain('colour');
    expect(await completions(uri, 1, 6)).toContain('Lamp');

    const gone = client.diagnostics(uri, (each) => each.diagnostics.length === 0);
    await kubectl(['delete', 'crd', 'lamps.example.com']);
    await gone;
    expect(await completions(uri, 5, 2)).not.toContain('colour');
    expect(await completions(uri, 1, 6)).not.toContain('Lamp');
  });

  test('resources are taken from what the pods use just now', async () => {
    const uri = uriOf('measured.yaml');
    const measured = deployment.replaceAll('web', 'measured');
    client.open(uri, measured);
    await kubectl(['apply', '-f', '-'], measured);
    expect(await lens(uri, /1\/1 ready/)).toMatch(/ready/);
    const place = { start: { line: 10, character: 12 }, end: { line: 10, character: 12 } };
    const asked = { textDocument: { uri }, range: place, context: { diagnostics: [] } };
    const titles = async (): Promise<string> => {
      const actions = await client.connection.sendRequest<{ title: string }[]>('textDocument/codeAction', asked);
      return actions.map(({ title }) => title).join();
    };
    await expect.poll(titles, { timeout: 30_000 }).toMatch(/Add resources from live use \(\d+m, \d+Mi\)/);
  });
});
