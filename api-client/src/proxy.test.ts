/** The ways through a proxy, and whether one is taken. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { RealClock } from '#common/base/clock.ts';
import { createCertificates } from '#runtime/apiserver/http/certificates.ts';
import { type ApiClient, createApiClient } from './apiClient.ts';
import type { ClusterAccess } from './clusterAccess.ts';
import { proxyOf } from './proxy.ts';
import { answerJson, ScriptedServer } from './testing/scriptedServer.ts';

const now = new RealClock().now();
const { ca, serving } = createCertificates(now);
const foreign = createCertificates(now);
let server: ScriptedServer;
let api: ApiClient | undefined;
const open = (changes: Partial<ClusterAccess>): ApiClient => {
  api?.close();
  return (api = createApiClient({ ...server.access, ...changes }));
};
const failure = (pending: Promise<unknown>): Promise<Error> =>
  pending.then(
    () => expect.unreachable(),
    (error: unknown) => error as Error,
  );

beforeAll(async () => {
  server = await new ScriptedServer({ ca: ca.cert, ...serving }, (asked) => answerJson(asked, 200, {})).start();
});
afterEach(() => api?.close());
afterAll(() => server.stop());

describe('through a proxy', () => {
  let proxy: Server;
  const asked: { authority: string; authorization: unknown }[] = [];

  beforeAll(async () => {
    proxy = createServer().on('connect', (request, socket) => {
      asked.push({ authority: request.url ?? '', authorization: request.headers['proxy-authorization'] });
      if (!request.headers['proxy-authorization']) return socket.end('HTTP/1.1 407 Who are you\r\n\r\n');
      const [host = '', port] = (request.url ?? '').split(':');
      const onward = connect(Number(port), host, () => {
        socket.write('HTTP/1.1 200 Go on\r\n\r\n');
        onward.pipe(socket).pipe(onward);
      });
      onward.on('error', () => socket.destroy());
      socket.on('error', () => onward.destroy());
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
  });
  afterAll(() => void proxy.close());

  const proxyUrl = (who: string): string => `http://${who}127.0.0.1:${(proxy.address() as AddressInfo).port}`;

  it('the server is proved as ever', async () => {
    server.script((each) => answerJson(each, 200, { ok: true }));
    expect(await open({ proxyUrl: proxyUrl('me:pw@') }).get('/api')).toEqual({ ok: true });
    expect(asked.at(-1)).toEqual({ authority: new URL(server.url).host, authorization: `Basic ${btoa('me:pw')}` });
    const pending = open({ proxyUrl: proxyUrl('me:pw@'), ca: Buffer.from(foreign.ca.cert) }).get('/api');
    expect((await failure(pending)).message).toMatch(/is not signed by an authority/);
  });

  it('of the SOCKS kind, with its password', async () => {
    server.script((each) => answerJson(each, 200, { ok: true }));
    const heard: string[] = [];
    const socks = createTcpServer((socket) => {
      const answers = [Buffer.from([5, 2]), Buffer.from([1, 0]), Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0])];
      const onData = (bytes: Buffer): void => {
        heard.push(bytes.toString('latin1'));
        const answer = answers.shift();
        if (answers.length > 0) return void socket.write(answer ?? '');
        socket.off('data', onData);
        const onward = connect(bytes.readUInt16BE(bytes.length - 2), bytes.toString('latin1', 5, bytes.length - 2), () => {
          socket.write(answer ?? '');
          onward.pipe(socket).pipe(onward);
        });
        onward.on('error', () => socket.destroy());
      };
      socket.on('data', onData).on('error', () => undefined);
    });
    socks.listen(0, '127.0.0.1');
    await once(socks, 'listening');
    try {
      const address = `127.0.0.1:${(socks.address() as AddressInfo).port}`;
      expect(await open({ proxyUrl: `socks5://me:pw@${address}` }).get('/api')).toEqual({ ok: true });
      expect(heard.slice(0, 2)).toEqual(['\x05\x02\x00\x02', '\x01\x02me\x02pw']);
      expect(heard[2]).toContain('127.0.0.1');
    } finally {
      socks.close();
    }
  });

  it('that refuses or is not there, the sentence is of the proxy', async () => {
    expect((await failure(open({ proxyUrl: proxyUrl('') }).get('/api'))).message).toMatch(
      /^The proxy http:\/\/127\.0\.0\.1:\d+ refuses the way to 127\.0\.0\.1:\d+ \(HTTP 407\)\.$/,
    );
    expect((await failure(open({ proxyUrl: 'http://127.0.0.1:1' }).get('/api'))).message).toMatch(
      /^The proxy http:\/\/127\.0\.0\.1:1 cannot be reached: /,
    );
  });
});

it.each<[string, Record<string, string>, string | undefined]>([
  ['https://api.example', {}, undefined],
  ['https://api.example', { HTTPS_PROXY: 'http://p:1' }, 'http://p:1/'],
  ['https://api.example', { https_proxy: 'p:1' }, 'http://p:1/'],
  ['http://api.example', { HTTPS_PROXY: 'http://p:1' }, undefined],
  ['https://127.0.0.1:6443', { HTTPS_PROXY: 'http://p:1' }, undefined],
  ['https://[::1]:6443', { HTTPS_PROXY: 'http://p:1' }, undefined],
  ['https://api.example', { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'x, .example' }, undefined],
  ['https://api.example', { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'pi.example' }, 'http://p:1/'],
  ['https://api.example', { HTTPS_PROXY: 'http://p:1', no_proxy: '*' }, undefined],
])('the environment of %s: %j', (given, env, proxy) => {
  expect(proxyOf(new URL(given), undefined, env)?.href).toBe(proxy);
});
