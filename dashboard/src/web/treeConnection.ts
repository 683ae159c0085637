/** One page of the tree in a browser: its feed, its questions and what it asks to be done. Ends with its socket. */
import type { WebSocket } from 'ws';
import type { Clock } from '#common/base/clock.ts';
import { DisposableStore } from '#common/base/disposable.ts';
import { type AskMessage, parseFromBrowser, type ToBrowser } from '#common/protocol/browser.ts';
import type { ClusterPhase } from '#common/protocol/webview.ts';
import type { ApiClient } from '#apiClient/apiClient.ts';
import type { Resources } from '#apiClient/resources.ts';
import type { Event } from '#common/base/emitter.ts';
import type { TreeModel } from '../treeModel.ts';
import { TreeFeed } from '../treeFeed.ts';
import type { Words } from './languages.ts';
import { ActionError, runAction } from './rowActions.ts';
import { parsed } from './parsed.ts';

export interface TreeConnectionOptions {
  readonly model: TreeModel;
  readonly api: ApiClient;
  readonly resources: Resources;
  readonly clock: Clock;
  readonly words: Words;
  phase(): ClusterPhase;
  readonly onPhase: Event<ClusterPhase>;
}

export function serveTreePage(socket: WebSocket, options: TreeConnectionOptions): void {
  const { model, clock, words, phase, onPhase } = options;
  const disposables = new DisposableStore();
  const send = (message: ToBrowser): void => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
  };
  const feed = disposables.add(new TreeFeed(model, clock, send));
  disposables.add(onPhase((now) => send({ type: 'cluster', phase: now })));
  const questions = new Map<number, (answer: string | undefined) => void>();
  let asked = 0;
  const ask = (question: Omit<AskMessage, 'type' | 'id' | 'cancel'>): Promise<string | undefined> =>
    new Promise((resolve) => {
      const id = ++asked;
      questions.set(id, resolve);
      send({ type: 'ask', id, cancel: words.browser.cancel, ...question });
    });
  socket.on('message', (data: Buffer) => {
    const message = parseFromBrowser(parsed(data));
    if (!message) return;
    switch (message.type) {
      case 'answer':
        questions.get(message.id)?.(message.value);
        questions.delete(message.id);
        return;
      case 'command': {
        const object = message.row === undefined ? undefined : model.row(message.row)?.object;
        const done = object
          ? runAction(message.command, object, { ...options, send, ask })
          : Promise.reject(new ActionError(words.browser.gone));
        done.catch((error: unknown) =>
          send({ type: 'say', text: error instanceof Error ? error.message : String(error), isProblem: true }),
        );
        return;
      }
      case 'ready':
        send({ type: 'texts', texts: { ...words.tree, ...words.browser } });
        send({ type: 'menu', titles: words.menu });
        send({ type: 'cluster', phase: phase() });
        feed.handle(message);
        return;
      default:
        feed.handle(message);
    }
  });
  socket.on('close', () => {
    disposables.dispose();
    for (const resolve of questions.values()) resolve(undefined);
  });
}
