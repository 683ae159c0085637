/**
 * Who serves the page of an object's details: the editor, or a web server for an ordinary browser. There the object is named
 * by the page's own address, and messages go through a WebSocket.
 */
import type { Clock } from '#common/base/clock.ts';
import { type DetailsTab, detailsTabs, type FromDetails, type ToDetails } from '#common/protocol/details.ts';
import type { ObjectLocator } from '#common/protocol/webview.ts';
import { PageSocket } from './pageSocket.ts';

/** What the page keeps over reloads. */
export interface DetailsState {
  readonly tab: DetailsTab;
  /** What it shows; the editor opens it again after a restart. */
  readonly object?: ObjectLocator;
}

export interface DetailsHost {
  /** Begins to listen, and calls `ready` each time that the server may have forgotten this page. */
  connect(listener: (message: ToDetails) => void, ready: () => void): void;
  post(message: FromDetails): void;
  /** Shows the object in a page of its own. */
  openAside(object: ObjectLocator): void;
  loadState(): DetailsState | undefined;
  saveState(state: DetailsState): void;
}

interface EditorApi {
  postMessage(message: FromDetails): void;
  getState(): unknown;
  setState(state: DetailsState): void;
}

declare const acquireVsCodeApi: (() => EditorApi) | undefined;

export const connectDetailsHost = (clock: Clock): DetailsHost =>
  typeof acquireVsCodeApi === 'function' ? editorHost(acquireVsCodeApi()) : browserHost(clock);

const editorHost = (api: EditorApi): DetailsHost => ({
  connect(listener, ready) {
    // Only the extension host can post into this frame.
    addEventListener('message', (event: MessageEvent<ToDetails>) => listener(event.data));
    ready();
  },
  post: (message) => api.postMessage(message),
  openAside: (object) => api.postMessage({ type: 'open', object, aside: true }),
  loadState: () => parseState(api.getState()),
  saveState: (state) => api.setState(state),
});

const stateKey = 'kube-playground.details';

function browserHost(clock: Clock): DetailsHost {
  const socket = new PageSocket(`details${location.search}`, clock);
  // The address may say what is to be seen first.
  let asked = new URLSearchParams(location.search).get('tab');
  return {
    connect: (listener, ready) =>
      socket.connect({
        onOpen: ready,
        onMessage: (message) => listener(message as ToDetails),
        onLost: () => listener({ type: 'cluster', phase: 'lost' }),
      }),
    post: (message) => socket.send(message),
    openAside({ apiVersion, kind, namespace, name }) {
      open(`?${new URLSearchParams({ apiVersion, kind, namespace, name }).toString()}`, '_blank', 'noopener');
    },
    loadState() {
      const text = sessionStorage.getItem(stateKey);
      const state = asked === null ? undefined : parseState({ tab: asked });
      asked = null;
      return state ?? (text === null ? undefined : parseState(JSON.parse(text)));
    },
    saveState: ({ tab }) => sessionStorage.setItem(stateKey, JSON.stringify({ tab })),
  };
}

function parseState(value: unknown): DetailsState | undefined {
  const tab = (value as Partial<DetailsState> | null | undefined)?.tab;
  return detailsTabs.find((each) => each === tab) ? (value as DetailsState) : undefined;
}
