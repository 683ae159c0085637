/** A Redis server: clients, authentication, commands, and replication in both roles. */
import { createHash } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { FileError } from '../../files/fileError.ts';
import { join } from '../../files/path.ts';
import { dateParts } from '../../net/clusterDate.ts';
import type { Process } from '../../process/process.ts';
import { matchesPattern } from '../../shell/pattern.ts';
import { type RedisConfig, setValue } from './config.ts';
import { dataCommands } from './dataCommands.ts';
import { describeServer } from './info.ts';
import { Keyspace, WrongTypeError } from './keyspace.ts';
import { decodeSnapshot, encodeSnapshot, SnapshotError } from './rdb.ts';
import { ReplicaLink } from './replicaLink.ts';
import { encodeCommand, encodeReply, failure, ok, ProtocolError, type Reply, RespReader } from './resp.ts';

interface Client {
  readonly socket: Duplex;
  readonly from: string;
  authenticated: boolean;
  /** Set once it has asked for replication. */
  replica: boolean;
  subscriptions: Set<string>;
  queued: (readonly string[])[] | undefined;
}

export class RedisServer {
  readonly process: Process;
  readonly version: string;
  readonly data: Keyspace;
  readonly config: RedisConfig;
  readonly #clients = new Set<Client>();
  #link: ReplicaLink | undefined;
  #offset = 0;
  #commands = 0;
  readonly #replicationId: string;

  constructor(process: Process, version: string, config: RedisConfig) {
    this.process = process;
    this.version = version;
    this.config = config;
    this.data = new Keyspace(() => process.container.clock.now());
    this.#replicationId = createHash('sha1').update(process.container.id).digest('hex');
  }

  value(name: string): string {
    return this.config.values.get(name) ?? '';
  }

  log(level: '*' | '#', text: string): void {
    const { day, monthName, year, time, milliseconds } = dateParts(this.process.container.clock.now());
    const role = this.#link ? 'S' : 'M';
    void this.process.out(`${this.process.pid}:${role} ${day} ${monthName} ${year} ${time}.${milliseconds} ${level} ${text}\n`);
  }

  /** Throws when the port is taken. */
  open(): void {
    this.process.container.listen(this.process, Number(this.value('port')), (socket, from) => this.#accept(socket, from));
    this.#load();
    const replicaOf = this.value('replicaof');
    if (replicaOf !== '' && replicaOf !== 'no one') this.#follow(replicaOf);
  }

  /** Writes dump.rdb. */
  save(): void {
    const { files } = this.process.container;
    const folder = this.value('dir');
    try {
      files.makeFolders(folder);
      files.write(join(folder, this.value('dbfilename')), encodeSnapshot(this.data));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      this.log('#', `Failed opening the temp RDB file for saving: ${error.message}`);
    }
  }

  /** A command that came from the leader. */
  applyFromLeader(words: readonly string[]): void {
    const [name = '', ...args] = words;
    dataCommands.get(name.toUpperCase())?.run(this.data, args, this.process.container.clock.now());
  }

  #load(): void {
    const path = join(this.value('dir'), this.value('dbfilename'));
    const { files } = this.process.container;
    try {
      if (!files.exists(path)) return;
      decodeSnapshot(files.read(path), this.data);
      this.log('*', `Done loading RDB, keys loaded: ${this.data.keys().length}, keys expired: 0.`);
    } catch (error) {
      if (!(error instanceof SnapshotError) && !(error instanceof FileError)) throw error;
      this.log('#', `Error loading ${path}: ${error.message}`);
    }
  }

