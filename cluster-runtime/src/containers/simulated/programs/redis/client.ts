/** A connection to a Redis server, one command at a time. */
import type { Duplex } from 'node:stream';
import { dialName } from '../../net/dial.ts';
import type { Process } from '../../process/process.ts';
import { encodeCommand, RespReader, type Value } from './resp.ts';

/** The server went away. */
export class RedisConnectionLost extends Error {}

export class RedisClient {
  readonly #socket: Duplex;
  readonly #reader = new RespReader();
  readonly #chunks: AsyncIterator<Buffer>;

  private constructor(socket: Duplex) {
    this.#socket = socket;
    this.#chunks = socket[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  /** Throws ConnectionError. */
  static async connect(process: Process, host: string, port: number): Promise<RedisClient> {
    return new RedisClient(await dialName(process, host, port));
  }

  /** Throws RedisConnectionLost. */
  async command(...words: readonly string[]): Promise<Value> {
    this.#socket.write(encodeCommand(words));
    return this.next();
  }

  async next(): Promise<Value> {
    for (;;) {
      const value = this.#reader.next();
      if (value !== undefined) return value;
      let chunk: IteratorResult<Buffer>;
      try {
        chunk = await this.#chunks.next();
      } catch (error) {
        throw new RedisConnectionLost(String((error as Error).message));
      }
      if (chunk.done) throw new RedisConnectionLost('Server closed the connection');
      this.#reader.push(chunk.value);
    }
  }

  close(): void {
    this.#socket.destroy();
  }
}
