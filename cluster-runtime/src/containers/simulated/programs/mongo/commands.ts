/** MongoDB's commands, as documents in and out. */
import { type BsonDocument, type BsonValue, document, ObjectId, showValue } from './bson.ts';
import type { MongoClientState, MongoServer } from './server.ts';

export function commandFailure(code: number, codeName: string, errmsg: string): BsonDocument {
  return document({ ok: 0, errmsg, code, codeName });
}

const authenticationFailed = (): BsonDocument => commandFailure(18, 'AuthenticationFailed', 'Authentication failed.');

/** Commands that come before authentication. */
const open = new Set([
  'hello',
  'ismaster',
  'saslstart',
  'saslcontinue',
  'ping',
  'buildinfo',
  'endsessions',
  'logout',
  'connectionstatus',
]);

/** Undefined when there is no such command. */
export function runCommand(server: MongoServer, client: MongoClientState, request: BsonDocument): BsonDocument | undefined {
  const [given = ''] = request.keys();
  const name = given.toLowerCase();
  const database = String(request.get('$db') ?? 'admin');
  if (server.requiresAuth && client.user === undefined && !open.has(name)) {
    return commandFailure(13, 'Unauthorized', `Command ${given} requires authentication`);
  }
  switch (name) {
    case 'hello':
    case 'ismaster':
      return document({
        [name === 'hello' ? 'isWritablePrimary' : 'ismaster']: true,
        helloOk: true,
        maxBsonObjectSize: 16777216,
        maxMessageSizeBytes: 48000000,
        maxWriteBatchSize: 100000,
        localTime: new Date(server.process.container.clock.now()),
        logicalSessionTimeoutMinutes: 30,
        connectionId: server.connections,
        minWireVersion: 0,
        maxWireVersion: 25,
        readOnly: false,
        saslSupportedMechs: request.has('saslSupportedMechs') ? ['SCRAM-SHA-256'] : undefined,
        ok: 1,
      });
    case 'saslstart':
      return startSasl(server, client, request);
    case 'saslcontinue':
      return continueSasl(client, request);
    case 'logout':
      client.user = undefined;
      return document({ ok: 1 });
    case 'ping':
    case 'endsessions':
    case 'setparameter':
      return document({ ok: 1 });
    case 'buildinfo':
      return document({
        version: server.version,
        gitVersion: '0'.repeat(40),
        versionArray: [...server.version.split('.').map(Number), 0],
        bits: 64,
        maxBsonObjectSize: 16777216,
        ok: 1,
      });
    case 'connectionstatus':
      return document({
        authInfo: document({
          authenticatedUsers: client.user === undefined ? [] : [document({ user: client.user, db: 'admin' })],
          authenticatedUserRoles: [],
        }),
        ok: 1,
      });
    case 'serverstatus':
      return document({
        host: server.process.container.spec.pod.hostname,
        version: server.version,
        process: 'mongod',
        pid: server.process.pid,
        uptime: Math.floor((server.process.container.clock.now() - server.process.startedAt) / 1000),
        connections: document({ current: server.connections, available: 51200, totalCreated: server.connections }),
        ok: 1,
      });
    case 'listdatabases': {
      const databases = [...server.databases]
        .map(([dbName, collections]) => document({ name: dbName, sizeOnDisk: 40960, empty: collections.size === 0 }))
        .sort((a, b) => (String(a.get('name')) < String(b.get('name')) ? -1 : 1));
      return document({ databases, totalSize: 40960 * databases.length, ok: 1 });
    }
    case 'createuser':
      return server.createUser(String(request.get(given)), String(request.get('pwd') ?? ''))
        ? document({ ok: 1 })
        : commandFailure(51003, 'Location51003', `User "${String(request.get(given))}@${database}" already exists`);
    case 'listcollections': {
      const names = [...(server.databases.get(database)?.keys() ?? [])];
      const batch = names.map((collection) =>
        document({ name: collection, type: 'collection', options: document({}), info: document({ readOnly: false }) }),
      );
      return cursor(`${database}.$cmd.listCollections`, batch);
    }
    case 'dropdatabase':
      server.databases.delete(database);
      return document({ dropped: database, ok: 1 });
    default:
      return runOnCollection(server, name, database, String(request.get(given)), request);
  }
}

function startSasl(server: MongoServer, client: MongoClientState, request: BsonDocument): BsonDocument {
  if (request.get('mechanism') !== 'SCRAM-SHA-256') {
    return commandFailure(
      334,
      'MechanismUnavailable',
      `Received authentication for mechanism ${String(request.get('mechanism'))} which is not enabled`,
    );
  }
  client.scram = server.beginScram(payloadOf(request));
  if (!client.scram) return authenticationFailed();
  return document({ conversationId: 1, done: false, payload: Buffer.from(client.scram.first), ok: 1 });
}

