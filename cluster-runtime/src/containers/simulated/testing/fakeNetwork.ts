/** A network for the tests of simulated programs: addresses, ports and a table of names; nothing of a cluster's rules. */
import type { Duplex } from 'node:stream';
import { type Disposable, toDisposable } from '#common/base/disposable.ts';
import { connectionPair } from '../../../network/connectionPair.ts';
import { type ConnectionHandler, ConnectionError } from '../../../network/network.ts';
import type { PodNetwork } from '../process/container.ts';

export class FakeNetwork implements PodNetwork {
  readonly #listeners = new Map<string, ConnectionHandler>();
  /** First labels of names, with their addresses. */
  readonly names = new Map<string, string>();
  /** Addresses where packets vanish. */
  readonly silent = new Set<string>();

  listen(ip: string, port: number, handler: ConnectionHandler): Disposable {
    const key = `${ip}:${port}`;
    if (this.#listeners.has(key)) throw new Error(`EADDRINUSE: ${key}`);
    this.#listeners.set(key, handler);
    return toDisposable(() => this.#listeners.delete(key));
  }

  connect(from: string, ip: string, port: number): Duplex {
    if (this.silent.has(ip)) throw new ConnectionError('ETIMEDOUT', `${ip}:${port}`);
    const handler = this.#listeners.get(`${ip}:${port}`);
    if (!handler) throw new ConnectionError('ECONNREFUSED', `${ip}:${port}`);
    const [client, server] = connectionPair();
    handler(server, from);
    return client;
  }

  resolve(name: string): readonly string[] {
    if (/^[\d.]+$/.test(name)) return [name];
    const ip = this.names.get(name.split('.')[0] ?? '');
    return ip === undefined ? [] : [ip];
  }
}
