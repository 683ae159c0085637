/** What the built language server costs, asked over its standard streams as any editor asks it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type LspClient, startLspClient } from '../languageServer/lspClient.ts';
import { projectFolder } from '../support/testCluster.ts';
import { longFile, writeManifestFolder } from './manifestFolder.ts';
import { startPodListServer } from './podListServer.ts';

const serverFile = process.env['KUBE_PLAYGROUND_SERVER'] ?? path.join(projectFolder, 'dist/server.js');

export interface Spread {
  readonly median: number;
  readonly p99: number;
  /** Processor milliseconds of the server for each, everything that follows from it included. */
  readonly processor: number;
}

export interface LanguageServerFigures {
  /** Spawn to the answer of `initialize`, the median of several. */
  readonly startMs: number;
  readonly startProcessorMs: number;
  readonly indexMs: number;
  readonly indexProcessorMs: number;
  readonly keystroke: Readonly<Record<'documents' | 'one object', Spread>>;
  readonly label: Spread;
  readonly requests: Readonly<Record<'hover' | 'completion' | 'definition', Spread>>;
  /** Resident, with all of it known and after all that. */
  readonly memory: number;
}

type Usage = (pid: number) => { memory: number; cpu: number };

export async function measureLanguageServer(usage: Usage, manifests: number, pods: number): Promise<LanguageServerFigures> {
  const start = await measureStart(usage);
  const folder = writeManifestFolder(manifests);
  const scratch = mkdtempSync(path.join(tmpdir(), 'kube-playground-bench-'));
  const kubeconfig = path.join(scratch, 'kubeconfig');
  const cluster = await startPodListServer(pods, kubeconfig);
  const client = await startLspClient(
    { rootUri: pathToFileURL(folder).href, capabilities: {}, initializationOptions: { kubeconfig: [] } },
    serverFile,
  );
  const pid = client.process.pid ?? 0;
  try {
    const before = usage(pid).cpu;
    const begun = performance.now();
    await client.logged((line) => line.includes('files of manifests read'));
    const indexMs = performance.now() - begun;
    const indexProcessorMs = (usage(pid).cpu - before) * 1000;
    await settled(usage, pid);
    const live = new Promise<void>((resolve) =>
      client.connection.onNotification('kubePlayground/facts', ({ state }: { state: string }) => {
        if (state === 'live') resolve();
      }),
    );
    void client.connection.sendNotification('kubePlayground/context', { kubeconfig });
    await live;
    await settled(usage, pid);
    const keystroke = {
      documents: await typed(client, usage, 'documents', '3', '4'),
      'one object': await typed(client, usage, 'one object', '3', '4'),
    };
    const label = await typed(
      client,
      usage,
      'documents',
      'app.kubernetes.io/name: long-1\n  template',
      'app.kubernetes.io/name: long-1x\n  template',
    );
    const requests = await measureRequests(client, usage, folder);
    await settled(usage, pid);
    return { ...start, indexMs, indexProcessorMs, keystroke, label, requests, memory: usage(pid).memory };
  } finally {
    await client.close();
    await cluster.close();
    for (const each of [folder, scratch]) rmSync(each, { recursive: true, force: true });
  }
}

async function measureStart(usage: Usage): Promise<Pick<LanguageServerFigures, 'startMs' | 'startProcessorMs'>> {
  const times: number[] = [];
  const processor: number[] = [];
  for (let i = 0; i < 9; i++) {
    const from = performance.now();
    const client = await startLspClient({}, serverFile);
    times.push(performance.now() - from);
    processor.push(usage(client.process.pid ?? 0).cpu * 1000);
    await client.close();
  }
  return { startMs: at(times, 0.5), startProcessorMs: at(processor, 0.5) };
}

/** Changes a piece of a file of 2,000 lines to and fro, each time until its diagnostics are there. */
async function typed(client: LspClient, usage: Usage, shape: 'documents' | 'one object', a: string, b: string): Promise<Spread> {
  const uri = `file:///long-${shape.replace(' ', '-')}-${a.length}.yaml`;
  const text = longFile(2_000, shape);
  const [before, after] = a === '3' ? ['replicas: 3', `replicas: ${b}`] : [a, b];
  const offset = text.indexOf(before, a === '3' ? 0 : undefined);
  if (offset < 0) throw new Error(`${before} is not in the file`);
  client.open(uri, text);
  await client.diagnostics(uri);
  const pid = client.process.pid ?? 0;
  await settled(usage, pid);
  const line = text.slice(0, offset).split('\n').length - 1;
  const character = offset - text.lastIndexOf('\n', offset - 1) - 1;
  const spread = await repeated(usage, pid, 300, async (i) => {
    const [old, now] = i % 2 === 0 ? [before, after] : [after, before];
    const lines = old.split('\n');
    const end = { line: line + lines.length - 1, character: (lines.length === 1 ? character : 0) + (lines.at(-1) ?? '').length };
    const version = i + 2;
    const published = client.diagnostics(uri, (each) => each.version === version);
    void client.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [{ range: { start: { line, character }, end }, text: now }],
    });
    await published;
  });
  void client.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
  return spread;
}

async function measureRequests(client: LspClient, usage: Usage, folder: string): Promise<LanguageServerFigures['requests']> {
  const file = (i: number): string => path.join(folder, `part-${Math.floor(i / 100)}`, `manifest-${i}.yaml`);
  const places = (word: string, ahead: number) =>
    Array.from({ length: 60 }, (_, i) => {
      const name = file(i * 6 + ahead);
      const text = readFileSync(name, 'utf8');
      const uri = pathToFileURL(name).href;
      client.open(uri, text);
      const offset = text.indexOf(word) + word.length;
      const lines = text.slice(0, offset).split('\n');
      return { textDocument: { uri }, position: { line: lines.length - 1, character: (lines.at(-1) ?? '').length } };
    });
  // A selector and its pods; what a name leads to; the names there are.
  const methods = {
    hover: ['textDocument/hover', places('  selector:\n    app', 1)],
    completion: ['textDocument/completion', places('configMapRef: {name: ', 0)],
    definition: ['textDocument/definition', places('serviceAccountName: ', 0)],
  } as const;
  const pid = client.process.pid ?? 0;
  const found: Partial<Record<keyof typeof methods, Spread>> = {};
  for (const name of ['hover', 'completion', 'definition'] as const) {
    const [method, at] = methods[name];
    await settled(usage, pid);
    found[name] = await repeated(usage, pid, 300, async (i) => {
      const answer = await client.connection.sendRequest(method, at[i % at.length] ?? {});
      if (answer === null) throw new Error(`${method} found nothing`);
    });
  }
  return found as LanguageServerFigures['requests'];
}

async function repeated(usage: Usage, pid: number, times: number, fn: (i: number) => Promise<unknown>): Promise<Spread> {
  const took: number[] = [];
  const before = usage(pid).cpu;
  for (let i = 0; i < times; i++) {
    const from = performance.now();
    await fn(i);
    took.push(performance.now() - from);
  }
  return { median: at(took, 0.5), p99: at(took, 0.99), processor: ((usage(pid).cpu - before) * 1000) / times };
}

/** Until it has nothing to do for a while. */
async function settled(usage: Usage, pid: number): Promise<void> {
  for (let [quiet, before] = [0, -1]; quiet < 4;) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    const { cpu } = usage(pid);
    quiet = cpu - before <= 0.01 ? quiet + 1 : 0;
    before = cpu;
  }
}

const at = (values: readonly number[], part: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? 0;
