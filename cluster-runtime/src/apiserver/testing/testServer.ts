/** An API server over a fake registry, on a real socket, for tests of what goes over the wire. */
import { Agent, request as httpsRequest } from 'node:https';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { type Clock, RealClock } from '#common/base/clock.ts';
import type { Context } from '#common/base/context.ts';
import { silentLog } from '#common/base/log.ts';
import { Random } from '#common/base/random.ts';
import type { NodeStreams } from '../../containers/containerRuntime.ts';
import type { Store } from '../../store/store.ts';
import { type ApiServer, createApiServer } from '../apiServer.ts';
import { createAuthenticator } from '../authentication/authenticator.ts';
import { ServiceAccountTokens } from '../authentication/serviceAccountTokens.ts';
import { type ClusterCertificates, createCertificates } from '../http/certificates.ts';
import type { Registry } from '../registry/registry.ts';
import { createFakeRegistry } from './fakeRegistry.ts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
  json<T = Record<string, unknown>>(): T;
}

export interface CallOptions {
  readonly body?: string | object;
  readonly headers?: Record<string, string | string[]>;
  /** Instead of the administrator's token; empty sends none. */
  readonly token?: string;
  readonly certificate?: { cert: string; key: string };
}

export class TestServer {
  readonly registry: Registry;
  readonly store: Store;
  readonly certificates: ClusterCertificates = createCertificates(new RealClock().now());
  readonly tokens: ServiceAccountTokens;
  readonly #server: ApiServer;
  readonly #agent = new Agent({ keepAlive: true });
  port = 0;

  constructor(streams: Partial<NodeStreams> = {}, options: { wireClock?: Clock; clock?: Clock } = {}) {
    const { registry, store } = createFakeRegistry();
    this.registry = registry;
    this.store = store;
    const clock = options.clock ?? new RealClock();
    const random = new Random(1);
    const ctx: Context = { signal: new AbortController().signal, clock, random, log: silentLog, tasks: new Set() };
    this.tokens = new ServiceAccountTokens({ privateKey: this.certificates.serviceAccountKey, registry, clock, random });
    this.#server = createApiServer({
      ctx,
      registry,
      store,
      streams: streams as NodeStreams,
      authenticator: createAuthenticator({
        staticTokens: [{ token: 'admin-token', user: { name: 'admin', groups: ['system:masters'] } }],
        serviceAccountTokens: this.tokens,
      }),
      serviceAccountTokens: this.tokens,
      certificates: { ...this.certificates.serving, ca: this.certificates.ca.cert },
      discovery: () => undefined,
      openapi: () => undefined,
      ...(options.wireClock ? { wireClock: options.wireClock } : {}),
    });
  }

  async listen(): Promise<void> {
    ({ port: this.port } = await this.#server.listen(0));
  }

  async close(): Promise<void> {
    this.#agent.destroy();
    await this.#server.close();
  }

  /** Sends one request and reads the whole answer. */
  call(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#open(method, path, options, reject, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const bytes = Buffer.concat(chunks);
          const text = bytes.toString();
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            bytes,
            text,
            json: <T>() => JSON.parse(text) as T,
          });
        });
        response.on('error', reject);
      });
    });
  }

  /** Opens a watch; `next` gives one event after the other, undefined at the end of the stream. */
  async watch(
    path: string,
    headers: Record<string, string> = {},
  ): Promise<{ next(): Promise<Record<string, unknown> | undefined>; stop(): void }> {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      this.#open('GET', path, { headers }, reject, resolve);
    });
    const chunks = (response as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
    let text = '';
    return {
      async next() {
        for (;;) {
          const end = text.indexOf('\n');
          if (end >= 0) {
            const line = text.slice(0, end);
            text = text.slice(end + 1);
            return JSON.parse(line) as Record<string, unknown>;
          }
          const chunk = await chunks.next();
          if (chunk.done) return undefined;
          text += chunk.value.toString();
        }
      },
      stop: () => void response.destroy(),
    };
  }

  #open(
    method: string,
    path: string,
    options: CallOptions,
    onError: (error: Error) => void,
    onAnswer: (response: IncomingMessage) => void,
  ): void {
    const { body, headers = {}, token = 'admin-token', certificate } = options;
    const text = typeof body === 'object' ? JSON.stringify(body) : body;
    const request = httpsRequest(
      {
        host: '127.0.0.1',
        port: this.port,
        method,
        path,
        ca: this.certificates.ca.cert,
        agent: certificate ? false : this.#agent,
        ...(certificate ? { cert: certificate.cert, key: certificate.key } : {}),
        headers: {
          ...(text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
          ...(token ? { authorization: `Bearer ${token}` } : {}),
          ...headers,
        },
      },
      onAnswer,
    );
    request.on('error', onError);
    request.end(text);
  }
}
