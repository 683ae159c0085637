/**
 * `mongosh` and the older `mongo`: `--eval` and a prompt, for the expressions that probes and tutorials use.
 *
 * Differs from Kubernetes: no JavaScript; `show dbs`, `db.adminCommand(…)`, `db.runCommand(…)`, `db.stats()`,
 * `db.version()`, `db.getName()` and `insertOne`, `find`, `countDocuments`, `drop` of a collection are understood.
 */
import { ConnectionError } from '../../../../network/network.ts';
import { readTextLine } from '../../process/lines.ts';
import type { Process, Program } from '../../process/process.ts';
import { type BsonDocument, type BsonValue, document, showValue } from './bson.ts';
import { MongoClient, MongoError, parseMongoUrl } from './client.ts';

class EvalError extends Error {}

interface Session {
  readonly client: MongoClient;
  database: string;
}

export const mongosh: Program = async (process) => {
  const { args } = process;
  const valueOf = (...names: string[]): string | undefined => {
    for (const [index, arg] of args.entries()) {
      for (const name of names) {
        if (arg === name) return args[index + 1];
        if (arg.startsWith(`${name}=`)) return arg.slice(name.length + 1);
      }
    }
    return undefined;
  };
  if (args.includes('--version')) {
    await process.out('2.5.6\n');
    return 0;
  }
  const url = args.find((arg) => arg.startsWith('mongodb://'));
  const [user, password] = [valueOf('-u', '--username'), valueOf('-p', '--password')];
  const address = {
    ...(parseMongoUrl(url ?? '') ?? { host: valueOf('--host') ?? '127.0.0.1', port: Number(valueOf('--port') ?? 27017) }),
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
  };
  const withValue = new Set(['-u', '--username', '-p', '--password', '--host', '--port', '--eval', '--authenticationDatabase']);
  const named = args.find((arg, index) => !arg.startsWith('-') && arg !== url && !withValue.has(args[index - 1] ?? ''));
  let client: MongoClient;
  try {
    client = await MongoClient.connect(process, address);
  } catch (error) {
    if (error instanceof MongoError) {
      await process.error(`MongoServerError: ${error.message}\n`);
      return 1;
    }
    if (!(error instanceof ConnectionError)) throw error;
    await process.error(
      `MongoNetworkError: ${error.code === 'ENOTFOUND' ? `getaddrinfo ENOTFOUND ${address.host}` : `connect ${error.code} ${address.host}:${address.port}`}\n`,
    );
    return 1;
  }
  const session: Session = { client, database: named?.split('/').at(-1) ?? 'test' };
  const script = valueOf('--eval');
  let status = 0;
  if (script !== undefined) status = await evaluateAndShow(process, session, script);
  else {
    for (;;) {
      if (process.terminal) await process.out(`${session.database}> `);
      const line = await readTextLine(process);
      if (line === undefined || line.trim() === 'exit' || line.trim() === 'quit') break;
      if (line.trim() !== '') await evaluateAndShow(process, session, line);
    }
  }
  client.close();
  return status;
};

async function evaluateAndShow(process: Process, session: Session, script: string): Promise<number> {
  try {
    for (const statement of script.split(/;\s*(?![^{(]*[)}])/)) {
      if (statement.trim() === '') continue;
      await process.out(`${await evaluate(session, statement.trim())}\n`);
    }
    return 0;
  } catch (error) {
    if (!(error instanceof MongoError) && !(error instanceof EvalError)) throw error;
    await process.error(
      `${error instanceof MongoError ? `MongoServerError[${error.codeName}]` : 'SyntaxError'}: ${error.message}\n`,
    );
    return 1;
  }
}

