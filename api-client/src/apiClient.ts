/**
 * The Kubernetes API of one cluster over HTTPS, like any other client. Refusals are ApiErrors, a server that cannot be
 * reached is a ConnectionError, an aborted signal rejects with the abort. Connections stay open until `close`.
 */
import { type ClientRequest, type IncomingMessage, request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { WebSocket } from 'ws';
import type { KubeObject } from '#common/api/meta.ts';
import { type Clock, RealClock } from '#common/base/clock.ts';
import type { ClusterAccess } from './clusterAccess.ts';
import { badAnswer, connectionError } from './connectionError.ts';
import { Credentials, type Identity } from './credentials.ts';
import { JsonLines } from './jsonLines.ts';
import { refusal, warningsOf } from './refusal.ts';
import { type ClusterAgent, createAgent } from './transport.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export const mergePatch = 'application/merge-patch+json';
export const strategicMergePatch = 'application/strategic-merge-patch+json';
export const jsonPatch = 'application/json-patch+json';
export const applyPatch = 'application/apply-patch+yaml';

export interface Answer<T> {
  readonly object: T;
  /** 201 when a write created the object. */
  readonly code: number;
  /** What the server warns of, such as fields it does not know. */
  readonly warnings: readonly string[];
}

export interface WatchEvent<T extends KubeObject = KubeObject> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: T;
}

export interface ApiClient {
  readonly server: string;
  get<T>(path: string, signal?: AbortSignal, accept?: string): Promise<T>;
  /** For what is no JSON, such as a log. */
  text(path: string, signal?: AbortSignal): Promise<string>;
  /** `body` is an object, or text that is sent as it is. */
  send<T>(
    method: Exclude<Method, 'GET'>,
    path: string,
    body?: unknown,
    contentType?: string,
    signal?: AbortSignal,
  ): Promise<Answer<T>>;
  /** Resolves when the server ends the watch or the signal aborts; rejects when the connection breaks. */
  watch(
    path: string,
    onEvent: (event: WatchEvent) => void,
    signal: AbortSignal,
    onOpen?: () => void,
    accept?: string,
  ): Promise<void>;
  /** Text as it comes, such as a log that is followed. Resolves and rejects as `watch` does. */
  read(path: string, onText: (text: string) => void, signal: AbortSignal, onOpen?: () => void, accept?: string): Promise<void>;
  /** A WebSocket that is open, with the protocol of `protocols` that the server has chosen. */
  openWebSocket(path: string, protocols: readonly string[], signal?: AbortSignal): Promise<WebSocket>;
  close(): void;
}

interface Call {
  readonly method: Method;
  readonly path: string;
  readonly body?: string | undefined;
  readonly contentType?: string | undefined;
  readonly accept?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ApiClientOptions {
  /** Of this machine: credentials expire by it. */
  readonly clock?: Clock;
  /** What the server warns of, whatever is asked. */
  readonly onWarning?: (warning: string) => void;
}

export function createApiClient(access: ClusterAccess, options: ApiClientOptions = {}): ApiClient {
  return new HttpApiClient(access, options);
}

class HttpApiClient implements ApiClient {
  readonly server: string;
  readonly #access: ClusterAccess;
  readonly #credentials: Credentials;
  readonly #onWarning: ((warning: string) => void) | undefined;
  readonly #request: (url: URL, options: RequestOptions, onAnswer: (answer: IncomingMessage) => void) => ClientRequest;
  /** Of one client certificate; another certificate needs other connections. */
  #connections: { readonly cert: Buffer | undefined; readonly agent: ClusterAgent } | undefined;

  constructor(access: ClusterAccess, { clock = new RealClock(), onWarning }: ApiClientOptions) {
    this.server = access.server;
    this.#access = access;
    this.#onWarning = onWarning;
    this.#credentials = new Credentials(access, clock);
    this.#request = access.server.startsWith('http:') ? httpRequest : httpsRequest;
  }

