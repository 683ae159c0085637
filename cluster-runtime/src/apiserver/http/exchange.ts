/**
 * One request with its answer: what the stations on the way in have found out, and the few ways in which an answer
 * leaves. Everything that reaches the socket goes through here, so headers, compression and the request's record in the
 * metrics are in one place.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzip } from 'node:zlib';
import { ApiError, internalServerError, type Status } from '#common/api/status.ts';
import type { User } from '../registry/registry.ts';
import type { MediaType } from '../negotiation.ts';
import { negotiateError } from '../negotiation.ts';
import { parseRequestInfo, type RequestInfo } from '../requestInfo.ts';
import type { Upgrade } from './httpServer.ts';
import { emptyQuery, type Query } from './query.ts';

/** Answers from this size on are compressed when the client can read it. */
const compressFrom = 128 * 1024;
const maxWarnings = 4096;
const noCache = ['Cache-Control', 'no-cache, private'] as const;

/** Stands in the metrics for all addresses that nobody serves. */
const unserved = parseRequestInfo('GET', '/', emptyQuery);

/** The text of one `Warning` header. Control characters would break the header, so they become spaces. */
function warningHeader(text: string): string {
  const plain = text
    .replace(/[\u0000-\u001f\u007f]+/g, ' ')
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"');
  // Node writes header values as Latin-1; this puts the UTF-8 bytes on the wire.
  return `299 - "${Buffer.from(plain, 'utf8').toString('latin1')}"`;
}

export class Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: Query;
  readonly info: RequestInfo;
  /** Set by authentication and impersonation, before anything else looks. */
  user: User = { name: '', groups: [] };
  /** The socket of a request that wants to leave HTTP. */
  readonly upgrade: Upgrade | undefined;
  /** True once the address is known to be served; what is not served is counted under one name. */
  served = false;
  /** Called once, with the status of the answer. */
  onAnswered: ((status: number, info: RequestInfo) => void) | undefined;
  #warnings: string[] | undefined;
  #warningBytes = 0;

  constructor(request: IncomingMessage, response: ServerResponse, info: RequestInfo, query: Query, upgrade?: Upgrade) {
    this.request = request;
    this.response = response;
    this.info = info;
    this.query = query;
    this.upgrade = upgrade;
  }

  get method(): string {
    return this.request.method ?? 'GET';
  }

  /** Adds a `Warning` header to the answer, once. */
  warn(text: string): void {
    this.#warnings ??= [];
    if (this.#warnings.includes(text) || this.#warningBytes > maxWarnings) return;
    this.#warningBytes += text.length;
    this.#warnings.push(text);
  }

  /** Pretty printing is on when asked for, or for a person with a browser or curl. */
  get pretty(): boolean {
    const asked = this.query.boolean('pretty');
    if (asked !== undefined) return asked;
    const agent = this.request.headers['user-agent'];
    return agent !== undefined && (agent.startsWith('curl') || agent.startsWith('Mozilla/5.0') || agent.startsWith('Wget'));
  }

  /** The head of an answer; `more` alternates names and values. */
  writeHead(status: number, contentType: string, more?: readonly string[]): void {
    const headers: string[] = [...noCache, 'Content-Type', contentType];
    if (this.#warnings) for (const text of this.#warnings) headers.push('Warning', warningHeader(text));
    if (more) headers.push(...more);
    this.response.writeHead(status, headers);
    this.answered(status);
  }

  /** Records the answer. Streams that leave HTTP call it themselves. */
  answered(status: number): void {
    this.onAnswered?.(status, this.served || !this.info.isResource ? this.info : unserved);
    this.onAnswered = undefined;
  }

  /** Answers with these bytes, compressed where that pays. */
  sendBytes(status: number, contentType: string, body: Buffer, more?: readonly string[]): void {
    if (this.response.headersSent) return;
    if (body.length >= compressFrom && this.request.headers['accept-encoding']?.includes('gzip')) {
      gzip(body, { level: 1 }, (error, packed) => {
        if (error) this.#finish(status, contentType, body, more);
        else this.#finish(status, contentType, packed, [...(more ?? []), 'Content-Encoding', 'gzip', 'Vary', 'Accept-Encoding']);
      });
      return;
    }
    this.#finish(status, contentType, body, more);
  }

  #finish(status: number, contentType: string, body: Buffer, more: readonly string[] = []): void {
    if (this.response.headersSent || this.response.destroyed) return;
    this.writeHead(status, contentType, [...more, 'Content-Length', String(body.length)]);
    this.response.end(this.method === 'HEAD' ? undefined : body);
  }

  sendText(status: number, text: string, contentType = 'text/plain; charset=utf-8'): void {
    this.sendBytes(status, contentType, Buffer.from(text));
  }

  /** A JSON value that is neither an object nor a list of the API: discovery, Status, reviews. */
  sendJson(status: number, value: unknown, mediaType: MediaType = 'application/json', more?: readonly string[]): void {
    if (mediaType === 'application/yaml') {
      void this.#sendYaml(status, value);
      return;
    }
    this.sendBytes(status, mediaType, Buffer.from(this.pretty ? JSON.stringify(value, null, 2) : JSON.stringify(value)), more);
  }

  async #sendYaml(status: number, value: unknown): Promise<void> {
    const { yamlText } = await import('./yamlText.ts');
    this.sendText(status, yamlText(value), 'application/yaml');
  }

  /** Answers with the error's Status. Whatever is not an ApiError is a bug and becomes a 500. */
  sendError(error: unknown): void {
    if (this.response.headersSent) {
      this.response.destroy();
      return;
    }
    const status: Status = (
      error instanceof ApiError ? error : internalServerError(String((error as Error)?.message ?? error))
    ).toStatus();
    const code = status.code ?? 500;
    if (code === 204) {
      this.writeHead(204, 'text/plain');
      this.response.end();
      return;
    }
    const retry = status.details?.retryAfterSeconds;
    this.sendJson(code, status, negotiateError(this.request.headers.accept), retry ? ['Retry-After', String(retry)] : undefined);
  }
}

/** What the API answers for an address that nobody serves. */
export function sendPageNotFound(exchange: Exchange): void {
  exchange.sendText(404, '404 page not found\n');
}