  #accept(socket: Duplex, from: string): void {
    const client: Client = {
      socket,
      from,
      authenticated: this.value('requirepass') === '',
      replica: false,
      subscriptions: new Set(),
      queued: undefined,
    };
    this.#clients.add(client);
    this.process.ownSocket(socket);
    const reader = new RespReader();
    const gone = (): void => void this.#clients.delete(client);
    socket.on('close', gone);
    socket.on('error', gone);
    socket.on('end', () => socket.end());
    socket.on('data', (chunk: Buffer) => {
      reader.push(chunk);
      try {
        for (let words = reader.nextCommand(); words; words = reader.nextCommand()) {
          if (words.length > 0) this.#receive(client, words);
        }
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        socket.end(encodeReply(failure(`ERR Protocol error: ${error.message}`)));
      }
    });
  }

  #receive(client: Client, words: readonly string[]): void {
    const [name = '', ...args] = words;
    const reply = this.#execute(client, name.toUpperCase(), args);
    if (reply !== undefined && !client.socket.destroyed) client.socket.write(encodeReply(reply));
    if (name.toUpperCase() === 'QUIT') client.socket.end();
  }

  /** Undefined: nothing is answered. */
  #execute(client: Client, name: string, args: readonly string[]): Reply | undefined {
    this.#commands++;
    if (!client.authenticated && !['AUTH', 'HELLO', 'QUIT'].includes(name)) return failure('NOAUTH Authentication required.');
    if (client.queued && !['EXEC', 'DISCARD', 'MULTI'].includes(name)) {
      client.queued.push([name, ...args]);
      return { status: 'QUEUED' };
    }
    const command = dataCommands.get(name);
    if (!command) return this.#administrate(client, name, args);
    const count = args.length + 1;
    if (command.arity >= 0 ? count !== command.arity : count < -command.arity)
      return failure(`ERR wrong number of arguments for '${name.toLowerCase()}' command`);
    if (command.writes && this.#link && this.value('replica-read-only') !== 'no')
      return failure("READONLY You can't write against a read only replica.");
    try {
      const now = this.process.container.clock.now();
      const before = this.data.changes;
      const reply = command.run(this.data, args, now);
      if (command.writes && this.data.changes !== before) this.#propagate([name, ...absolute(name, args, now)]);
      return reply;
    } catch (error) {
      if (error instanceof WrongTypeError) return failure(error.message);
      throw error;
    }
  }

  #administrate(client: Client, name: string, args: readonly string[]): Reply | undefined {
    const [first = '', second = ''] = args;
    switch (name) {
      case 'PING':
        return args.length > 0 ? first : { status: 'PONG' };
      case 'ECHO':
        return first;
      case 'AUTH':
        return this.#authenticate(client, args);
      case 'HELLO':
        return first === '3'
          ? failure('NOPROTO unsupported protocol version')
          : [
              'server',
              'redis',
              'version',
              this.version,
              'proto',
              2,
              'id',
              1,
              'mode',
              'standalone',
              'role',
              this.#link ? 'replica' : 'master',
              'modules',
              [],
            ];
      case 'SELECT':
        return Number(first) >= 0 && Number(first) < Number(this.value('databases'))
          ? ok
          : failure('ERR DB index is out of range');
      case 'QUIT':
      case 'CLIENT':
      case 'REPLCONF':
      case 'RESET':
        return name === 'CLIENT' && first.toUpperCase() === 'LIST'
          ? [...this.#clients].map((each, id) => `id=${id + 1} addr=${each.from} cmd=client\n`).join('')
          : name === 'REPLCONF' && first.toUpperCase() === 'ACK'
            ? undefined
            : ok;
      case 'COMMAND':
        return first.toUpperCase() === 'COUNT' ? dataCommands.size : [];
      case 'INFO':
        return describeServer(
          this,
          {
            clients: this.#clients.size - this.#replicas().length,
            commands: this.#commands,
            replicas: this.#replicas(),
            link: this.#link,
            replicationId: this.#replicationId,
            offset: this.#offset,
          },
          first.toLowerCase(),
        );
      case 'ROLE':
        return this.#link
          ? ['slave', this.#link.host, this.#link.port, this.#link.up ? 'connected' : 'connect', this.#offset]
          : ['master', this.#offset, this.#replicas().map((replica) => [replica.from, '6379', String(this.#offset)])];
      case 'CONFIG':
        return this.#configure(first.toUpperCase(), args.slice(1));
      case 'TIME': {
        const now = this.process.container.clock.now();
        return [String(Math.floor(now / 1000)), String((now % 1000) * 1000)];
      }
      case 'SAVE':
        this.save();
        return ok;
      case 'BGSAVE':
        this.save();
        return { status: 'Background saving started' };
      case 'LASTSAVE':
        return Math.floor(this.process.startedAt / 1000);
      case 'SHUTDOWN':
        this.process.kill('TERM');
        return undefined;
      case 'REPLICAOF':
      case 'SLAVEOF':
        return this.#replicaOf(first, second);
      case 'PSYNC':
      case 'SYNC':
        return this.#startReplica(client);
      case 'WAIT':
        return this.#replicas().length;
      case 'MULTI':
        client.queued = [];
        return ok;
      case 'DISCARD':
        client.queued = undefined;
        return ok;
      case 'EXEC': {
        const queued = client.queued;
        if (!queued) return failure('ERR EXEC without MULTI');
        client.queued = undefined;
        return queued.map(([queuedName = '', ...rest]) => this.#execute(client, queuedName, rest) ?? null);
      }
      case 'SUBSCRIBE':
        for (const channel of args) {
          client.subscriptions.add(channel);
          client.socket.write(encodeReply(['subscribe', channel, client.subscriptions.size]));
        }
        return undefined;
      case 'UNSUBSCRIBE':
        for (const channel of args.length > 0 ? args : [...client.subscriptions]) {
          client.subscriptions.delete(channel);
          client.socket.write(encodeReply(['unsubscribe', channel, client.subscriptions.size]));
        }
        return undefined;
      case 'PUBLISH': {
        const listeners = [...this.#clients].filter((each) => each.subscriptions.has(first));
        for (const listener of listeners) listener.socket.write(encodeReply(['message', first, second]));
        return listeners.length;
      }
      default:
        return failure(`ERR unknown command '${name}', with args beginning with: ${args.map((arg) => `'${arg}' `).join('')}`);
    }
  }

  #authenticate(client: Client, args: readonly string[]): Reply {
    const password = this.value('requirepass');
    if (password === '' && args.length === 1) {
      return failure(
        'ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?',
      );
    }
    if (args.at(-1) !== password || (args.length > 1 && args[0] !== 'default'))
      return failure('WRONGPASS invalid username-password pair or user is disabled.');
    client.authenticated = true;
    return ok;
  }

  #configure(action: string, args: readonly string[]): Reply {
    if (action === 'GET') {
      const wanted = args.map((pattern) => pattern.toLowerCase());
      return [...this.config.values].filter(([name]) => wanted.some((pattern) => matchesPattern(name, pattern))).flat();
    }
    if (action === 'SET') {
      for (let at = 0; at + 1 < args.length; at += 2) {
        if (!this.config.values.has((args[at] as string).toLowerCase()))
          return failure(`ERR Unknown option or number of arguments for CONFIG SET - '${args[at]}'`);
        setValue(this.config.values, args[at] as string, args[at + 1] as string);
      }
      return ok;
    }
    return action === 'RESETSTAT' || action === 'REWRITE'
      ? ok
      : failure(`ERR unknown subcommand '${action.toLowerCase()}'. Try CONFIG HELP.`);
  }

  #replicas(): Client[] {
    return [...this.#clients].filter((client) => client.replica);
  }

  #startReplica(client: Client): undefined {
    const snapshot = encodeSnapshot(this.data);
    this.log('*', `Replica ${client.from}:6379 asks for synchronization`);
    client.socket.write(`+FULLRESYNC ${this.#replicationId} ${this.#offset}\r\n`);
    client.socket.write(Buffer.concat([Buffer.from(`$${snapshot.length}\r\n`), snapshot]));
    client.replica = true;
    this.log('*', `Synchronization with replica ${client.from}:6379 succeeded`);
  }

  #propagate(words: readonly string[]): void {
    const bytes = encodeCommand(words);
    this.#offset += bytes.length;
    for (const replica of this.#replicas()) replica.socket.write(bytes);
  }

  #replicaOf(host: string, port: string): Reply {
    if (host.toLowerCase() === 'no' && port.toLowerCase() === 'one') {
      this.#link?.dispose();
      if (this.#link) this.log('*', 'MASTER MODE enabled (user request)');
      this.#link = undefined;
      this.config.values.set('replicaof', '');
      return ok;
    }
    if (!/^\d+$/.test(port)) return failure('ERR Invalid master port');
    this.config.values.set('replicaof', `${host} ${port}`);
    this.#follow(`${host} ${port}`);
    return ok;
  }

  #follow(target: string): void {
    this.#link?.dispose();
    const [host = '', port = '6379'] = target.split(' ');
    this.#link = new ReplicaLink(this, host, Number(port));
    this.#link.run();
  }
}

/** Times to live are sent to replicas as points in time. */
function absolute(name: string, args: readonly string[], now: number): readonly string[] {
  if (name === 'SET') {
    const at = args.findIndex((arg, index) => index > 1 && /^[EP]X$/i.test(arg));
    if (at < 0) return args;
    const ms = Number(args[at + 1]) * (args[at]?.toUpperCase() === 'EX' ? 1000 : 1);
    return [...args.slice(0, at), 'PXAT', String(now + ms), ...args.slice(at + 2)];
  }
  return args;
}
