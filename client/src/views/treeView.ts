/** The tree in the side bar: hosts its page, hands it rows and texts, and runs what a person asks for there. */
import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { Clock } from '#common/base/clock.ts';
import { DisposableStore } from '#common/base/disposable.ts';
import { parseFromView, rowContext, type ClusterPhase, type ToView } from '#common/protocol/webview.ts';
import { parseViewState } from '#common/protocol/viewState.ts';
import type { TreeTexts } from '#common/protocol/treeTexts.ts';
import type { Dashboard } from '#dashboard/dashboard.ts';
import { TreeFeed } from '#dashboard/treeFeed.ts';
import { treePage, treeStyles } from '#dashboard/treePage.ts';

const stateKey = 'kubePlayground.treeState';

export interface TreeViewOptions {
  readonly extensionUri: vscode.Uri;
  readonly dashboard: Dashboard;
  readonly clock: Clock;
  readonly texts: TreeTexts;
  /** Of the workspace: what a page keeps for the next one. */
  readonly memory: vscode.Memento;
  phase(): ClusterPhase;
  onPhase(listener: (phase: ClusterPhase) => void): vscode.Disposable;
}

export class TreeView {
  readonly #options: TreeViewOptions;

  constructor(options: TreeViewOptions) {
    this.#options = options;
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    const { dashboard, clock, texts, extensionUri, memory, phase, onPhase } = this.#options;
    const { webview } = view;
    const media = vscode.Uri.joinPath(extensionUri, 'dist', 'media');
    const disposables = new DisposableStore();
    const send = (message: ToView): void => void webview.postMessage(message);
    const feed = disposables.add(new TreeFeed(dashboard.model, clock, send));
    disposables.add(onPhase((now) => send({ type: 'cluster', phase: now })));
    disposables.add(
      webview.onDidReceiveMessage((value: unknown) => {
        const message = parseFromView(value);
        if (!message) return;
        if (message.type === 'command') {
          const row = message.row === undefined ? undefined : dashboard.model.row(message.row);
          void vscode.commands.executeCommand(message.command, ...(row ? [rowContext(row)] : []));
          return;
        }
        if (message.type === 'state') {
          void memory.update(stateKey, message.state);
          return;
        }
        if (message.type === 'ready') {
          const kept = memory.get<unknown>(stateKey);
          send({ type: 'texts', texts });
          if (kept !== undefined) send({ type: 'state', state: parseViewState(kept) });
          send({ type: 'cluster', phase: phase() });
        }
        feed.handle(message);
      }),
    );
    view.onDidDispose(() => disposables.dispose());
    webview.options = { enableScripts: true, localResourceRoots: [media] };
    webview.html = treePage({
      script: webview.asWebviewUri(vscode.Uri.joinPath(media, 'tree.js')).toString(),
      styles: treeStyles.map((file) => webview.asWebviewUri(vscode.Uri.joinPath(media, file)).toString()),
      styleSource: webview.cspSource,
      nonce: randomUUID(),
      language: vscode.env.language,
    }).html;
    dashboard.watchAll();
  }
}
