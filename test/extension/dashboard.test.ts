/** Who may look at the dashboard in a browser, and what its pages may do: over plain HTTP, without a browser or a cluster. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { RealClock } from '#common/base/clock.ts';
import { createApiClient } from '#apiClient/apiClient.ts';
import { languageOf } from '#dashboard/web/languages.ts';
import { WebServer } from '#dashboard/web/webServer.ts';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

const api = createApiClient({ server: 'https://127.0.0.1:1' });
const media = mkdtempSync(path.join(tmpdir(), 'kube-playground-media-'));
let server: WebServer;
let entrance: URL;
let cookie: string;

beforeAll(async () => {
  writeFileSync(path.join(media, 'dashboard.js'), 'script');
  server = new WebServer({ api, clock: new RealClock(), clusterName: 'playground', mediaFolder: media, port: 0 });
  entrance = new URL(await server.listen());
});

afterAll(async () => {
  await server.close();
  api.close();
  rmSync(media, { recursive: true });
});

const ask = (target: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const sent = request(`${entrance.origin}${target}`, { headers, method }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    sent.on('error', reject);
    sent.end();
  });

/** The code of the refusal, or `open`. */
const connect = (headers: Record<string, string>, target = '/tree'): Promise<string> =>
  new Promise((resolve) => {
    const socket = new WebSocket(`ws://${entrance.host}${target}`, { headers });
    socket.on('open', () => {
      socket.terminate();
      resolve('open');
    });
    socket.on('unexpected-response', (_, response) => {
      response.destroy();
      resolve(String(response.statusCode));
    });
    socket.on('error', () => undefined);
  });

describe('the entrance', () => {
  test('is closed without the token', async () => {
    expect((await ask('/')).status).toBe(403);
    expect((await ask('/dashboard.js')).status).toBe(403);
    expect((await ask('/?token=wrong')).status).toBe(403);
    expect((await ask(`/?token=${entrance.searchParams.get('token')}`, { host: `evil.example:${entrance.port}` })).status).toBe(
      421,
    );
    expect(await connect({ origin: entrance.origin })).toBe('403');
  });

  test('says what to do in the language of the browser', async () => {
    expect((await ask('/')).body).toContain('start the command again for another');
    expect((await ask('/?token=wrong', { 'accept-language': 'zh-CN' })).body).toContain('请重新运行该命令');
  });

  test('takes the token once, and gives a cookie that scripts and other sites cannot use', async () => {
    const answer = await ask(`${entrance.pathname}${entrance.search}`);
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('content="0;url=/"');
    const given = answer.headers['set-cookie']?.[0] ?? '';
    expect(given).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/);
    cookie = given.slice(0, given.indexOf(';'));
    expect((await ask(`${entrance.pathname}${entrance.search}`)).status).toBe(403);
    expect((await ask('/', { cookie })).status).toBe(200);
    expect((await ask('/', { cookie: `${cookie}x` })).status).toBe(403);
  });

  test('lets only its own pages speak', async () => {
    expect(await connect({ origin: entrance.origin, cookie })).toBe('open');
    expect(await connect({ cookie })).toBe('403');
    expect(await connect({ origin: 'http://127.0.0.1:1', cookie })).toBe('403');
    expect(await connect({ origin: 'https://evil.example', cookie })).toBe('403');
    expect(await connect({ origin: `http://evil.example:${entrance.port}`, host: `evil.example:${entrance.port}`, cookie })).toBe(
      '403',
    );
    expect(await connect({ origin: entrance.origin, cookie }, '/elsewhere')).toBe('403');
  });
});

describe('what is served', () => {
  test('pages that load nothing but their own, and nothing inline', async () => {
    const { headers, body } = await ask('/', { cookie });
    const policy = String(headers['content-security-policy']);
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    expect(body).toContain(`<script type="module" nonce="${nonce}" src="dashboard.js">`);
    expect((await ask('/', { cookie })).headers['content-security-policy']).not.toContain(nonce);
    expect(headers['cache-control']).toBe('no-store');
  });

  test('details may be shown inside the dashboard only, and only of what is named', async () => {
    const address = '/details?apiVersion=v1&kind=Pod&namespace=default&name=web';
    expect(String((await ask(address, { cookie })).headers['content-security-policy'])).toContain("frame-ancestors 'self'");
    expect((await ask('/details?kind=Pod', { cookie })).status).toBe(404);
  });

  test.each(['/../package.json', '/%2e%2e/package.json', '/sub/dashboard.js', '/missing.js'])(
    '%s is not there',
    async (target) => {
      expect((await ask(target, { cookie })).status).toBe(404);
    },
  );

  test('files of the pages', async () => {
    expect(await ask('/dashboard.js', { cookie })).toMatchObject({ status: 200, body: 'script' });
    expect((await ask('/dashboard.js', { cookie }, 'POST')).status).toBe(405);
  });

  test.each([
    [undefined, 'en'],
    ['de-DE,de;q=0.9', 'en'],
    ['en-US,en;q=0.9,zh-CN;q=0.8', 'en'],
    ['zh-CN,zh;q=0.9,en;q=0.8', 'zh-cn'],
    ['fr,zh-TW;q=0.5', 'zh-cn'],
  ])('%s is answered in %s', (accepted, language) => expect(languageOf(accepted)).toBe(language));
});
