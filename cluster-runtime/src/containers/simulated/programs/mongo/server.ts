/**
 * A MongoDB server: hello, SCRAM authentication, and the commands that clients need to show databases and to keep
 * simple documents. Data is written to /data/db when the server stops, so a volume there keeps it.
 *
 * Differs from Kubernetes: filters compare fields for equality, updates know $set, $inc, $unset; no indexes, no cursors
 * beyond the first batch.
 */
import type { Duplex } from 'node:stream';
import { FileError } from '../../files/fileError.ts';
import type { Process, Program } from '../../process/process.ts';
import { type BsonDocument, BsonError, decodeDocument, encodeDocument } from './bson.ts';
import { commandFailure, runCommand } from './commands.ts';
import { makeSecret, type ScramSecret, ScramServer } from './scram.ts';
import { encodeAnswer, WireReader } from './wire.ts';

const dataFile = '/data/db/playground.bson';

export interface MongoClientState {
  user: string | undefined;
  scram: ScramServer | undefined;
}

export class MongoServer {
  readonly process: Process;
  readonly version: string;
  readonly requiresAuth: boolean;
  /** Database → collection → documents. */
  readonly databases = new Map<string, Map<string, BsonDocument[]>>();
  readonly #users = new Map<string, ScramSecret>();
  #requests = 0;
  connections = 0;

  constructor(process: Process, version: string, root: { user: string; password: string } | undefined, requiresAuth: boolean) {
    this.process = process;
    this.version = version;
    this.requiresAuth = requiresAuth;
    this.databases.set('admin', new Map([['system.version', []]]));
    this.databases.set('config', new Map([['system.sessions', []]]));
    this.databases.set('local', new Map([['startup_log', []]]));
    if (root) this.#users.set(root.user, makeSecret(root.password, this.#bytes(28)));
  }

  log(context: string, component: string, message: string, attributes: object = {}): void {
    const at = new Date(this.process.container.clock.now()).toISOString().replace('Z', '+00:00');
    void this.process.out(
      `${JSON.stringify({ t: { $date: at }, s: 'I', c: component, id: 23015, ctx: context, msg: message, attr: attributes })}\n`,
    );
  }

  open(port: number): void {
    this.#load();
    this.process.container.listen(this.process, port, (socket, from) => this.#accept(socket, from));
  }

  beginScram(message: string): ScramServer | undefined {
    const nonce = this.#bytes(18).toString('base64').replaceAll(',', '');
    // A secret that nothing matches, so that an unknown user looks like a wrong password.
    return ScramServer.begin(
      message,
      nonce,
      (user) => this.#users.get(user) ?? { salt: this.#bytes(28), storedKey: this.#bytes(32), serverKey: this.#bytes(32) },
    );
  }

  createUser(user: string, password: string): boolean {
    if (this.#users.has(user)) return false;
    this.#users.set(user, makeSecret(password, this.#bytes(28)));
    return true;
  }

  newObjectId(): string {
    return (
      Math.floor(this.process.container.clock.now() / 1000)
        .toString(16)
        .padStart(8, '0') + this.#bytes(8).toString('hex')
    );
  }

  save(): void {
    const { files } = this.process.container;
    const own = [...this.databases].filter(([name]) => !['admin', 'config', 'local'].includes(name));
    if (own.length === 0) return;
    try {
      files.makeFolders('/data/db');
      files.write(dataFile, encodeDocument(new Map(own.map(([name, collections]) => [name, new Map(collections)]))));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      this.log('SignalHandler', 'STORAGE', 'Failed to write data files', { error: error.message });
    }
  }

  #load(): void {
    const { files } = this.process.container;
    if (!files.exists(dataFile)) return;
    for (const [name, collections] of decodeDocument(Buffer.from(files.read(dataFile)))) {
      this.databases.set(name, collections as unknown as Map<string, BsonDocument[]>);
    }
  }

  #bytes(count: number): Buffer {
    const { random } = this.process.container.host.ctx;
    return Buffer.from(Array.from({ length: count }, () => random.int(256)));
  }

  #accept(socket: Duplex, from: string): void {
    const client: MongoClientState = { user: undefined, scram: undefined };
    const reader = new WireReader();
    const id = ++this.connections;
    this.log('listener', 'NETWORK', 'Connection accepted', { remote: from, connectionId: id });
    this.process.ownSocket(socket);
    socket.on('error', () => undefined);
    socket.on('end', () => socket.end());
    socket.on('close', () => this.log(`conn${id}`, 'NETWORK', 'Connection ended', { remote: from, connectionId: id }));
    socket.on('data', (chunk: Buffer) => {
      reader.push(chunk);
      try {
        for (let message = reader.next(); message; message = reader.next()) {
          this.#requests = (this.#requests + 1) % 2 ** 31;
          const answer =
            runCommand(this, client, message.body) ??
            commandFailure(59, 'CommandNotFound', `no such command: '${[...message.body.keys()][0] ?? ''}'`);
          if (answer.get('code') === 18)
            this.log(`conn${id}`, 'ACCESS', 'Authentication failed', {
              mechanism: 'SCRAM-SHA-256',
              remote: from,
              error: 'AuthenticationFailed: SCRAM authentication failed, storedKey mismatch',
            });
          if (!socket.destroyed) socket.write(encodeAnswer(this.#requests, message, answer));
        }
      } catch (error) {
        // Not a MongoDB client: a probe, or curl.
        if (!(error instanceof BsonError) && !(error instanceof RangeError)) throw error;
        socket.destroy();
      }
    });
  }
}

export function mongod(version: string): Program {
  return async (process) => {
    const { args, env } = process;
    const portAt = args.indexOf('--port');
    const port = portAt < 0 ? 27017 : Number(args[portAt + 1]);
    const user = env.get('MONGO_INITDB_ROOT_USERNAME');
    const password = env.get('MONGO_INITDB_ROOT_PASSWORD');
    if ((user === undefined) !== (password === undefined)) {
      await process.error(
        "error: missing 'MONGO_INITDB_ROOT_USERNAME' or 'MONGO_INITDB_ROOT_PASSWORD'\n       both must be specified for a user to be created\n",
      );
      return 1;
    }
    const root = user && password ? { user, password } : undefined;
    const server = new MongoServer(process, version, root, root !== undefined || args.includes('--auth'));
    const { pod } = process.container.spec;
    server.log('initandlisten', 'CONTROL', 'MongoDB starting', {
      pid: process.pid,
      port,
      dbPath: '/data/db',
      architecture: '64-bit',
      host: pod.hostname,
    });
    server.log('initandlisten', 'CONTROL', 'Build Info', {
      buildInfo: { version, gitVersion: '0000000000000000000000000000000000000000', modules: [], allocator: 'tcmalloc' },
    });
    if (root) server.log('conn1', 'COMMAND', 'Successfully added user', { user: root.user, db: 'admin' });
    try {
      server.open(port);
    } catch {
      server.log('initandlisten', 'CONTROL', 'Failed to set up listener', {
        error: { code: 9001, codeName: 'SocketException', errmsg: 'Address already in use' },
      });
      return 48;
    }
    server.log('listener', 'NETWORK', 'Listening on', { address: '0.0.0.0' });
    server.log('listener', 'NETWORK', 'Waiting for connections', { port, ssl: 'off' });
    await process.untilSignal('TERM', 'INT');
    server.log('SignalHandler', 'CONTROL', 'Received signal', { signal: 15, error: 'Terminated' });
    server.save();
    server.log('SignalHandler', 'CONTROL', 'Shutting down', { exitCode: 0 });
    return 0;
  };
}
