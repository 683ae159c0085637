/** A network for the tests of simulated programs: addresses, ports and a table of names; nothing of a cluster's rules. */
import { Duplex } from 'node:stream';
import { type Disposable, toDisposable } from '#common/base/disposable.ts';
import { type ConnectionHandler, ConnectionError, type Network } from '../../../network/network.ts';

function duplexPair(): [Duplex, Duplex] {
  const make = (peer: () => Duplex): Duplex =>
    new Duplex({
      read: () => undefined,
      write(chunk, _encoding, done) {
        if (!peer().destroyed) peer().push(chunk);
        done();
      },
      final(done) {
        if (!peer().destroyed) peer().push(null);
        done();
      },
      destroy(error, done) {
        if (!peer().destroyed) queueMicrotask(() => peer().destroy());
        done(error);
      },
    });
  const left: Duplex = make(() => right);
  const right: Duplex = make(() => left);
  return [left, right];
}

export class FakeNetwork implements Network {
  readonly #listeners = new Map<string, ConnectionHandler>();
  /** Names, with `*` for any namespace. */
  readonly names = new Map<string, string>();
  /** Addresses where packets vanish. */
  readonly silent = new Set<string>();

  listen(ip: string, port: number, handler: ConnectionHandler): Disposable {
    const key = `${ip}:${port}`;
    if (this.#listeners.has(key)) throw new Error(`EADDRINUSE: ${key}`);
    this.#listeners.set(key, handler);
    return toDisposable(() => this.#listeners.delete(key));
  }

  addHost(): Disposable {
    return toDisposable(() => undefined);
  }

  connect(from: string, ip: string, port: number): Duplex {
    if (this.silent.has(ip)) throw new ConnectionError('ETIMEDOUT', `${ip}:${port}`);
    const handler = this.#listeners.get(`${ip}:${port}`);
    if (!handler) throw new ConnectionError('ECONNREFUSED', `${ip}:${port}`);
    const [client, server] = duplexPair();
    handler(server, from);
    return client;
  }

  resolve(name: string): readonly string[] {
    if (/^[\d.]+$/.test(name)) return [name];
    const ip = this.names.get(name) ?? this.names.get(name.split('.')[0] ?? '');
    return ip === undefined ? [] : [ip];
  }
}
