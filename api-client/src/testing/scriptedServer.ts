/**
 * An HTTPS server for tests that answers as its script says, misbehaviour included: answers that break off, garbage, silence.
 * Every request is kept, so that a test can wait for the one that it expects instead of for time to pass.
 */
import { once } from 'node:events';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ClusterAccess } from '../clusterAccess.ts';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

export type Answerer = (asked: Asked) => void;

export interface ServerIdentity {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

export class ScriptedServer {
  readonly asked: Asked[] = [];
  readonly #identity: ServerIdentity;
  readonly #waiting = new Set<() => void>();
  readonly #sockets = new Set<Duplex>();
  #server: Server | undefined;
  #answer: Answerer;
  #port = 0;

  constructor(identity: ServerIdentity, answer: Answerer) {
    this.#identity = identity;
    this.#answer = answer;
  }

  get url(): string {
    return `https://127.0.0.1:${this.#port}`;
  }

  get access(): ClusterAccess {
    return { server: this.url, ca: Buffer.from(this.#identity.ca), token: 'secret' };
  }

  /** From now on. */
  script(answer: Answerer): void {
    this.#answer = answer;
  }

  /** Listens; again on the same port after `stop`. */
  async start(): Promise<this> {
    const { cert, key } = this.#identity;
    const serve: RequestListener = (request, response) => {
      const url = new URL(request.url ?? '/', this.url);
      const { method = '', headers } = request;
      const asked = { method, path: url.pathname, query: url.searchParams, headers, request, response };
      this.asked.push(asked);
      for (const check of [...this.#waiting]) check();
      this.#answer(asked);
    };
    this.#server = createServer({ cert, key }, serve);
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
    return this;
  }

  /** Ends every connection as a killed process does. */
  async stop(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = undefined;
    const closed = once(server, 'close');
    server.close();
    // Also those that are only shaking hands.
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  /** Resolves with the first request after the `after`th that fits. */
  async next(fits: (asked: Asked) => boolean, after = 0): Promise<Asked> {
    for (;;) {
      const found = this.asked.slice(after).find(fits);
      if (found) return found;
      await new Promise<void>((resolve) => {
        const check = (): void => {
          this.#waiting.delete(check);
          resolve();
        };
        this.#waiting.add(check);
      });
    }
  }
}

export function answerJson({ response }: Asked, code: number, body: unknown): void {
  response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

export const answerStatus = (asked: Asked, code: number, reason: string, message: string): void =>
  answerJson(asked, code, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', reason, message, code });
