/**
 * Ten thousand requests that nobody should send: random bytes, cut-off JSON, deep nesting, huge numbers, wrong types,
 * the names of JavaScript's own properties. Each must get a Status with 4xx, the process must live, and nothing may
 * be stored.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Random } from '#common/base/random.ts';
import { connect } from '#runtime/cli/apiConnection.ts';
import type { Status } from '#common/api/status.ts';
import { rawApi, type RawRequest } from '../support/rawApi.ts';
import { startTestCluster, type TestCluster } from '../support/testCluster.ts';

const count = 10_000;
const random = new Random(20_261_121);
const pick = <T>(list: readonly T[]): T => list[random.int(list.length)] as T;

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startTestCluster();
});
afterAll(() => cluster?.stop());

const collections: [path: string, apiVersion: string, kind: string, base: object][] = [
  ['/api/v1/namespaces/default/pods', 'v1', 'Pod', { spec: { containers: [{ name: 'c', image: 'i' }] } }],
  ['/api/v1/namespaces/default/configmaps', 'v1', 'ConfigMap', { data: { a: 'b' } }],
  ['/api/v1/namespaces/default/services', 'v1', 'Service', { spec: { ports: [{ port: 80 }] } }],
  ['/apis/apps/v1/namespaces/default/deployments', 'apps/v1', 'Deployment', { spec: { selector: { matchLabels: { a: 'b' } }, template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } } } }],
  ['/apis/batch/v1/namespaces/default/jobs', 'batch/v1', 'Job', { spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'i' }] } } } }],
  ['/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles', 'rbac.authorization.k8s.io/v1', 'Role', { rules: [{ verbs: ['get'], apiGroups: [''], resources: ['pods'] }] }],
]; // prettier-ignore

const bytes = (length: number): Buffer => Buffer.from(Array.from({ length }, () => random.int(256)));
const hostileNames = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '__defineGetter__', 'valueOf'];

/** A value that the field does not take. Every one of them is wrong for `metadata`. */
const wrongValues: (() => unknown)[] = [
  () => random.int(2 ** 31),
  () => [random.int(10)],
  () => 'text',
  () => true,
  () => [[]],
  () => [{ metadata: {} }],
  () => 1.5e300,
];

const deep = (levels: number, open: string, close: string): string => open.repeat(levels) + close.repeat(levels);

/** JSON of a valid object with its name set to something invalid, so that whatever else happens, it cannot be stored. */
function invalidObject(apiVersion: string, kind: string, base: object): object {
  const name = pick(['x/y', '..', '../x', 'a%b', '.']);
  return { apiVersion, kind, metadata: { name }, ...base };
}

/** Replaces one field, anywhere, with something that has another type. */
function withWrongField(object: object): object {
  const copy = structuredClone(object) as Record<string, unknown>;
  let at: Record<string, unknown> = copy;
  for (let depth = random.int(4); depth > 0; depth--) {
    // The name stays as it is: it is what keeps the object out if the field takes the value after all.
    const inner = Object.values(at).filter((v) => typeof v === 'object' && v !== null && v !== copy['metadata']);
    if (inner.length === 0) break;
    at = pick(inner) as Record<string, unknown>;
  }
  const key = pick(Object.keys(at));
  if (key !== undefined) at[key] = pick(wrongValues)();
  return copy;
}

