/**
 * Who may look: whoever opens the address with the token, once, and from then on the browser that did so, by a cookie that
 * scripts cannot read and other sites cannot send. Only requests to this machine's own name are answered, so that no name
 * of somebody else's that points here can be used to reach it.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export class Entrance {
  readonly #port: number;
  readonly #session = randomBytes(32).toString('base64url');
  #token: string | undefined = randomBytes(32).toString('base64url');

  constructor(port: number) {
    this.#port = port;
  }

  /** The address that opens the dashboard once. */
  get url(): string {
    return `${this.origin}/?token=${this.#token ?? ''}`;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Whether the request is meant for this server. */
  isAddressed({ headers: { host } }: IncomingMessage): boolean {
    return host === `127.0.0.1:${this.#port}` || host === `localhost:${this.#port}`;
  }

  /** Whether the request comes from one of this server's own pages. */
  isOwnPage({ headers: { origin, host } }: IncomingMessage): boolean {
    return origin === `http://${host}`;
  }

  /** The cookie to set, when the token is the right one and was not used before. */
  admit(token: string): string | undefined {
    if (this.#token === undefined || !isSame(token, this.#token)) return undefined;
    this.#token = undefined;
    return `${this.#cookie}=${this.#session}; HttpOnly; SameSite=Strict; Path=/`;
  }

  isAdmitted({ headers }: IncomingMessage): boolean {
    const cookies = (headers.cookie ?? '').split(';').map((entry) => entry.trim());
    const prefix = `${this.#cookie}=`;
    return cookies.some((entry) => entry.startsWith(prefix) && isSame(entry.slice(prefix.length), this.#session));
  }

  /** Browsers send cookies to every port of a machine; dashboards of several clusters must not take each other's. */
  get #cookie(): string {
    return `kube-playground-${this.#port}`;
  }
}

/** Takes as long whatever is guessed. */
const isSame = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
