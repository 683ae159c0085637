import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CallOptions, TestServer } from './testing/testServer.ts';

const server = new TestServer();
const configMaps = '/api/v1/namespaces/ns/configmaps';
const configMap = (name: string, data: Record<string, string> = { a: '1' }): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data,
});

beforeAll(async () => {
  await server.listen();
  for (const name of ['a', 'b']) await server.call('POST', configMaps, { body: configMap(name) });
});
afterAll(() => server.close());

describe('addresses and methods', () => {
  const cases: [string, string, CallOptions, number, string][] = [
    ['GET', '/api/v2', {}, 404, 'the server could not find the requested resource'],
    ['GET', '/apis/nope/v1', {}, 404, '404 page not found\n'],
    ['GET', '/apis/apps/v1/namespaces/ns/nope', {}, 404, 'the server could not find the requested resource'],
    ['GET', '/nope', {}, 404, '404 page not found\n'],
    ['GET', '/api/v1/namespaces/ns/nodes', {}, 404, 'the server could not find the requested resource'],
    ['GET', '/api/v1/namespaces/ns/pods/x/nope', {}, 404, 'the server could not find the requested resource'],
    ['GET', '/healthz/nope', {}, 404, '404 page not found\n'],
    ['GET', `${configMaps}/zz`, {}, 404, 'configmaps "zz" not found'],
    ['POST', `${configMaps}/a`, { body: {} }, 405, 'the server does not allow this method on the requested resource'],
    ['PUT', configMaps, { body: {} }, 405, 'the server does not allow this method on the requested resource'],
    ['DELETE', '/api/v1/configmaps', {}, 405, 'the server does not allow this method on the requested resource'],
    ['POST', '/version', { body: {} }, 405, 'the server does not allow this method on the requested resource'],
    [
      'PUT',
      '/apis/authentication.k8s.io/v1/tokenreviews/x',
      { body: {} },
      404,
      'the server could not find the requested resource',
    ],
    ['POST', '/healthz', { body: {} }, 200, 'ok'],
  ];
  it.each(cases)('%s %s', async (method, path, options, status, text) => {
    const answer = await server.call(method, path, options);
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']?.startsWith('text/plain') ? answer.text : answer.json()['message']).toBe(text);
  });
});

describe('bodies', () => {
  const post = (body: string, headers: Record<string, string> = {}) => server.call('POST', configMaps, { body, headers });

  it('reads YAML', async () => {
    const answer = await post('kind: ConfigMap\nmetadata: {name: from-yaml}\ndata: {a: "1"}', {
      'content-type': 'application/yaml',
    });
    expect(answer.status).toBe(201);
    expect(answer.json()['data']).toEqual({ a: '1' });
  });

  it('refuses formats it does not know', async () => {
    const answer = await post('{}', { 'content-type': 'application/xml' });
    expect(answer.status).toBe(415);
    expect(answer.json()['reason']).toBe('UnsupportedMediaType');
  });

  it('refuses what is too large', async () => {
    const answer = await post(JSON.stringify(configMap('big', { a: 'x'.repeat(3 * 1024 * 1024) })));
    expect(answer.status).toBe(413);
    expect(answer.json()['message']).toBe('Request entity too large: limit is 3145728');
  });

  it('refuses objects of another namespace, or of another name than the address', async () => {
    const elsewhere = await post('{"metadata":{"name":"x","namespace":"other"}}');
    expect(elsewhere.json()['message']).toBe(
      'the namespace of the provided object does not match the namespace sent on the request',
    );
    const renamed = await server.call('PUT', `${configMaps}/a`, { body: configMap('z') });
    expect(renamed.json()['message']).toBe('the name of the object (z) does not match the name on the URL (a)');
  });

  it('reports a missing object before a patch that cannot be read', async () => {
    const headers = { 'content-type': 'application/merge-patch+json' };
    expect((await server.call('PATCH', `${configMaps}/zz`, { body: '{bad', headers })).status).toBe(404);
    expect((await server.call('PATCH', `${configMaps}/a`, { body: '{bad', headers })).json()['message']).toMatch(
      /^error decoding patch: invalid character 'b'/,
    );
  });
});