const generators: (() => RawRequest)[] = [
  () => ({ ...target('POST'), body: bytes(random.int(300)) }),
  () => {
    const [path, apiVersion, kind, base] = pick(collections);
    const text = JSON.stringify({ apiVersion, kind, metadata: { name: 'cut' }, ...base });
    return { method: 'POST', path, type: 'application/json', body: Buffer.from(text.slice(0, random.int(text.length - 1))) };
  },
  () => ({ ...target('POST'), body: Buffer.from(pick([deep(5000 + random.int(60_000), '[', ']'), deep(5000 + random.int(20_000), '{"a":', '}').replace('{"a":}', '{}')])) }),
  () => {
    const [path, apiVersion, kind] = pick(collections);
    const number = pick(['1e999', '-1e999', '9'.repeat(400), '1'.repeat(30), '0.1e-999', '-0', '99999999999999999999']);
    return { method: 'POST', path, type: 'application/json', body: Buffer.from(`{"apiVersion":"${apiVersion}","kind":"${kind}","metadata":{"name":${number}}}`) };
  },
  () => {
    const [path, apiVersion, kind, base] = pick(collections);
    return { method: 'POST', path, type: 'application/json', body: Buffer.from(JSON.stringify(withWrongField(invalidObject(apiVersion, kind, base)))) };
  },
  () => {
    const [path, apiVersion, kind, base] = pick(collections);
    const hostile = `{"${pick(hostileNames)}":{"${pick(hostileNames)}":1,"polluted":"yes"}}`;
    const text = JSON.stringify(invalidObject(apiVersion, kind, base));
    return { method: 'POST', path, type: 'application/json', body: Buffer.from(`${text.slice(0, -1)},"${pick(hostileNames)}":${hostile},"metadata":{"name":"Bad!","labels":${hostile}}}`) };
  },
  () => ({ ...target('PATCH', '/none'), type: pick(['application/merge-patch+json', 'application/json-patch+json', 'application/strategic-merge-patch+json']), body: bytes(random.int(100)) }),
  () => ({
    ...target('PATCH', `/${pick(hostileNames)}`),
    type: 'application/merge-patch+json',
    body: Buffer.from(`{"${pick(hostileNames)}":{"polluted":"yes"}}`),
  }),
  () => ({ ...target('PUT', `/${encodeURIComponent(pick([...hostileNames, '..', '%', '\u0000', 'ü']))}`), body: bytes(50) }),
  () => ({ ...target('POST'), type: 'application/vnd.kubernetes.protobuf', body: Buffer.concat([Buffer.from('k8s\0'), bytes(random.int(200))]) }),
  () => ({ ...target('POST'), type: pick(['text/plain', 'application/xml', '', 'application/json; charset=utf-16', ';;;']), body: bytes(20) }),
  () => ({ ...target('POST'), type: 'application/yaml', body: Buffer.from(pick(['a: [', '&a [*a]', '- - -', '{', '!!js/function "x"', 'a: &a [*a, *a]', 'x'])) }),
  () => ({ method: 'GET', path: `${pick(collections)[0]}?${pick(['labelSelector=!!', 'labelSelector=a%20b%20c', 'fieldSelector=x', 'continue=a', 'continue=e30', `fieldSelector=${pick(hostileNames)}%3Dx`, 'labelSelector=a%20in', 'resourceVersion=999999999999'])}`, type: '', body: Buffer.alloc(0) }),
]; // prettier-ignore

function target(method: string, suffix = ''): RawRequest {
  return { method, path: pick(collections)[0] + suffix, type: 'application/json', body: Buffer.alloc(0) };
}

it(`answers ${count} hostile requests with a Status and stores nothing`, { timeout: 180_000 }, async () => {
  const api = connect(cluster.kubeconfig);
  const before = await stored();
  const raw = rawApi(cluster.kubeconfig);

  const wrong: string[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      while (next < count) {
        const hostile = generators[next++ % generators.length]?.() as RawRequest;
        const { code, text: answer } = await raw.send(hostile);
        const status = parse(answer);
        const refused =
          code >= 400 && code < 500 && status?.kind === 'Status' && status.status === 'Failure' && status.code === code;
        // An address that is no path at all is refused before there is an API to answer.
        const noPath = code === 400 && answer.startsWith('400 ');
        // What asks for the future is told to wait.
        const waits = code === 504 && hostile.path.includes('resourceVersion');
        if (!refused && !noPath && !waits)
          wrong.push(
            `${hostile.method} ${hostile.path} ${hostile.type} ${String(hostile.body).slice(0, 200)} → ${code} ${answer.slice(0, 200)}`,
          );
      }
    }),
  );
  raw.close();
  expect(wrong.slice(0, 10)).toEqual([]);
  expect(cluster.process.exitCode).toBeNull();
  expect(await stored()).toEqual(before);
  expect(cluster.stderr()).toBe('');

  async function stored(): Promise<string[]> {
    const names: string[] = [];
    for (const [path] of collections)
      names.push(
        ...(await api.get<{ items: { metadata: { name: string } }[] }>(path)).items.map(
          (item) => `${path}/${item.metadata.name}`,
        ),
      );
    return names;
  }
});

function parse(text: string): Status | undefined {
  try {
    return JSON.parse(text) as Status;
  } catch {
    return undefined;
  }
}
