import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ApiError } from '#common/api/status.ts';
import { RealClock, SteppedClock } from '#common/base/clock.ts';
import { createCertificates } from '#runtime/apiserver/http/certificates.ts';
import { type ApiClient, applyPatch, createApiClient } from './apiClient.ts';
import type { ClusterAccess, ExecPlugin } from './clusterAccess.ts';
import { answerJson, answerStatus, type Asked, ScriptedServer } from './testing/scriptedServer.ts';

const now = new RealClock().now();
const { ca, serving, admin } = createCertificates(now);
const foreign = createCertificates(now);
const elsewhere = createCertificates(now, ['api.example']);
const folder = mkdtempSync(path.join(tmpdir(), 'api-client-test-'));

let server: ScriptedServer;
let api: ApiClient;
const open = (changes: Partial<ClusterAccess> = {}, clock?: SteppedClock): ApiClient => {
  api?.close();
  return (api = createApiClient({ ...server.access, ...changes }, clock ? { clock } : {}));
};

beforeAll(async () => {
  server = await new ScriptedServer({ ca: ca.cert, ...serving }, (asked) => answerJson(asked, 200, {})).start();
});
afterEach(() => api?.close());
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

const failure = async (pending: Promise<unknown>): Promise<{ name: string; code: unknown; message: string }> => {
  const error = await pending.then(
    () => expect.unreachable(),
    (caught: unknown) => caught as Error & { code: unknown },
  );
  return { name: error.name, code: error.code, message: error.message.replaceAll(server.url, 'SERVER') };
};

describe('a request', () => {
  it('says who asks, sends its body as it should be, and tells of warnings', async () => {
    server.script((asked) => {
      asked.response.setHeader('warning', '299 - "unknown field \\"spec.a\\"", 299 - "old"');
      answerJson(asked, 201, { kind: 'ConfigMap' });
    });
    const answer = await open().send('PATCH', '/api/v1/x?force=true', { ä: 1 }, applyPatch);
    expect(answer).toEqual({ object: { kind: 'ConfigMap' }, code: 201, warnings: ['unknown field "spec.a"', 'old'] });
    const { method, path: asked, query, headers } = server.asked.at(-1) as Asked;
    expect([method, asked, query.get('force')]).toEqual(['PATCH', '/api/v1/x', 'true']);
    expect(headers).toMatchObject({
      authorization: 'Bearer secret',
      'content-type': 'application/apply-patch+yaml',
      'content-length': '8',
      'user-agent': 'kube-playground',
    });
  });

  it("keeps the path below which the server's API is", async () => {
    server.script((asked) => answerJson(asked, 200, {}));
    await open({ server: `${server.url}/k8s/clusters/c-1` }).get('/api/v1/pods');
    expect(server.asked.at(-1)?.path).toBe('/k8s/clusters/c-1/api/v1/pods');
  });

  it('acts for somebody else', async () => {
    await open({ impersonate: { user: 'eve', groups: ['a', 'b'], extra: { 'x/y': ['1'] } } }).get('/api');
    expect(server.asked.at(-1)?.headers).toMatchObject({
      'impersonate-user': 'eve',
      'impersonate-group': 'a, b',
      'impersonate-extra-x%2fy': '1',
    });
  });

  it.each([
    [401, '{"kind":"Status","reason":"Unauthorized","message":"Unauthorized","code":401}', 'Unauthorized', 'Unauthorized'],
    [403, '{"kind":"Status","reason":"Forbidden","message":"no","code":403}', 'Forbidden', 'no'],
    [404, '404 page not found\n', '', '404 page not found'],
    [401, 'who are you', 'Unauthorized', 'who are you'],
    [502, '', '', 'HTTP 502'],
    [302, '<a>elsewhere</a>', '', '<a>elsewhere</a>'],
    [500, '{"kind":"Pod"}', '', '{"kind":"Pod"}'],
  ])('a refusal with %i and %j', async (code, text, reason, message) => {
    server.script(({ response }) => response.writeHead(code).end(text));
    const error = (await open()
      .get('/api')
      .catch((caught: unknown) => caught)) as ApiError;
    expect(error).toBeInstanceOf(ApiError);
    expect({ ...error, message: error.message }).toMatchObject({ code, reason, message });
  });

  it.each([
    [
      'garbage',
      (asked: Asked) => asked.response.end('<html>Log in</html>'),
      'BAD_ANSWER',
      'What answers at SERVER is no Kubernetes API.',
    ],
    [
      'an answer that breaks off',
      (asked: Asked) => (asked.response.write('{"a":'), asked.response.destroy()),
      'ECONNRESET',
      'SERVER ended the connection.',
    ],
    ['no answer at all', (asked: Asked) => asked.request.socket.destroy(), 'ECONNRESET', 'SERVER ended the connection.'],
  ])('%s', async (_, script, code, message) => {
    server.script(script);
    expect(await failure(open().get('/api'))).toEqual({ name: 'ConnectionError', code, message });
  });

  it('that nobody answers can be given up', async () => {
    server.script(() => undefined);
    const stop = new AbortController();
    const [pending] = [open().get('/slow', stop.signal), await server.next(({ path: asked }) => asked === '/slow')];
    stop.abort();
    expect((await failure(pending)).name).toBe('AbortError');
  });

  it('where nobody listens', async () => {
    const other = await new ScriptedServer({ ca: ca.cert, ...serving }, () => undefined).start();
    await other.stop();
    expect(await failure(open({ server: other.url }).get('/api'))).toEqual({
      name: 'ConnectionError',
      code: 'ECONNREFUSED',
      message: `Nothing answers at ${other.url}.`,
    });
  });
});

