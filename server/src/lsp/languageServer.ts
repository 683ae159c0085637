/**
 * The server on a connection: what it can do, what it is told, and in which order it comes to life. The only place that ties
 * the state, the features and the protocol together.
 */
import {
  type ClientCapabilities,
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  FileChangeType,
  type InitializeParams,
  type InitializeResult,
  TextDocumentSyncKind,
} from 'vscode-languageserver/node';
import { isJsonObject } from '#common/api/ownProperty.ts';
import type { Clock } from '#common/base/clock.ts';
import { DisposableStore } from '#common/base/disposable.ts';
import { createLog, type Log } from '#common/base/log.ts';
import type { Random } from '#common/base/random.ts';
import {
  type ClusterTarget,
  contextNotification,
  type FactsNote,
  factsNotification,
  type ServerOptions,
} from '#common/protocol/languageServer.ts';
import { ClusterFacts } from '../facts/clusterFacts.ts';
import { allFeatures } from '../features/allFeatures.ts';
import { tokenTypes } from '../features/feature.ts';
import { allRules } from '../rules/allRules.ts';
import { RuleRunner } from '../rules/runner.ts';
import { l10nOf } from '../l10n.ts';
import { readSettings } from '../settings.ts';
import { World } from '../world.ts';
import { Convert } from './convert.ts';
import { DiagnosticsPublisher } from './diagnosticsPublisher.ts';
import { DiskWatch } from './diskWatch.ts';
import type { FileSystem } from './fileSystem.ts';
import { OpenTexts } from './openTexts.ts';
import { type PositionEncoding, Positions } from './positions.ts';
import { LiveRefresh } from './liveRefresh.ts';
import { PulledDiagnostics } from './pulledDiagnostics.ts';
import { Requests } from './requests.ts';
import { WorkspaceFiles } from './workspaceFiles.ts';

export interface ServerDeps {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly random: Random;
  readonly fs: FileSystem;
}

const watchedPattern = '**/*.{yaml,yml,json,tpl}';

export function startLanguageServer({ connection, clock, random, fs }: ServerDeps): void {
  const log: Log = createLog('server', ({ level, message, fields }) => {
    const text = fields ? `${message} ${JSON.stringify(fields)}` : message;
    if (level === 'error') connection.console.error(text);
    else if (level === 'warn') connection.console.warn(text);
    else connection.console.info(text);
  });
  const world = new World(() => clock.now());
  const runner = new RuleRunner(allRules, log);
  const facts = new ClusterFacts({ clock, random, log: log.child('facts') });
  world.facts = facts;
  const files = new WorkspaceFiles(fs, world.index, () => clock.now());
  const texts = new OpenTexts();
  const disposables = new DisposableStore();
  disposables.add(facts);
  const stop = new AbortController();
  let positions = new Positions('utf-16');
  let client: ClientCapabilities = {};
  let folders: string[] = [];
  let options: ServerOptions = {};
  let diagnostics: { refresh(): void } | undefined;

  connection.onInitialize(async (params): Promise<InitializeResult> => {
    client = params.capabilities;
    world.l10n = await l10nOf(params.locale);
    options = isJsonObject(params.initializationOptions) ? (params.initializationOptions as ServerOptions) : {};
    world.settings = readSettings(options.settings);
    const encoding = encodingOf(client);
    positions = new Positions(encoding);
    folders = foldersOf(params);
    world.workspaceKnown = folders.length === 0;
    const convert = new Convert(positions, world.index, client.workspace?.workspaceEdit?.changeAnnotationSupport !== undefined);
    const pulled = disposables.add(new PulledDiagnostics({ connection, world, runner, convert, clock }));
    pulled.register();
    const isPulling = mustBeAsked(client);
    if (!isPulling) diagnostics = disposables.add(new DiagnosticsPublisher({ connection, world, runner, convert, clock, log }));
    else if (client.workspace?.diagnostics?.refreshSupport) {
      diagnostics = pulled;
      disposables.add(world.index.onChange(() => pulled.refresh()));
    }
    const shown = disposables.add(new LiveRefresh(connection, client, clock));
    disposables.add(
      facts.onChange(() => {
        world.kinds.define('cluster', facts.definitions);
        diagnostics?.refresh();
        shown.refresh();
      }),
    );
    disposables.add(
      facts.onState((change) => {
        tellState(connection, log, change);
        shown.refresh();
      }),
    );
    connection.onDidChangeConfiguration(({ settings }) => {
      const own: unknown = isJsonObject(settings) ? (settings['kubePlayground'] ?? settings) : undefined;
      world.settings = readSettings(own);
      diagnostics?.refresh();
    });
    const onAges = (): void => shown.refreshInAMinute();
    new Requests({ connection, world, features: allFeatures, runner, positions, convert, log, onAges }).register();
    const provider = { identifier: 'kube-playground', interFileDependencies: true, workspaceDiagnostics: true };
    const given = { ...capabilities(encoding), ...(isPulling ? { diagnosticProvider: provider } : {}) };
    return { capabilities: given, serverInfo: { name: 'kube-playground' } };
  });

  connection.onInitialized(() => {
    follow(options);
    if (client.workspace?.didChangeWatchedFiles?.dynamicRegistration) {
      const watchers = [{ globPattern: watchedPattern }, { globPattern: '**/Kustomization' }];
      void connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
    } else watchDisk();
    if (client.workspace?.didChangeConfiguration?.dynamicRegistration) {
      void connection.client.register(DidChangeConfigurationNotification.type, { section: 'kubePlayground' });
    }
    if (client.workspace?.workspaceFolders) {
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        files.forget(removed.map(({ uri }) => uri));
        crawl(added.map(({ uri }) => uri));
      });
    }
    crawl(folders);
  });

  const watchDisk = (): void => {
    const watch: DiskWatch = disposables.add(
      new DiskWatch({ fs, clock, log, onChange: (paths) => crawl(files.lookAgain(paths, (folder) => watch.has(folder))) }),
    );
    files.onFolder = (folder) => watch.add(folder);
    files.onFolderGone = (folder) => watch.delete(folder);
  };

  let crawls = 0;
  const crawl = (uris: readonly string[]): void => {
    if (uris.length === 0) return;
    crawls++;
    world.workspaceKnown = false;
    files
      .crawl(uris, stop.signal)
      .then(
        (count) => log.info(`${count} files of manifests read`),
        (error: unknown) => log.error('The workspace could not be read', { error: String(error) }),
      )
      .finally(() => {
        world.workspaceKnown = --crawls === 0;
        diagnostics?.refresh();
      });
  };

  const follow = ({ kubeconfig, context }: ClusterTarget): void => {
    const paths = typeof kubeconfig === 'string' ? [kubeconfig] : Array.isArray(kubeconfig) ? (kubeconfig as string[]) : [];
    facts.follow(paths.length > 0 ? { kubeconfig: paths, context } : undefined);
  };

  connection.onDidOpenTextDocument(({ textDocument: { uri, text, version } }) => {
    texts.open(uri, text);
    world.index.setOpen(uri, text, version);
  });
  connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) => {
    const text = texts.change(uri, contentChanges, positions);
    if (text !== undefined) world.index.setOpen(uri, text, version);
  });
  connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
    texts.close(uri);
    world.index.close(uri);
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    for (const { uri, type } of changes) {
      if (type === FileChangeType.Deleted) world.index.removeFromDisk(uri);
      else files.changed(uri);
    }
  });
  connection.onNotification(contextNotification, (target: unknown) =>
    follow(isJsonObject(target) ? (target as ClusterTarget) : {}),
  );
  connection.onShutdown(() => {
    stop.abort();
    disposables.dispose();
  });
  connection.listen();
}

