/** One page of an object's details in a browser. Ends with its socket. */
import type { WebSocket } from 'ws';
import type { Clock } from '#common/base/clock.ts';
import { DisposableStore, toDisposable } from '#common/base/disposable.ts';
import type { Event } from '#common/base/emitter.ts';
import { parseFromDetails, parseLocator, type ToDetails } from '#common/protocol/details.ts';
import { detailsTexts } from '#common/protocol/detailsTexts.ts';
import type { ClusterPhase, ObjectLocator } from '#common/protocol/webview.ts';
import type { ApiClient } from '#apiClient/apiClient.ts';
import type { Resources } from '#apiClient/resources.ts';
import type { Words } from './languages.ts';
import { parsed } from './parsed.ts';

export interface DetailsConnectionOptions {
  readonly object: ObjectLocator;
  readonly api: ApiClient;
  readonly resources: Resources;
  readonly clock: Clock;
  readonly words: Words;
  phase(): ClusterPhase;
  readonly onPhase: Event<ClusterPhase>;
}

/** The object that the page's address names. */
export function objectOf(parameters: URLSearchParams): ObjectLocator | undefined {
  return parseLocator({ namespace: '', ...Object.fromEntries(parameters) });
}

export async function serveDetailsPage(socket: WebSocket, options: DetailsConnectionOptions): Promise<void> {
  const { api, resources, clock, words, object, phase, onPhase } = options;
  const texts = words.translated(detailsTexts);
  const disposables = new DisposableStore();
  const ended = new AbortController();
  disposables.add(toDisposable(() => ended.abort()));
  const said: Buffer[] = [];
  const keep = (data: Buffer): void => void said.push(data);
  // All kinds come with it, which nobody needs before the first page; the page may speak meanwhile.
  socket.on('message', keep);
  socket.on('close', () => disposables.dispose());
  const { DetailsFeed } = await import('../details/detailsFeed.ts');
  if (ended.signal.aborted) return;
  const send = (message: ToDetails): void => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
  };
  const feed = disposables.add(new DetailsFeed(object, { clock, texts, stateTexts: words.tree, send }));
  disposables.add(onPhase((now) => send({ type: 'cluster', phase: now })));
  feed.connect({ api, resources, signal: ended.signal });
  const receive = (data: Buffer): void => {
    const message = parseFromDetails(parsed(data));
    if (!message) return;
    if (message.type === 'ready') {
      send({ type: 'texts', texts: { ...words.tree, ...texts } });
      send({ type: 'cluster', phase: phase() });
    }
    feed.handle(message);
  };
  socket.off('message', keep);
  for (const data of said) receive(data);
  socket.on('message', receive);
}
