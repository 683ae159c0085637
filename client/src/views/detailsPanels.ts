/**
 * Objects' details in the editor's area: one page per object, that follows it over restarts of the cluster. Links lead on
 * within the same page; the editor brings open pages back after it was closed.
 */
import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { Clock } from '#common/base/clock.ts';
import { type Disposable, DisposableStore } from '#common/base/disposable.ts';
import { isSameObject, parseFromDetails, parseLocator, type ToDetails } from '#common/protocol/details.ts';
import type { DetailsTexts } from '#common/protocol/detailsTexts.ts';
import type { TreeTexts } from '#common/protocol/treeTexts.ts';
import type { ObjectLocator } from '#common/protocol/webview.ts';
import type { ManifestFile } from '#dashboard/details/fileChanges.ts';
import type { DetailsFeed } from '#dashboard/details/detailsFeed.ts';
import { detailsStyles, treePage } from '#dashboard/treePage.ts';
import type { ClusterView } from '../cluster/shownCluster.ts';
import { UserError } from '../userError.ts';
import { manifestOf } from '../commands/manifestSearch.ts';

const viewType = 'kubePlayground.details';

export interface DetailsPanelsOptions {
  readonly extensionUri: vscode.Uri;
  readonly cluster: ClusterView;
  readonly clock: Clock;
  readonly texts: DetailsTexts;
  readonly stateTexts: TreeTexts;
}

interface Open {
  readonly panel: vscode.WebviewPanel;
  readonly feed: DetailsFeed;
}

export class DetailsPanels implements Disposable {
  readonly #options: DetailsPanelsOptions;
  readonly #disposables = new DisposableStore();
  readonly #open = new Set<Open>();

  constructor(options: DetailsPanelsOptions) {
    this.#options = options;
    this.#disposables.add(
      vscode.window.registerWebviewPanelSerializer(viewType, {
        deserializeWebviewPanel: async (panel, state) => {
          const object = parseLocator((state as { object?: unknown } | null | undefined)?.object);
          if (object) await this.#fill(panel, object);
          else panel.dispose();
        },
      }),
    );
  }

  /** Shows the object's page: the one that is open, or a new one. */
  async show(object: ObjectLocator): Promise<void> {
    for (const { panel, feed } of this.#open) {
      if (!isSameObject(feed.object, object) || feed.object.container !== object.container) continue;
      panel.reveal(undefined, true);
      return;
    }
    const place = { viewColumn: vscode.ViewColumn.Active, preserveFocus: true };
    await this.#fill(vscode.window.createWebviewPanel(viewType, titleOf(object), place, this.#webviewOptions), object);
  }

  dispose(): void {
    for (const { panel } of [...this.#open]) panel.dispose();
    this.#disposables.dispose();
  }

  get #webviewOptions(): vscode.WebviewOptions & vscode.WebviewPanelOptions {
    return { enableScripts: true, localResourceRoots: [this.#media] };
  }

  get #media(): vscode.Uri {
    return vscode.Uri.joinPath(this.#options.extensionUri, 'dist', 'media');
  }

  async #fill(panel: vscode.WebviewPanel, object: ObjectLocator): Promise<void> {
    // All kinds come with it, which nobody needs before the first page.
    const { DetailsFeed } = await import('#dashboard/details/detailsFeed.ts');
    const { cluster, clock, texts, stateTexts, extensionUri } = this.#options;
    const { webview } = panel;
    const disposables = new DisposableStore();
    const send = (message: ToDetails): void => void webview.postMessage(message);
    const feed = disposables.add(
      new DetailsFeed(object, {
        clock,
        texts,
        stateTexts,
        send,
        onObject: (next) => (panel.title = titleOf(next)),
        findFile: (target) => this.#findFile(target),
      }),
    );
    const open = { panel, feed };
    this.#open.add(open);
    let connection = cluster.connection;
    disposables.add(
      cluster.onPhase((phase) => {
        send({ type: 'cluster', phase });
        if (cluster.connection === connection) return;
        connection = cluster.connection;
        feed.connect(connection);
      }),
    );
    disposables.add(
      webview.onDidReceiveMessage((value: unknown) => {
        const message = parseFromDetails(value);
        if (!message) return;
        if (message.type === 'ready') {
          send({ type: 'texts', texts: { ...stateTexts, ...texts } });
          send({ type: 'cluster', phase: cluster.phase });
        } else if (message.type === 'command') void vscode.commands.executeCommand(message.command, feed.object);
        else if (message.type === 'open' && message.aside) void this.show(message.object);
        feed.handle(message);
      }),
    );
    panel.onDidDispose(() => {
      this.#open.delete(open);
      disposables.dispose();
    });
    panel.title = titleOf(object);
    panel.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'icons', 'kube-playground.png');
    webview.options = this.#webviewOptions;
    webview.html = treePage({
      script: webview.asWebviewUri(vscode.Uri.joinPath(this.#media, 'details.js')).toString(),
      styles: detailsStyles.map((file) => webview.asWebviewUri(vscode.Uri.joinPath(this.#media, file)).toString()),
      styleSource: webview.cspSource,
      nonce: randomUUID(),
      language: vscode.env.language,
    }).html;
    feed.connect(connection);
  }

  /** Of a pod's lineage only the pod itself can be compared with the pod. */
  async #findFile(target: ObjectLocator): Promise<ManifestFile | undefined> {
    const { connection } = this.#options.cluster;
    if (!connection) return undefined;
    try {
      const { object, file } = await manifestOf(connection, target);
      if (object.kind !== target.kind || object.metadata.name !== target.name) return undefined;
      return { file: vscode.workspace.asRelativePath(file.uri), object };
    } catch (error) {
      if (error instanceof UserError) return undefined;
      throw error;
    }
  }
}

const titleOf = ({ kind, name }: ObjectLocator): string => `${kind} ${name}`;
