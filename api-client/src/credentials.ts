/**
 * Who one is to the server, as it is at the moment of a request: files are read and programs are run for it when they are
 * needed, and again when what they gave has expired or was refused.
 */
import { readFile } from 'node:fs/promises';
import type { Clock } from '#common/base/clock.ts';
import type { ClusterAccess } from './clusterAccess.ts';
import { ConnectionError } from './connectionError.ts';
import { runExecPlugin } from './kubeconfig/execCredential.ts';

export interface Identity {
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly cert?: Buffer;
  readonly key?: Buffer;
  /** Milliseconds since the epoch; it never ends when absent. */
  readonly expiresAt?: number;
}

/** What expires within this time is replaced before it is used. */
const marginMs = 10_000;

export class Credentials {
  readonly #access: ClusterAccess;
  readonly #clock: Clock;
  readonly #fixed: Identity;
  #given: Promise<Identity> | undefined;
  #latest: Identity | undefined;
  /** What programs gave. */
  readonly #ran = new WeakSet<Identity>();

  constructor(access: ClusterAccess, clock: Clock) {
    this.#access = access;
    this.#clock = clock;
    const authorization = access.token
      ? { authorization: `Bearer ${access.token}` }
      : access.basic
        ? { authorization: `Basic ${btoaUtf8(`${access.basic.username}:${access.basic.password}`)}` }
        : {};
    this.#fixed = {
      headers: { ...authorization, ...impersonationHeaders(access) },
      ...(access.cert ? { cert: access.cert } : {}),
      ...(access.key ? { key: access.key } : {}),
    };
  }

  /** Rejects with a sentence when a file or program does not give what it should. */
  async current(): Promise<Identity> {
    const { tokenFile, exec } = this.#access;
    if (tokenFile !== undefined) return this.#with({ authorization: `Bearer ${await tokenOf(tokenFile)}` });
    // A certificate or token of its own goes before the program, as in kubectl.
    if (!exec || this.#access.token || this.#access.cert) return this.#fixed;
    const pending = (this.#given ??= this.#run());
    const given = await pending;
    if (given.expiresAt === undefined || given.expiresAt > this.#clock.now() + marginMs) return given;
    // Of several requests that find it expired, one runs the program.
    if (this.#given === pending) this.#given = this.#run();
    return this.#given ?? this.#run();
  }

  /** The server has refused `identity`. True when another try with `current()` may be answered differently. */
  renew(identity: Identity): boolean {
    if (!this.#ran.has(identity)) return false;
    if (this.#latest === identity) this.#given = this.#latest = undefined;
    return true;
  }

  async #run(): Promise<Identity> {
    const { exec } = this.#access;
    if (!exec) return this.#fixed;
    try {
      const { token, cert, key, expiresAt } = await runExecPlugin(exec);
      const identity: Identity = {
        ...this.#with(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(cert && key ? { cert, key } : {}),
        ...(expiresAt === undefined ? {} : { expiresAt }),
      };
      this.#ran.add(identity);
      this.#latest = identity;
      return identity;
    } catch (error) {
      // The next request asks again: somebody may have logged in by then.
      this.#given = undefined;
      throw error;
    }
  }

  #with(headers: Readonly<Record<string, string>>): Identity {
    return { ...this.#fixed, headers: { ...this.#fixed.headers, ...headers } };
  }
}

const btoaUtf8 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

async function tokenOf(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw new ConnectionError('NO_CREDENTIALS', `The kubeconfig's token file ${file} cannot be read (${code}).`, error);
  }
}

function impersonationHeaders({ impersonate }: ClusterAccess): Record<string, string | string[]> {
  if (!impersonate) return {};
  const headers: Record<string, string | string[]> = { 'impersonate-user': impersonate.user };
  if (impersonate.uid) headers['impersonate-uid'] = impersonate.uid;
  if (impersonate.groups?.length) headers['impersonate-group'] = [...impersonate.groups];
  for (const [name, values] of Object.entries(impersonate.extra ?? {}))
    headers[`impersonate-extra-${encodeURIComponent(name).toLowerCase()}`] = [...values];
  return headers;
}
