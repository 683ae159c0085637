/** What editors other than VS Code need of the server, as bare messages: edits in several files, pulled diagnostics, files that change on disk, and a cluster that comes and goes. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startPodListServer } from '../bench/podListServer.ts';
import { type LspClient, startLspClient } from './lspClient.ts';

const service = `apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{port: 80}]
`;
const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: nginx
          env:
            - {name: LEVEL, value: high}
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
            spec: {type: object, properties: {brightness: {type: integer, description: How bright it is.}}}
`;
const lamp = 'apiVersion: example.com/v1\nkind: Lamp\nmetadata: {name: desk}\nspec:\n  brightness: 3\n';

let folder: string;
let client: LspClient | undefined;
const uriOf = (name: string): string => pathToFileURL(path.join(folder, name)).href;
const write = (name: string, text: string): void => writeFileSync(path.join(folder, name), text);
const begin = async (capabilities: object = {}, initializationOptions: object = {}, locale = 'en'): Promise<LspClient> => {
  client = await startLspClient({ rootUri: pathToFileURL(folder).href, capabilities, initializationOptions, locale });
  await client.logged((line) => line.includes('files of manifests read'));
  return client;
};
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'kube-playground-clients-'))));
afterEach(async () => {
  await client?.close();
  client = undefined;
  rmSync(folder, { recursive: true, force: true });
});

test('completion, a rename over two files, code actions, and why', async () => {
  write('deployment.yaml', deployment);
  const { connection, open } = await begin();
  const textDocument = { uri: uriOf('service.yaml') };
  open(textDocument.uri, service);
  const completion = await connection.sendRequest<{ items: { label: string }[] }>('textDocument/completion', {
    textDocument,
    position: { line: 4, character: 2 },
  });
  expect(completion.items.map(({ label }) => label)).toContain('externalTrafficPolicy');
  const position = { line: 4, character: 14 };
  const edit = await connection.sendRequest<object>('textDocument/rename', { textDocument, position, newName: 'front' });
  expect(JSON.stringify(edit)).toContain(uriOf('deployment.yaml'));
  expect(JSON.stringify(edit)).toContain(textDocument.uri);
  // Whoever asks nobody about doubtful edits gets none of them.
  expect(edit).not.toHaveProperty('changeAnnotations');
  open(uriOf('deployment.yaml'), deployment);
  const actions = await connection.sendRequest<{ title: string }[]>('textDocument/codeAction', {
    textDocument: { uri: uriOf('deployment.yaml') },
    range: { start: { line: 12, character: 16 }, end: { line: 12, character: 16 } },
    context: { diagnostics: [] },
  });
  expect(actions.length).toBeGreaterThan(0);
  const why = await connection.sendRequest<{ title: string } | null>('kubePlayground/explain', { textDocument, position });
  expect(why).toHaveProperty('title');
});

test('a rename whose certain edits need no word, and whose doubtful ones do', async () => {
  write('deployment.yaml', deployment);
  write('map.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, labels: {app: web}}\n');
  const workspace = { workspaceEdit: { documentChanges: true, changeAnnotationSupport: {} } };
  const { connection, open } = await begin({ workspace }, {}, 'zh-CN');
  const textDocument = { uri: uriOf('service.yaml') };
  open(textDocument.uri, service);
  const rename = { textDocument, position: { line: 4, character: 14 }, newName: 'front' };
  type Edit = {
    documentChanges: { textDocument: { uri: string }; edits: { annotationId: string }[] }[];
    changeAnnotations: Record<string, { label: string; needsConfirmation: boolean }>;
  };
  const { documentChanges, changeAnnotations } = await connection.sendRequest<Edit>('textDocument/rename', rename);
  const asked = documentChanges.flatMap(({ textDocument: { uri }, edits }) =>
    edits.map(({ annotationId }) => `${path.basename(uri)} ${changeAnnotations[annotationId]?.needsConfirmation}`),
  );
  expect(asked.sort()).toEqual(['deployment.yaml false', 'deployment.yaml false', 'map.yaml true', 'service.yaml false']);
  expect(Object.values(changeAnnotations).map(({ label }) => label)).toEqual([
    '与所重命名的内容相关联',
    '相同的标签，但没有与之关联',
  ]);
});

test('diagnostics for an editor that asks for them, which says nothing twice', async () => {
  write('bad.yaml', deployment.replace('spec:', 'spec:\n  replicas: -1'));
  const { connection, capabilities } = await begin({ textDocument: { diagnostic: {} } });
  expect(capabilities).toMatchObject({ diagnosticProvider: { workspaceDiagnostics: true } });
  const textDocument = { uri: uriOf('bad.yaml') };
  type Report = { kind: string; resultId: string; items?: { code: string }[] };
  const first = await connection.sendRequest<Report>('textDocument/diagnostic', { textDocument });
  expect(first).toMatchObject({ kind: 'full', items: [{ code: 'invalid-object' }] });
  const second = { textDocument, previousResultId: first.resultId };
  expect(await connection.sendRequest('textDocument/diagnostic', second)).toEqual({
    kind: 'unchanged',
    resultId: first.resultId,
  });
  const all = await connection.sendRequest<{ items: Report[] }>('workspace/diagnostic', { previousResultIds: [] });
  expect(all.items).toMatchObject([{ uri: textDocument.uri, kind: 'full', items: [{ code: 'invalid-object' }] }]);
});

describe('an editor that watches no files', () => {
  test('hears of those that change on disk, also in folders that are new, and of definitions among them', async () => {
    const { connection, open, diagnostics } = await begin();
    open(uriOf('service.yaml'), service);
    await diagnostics(uriOf('service.yaml'), (each) => each.diagnostics.length > 0);
    const quiet = diagnostics(uriOf('service.yaml'), (each) => each.diagnostics.length === 0);
    mkdirSync(path.join(folder, 'new'));
    write('new/deployment.yaml', deployment);
    await quiet;
    open(uriOf('lamp.yaml'), lamp.replace('3', 'bright'));
    const typed = diagnostics(uriOf('lamp.yaml'), (each) =>
      each.diagnostics.some(({ message }) => message.includes('brightness')),
    );
    write('definition.yaml', definition);
    await typed;
    const position = { line: 4, character: 4 };
    const hover = await connection.sendRequest('textDocument/hover', { textDocument: { uri: uriOf('lamp.yaml') }, position });
    expect(JSON.stringify(hover)).toContain('How bright it is.');
    const again = diagnostics(uriOf('service.yaml'), (each) => each.diagnostics.length > 0);
    rmSync(path.join(folder, 'new'), { recursive: true });
    await again;
  });
});

test('a cluster that goes away is told of once', async () => {
  const kubeconfig = path.join(folder, 'kubeconfig');
  const cluster = await startPodListServer(5, kubeconfig);
  const { connection, log } = await begin();
  const states: string[] = [];
  const reached = (wanted: string): Promise<void> =>
    new Promise((resolve) =>
      connection.onNotification('kubePlayground/facts', ({ state }: { state: string }) => {
        states.push(state);
        if (state === wanted) resolve();
      }),
    );
  const live = reached('live');
  void connection.sendNotification('kubePlayground/context', { kubeconfig });
  await live;
  const lost = reached('lost');
  await cluster.close();
  await lost;
  // Time to try again a few times, all in vain.
  await client?.logged((line) => line.includes('The cluster is gone'));
  await connection.sendRequest('workspace/symbol', { query: 'x' });
  expect(states.filter((state) => state !== 'connecting')).toEqual(['live', 'lost']);
  expect(log.filter((line) => line.includes('The cluster is gone'))).toHaveLength(1);
});
