/** Who serves the page: the editor, or a web server for an ordinary browser. The page sees no difference. */
import type { FromView, ToView } from '#common/protocol/webview.ts';
import { browserHost } from './browserHost.ts';
import { editorHost, type EditorApi } from './editorHost.ts';

/** What the page keeps over reloads. */
export interface ViewState {
  readonly expansion: readonly (readonly [string, boolean])[];
  readonly unhealthyOnly: boolean;
}

export interface Host {
  /** Whether the host shows the menus that `data-vscode-context` asks for. */
  readonly hasMenus: boolean;
  /** Begins to listen, and says so to the host each time that it may have forgotten this page. */
  connect(listener: (message: ToView) => void): void;
  post(message: FromView): void;
  loadState(): ViewState | undefined;
  saveState(state: ViewState): void;
}

declare const acquireVsCodeApi: (() => EditorApi) | undefined;

export const connectHost = (): Host => (typeof acquireVsCodeApi === 'function' ? editorHost(acquireVsCodeApi()) : browserHost());