function continueSasl(client: MongoClientState, request: BsonDocument): BsonDocument {
  const payload = payloadOf(request);
  if (client.user !== undefined && payload === '')
    return document({ conversationId: 1, done: true, payload: Buffer.alloc(0), ok: 1 });
  const signature = client.scram?.finish(payload);
  if (!client.scram || signature === undefined) {
    client.scram = undefined;
    return authenticationFailed();
  }
  client.user = client.scram.user;
  return document({ conversationId: 1, done: true, payload: Buffer.from(signature), ok: 1 });
}

function payloadOf(request: BsonDocument): string {
  const payload = request.get('payload');
  return payload instanceof Uint8Array ? Buffer.from(payload).toString() : '';
}

function runOnCollection(
  server: MongoServer,
  name: string,
  database: string,
  collection: string,
  request: BsonDocument,
): BsonDocument | undefined {
  const documents = server.databases.get(database)?.get(collection) ?? [];
  const filter = request.get('filter') ?? request.get('query') ?? request.get('q');
  switch (name) {
    case 'find': {
      const found = documents.filter((item) => matches(item, filter));
      const limit = Number(request.get('limit') ?? 0);
      return cursor(`${database}.${collection}`, limit > 0 ? found.slice(0, limit) : found);
    }
    case 'count':
      return document({ n: documents.filter((item) => matches(item, filter)).length, ok: 1 });
    case 'aggregate': {
      // Drivers count documents with a $group; nothing else is known.
      const stages = (request.get('pipeline') ?? []) as readonly BsonDocument[];
      const match = stages.find((stage) => stage.has('$match'))?.get('$match');
      const found = documents.filter((item) => matches(item, match));
      return cursor(
        `${database}.${collection}`,
        stages.some((stage) => stage.has('$group')) ? [document({ _id: 1, n: found.length })] : found,
      );
    }
    case 'insert': {
      const added = (request.get('documents') ?? []) as readonly BsonDocument[];
      const target = ensureCollection(server, database, collection);
      for (const item of added)
        target.push(item.has('_id') ? item : new Map<string, BsonValue>([['_id', new ObjectId(server.newObjectId())], ...item]));
      return document({ n: added.length, ok: 1 });
    }
    case 'update': {
      let modified = 0;
      for (const update of (request.get('updates') ?? []) as readonly BsonDocument[]) {
        const targets = documents.filter((item) => matches(item, update.get('q')));
        for (const target of update.get('multi') ? targets : targets.slice(0, 1)) {
          applyUpdate(target, update.get('u') as BsonDocument);
          modified++;
        }
      }
      return document({ n: modified, nModified: modified, ok: 1 });
    }
    case 'delete': {
      let removed = 0;
      for (const deletion of (request.get('deletes') ?? []) as readonly BsonDocument[]) {
        for (const item of documents
          .filter((candidate) => matches(candidate, deletion.get('q')))
          .slice(0, deletion.get('limit') === 1 ? 1 : undefined)) {
          documents.splice(documents.indexOf(item), 1);
          removed++;
        }
      }
      return document({ n: removed, ok: 1 });
    }
    case 'create':
      ensureCollection(server, database, collection);
      return document({ ok: 1 });
    case 'drop':
      return server.databases.get(database)?.delete(collection)
        ? document({ ns: `${database}.${collection}`, nIndexesWas: 1, ok: 1 })
        : commandFailure(26, 'NamespaceNotFound', 'ns not found');
    case 'collstats':
    case 'dbstats':
      return document({
        ns: `${database}.${collection}`,
        db: database,
        count: documents.length,
        collections: server.databases.get(database)?.size ?? 0,
        objects: documents.length,
        size: 0,
        storageSize: 4096,
        dataSize: 0,
        indexes: 1,
        indexSize: 4096,
        ok: 1,
      });
    default:
      return undefined;
  }
}

function ensureCollection(server: MongoServer, database: string, collection: string): BsonDocument[] {
  let collections = server.databases.get(database);
  if (!collections) server.databases.set(database, (collections = new Map()));
  let documents = collections.get(collection);
  if (!documents) collections.set(collection, (documents = []));
  return documents;
}

function cursor(namespace: string, firstBatch: readonly BsonDocument[]): BsonDocument {
  return document({ cursor: document({ id: 0n, ns: namespace, firstBatch }), ok: 1 });
}

function matches(item: BsonDocument, filter: BsonValue | undefined): boolean {
  if (!(filter instanceof Map)) return true;
  return [...filter].every(([name, wanted]) => item.has(name) && showValue(item.get(name) ?? null) === showValue(wanted));
}

function applyUpdate(target: BsonDocument, update: BsonDocument): void {
  for (const [operator, fields] of update) {
    if (!(fields instanceof Map)) continue;
    for (const [name, value] of fields) {
      if (operator === '$set') target.set(name, value);
      else if (operator === '$unset') target.delete(name);
      else if (operator === '$inc') target.set(name, Number(target.get(name) ?? 0) + Number(value));
    }
  }
}
