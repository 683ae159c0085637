/** The language server as any editor has it: a process that speaks the protocol over standard input and output. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LspClient, startLspClient } from './lspClient.ts';

const service = `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: {app: wbe}
  ports: [{port: 80}]
`;
const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: -1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      serviceAccountName: robot
      containers:
        - name: web
          image: nginx
`;

describe('over standard streams', () => {
  let client: LspClient;
  let folder: string;
  const uriOf = (name: string): string => pathToFileURL(path.join(folder, name)).href;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'kube-playground-server-'));
    writeFileSync(path.join(folder, 'deployment.yaml'), deployment.replace('-1', '1'));
    writeFileSync(path.join(folder, 'robot.yaml'), 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: robot}\n');
    writeFileSync(path.join(folder, 'picture.yaml'), Buffer.from([0x89, 0x50, 0, 0, 1, 2, 3]));
    client = await startLspClient({
      rootUri: pathToFileURL(folder).href,
      capabilities: { general: { positionEncodings: ['utf-8', 'utf-16'] } },
    });
  });
  afterAll(async () => {
    await client?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('says what it can do, in the encoding that the client likes best', () => {
    expect(client.capabilities).toMatchObject({ positionEncoding: 'utf-8', hoverProvider: true, definitionProvider: true });
  });

  test('finds what the API server would reject, at its place, and again after an edit', async () => {
    const uri = uriOf('deployment.yaml');
    client.open(uri, deployment);
    const { diagnostics } = await client.diagnostics(uri, (each) => each.version === 1);
    expect(diagnostics).toMatchObject([
      {
        code: 'invalid-object',
        severity: 1,
        message: 'spec.replicas: Invalid value: -1: must be greater than or equal to 0',
        range: { start: { line: 5, character: 12 }, end: { line: 5, character: 14 } },
      },
    ]);
    void client.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version: 2 },
      contentChanges: [{ range: { start: { line: 5, character: 12 }, end: { line: 5, character: 13 } }, text: '' }],
    });
    expect((await client.diagnostics(uri, (each) => each.version === 2)).diagnostics).toEqual([]);
  });

  test('follows a selector to a file on disk that nobody opened', async () => {
    const uri = uriOf('service.yaml');
    client.open(uri, service);
    const { diagnostics } = await client.diagnostics(uri, (each) =>
      each.diagnostics.some(({ message }) => message.includes('Deployment/web')),
    );
    expect(diagnostics.map(({ message }) => message)).toEqual(['No pods have app=wbe; Deployment/web has app=web']);
    const actions = await client.connection.sendRequest<{ title: string }[]>('textDocument/codeAction', {
      textDocument: { uri },
      range: { start: { line: 5, character: 18 }, end: { line: 5, character: 18 } },
      context: { diagnostics: [] },
    });
    expect(actions.map(({ title }) => title)).toContain('Select app=web');
  });

  test('hover and definition', async () => {
    const textDocument = { uri: uriOf('deployment.yaml') };
    const hover = await client.connection.sendRequest<{ contents: { value: string } }>('textDocument/hover', {
      textDocument,
      position: { line: 5, character: 4 },
    });
    expect(hover.contents.value).toContain('Number of desired pods');
    const found = await client.connection.sendRequest<{ uri: string; range: unknown }[]>('textDocument/definition', {
      textDocument,
      position: { line: 10, character: 28 },
    });
    expect(found).toMatchObject([{ uri: uriOf('robot.yaml'), range: { start: { line: 2, character: 17 } } }]);
  });

  test('a file that is no manifest is left alone', async () => {
    const uri = uriOf('compose.yaml');
    client.open(uri, 'services:\n  web: {image: nginx\n');
    expect((await client.diagnostics(uri)).diagnostics).toEqual([]);
    const position = { line: 1, character: 3 };
    expect(await client.connection.sendRequest('textDocument/hover', { textDocument: { uri }, position })).toBeNull();
    expect(client.log.filter((line) => line.includes('failed'))).toEqual([]);
  });
});
