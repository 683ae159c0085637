/** The tree's page in an ordinary browser. What is not the tree's goes to the shell around it. */
import type { Clock } from '#common/base/clock.ts';
import type { FromBrowser, ToBrowser } from '#common/protocol/browser.ts';
import { parseViewState } from '#common/protocol/viewState.ts';
import type { ToView } from '#common/protocol/webview.ts';
import type { Host } from './host.ts';
import { PageSocket } from './pageSocket.ts';

const stateKey = 'kube-playground.tree';

export interface BrowserHost extends Host {
  answer(id: number, value: string | undefined): void;
}

export function browserHost(clock: Clock, onMessage: (message: ToBrowser) => void): BrowserHost {
  const socket = new PageSocket('tree', clock);
  const post = (message: FromBrowser): void => socket.send(message);
  return {
    hasMenus: false,
    connect: (listener) =>
      socket.connect({
        onOpen: () => post({ type: 'ready' }),
        onMessage(value) {
          const message = value as ToBrowser;
          onMessage(message);
          if (isOfTree(message)) listener(message);
        },
        onLost: () => listener({ type: 'cluster', phase: 'lost' }),
      }),
    post,
    answer: (id, value) => post({ type: 'answer', id, ...(value === undefined ? {} : { value }) }),
    loadState() {
      const text = sessionStorage.getItem(stateKey);
      return text === null ? undefined : parseViewState(JSON.parse(text));
    },
    saveState: (state) => sessionStorage.setItem(stateKey, JSON.stringify(state)),
  };
}

const isOfTree = (message: ToBrowser): message is ToView =>
  message.type === 'rows' || message.type === 'cluster' || message.type === 'texts' || message.type === 'state';
