/** The page inside the editor's webview. */
import { parseViewState, type ViewState } from '#common/protocol/viewState.ts';
import type { FromView, ToView } from '#common/protocol/webview.ts';
import type { Host } from './host.ts';

export interface EditorApi {
  postMessage(message: FromView): void;
  getState(): unknown;
  setState(state: ViewState): void;
}

export const editorHost = (api: EditorApi): Host => ({
  hasMenus: true,
  connect(listener) {
    // Only the extension host can post into this frame.
    addEventListener('message', (event: MessageEvent<ToView>) => listener(event.data));
    api.postMessage({ type: 'ready' });
  },
  post: (message) => api.postMessage(message),
  loadState() {
    const state = api.getState();
    return state === undefined ? undefined : parseViewState(state);
  },
  saveState(state) {
    api.setState(state);
    // The editor forgets a page that it closes for good; the workspace does not.
    api.postMessage({ type: 'state', state });
  },
});
