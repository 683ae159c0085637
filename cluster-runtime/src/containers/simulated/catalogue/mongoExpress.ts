/** mongo-express: a page that lists the databases of a MongoDB server, behind a password of its own. */
import { imageDescriptions } from '#common/images/imageDescriptions.ts';
import { ConnectionError } from '../../../network/network.ts';
import { alpineLayer, type ImageDefinition, layer, simulated } from '../images/image.ts';
import { type HttpExchange, serveHttp } from '../net/httpService.ts';
import type { Process, Program } from '../process/process.ts';
import type { BsonDocument } from '../programs/mongo/bson.ts';
import { type MongoAddress, MongoClient, MongoError, parseMongoUrl } from '../programs/mongo/client.ts';

const port = 8081;
/** As often as the image's own start script looks for the server, and as long as it waits between. */
const attempts = 10;
const waitMs = 1000;

interface Settings {
  readonly address: MongoAddress;
  readonly shownUrl: string;
  readonly basicAuth: { readonly user: string; readonly password: string } | undefined;
  readonly basePath: string;
}

function readSettings(env: ReadonlyMap<string, string>): Settings {
  const url = env.get('ME_CONFIG_MONGODB_URL');
  const host = env.get('ME_CONFIG_MONGODB_SERVER') ?? 'mongo';
  const mongoPort = Number(env.get('ME_CONFIG_MONGODB_PORT') ?? 27017);
  const user = env.get('ME_CONFIG_MONGODB_ADMINUSERNAME') ?? '';
  const password = env.get('ME_CONFIG_MONGODB_ADMINPASSWORD') ?? '';
  const own: MongoAddress = { host, port: mongoPort, ...(user === '' ? {} : { user, password }) };
  const address = (url ? parseMongoUrl(url) : undefined) ?? own;
  const login = address.user === undefined ? '' : `${address.user}:*****@`;
  const basic = env.get('ME_CONFIG_BASICAUTH') ?? env.get('ME_CONFIG_BASICAUTH_ENABLED') ?? 'true';
  return {
    address,
    shownUrl: `mongodb://${login}${address.host}:${address.port}`,
    basicAuth:
      basic === 'false'
        ? undefined
        : {
            user: env.get('ME_CONFIG_BASICAUTH_USERNAME') || 'admin',
            password: env.get('ME_CONFIG_BASICAUTH_PASSWORD') || 'pass',
          },
    basePath: (env.get('ME_CONFIG_SITE_BASEURL') ?? '/').replace(/\/?$/, '/'),
  };
}

const mongoExpress: Program = async (process) => {
  const settings = readSettings(process.env);
  await process.out(`Waiting for ${settings.address.host}:${settings.address.port}...\n`);
  let client: MongoClient | undefined;
  for (let attempt = 1; !client; attempt++) {
    const outcome = await connect(process, settings);
    if (outcome instanceof MongoClient) client = outcome;
    else if (outcome === 'refused') return 1;
    else if (attempt === attempts) {
      await process.error(
        `Could not connect to database using connectionString: ${settings.shownUrl}\nMongoServerSelectionError: ${outcome}\n`,
      );
      return 1;
    } else {
      await process.error(
        `/docker-entrypoint.sh: line 15: /dev/tcp/${settings.address.host}/${settings.address.port}: ${outcome}\n`,
      );
      await process.sleep(waitMs);
    }
  }
  await process.out('Welcome to mongo-express 1.0.2\n------------------------\n\n\n');
  if (settings.basicAuth) {
    await process.out('Mongo Express server listening at http://0.0.0.0:8081\n');
    await process.out('Server is open to allow connections from anyone (0.0.0.0)\n');
    if (settings.basicAuth.user === 'admin' && settings.basicAuth.password === 'pass')
      await process.out('basicAuth credentials are "admin:pass", it is recommended you change this!\n');
  } else
    await process.out(
      'Mongo Express server listening at http://0.0.0.0:8081\nServer is open to allow connections from anyone (0.0.0.0)\nBasic auth is disabled\n',
    );
  client.close();
  serveHttp(process, port, (exchange) => answer(process, settings, exchange));
  const signal = await process.untilSignal('TERM', 'INT');
  return signal === 'TERM' ? 143 : 130;
};

