/** The pages that describe an object: read-only documents that are written anew whenever the object or its events change. */
import * as vscode from 'vscode';
import type { KubeObject } from '#common/api/meta.ts';
import { hasReason } from '#common/api/status.ts';
import type { Clock } from '#common/base/clock.ts';
import { type Disposable, DisposableStore } from '#common/base/disposable.ts';
import type { ObjectLocator } from '#common/protocol/webview.ts';
import type { Event, EventList } from '#common/schema/generated/types.ts';
import type { ClusterSession } from '../cluster/clusterSession.ts';
import { describeText } from './describeText.ts';

export const describeScheme = 'kube-playground';

/** `path` is the object's in the API. */
export const describeUri = ({ kind, namespace, name }: ObjectLocator, path: string): vscode.Uri =>
  vscode.Uri.from({
    scheme: describeScheme,
    path: `/${[kind.toLowerCase(), namespace, name].filter((part) => part).join('/')}.describe`,
    query: path,
  });

/** Several changes within this time are one. */
const settleMs = 100;

export class DescribeDocuments implements vscode.TextDocumentContentProvider, Disposable {
  readonly #session: ClusterSession;
  readonly #clock: Clock;
  readonly #onDidChange = new vscode.EventEmitter<vscode.Uri>();
  readonly #disposables = new DisposableStore();
  /** What watches for an open page, by its address. */
  readonly #watches = new Map<string, AbortController>();

  readonly onDidChange = this.#onDidChange.event;

  constructor(session: ClusterSession, clock: Clock) {
    this.#session = session;
    this.#clock = clock;
    this.#disposables.add(vscode.workspace.registerTextDocumentContentProvider(describeScheme, this));
    this.#disposables.add(this.#onDidChange);
    this.#disposables.add(vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#end(uri)));
    // After a restart the pages go on with the new connection.
    this.#disposables.add(session.onPhase((phase) => phase === 'running' && this.#refreshAll()));
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const { connection } = this.#session;
    if (!connection) return vscode.l10n.t('No cluster runs. Start it first.');
    try {
      const object = await connection.api.get<KubeObject>(uri.query);
      this.#watch(uri, object);
      const { stringify } = await import('yaml');
      const { managedFields: _, ...metadata } = object.metadata;
      return describeText(object, await this.#eventsOf(object), stringify({ ...object, metadata }));
    } catch (error) {
      if (hasReason(error, 'NotFound')) return vscode.l10n.t('This object is gone.');
      throw error;
    }
  }

  dispose(): void {
    for (const watch of this.#watches.values()) watch.abort();
    this.#disposables.dispose();
  }

  async #eventsOf(object: KubeObject): Promise<readonly Event[]> {
    const events = await this.#session.connection?.api.get<EventList>(eventsPath(object));
    const time = ({ lastTimestamp, eventTime }: Event): string => lastTimestamp ?? eventTime ?? '';
    return (events?.items ?? []).toSorted((a, b) => (time(a) < time(b) ? -1 : 1));
  }

  /** One watch for the object and one for its events, for as long as the page is open. */
  #watch(uri: vscode.Uri, object: KubeObject): void {
    const key = uri.toString();
    const { connection } = this.#session;
    if (!connection || this.#watches.has(key)) return;
    const stop = new AbortController();
    this.#watches.set(key, stop);
    const signal = AbortSignal.any([stop.signal, connection.signal]);
    let pending: Disposable | undefined;
    const changed = (): void => {
      pending ??= this.#clock.setTimeout(() => {
        pending = undefined;
        this.#onDidChange.fire(uri);
      }, settleMs);
    };
    const collection = uri.query.slice(0, uri.query.lastIndexOf('/'));
    const revision = object.metadata.resourceVersion ?? '';
    const one = `fieldSelector=${encodeURIComponent(`metadata.name=${object.metadata.name ?? ''}`)}`;
    const watches = [
      `${collection}?watch=true&resourceVersion=${revision}&${one}`,
      `${eventsPath(object)}&watch=true&resourceVersion=${revision}`,
    ];
    for (const path of watches) {
      void connection.api
        .watch(path, changed, signal)
        .then(
          () => true,
          // The connection broke, or the API refuses: what comes next is told by the session's phase.
          () => false,
        )
        .then((isOver) => {
          if (this.#watches.get(key) !== stop) return;
          this.#watches.delete(key);
          stop.abort();
          // Servers end watches after some time; reading the page again begins the next.
          if (isOver && !connection.signal.aborted) changed();
        });
    }
  }

  #refreshAll(): void {
    for (const { uri } of vscode.workspace.textDocuments) if (uri.scheme === describeScheme) this.#onDidChange.fire(uri);
  }

  #end(uri: vscode.Uri): void {
    this.#watches.get(uri.toString())?.abort();
    this.#watches.delete(uri.toString());
  }
}

function eventsPath({ metadata }: KubeObject): string {
  // Events of what is in no namespace are in `default`.
  const namespace = encodeURIComponent(metadata.namespace ?? 'default');
  return `/api/v1/namespaces/${namespace}/events?fieldSelector=${encodeURIComponent(`involvedObject.uid=${metadata.uid ?? ''}`)}`;
}
