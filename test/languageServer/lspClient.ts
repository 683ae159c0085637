/** A language client of a few lines: starts the server's process and speaks the protocol over its standard streams. */
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { createMessageConnection, type MessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { projectFolder } from '../support/testCluster.ts';

export interface PublishedDiagnostics {
  readonly uri: string;
  readonly version?: number;
  readonly diagnostics: readonly {
    readonly code: string;
    readonly message: string;
    readonly severity: number;
    readonly range: { readonly start: Place; readonly end: Place };
  }[];
}

export interface Place {
  readonly line: number;
  readonly character: number;
}

export interface LspClient {
  readonly connection: MessageConnection;
  readonly process: ChildProcess;
  readonly capabilities: Readonly<Record<string, unknown>>;
  /** All that the server has logged. */
  readonly log: readonly string[];
  /** The first thing logged, so far or from now on, that `wanted` takes. */
  logged(wanted: (message: string) => boolean): Promise<string>;
  /** The next diagnostics of this file that `wanted` takes, or the last ones when they were already sent. */
  diagnostics(uri: string, wanted?: (published: PublishedDiagnostics) => boolean): Promise<PublishedDiagnostics>;
  open(uri: string, text: string): void;
  close(): Promise<void>;
}

/** The server that suites talk to: from source, unless KUBE_PLAYGROUND_SERVER names a built one. */
const serverFile = process.env['KUBE_PLAYGROUND_SERVER'] ?? path.join(projectFolder, 'server/src/main.ts');

export async function startLspClient(initialize: object = {}, main = serverFile): Promise<LspClient> {
  const child: ChildProcess = spawn(process.execPath, [main, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  if (!child.stdin || !child.stdout) throw new Error('the server has no standard streams');
  const connection = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  const log: string[] = [];
  const published = new Map<string, PublishedDiagnostics>();
  const waiting = new Set<(value: PublishedDiagnostics) => void>();
  const reading = new Set<(message: string) => void>();
  connection.onNotification('window/logMessage', ({ message }: { message: string }) => {
    log.push(message);
    for (const tell of [...reading]) tell(message);
  });
  connection.onNotification('textDocument/publishDiagnostics', (value: PublishedDiagnostics) => {
    published.set(value.uri, value);
    for (const tell of [...waiting]) tell(value);
  });
  connection.onRequest('client/registerCapability', () => null);
  connection.listen();
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const { capabilities } = await connection.sendRequest<{ capabilities: Record<string, unknown> }>('initialize', {
    processId: process.pid,
    rootUri: null,
    capabilities: {},
    ...initialize,
  });
  await connection.sendNotification('initialized', {});
  return {
    connection,
    process: child,
    capabilities,
    log,
    logged(wanted) {
      const known = log.find(wanted);
      if (known !== undefined) return Promise.resolve(known);
      return new Promise((resolve) => {
        const tell = (message: string): void => {
          if (!wanted(message)) return;
          reading.delete(tell);
          resolve(message);
        };
        reading.add(tell);
      });
    },
    diagnostics(uri, wanted = () => true) {
      const known = published.get(uri);
      if (known && wanted(known)) return Promise.resolve(known);
      return new Promise((resolve) => {
        const tell = (value: PublishedDiagnostics): void => {
          if (value.uri !== uri || !wanted(value)) return;
          waiting.delete(tell);
          resolve(value);
        };
        waiting.add(tell);
      });
    },
    open(uri, text) {
      void connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version: 1, text } });
    },
    async close() {
      await connection.sendRequest('shutdown');
      await connection.sendNotification('exit');
      await exited;
      connection.dispose();
    },
  };
}
