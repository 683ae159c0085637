/**
 * The language server beside this window: started with the first document that may be a manifest, told of the cluster as it
 * comes and goes. The protocol's library is loaded only then, and never while the extension is being activated.
 */
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type { Disposable } from '#common/base/disposable.ts';
import { DisposableStore } from '#common/base/disposable.ts';
import type { Log } from '#common/base/log.ts';
import { contextNotification, type Explanation, explainRequest, type ServerOptions } from '#common/protocol/languageServer.ts';
import type { ShownCluster } from '../cluster/shownCluster.ts';
import { manifestLanguages, mayBeManifest } from './manifestLanguages.ts';

export interface LanguageServerOptions {
  /** `dist/server.js`. */
  readonly serverFile: string;
  /** Where the engine keeps what it has made of the server's code. */
  readonly codeCache: string;
  readonly cluster: ShownCluster;
  readonly log: Log;
}

export class LanguageServer implements Disposable {
  readonly #options: LanguageServerOptions;
  readonly #disposables = new DisposableStore();
  #client: Promise<LanguageClient | undefined> | undefined;

  constructor(options: LanguageServerOptions) {
    this.#options = options;
    this.#disposables.add(vscode.workspace.onDidOpenTextDocument((document) => this.#startFor(document)));
    this.#disposables.add(vscode.workspace.onDidSaveTextDocument((document) => this.#startFor(document)));
    this.#disposables.add(options.cluster.onPhase(() => void this.#tellTarget()));
    for (const document of vscode.workspace.textDocuments) this.#startFor(document);
  }

  /** Resolves when the server has ended. */
  async stop(): Promise<void> {
    this.#disposables.dispose();
    const client = await this.#client;
    await client?.dispose();
  }

  dispose(): void {
    void this.stop();
  }

  /** Why the object at that place is as it is; undefined where nothing is known of it. */
  async explain(document: vscode.TextDocument, { line, character }: vscode.Position): Promise<Explanation | undefined> {
    this.#startFor(document);
    const client = await this.#client;
    if (!client?.isRunning()) return undefined;
    const place = { textDocument: { uri: document.uri.toString() }, position: { line, character } };
    return (await client.sendRequest<Explanation | null>(explainRequest, place)) ?? undefined;
  }

  #startFor(document: vscode.TextDocument): void {
    if (this.#client || !mayBeManifest(document)) return;
    this.#client = this.#start().catch((error: unknown) => {
      this.#options.log.error('The language server did not start', { error: String(error) });
      return undefined;
    });
  }

  async #start(): Promise<LanguageClient> {
    const { LanguageClient: Client, TransportKind } = await import('vscode-languageclient/node');
    const { serverFile, codeCache } = this.#options;
    const settings: unknown = vscode.workspace.getConfiguration('kubePlayground');
    const initializationOptions: ServerOptions = { ...this.#options.cluster.target, settings };
    const client = new Client(
      'kubePlayground',
      'Kube Playground',
      { module: serverFile, transport: TransportKind.ipc, options: { env: { NODE_COMPILE_CACHE: codeCache } } },
      {
        documentSelector: manifestLanguages.flatMap((language) => ['file', 'untitled'].map((scheme) => ({ language, scheme }))),
        synchronize: { configurationSection: 'kubePlayground' },
        initializationOptions,
        // Hovers have links to places of the workspace, never commands.
        markdown: { isTrusted: false, supportHtml: false },
      },
    );
    await client.start();
    return client;
  }

  async #tellTarget(): Promise<void> {
    const client = await this.#client;
    if (client?.isRunning()) await client.sendNotification(contextNotification, this.#options.cluster.target);
  }
}