describe('answers', () => {
  it('lists built-in kinds without apiVersion and kind', async () => {
    const { items, kind } = (await server.call('GET', configMaps)).json<{ kind: string; items: Record<string, unknown>[] }>();
    expect(kind).toBe('ConfigMapList');
    expect(Object.keys(items[0] ?? {})).toEqual(['metadata', 'data']);
  });

  it('prints tables', async () => {
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
    const table = (await server.call('GET', `${configMaps}?includeObject=None`, { headers: { accept } })).json<{
      kind: string;
      rows: { cells: unknown[]; object: unknown }[];
    }>();
    expect(table.kind).toBe('Table');
    expect(table.rows[0]).toMatchObject({ cells: ['a', 1, expect.any(String)], object: null });
    const refused = await server.call('GET', `${configMaps}?includeObject=Zzz`, { headers: { accept } });
    expect(refused.json()['message']).toMatch(/must be 'Metadata', 'Object', 'None', or empty$/);
  });

  it('reduces to metadata, for lists and for objects', async () => {
    const accept = (as: string) => ({ headers: { accept: `application/json;as=${as};v=v1;g=meta.k8s.io` } });
    const one = (await server.call('GET', `${configMaps}/a`, accept('PartialObjectMetadata'))).json();
    expect(one).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: 'a' } });
    expect(one).not.toHaveProperty('data');
    const wrong = await server.call('GET', configMaps, accept('PartialObjectMetadata'));
    expect(wrong.json()['message']).toBe(
      'you requested PartialObjectMetadata, but the requested object is a list (*core.ConfigMapList)',
    );
  });

  it('writes YAML and indented JSON when asked', async () => {
    const yaml = await server.call('GET', `${configMaps}/a`, { headers: { accept: 'application/yaml' } });
    expect(yaml.text).toMatch(/^apiVersion: v1\ndata:\n {2}a: "1"\nkind: ConfigMap\n/);
    expect((await server.call('GET', `${configMaps}/a?pretty=true`)).text).toContain('\n  "kind": "ConfigMap"');
  });

  it('compresses what is large for those who can read it', async () => {
    await server.call('POST', configMaps, { body: configMap('large', { a: 'x'.repeat(200_000) }) });
    const answer = await server.call('GET', `${configMaps}/large`, { headers: { 'accept-encoding': 'gzip' } });
    expect(answer.headers['content-encoding']).toBe('gzip');
    expect(JSON.parse(gunzipSync(answer.bytes).toString())).toMatchObject({ metadata: { name: 'large' } });
  });

  it('warns of deprecated kinds', async () => {
    const answer = await server.call('GET', '/api/v1/namespaces/ns/endpoints');
    expect(answer.headers['warning']).toBe('299 - "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"');
  });

  it('counts requests', async () => {
    const { text } = await server.call('GET', '/metrics');
    expect(text).toMatch(/apiserver_request_total\{code="200",verb="GET",group="",version="v1",resource="configmaps",/);
    expect(text).not.toContain('resource="nope"');
  });
});

describe('who asks', () => {
  const whoAmI = (options: CallOptions) =>
    server.call('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', { body: {}, ...options });
  const userInfo = async (options: CallOptions) =>
    (await whoAmI(options)).json<{ status: { userInfo: object } }>().status.userInfo;

  it('knows tokens and client certificates', async () => {
    expect(await userInfo({})).toEqual({ username: 'admin', groups: ['system:masters', 'system:authenticated'] });
    expect(await userInfo({ token: '', certificate: server.certificates.admin })).toMatchObject({ username: 'kubernetes-admin' });
  });

  it('takes a request without credentials, or with another scheme, for anonymous', async () => {
    const expected =
      'configmaps is forbidden: User "system:anonymous" cannot list resource "configmaps" in API group "" in the namespace "ns"';
    for (const headers of [{}, { authorization: 'Basic YTpi' }, { authorization: 'Bearer ' }]) {
      const answer = await server.call('GET', configMaps, { token: '', headers });
      expect([answer.status, answer.json()['message']]).toEqual([403, expected]);
    }
    expect((await server.call('GET', '/readyz', { token: '' })).status).toBe(200);
  });

  it('refuses tokens that nobody has', async () => {
    expect((await server.call('GET', configMaps, { token: 'wrong' })).status).toBe(401);
  });

  it('lets the administrator act as others, and others not', async () => {
    const headers = { 'impersonate-user': 'system:serviceaccount:ns:sa' };
    const answer = await server.call('GET', configMaps, { headers });
    expect(answer.json()['message']).toContain('User "system:serviceaccount:ns:sa" cannot list resource "configmaps"');
    const alone = await server.call('GET', configMaps, { headers: { 'impersonate-group': 'g' } });
    expect(alone.json()['message']).toContain('without impersonating a user name');
  });

  it('issues tokens of service accounts, good as long as the account is there', async () => {
    const accounts = '/api/v1/namespaces/ns/serviceaccounts';
    await server.call('POST', accounts, { body: { metadata: { name: 'sa' } } });
    const { status } = (await server.call('POST', `${accounts}/sa/token`, { body: {} })).json<{ status: { token: string } }>();
    const asAccount = () => server.call('GET', configMaps, { token: status.token });
    expect((await asAccount()).json()['message']).toContain('User "system:serviceaccount:ns:sa" cannot list');
    expect((await server.call('GET', configMaps, { token: `${status.token}x` })).status).toBe(401);
    await server.call('DELETE', `${accounts}/sa`);
    expect((await asAccount()).status).toBe(401);
    const short = await server.call('POST', `${accounts}/sa/token`, { body: { spec: { expirationSeconds: 10 } } });
    expect(short.status).toBe(404);
  });

  it('reviews access', async () => {
    const path = '/apis/authorization.k8s.io/v1/subjectaccessreviews';
    const spec = { user: 'joe', resourceAttributes: { namespace: 'ns', verb: 'get', resource: 'pods' } };
    expect((await server.call('POST', path, { body: { spec } })).json()['status']).toEqual({ allowed: false });
    const both = await server.call('POST', path, { body: { spec: { user: 'joe' } } });
    expect(both.json()['message']).toBe(
      '.authorization.k8s.io "" is invalid: spec.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified',
    );
  });
});