  async get<T>(path: string, signal?: AbortSignal, accept?: string): Promise<T> {
    return (await this.#json<T>({ method: 'GET', path, signal, accept })).object;
  }

  async text(path: string, signal?: AbortSignal): Promise<string> {
    const { text } = await this.#call({ method: 'GET', path, signal, accept: '*/*' });
    return text;
  }

  send<T>(
    method: Exclude<Method, 'GET'>,
    path: string,
    body?: unknown,
    contentType = 'application/json',
    signal?: AbortSignal,
  ): Promise<Answer<T>> {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    return this.#json<T>({ method, path, body: text, contentType, signal });
  }

  async watch(
    path: string,
    onEvent: (event: WatchEvent) => void,
    signal: AbortSignal,
    onOpen?: () => void,
    accept?: string,
  ): Promise<void> {
    const lines = new JsonLines<WatchEvent>(onEvent);
    const onText = (text: string): void => {
      try {
        lines.push(text);
      } catch (error) {
        throw error instanceof SyntaxError ? badAnswer(this.server, error) : error;
      }
    };
    await this.read(path, onText, signal, onOpen, accept);
  }

  async read(
    path: string,
    onText: (text: string) => void,
    signal: AbortSignal,
    onOpen?: () => void,
    accept = 'application/json, */*',
  ): Promise<void> {
    try {
      const answer = await this.#open({ method: 'GET', path, signal, accept });
      onOpen?.();
      await this.#pieces(answer, onText);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async openWebSocket(path: string, protocols: readonly string[], signal?: AbortSignal): Promise<WebSocket> {
    const { openWebSocket } = await import('./streams/openWebSocket.ts');
    const identity = await this.#credentials.current();
    const agent = this.#agentFor(identity);
    const url = `${this.server.replace(/^http/, 'ws')}${path}`;
    try {
      return await openWebSocket(url, protocols, { agent, headers: { ...userAgent, ...identity.headers } }, signal);
    } catch (error) {
      throw connectionError(this.server, error);
    }
  }

  close(): void {
    this.#connections?.agent.destroy();
    this.#connections = undefined;
  }

  async #json<T>(call: Call): Promise<Answer<T>> {
    const { text, answer } = await this.#call(call);
    try {
      return { object: JSON.parse(text) as T, code: answer.statusCode ?? 0, warnings: warningsOf(answer) };
    } catch (error) {
      throw error instanceof SyntaxError ? badAnswer(this.server, error) : error;
    }
  }

  async #call(call: Call): Promise<{ text: string; answer: IncomingMessage }> {
    const answer = await this.#open(call);
    return { text: await this.#textOf(answer), answer };
  }

  /** A successful answer whose body is still to come. Credentials that were refused are renewed once. */
  async #open(call: Call): Promise<IncomingMessage> {
    for (let isRetry = false; ; isRetry = true) {
      const identity = await this.#credentials.current();
      const answer = await this.#ask(call, identity);
      const code = answer.statusCode ?? 0;
      if (this.#onWarning) warningsOf(answer).forEach(this.#onWarning);
      if (code >= 200 && code < 300) return answer;
      const text = await this.#textOf(answer);
      if (code === 401 && !isRetry && this.#credentials.renew(identity)) continue;
      throw refusal(code, text);
    }
  }

  #ask(call: Call, identity: Identity): Promise<IncomingMessage> {
    const { method, path, body, contentType, accept = 'application/json', signal } = call;
    const content = body === undefined ? {} : { 'content-type': contentType, 'content-length': Buffer.byteLength(body) };
    const headers = { accept, ...userAgent, ...identity.headers, ...content };
    return new Promise((resolve, reject) => {
      const options = { method, agent: this.#agentFor(identity), headers, ...(signal ? { signal } : {}) };
      // The server's own path stays: the API may be one of several behind one address.
      const request = this.#request(new URL(`${this.server}${path}`), options, resolve);
      request.on('error', (error) => reject(connectionError(this.server, error)));
      request.end(body);
    });
  }

  async #textOf(answer: IncomingMessage): Promise<string> {
    const pieces: string[] = [];
    await this.#pieces(answer, (text) => pieces.push(text));
    return pieces.join('');
  }

  async #pieces(answer: IncomingMessage, onText: (text: string) => void): Promise<void> {
    // A character may lie in two chunks.
    answer.setEncoding('utf8');
    try {
      for await (const chunk of answer) onText(chunk as string);
    } catch (error) {
      throw connectionError(this.server, error);
    }
  }

  #agentFor(identity: Identity): ClusterAgent {
    if (this.#connections && isSame(this.#connections.cert, identity.cert)) return this.#connections.agent;
    this.#connections?.agent.destroy();
    this.#connections = { cert: identity.cert, agent: createAgent(this.#access, identity) };
    return this.#connections.agent;
  }
}

const isSame = (a: Buffer | undefined, b: Buffer | undefined): boolean => (a && b ? a.equals(b) : a === b);
const userAgent = { 'user-agent': 'kube-playground' };