describe('the server must prove itself', () => {
  const answering = (): void => server.script((asked) => answerJson(asked, 200, {}));

  it('by a certificate of the authority of the kubeconfig', async () => {
    answering();
    const before = server.asked.length;
    expect(await failure(open({ ca: Buffer.from(foreign.ca.cert) }).get('/api'))).toMatchObject({
      name: 'ConnectionError',
      message: 'The certificate of SERVER is not signed by an authority that the kubeconfig trusts.',
    });
    // Not even a request with its token has been sent.
    expect(server.asked.length).toBe(before);
  });

  it('for the name that it is asked by, or the one that the kubeconfig gives', async () => {
    const other = await new ScriptedServer({ ca: elsewhere.ca.cert, ...elsewhere.serving }, (asked) =>
      answerJson(asked, 200, {}),
    ).start();
    try {
      const access = other.access;
      expect(await failure(open(access).get('/api'))).toMatchObject({
        code: 'ERR_TLS_CERT_ALTNAME_INVALID',
        message: `The certificate of ${other.url} is for another name.`,
      });
      expect(await open({ ...access, tlsServerName: 'api.example' }).get('/api')).toEqual({});
    } finally {
      await other.stop();
    }
  });

  it('unless the kubeconfig says that anyone will do', async () => {
    answering();
    const { ca: _, ...access } = server.access;
    api = createApiClient({ ...access, insecure: true });
    expect(await api.get('/api')).toEqual({});
  });
});

