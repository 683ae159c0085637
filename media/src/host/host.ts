/** Who serves the page: the editor, or a web server for an ordinary browser. The tree sees no difference. */
import type { CommandId } from '#common/protocol/commands.ts';
import type { ViewState } from '#common/protocol/viewState.ts';
import type { FromView, ToView } from '#common/protocol/webview.ts';

export interface Host {
  /** Whether the host shows the menus that `data-vscode-context` asks for. */
  readonly hasMenus: boolean;
  /** How a menu names its commands, where the host shows none; those without a name are not offered. */
  menuTitles?(): Readonly<Partial<Record<CommandId, string>>>;
  /** Begins to listen, and says so to the host each time that it may have forgotten this page. */
  connect(listener: (message: ToView) => void): void;
  post(message: FromView): void;
  loadState(): ViewState | undefined;
  saveState(state: ViewState): void;
}
