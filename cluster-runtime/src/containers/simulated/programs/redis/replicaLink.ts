/** A follower's side of replication: connects to its leader, takes the snapshot, then every change. Tries again when cut. */
import type { Duplex } from 'node:stream';
import { ConnectionError } from '../../../../network/network.ts';
import { dialName } from '../../net/dial.ts';
import { decodeSnapshot, SnapshotError } from './rdb.ts';
import { encodeCommand, ProtocolError, RespReader } from './resp.ts';
import type { RedisServer } from './server.ts';

const retryMs = 1000;

export class ReplicaLink {
  readonly host: string;
  readonly port: number;
  up = false;
  readonly #server: RedisServer;
  #socket: Duplex | undefined;
  #disposed = false;

  constructor(server: RedisServer, host: string, port: number) {
    this.#server = server;
    this.host = host;
    this.port = port;
  }

  dispose(): void {
    this.#disposed = true;
    this.#socket?.destroy();
  }

  run(): void {
    void (async () => {
      while (!this.#disposed && !this.#server.process.ended) {
        await this.#session();
        this.up = false;
        if (this.#disposed) return;
        await this.#server.process.sleep(retryMs);
      }
    })();
  }

  async #session(): Promise<void> {
    const server = this.#server;
    server.log('*', `Connecting to MASTER ${this.host}:${this.port}`);
    try {
      this.#socket = await dialName(server.process, this.host, this.port, 60_000);
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      if (error.code === 'ENOTFOUND') server.log('#', 'Unable to connect to MASTER: Name or service not known');
      else
        server.log(
          '#',
          `Error condition on socket for SYNC: ${error.code === 'ETIMEDOUT' ? 'Connection timed out' : 'Connection refused'}`,
        );
      return;
    }
    server.log('*', 'MASTER <-> REPLICA sync started');
    try {
      await this.#follow(this.#socket);
    } catch (error) {
      if (!(error instanceof LinkError || error instanceof ProtocolError || error instanceof SnapshotError)) throw error;
      if (!this.#disposed) server.log('#', error.message);
    }
    this.#socket.destroy();
  }

  async #follow(socket: Duplex): Promise<void> {
    const server = this.#server;
    const reader = new RespReader();
    const chunks = socket[Symbol.asyncIterator]();
    const more = async (): Promise<void> => {
      try {
        const { value, done } = await chunks.next();
        if (done) throw new LinkError('Connection with master lost.');
        reader.push(value as Buffer);
      } catch (error) {
        if (error instanceof LinkError) throw error;
        throw new LinkError('Connection with master lost.');
      }
    };
    const line = async (): Promise<string> => {
      for (;;) {
        const text = reader.takeLine();
        if (text !== undefined) return text;
        await more();
      }
    };
    const ask = async (...words: string[]): Promise<string> => {
      socket.write(encodeCommand(words));
      return line();
    };
    const password = server.value('masterauth');
    if (password !== '') {
      const answer = await ask('AUTH', password);
      if (answer.startsWith('-')) throw new LinkError(`Unable to AUTH to MASTER: ${answer}`);
    }
    const pong = await ask('PING');
    if (pong.startsWith('-')) throw new LinkError(`Error reply to PING from master: '${pong}'`);
    server.log('*', 'Master replied to PING, replication can continue...');
    await ask('REPLCONF', 'listening-port', server.value('port'));
    const sync = await ask('PSYNC', '?', '-1');
    if (!sync.startsWith('+FULLRESYNC')) throw new LinkError(`Unexpected reply to PSYNC from master: ${sync}`);
    server.log('*', `Full resync from master: ${sync.slice(12).replace(' ', ':')}`);
    const size = Number((await line()).slice(1));
    let snapshot = reader.takeBytes(size);
    while (!snapshot) {
      await more();
      snapshot = reader.takeBytes(size);
    }
    server.log('*', `MASTER <-> REPLICA sync: receiving ${size} bytes from master to disk`);
    decodeSnapshot(snapshot, server.data);
    this.up = true;
    server.log('*', 'MASTER <-> REPLICA sync: Finished with success');
    for (;;) {
      for (let words = reader.nextCommand(); words; words = reader.nextCommand()) server.applyFromLeader(words);
      await more();
    }
  }
}

class LinkError extends Error {}