/** UTF-16 unless the client would rather have UTF-8. */
function encodingOf({ general }: ClientCapabilities): PositionEncoding {
  return general?.positionEncodings?.find((each): each is PositionEncoding => each === 'utf-16' || each === 'utf-8') ?? 'utf-16';
}

/** It has no place for diagnostics that nobody asked for. Never both ways at once: people would see everything twice. */
const mustBeAsked = ({ textDocument }: ClientCapabilities): boolean =>
  textDocument?.diagnostic !== undefined && textDocument.publishDiagnostics === undefined;

function foldersOf({ workspaceFolders, rootUri }: InitializeParams): string[] {
  if (workspaceFolders) return workspaceFolders.map(({ uri }) => uri);
  return rootUri ? [rootUri] : [];
}

function tellState(
  connection: Connection,
  log: Log,
  { state, context, problem }: { state: FactsNote['state']; context: string | undefined; problem?: string },
): void {
  const note: FactsNote = { state, ...(context === undefined ? {} : { context }), ...(problem === undefined ? {} : { problem }) };
  void connection.sendNotification(factsNotification, note);
  if (state === 'lost') log.warn(`The cluster is gone: ${problem ?? context ?? ''}`);
}

const capabilities = (positionEncoding: PositionEncoding): InitializeResult['capabilities'] => ({
  positionEncoding,
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
  hoverProvider: true,
  completionProvider: { resolveProvider: true, triggerCharacters: [':', ' ', '-', '/', '.', '"', '$', '{'] },
  definitionProvider: true,
  referencesProvider: true,
  documentHighlightProvider: true,
  documentLinkProvider: {},
  renameProvider: { prepareProvider: true },
  codeLensProvider: {},
  inlayHintProvider: true,
  documentSymbolProvider: true,
  workspaceSymbolProvider: true,
  foldingRangeProvider: true,
  selectionRangeProvider: true,
  semanticTokensProvider: { legend: { tokenTypes: [...tokenTypes], tokenModifiers: ['unresolved'] }, full: true },
  documentFormattingProvider: true,
  codeActionProvider: { codeActionKinds: ['quickfix', 'refactor', 'refactor.extract', 'refactor.rewrite', 'source'] },
  callHierarchyProvider: true,
  workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
});
