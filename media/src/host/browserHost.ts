/** The page in an ordinary browser: messages come as server-sent events and go as small posts, both beside the page. */
import type { FromView, ToView } from '#common/protocol/webview.ts';
import type { Host, ViewState } from './host.ts';

const stateKey = 'kube-playground.tree';

const post = (message: FromView): void =>
  void fetch('messages', { method: 'POST', body: JSON.stringify(message), headers: { 'content-type': 'application/json' } });

export const browserHost = (): Host => ({
  hasMenus: false,
  connect(listener) {
    const events = new EventSource('events');
    events.onmessage = (event: MessageEvent<string>) => listener(JSON.parse(event.data) as ToView);
    // The browser connects again by itself after a loss; the server then knows nothing of this page.
    events.onopen = () => post({ type: 'ready' });
  },
  post,
  loadState() {
    const text = sessionStorage.getItem(stateKey);
    return text === null ? undefined : (JSON.parse(text) as ViewState);
  },
  saveState: (state) => sessionStorage.setItem(stateKey, JSON.stringify(state)),
});