/** The client, why the server could not be reached, or `refused` when it did not accept the password. */
async function connect(process: Process, settings: Settings): Promise<MongoClient | string> {
  try {
    const client = await MongoClient.connect(process, settings.address);
    await client.command('admin', { listDatabases: 1 });
    return client;
  } catch (error) {
    if (error instanceof MongoError) {
      await process.error(
        `Could not connect to database using connectionString: ${settings.shownUrl}\nMongoServerError: ${error.message}\n    code: ${error.code},\n    codeName: '${error.codeName}'\n`,
      );
      return 'refused';
    }
    if (!(error instanceof ConnectionError)) throw error;
    return error.code === 'ENOTFOUND'
      ? 'Name does not resolve'
      : error.code === 'ETIMEDOUT'
        ? 'Connection timed out'
        : 'Connection refused';
  }
}

async function answer(process: Process, settings: Settings, exchange: HttpExchange): Promise<void> {
  const { request } = exchange;
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  const finish = (status: number, headers: Record<string, string>, body: string): void => {
    exchange.send(status, { 'X-Powered-By': 'Express', ...headers }, body);
    void process.out(`${request.method} ${request.url} ${status} 0.000 ms - ${Buffer.byteLength(body)}\n`);
  };
  if (path === `${settings.basePath}status`)
    return finish(200, { 'Content-Type': 'application/json; charset=utf-8' }, '{"status":"ok"}');
  if (settings.basicAuth) {
    const { user, password } = settings.basicAuth;
    const wanted = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    if (request.headers.authorization !== wanted)
      return finish(401, { 'WWW-Authenticate': 'Basic realm="Authorization Required"' }, 'Unauthorized');
  }
  const outcome = await connect(process, settings);
  if (!(outcome instanceof MongoClient))
    return finish(
      500,
      { 'Content-Type': 'text/html; charset=utf-8' },
      page('Database unavailable', `<p>Could not reach ${escape(settings.shownUrl)}.</p>`),
    );
  const databases = (await outcome.command('admin', { listDatabases: 1 })).get('databases') as readonly BsonDocument[];
  const names = databases.map((database) => String(database.get('name')));
  const chosen = /^db\/([^/]+)\/?$/.exec(path.slice(settings.basePath.length))?.[1];
  const collections =
    chosen === undefined ? undefined : await outcome.command(decodeURIComponent(chosen), { listCollections: 1 });
  outcome.close();
  if (path !== settings.basePath && chosen === undefined)
    return finish(404, { 'Content-Type': 'text/html; charset=utf-8' }, page('Not found', `<p>Cannot GET ${escape(path)}</p>`));
  const listed = collections
    ? ((collections.get('cursor') as BsonDocument).get('firstBatch') as readonly BsonDocument[]).map((each) =>
        String(each.get('name')),
      )
    : names;
  const rows = listed.map(
    (name) =>
      `<tr><td>${collections ? escape(name) : `<a href="${settings.basePath}db/${encodeURIComponent(name)}/">${escape(name)}</a>`}</td></tr>`,
  );
  finish(
    200,
    { 'Content-Type': 'text/html; charset=utf-8' },
    page(
      collections ? `Viewing Database: ${escape(chosen ?? '')}` : 'Mongo Express',
      `<h2>${collections ? 'Collections' : 'Databases'}</h2><table>${rows.join('')}</table><p>Connected to ${escape(settings.shownUrl)}</p>`,
    ),
  );
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

function page(title: string, body: string): string {
  return `<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8"><title>${title.includes('Mongo Express') ? 'Home - Mongo Express' : `${title} - Mongo Express`}</title></head>\n<body>\n<h1>${title}</h1>\n${body}\n</body>\n</html>\n`;
}

export const mongoExpressImage: ImageDefinition = {
  ...simulated(imageDescriptions.mongoExpress),
  build: () => ({
    layers: [alpineLayer, layer('node:alpine', 50), layer('mongo-express', 20)],
    entrypoint: ['/sbin/tini', '--', '/docker-entrypoint.sh'],
    cmd: ['mongo-express'],
    env: { ME_CONFIG_MONGODB_URL: '', ME_CONFIG_BASICAUTH_USERNAME: '', ME_CONFIG_BASICAUTH_PASSWORD: '' },
    workingDir: '/app',
    exposedPorts: [port],
    userland: 'alpine',
    programs: { '/sbin/tini': mongoExpress, '/docker-entrypoint.sh': mongoExpress },
    usage: { cpuMillicores: 2, memoryMebibytes: 58 },
  }),
};