describe('credentials', () => {
  const program = (name: string, script: string): string => {
    const file = path.join(folder, name);
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o700);
    return file;
  };
  const plugin = (command: string, more: Partial<ExecPlugin> = {}): ExecPlugin => ({
    apiVersion: 'client.authentication.k8s.io/v1',
    command,
    args: [],
    env: {},
    ...more,
  });
  const credential = (status: object): string =>
    `echo '${JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status })}'`;
  const withPlugin = (exec: ExecPlugin, clock?: SteppedClock): ApiClient => {
    const { token: _, ...access } = server.access;
    api?.close();
    return (api = createApiClient({ ...access, exec }, clock ? { clock } : {}));
  };
  const authorization = (): unknown => server.asked.at(-1)?.headers.authorization;

  it('of a token file are those of the moment', async () => {
    server.script((asked) => answerJson(asked, 200, {}));
    const tokenFile = path.join(folder, 'token');
    const { token: _, ...access } = server.access;
    api = createApiClient({ ...access, tokenFile });
    expect(await failure(api.get('/api'))).toMatchObject({
      code: 'NO_CREDENTIALS',
      message: `The kubeconfig's token file ${tokenFile} cannot be read (ENOENT).`,
    });
    for (const token of ['one', 'two']) {
      writeFileSync(tokenFile, `${token}\n`);
      await api.get('/api');
      expect(authorization()).toBe(`Bearer ${token}`);
    }
  });

  it('of a name and password', async () => {
    const { token: _, ...access } = server.access;
    api = createApiClient({ ...access, basic: { username: 'me', password: 'pä' } });
    await api.get('/api');
    expect(authorization()).toBe(`Basic ${Buffer.from('me:pä').toString('base64')}`);
  });

  it('of a program are asked for once, again when they expire, and once more when they are refused', async () => {
    server.script((asked) => answerJson(asked, 200, {}));
    const clock = new SteppedClock(now);
    const count = path.join(folder, 'count');
    const expires = new Date(now + 60_000).toISOString();
    const body = `printf x >> ${count}; printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s","expirationTimestamp":"${expires}"}}' "$(cat ${count})"`;
    const client = withPlugin(plugin(program('counting', body)), clock);
    await Promise.all([client.get('/a'), client.get('/b')]);
    expect([authorization(), readFileSync(count, 'utf8')]).toEqual(['Bearer x', 'x']);
    await clock.advance(55_000);
    await client.get('/api');
    expect(authorization()).toBe('Bearer xx');
    server.script((asked) => answerStatus(asked, 401, 'Unauthorized', 'Unauthorized'));
    // Refused before it is used up: one more try, with what the program gives now.
    await clock.advance(-55_000);
    expect(await failure(client.get('/api'))).toMatchObject({ code: 401 });
    expect(authorization()).toBe('Bearer xxx');
  });

  it('of a program may be a certificate', async () => {
    server.script((asked) => answerJson(asked, 200, {}));
    const file = path.join(folder, 'credential.json');
    const status = { clientCertificateData: admin.cert, clientKeyData: admin.key };
    writeFileSync(file, JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status }));
    expect(await withPlugin(plugin('cat', { args: [file] })).get('/api')).toEqual({});
  });

  it('are told of the cluster where the program asks for that', async () => {
    const seen = path.join(folder, 'seen');
    const file = program('telling', `printf '%s' "$KUBERNETES_EXEC_INFO" > ${seen}; ${credential({ token: 't' })}`);
    await withPlugin(plugin(file, { clusterInfo: { server: 'https://x' } })).get('/api');
    expect(JSON.parse(readFileSync(seen, 'utf8'))).toEqual({
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      spec: { interactive: false, cluster: { server: 'https://x' } },
    });
  });

  it.each<[string, () => ExecPlugin, RegExp]>([
    [
      'is not there',
      () => plugin('no-such-program', { installHint: 'Get it from example.com.' }),
      /^The kubeconfig's credential program no-such-program is not installed\. Get it from example\.com\.$/,
    ],
    [
      'fails',
      () => plugin(program('fails', 'echo first >&2; echo "token expired, log in" >&2; exit 3')),
      /\/fails failed with exit status 3: token expired, log in$/,
    ],
    [
      'prints no JSON',
      () => plugin(program('noise', 'echo secret-token')),
      /\/noise printed something that is no ExecCredential\.$/,
    ],
    [
      'speaks another version',
      () => plugin(program('old', credential({ token: 't' }).replace('/v1"', '/v1alpha1"'))),
      /\/old speaks client\.authentication\.k8s\.io\/v1alpha1, where the kubeconfig wants client\.authentication\.k8s\.io\/v1\.$/,
    ],
    [
      'gives nothing',
      () => plugin(program('empty', credential({}))),
      /\/empty gave neither a token nor a certificate with its key\.$/,
    ],
    ['wants a terminal', () => plugin('cat', { interactiveMode: 'Always' }), /^cat wants to ask you in a terminal; /],
  ])('of a program that %s: one sentence, without what it printed', async (_, exec, words) => {
    const { code, message } = await failure(withPlugin(exec()).get('/api'));
    expect(code).toBe('NO_CREDENTIALS');
    expect(message).toMatch(words);
    expect(message).not.toContain('secret-token');
  });
});

describe('a watch', () => {
  it('brings each line, wherever the pieces are cut', async () => {
    server.script(({ response }) => {
      const bytes = Buffer.from(
        ['{"type":"ADDED","object":{"metadata":{"name":"ä"}}}', '', '{"type":"DELETED","object":{}}', ''].join('\n'),
      );
      for (const byte of bytes) response.write(Buffer.from([byte]));
      response.end('{"type":"half');
    });
    const seen: unknown[] = [];
    await open().watch('/w', ({ type, object }) => seen.push([type, object.metadata?.name]), new AbortController().signal);
    expect(seen).toEqual([
      ['ADDED', 'ä'],
      ['DELETED', undefined],
    ]);
  });

  it('ends without a word when it is given up, and with one when it is cut or is none', async () => {
    const signal = new AbortController().signal;
    server.script(({ response }) => response.write('{"type":"ADDED","object":{}}\n'));
    const stop = new AbortController();
    await open().watch('/w', () => stop.abort(), stop.signal);
    await expect(open().watch('/w', () => server.asked.at(-1)?.response.destroy(), signal)).rejects.toMatchObject({
      code: 'ECONNRESET',
    });
    server.script(({ response }) => response.end('<html>\n'));
    await expect(open().watch('/w', () => undefined, signal)).rejects.toMatchObject({ code: 'BAD_ANSWER' });
  });
});
