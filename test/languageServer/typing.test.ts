/** What an editor asks for while somebody types, over the protocol: completion with its texts, formatting, folding, tokens. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LspClient, startLspClient } from './lspClient.ts';

interface Item {
  readonly label: string;
  readonly data?: unknown;
  readonly insertTextMode?: number;
  readonly textEdit: { readonly newText: string };
  readonly documentation?: { readonly value: string };
}

describe('typing', () => {
  let client: LspClient;
  const uri = 'file:///typing/web.yaml';
  const ask = <T>(method: string, rest: object = {}): Promise<T> =>
    client.connection.sendRequest<T>(`textDocument/${method}`, { textDocument: { uri }, ...rest });
  const complete = (line: number, character: number): Promise<{ isIncomplete: boolean; items: Item[] }> =>
    ask('completion', { position: { line, character } });
  let version = 1;
  const write = (text: string): void =>
    void client.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version: ++version },
      contentChanges: [{ text }],
    });

  beforeAll(async () => {
    client = await startLspClient({ capabilities: {} });
    client.open(uri, '');
  });
  afterAll(() => client?.close());

  test('an empty file takes a whole object, also once its first letters are there', async () => {
    expect((await complete(0, 0)).items.map(({ label }) => label)).toContain('Deployment');
    write('Dep');
    expect((await complete(0, 3)).items.map(({ label }) => label)).toContain('Deployment');
  });

  test('a field says what it is when somebody looks at it', async () => {
    write('apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  temp\n');
    const { items, isIncomplete } = await complete(4, 6);
    expect(isIncomplete).toBe(false);
    const template = items.find(({ label }) => label === 'template');
    expect(template).toMatchObject({ textEdit: { newText: 'template:\n    ' }, insertTextMode: 1 });
    expect(template?.documentation).toBeUndefined();
    const resolved = await client.connection.sendRequest<Item>('completionItem/resolve', template);
    expect(resolved.documentation?.value).toContain('a pod');
    const odd = { label: 'x', data: { gvk: { group: 1 }, path: '__proto__' } };
    expect(await client.connection.sendRequest('completionItem/resolve', odd)).toEqual(odd);
  });

  test('a long list is not the whole one', async () => {
    const services = Array.from(
      { length: 300 },
      (_, i) => `apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: robot-${i}}\n---\n`,
    );
    write(`apiVersion: v1\nkind: Pod\nspec:\n  serviceAccountName: \n---\n${services.join('')}`);
    const { items, isIncomplete } = await complete(3, 22);
    expect(isIncomplete).toBe(true);
    expect(items.length).toBeLessThanOrEqual(200);
  });

  test('formatting, folding, selections and tokens', async () => {
    write('apiVersion: v1\nkind: Pod # it\nmetadata:\n    name:   web\nspec:\n    serviceAccountName: robot\n');
    const edits = await ask<{ newText: string }[]>('formatting', { options: { tabSize: 2, insertSpaces: true } });
    expect(edits).toHaveLength(1);
    expect(await ask('foldingRange')).toContainEqual({ startLine: 2, endLine: 3 });
    const [chain] = await ask<{ range: unknown; parent?: unknown }[]>('selectionRange', {
      positions: [{ line: 3, character: 13 }],
    });
    expect(chain?.range).toEqual({ start: { line: 3, character: 12 }, end: { line: 3, character: 15 } });
    expect((await ask<{ data: number[] }>('semanticTokens/full')).data).toEqual([5, 24, 5, 0, 1]);
  });
});