async function evaluate(session: Session, statement: string): Promise<string> {
  const { client } = session;
  const printed = /^(?:print|printjson)\((.*)\)$/s.exec(statement);
  if (printed) return evaluate(session, printed[1] ?? '');
  if (/^["'].*["']$/s.test(statement)) return statement.slice(1, -1);
  const use = /^use (\S+)$/.exec(statement);
  if (use) {
    session.database = use[1] ?? 'test';
    return `switched to db ${session.database}`;
  }
  if (/^show (?:dbs|databases)$/.test(statement)) {
    const answer = await client.command('admin', { listDatabases: 1 });
    return (answer.get('databases') as readonly BsonDocument[])
      .map((each) => `${String(each.get('name')).padEnd(8)}40.00 KiB`)
      .join('\n');
  }
  if (/^show (?:collections|tables)$/.test(statement)) return (await collectionNames(session)).join('\n');
  if (statement === 'db' || statement === 'db.getName()') return session.database;
  if (statement === 'db.version()') return String((await client.command('admin', { buildInfo: 1 })).get('version'));
  const member = /^(.*\))\.(ok|n|version)$/s.exec(statement);
  if (member) return showValue((await commandResult(session, member[1] ?? '')).get(member[2] ?? '') ?? null);
  const collection =
    /^db\.(?:getCollection\(["']([^"']+)["']\)|([\w$]+))\.(insertOne|insertMany|find|findOne|countDocuments|drop|deleteMany)\((.*)\)(?:\.(?:pretty|toArray)\(\))*$/s.exec(
      statement,
    );
  if (collection) return onCollection(session, collection[1] ?? collection[2] ?? '', collection[3] ?? '', collection[4] ?? '');
  return showValue(await commandResult(session, statement));
}

async function commandResult(session: Session, statement: string): Promise<BsonDocument> {
  const call = /^db\.(adminCommand|runCommand|stats|serverStatus|hello|dropDatabase|getMongo\(\)\.getDBNames)\((.*)\)$/s.exec(
    statement,
  );
  if (!call) throw new EvalError(`simulated containers do not understand: ${statement}`);
  const [, name, argument = ''] = call;
  const database = name === 'adminCommand' ? 'admin' : session.database;
  if (name === 'adminCommand' || name === 'runCommand') {
    const text = /^["'](.*)["']$/s.exec(argument.trim());
    return session.client.command(database, text ? new Map([[text[1] ?? '', 1]]) : (literal(argument) as BsonDocument));
  }
  const commands: Record<string, string> = {
    stats: 'dbStats',
    serverStatus: 'serverStatus',
    hello: 'hello',
    dropDatabase: 'dropDatabase',
  };
  return session.client.command(database, new Map([[commands[name ?? ''] ?? '', 1]]));
}

async function onCollection(session: Session, collection: string, method: string, argument: string): Promise<string> {
  const { client, database } = session;
  const given = argument.trim() === '' ? document({}) : literal(argument);
  switch (method) {
    case 'insertOne':
    case 'insertMany': {
      const documents = Array.isArray(given) ? given : [given];
      const answer = await client.command(database, { insert: collection, documents });
      return showValue(document({ acknowledged: true, insertedCount: answer.get('n') ?? 0 }));
    }
    case 'find':
    case 'findOne': {
      const answer = await client.command(database, { find: collection, filter: given, limit: method === 'findOne' ? 1 : 0 });
      const batch = (answer.get('cursor') as BsonDocument).get('firstBatch') as readonly BsonDocument[];
      return showValue(method === 'findOne' ? (batch[0] ?? null) : batch);
    }
    case 'countDocuments':
      return String((await client.command(database, { count: collection, query: given })).get('n'));
    case 'deleteMany':
      return showValue(
        document({
          acknowledged: true,
          deletedCount:
            (await client.command(database, { delete: collection, deletes: [document({ q: given, limit: 0 })] })).get('n') ?? 0,
        }),
      );
    default:
      await client.command(database, { drop: collection });
      return 'true';
  }
}

async function collectionNames({ client, database }: Session): Promise<string[]> {
  const answer = await client.command(database, { listCollections: 1 });
  return ((answer.get('cursor') as BsonDocument).get('firstBatch') as readonly BsonDocument[]).map((each) =>
    String(each.get('name')),
  );
}

/** A JavaScript literal of plain data: bare names as keys, either quote. */
function literal(text: string): BsonValue {
  const json = text
    .replaceAll(/'((?:[^'\\]|\\.)*)'/g, (_, inner: string) => JSON.stringify(inner))
    .replaceAll(/([{,]\s*)([A-Za-z_$][\w$]*)\s*:/g, '$1"$2":')
    .replaceAll(/,\s*([}\]])/g, '$1');
  try {
    return fromJson(JSON.parse(json));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new EvalError(`simulated containers do not understand: ${text}`);
  }
}

function fromJson(value: unknown): BsonValue {
  if (Array.isArray(value)) return value.map(fromJson);
  if (typeof value === 'object' && value !== null)
    return new Map(Object.entries(value).map(([name, item]) => [name, fromJson(item)]));
  return value as BsonValue;
}
