/** The page inside the editor's webview. */
import type { FromView, ToView } from '#common/protocol/webview.ts';
import type { Host, ViewState } from './host.ts';

export interface EditorApi {
  postMessage(message: FromView): void;
  getState(): ViewState | undefined;
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
  loadState: () => api.getState(),
  saveState: (state) => void api.setState(state),
});
