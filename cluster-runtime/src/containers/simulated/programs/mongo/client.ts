/** A client of MongoDB's wire protocol: connects, authenticates, sends commands. */
import type { Duplex } from 'node:stream';
import { dialName } from '../../net/dial.ts';
import type { Process } from '../../process/process.ts';
import { type BsonDocument, type BsonValue, document } from './bson.ts';
import { ScramClient } from './scram.ts';
import { encodeMessage, WireReader } from './wire.ts';

export class MongoError extends Error {
  readonly codeName: string;
  readonly code: number;
  constructor(code: number, codeName: string, message: string) {
    super(message);
    this.code = code;
    this.codeName = codeName;
  }
}

export interface MongoAddress {
  readonly host: string;
  readonly port: number;
  readonly user?: string;
  readonly password?: string;
}

/** `mongodb://user:password@host:port/…`; undefined when it is none. */
export function parseMongoUrl(url: string): MongoAddress | undefined {
  const match = /^mongodb:\/\/(?:([^:@/]*)(?::([^@/]*))?@)?([^:/,?]+)(?::(\d+))?/.exec(url);
  if (!match) return undefined;
  const [, user, password, host = '', port] = match;
  return {
    host,
    port: Number(port ?? 27017),
    ...(user === undefined ? {} : { user: decodeURIComponent(user) }),
    ...(password === undefined ? {} : { password: decodeURIComponent(password) }),
  };
}

export class MongoClient {
  readonly #socket: Duplex;
  readonly #reader = new WireReader();
  readonly #chunks: AsyncIterator<Buffer>;
  #requests = 0;

  private constructor(socket: Duplex) {
    this.#socket = socket;
    this.#chunks = socket[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  /** Throws ConnectionError, and MongoError when the server does not know the user and password. */
  static async connect(process: Process, address: MongoAddress): Promise<MongoClient> {
    const client = new MongoClient(await dialName(process, address.host, address.port, 30_000));
    await client.command('admin', { hello: 1 });
    if (address.user !== undefined) await client.#authenticate(process, address.user, address.password ?? '');
    return client;
  }

  /** Throws MongoError. */
  async command(database: string, fields: Readonly<Record<string, BsonValue | undefined>> | BsonDocument): Promise<BsonDocument> {
    const body = new Map(fields instanceof Map ? fields : document(fields));
    body.set('$db', database);
    this.#socket.write(encodeMessage(++this.#requests, 0, body));
    for (;;) {
      const message = this.#reader.next();
      if (message) {
        if (Number(message.body.get('ok')) === 1) return message.body;
        throw new MongoError(
          Number(message.body.get('code') ?? 0),
          String(message.body.get('codeName') ?? ''),
          String(message.body.get('errmsg') ?? ''),
        );
      }
      let chunk: IteratorResult<Buffer>;
      try {
        chunk = await this.#chunks.next();
      } catch (error) {
        throw new MongoError(6, 'HostUnreachable', String((error as Error).message));
      }
      if (chunk.done) throw new MongoError(6, 'HostUnreachable', 'connection closed');
      this.#reader.push(chunk.value);
    }
  }

  async #authenticate(process: Process, user: string, password: string): Promise<void> {
    const { random } = process.container.host.ctx;
    const nonce = Buffer.from(Array.from({ length: 24 }, () => random.int(256))).toString('base64');
    const scram = new ScramClient(user, password, nonce);
    const first = await this.command('admin', { saslStart: 1, mechanism: 'SCRAM-SHA-256', payload: Buffer.from(scram.first) });
    const serverFirst = Buffer.from(first.get('payload') as Uint8Array).toString();
    await this.command('admin', { saslContinue: 1, conversationId: 1, payload: Buffer.from(scram.final(serverFirst)) });
  }

  close(): void {
    this.#socket.destroy();
  }
}
