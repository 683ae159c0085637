import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '#common/api/meta.ts';
import { allKinds } from '#common/kinds/allKinds.ts';
import { playgroundGroup } from '#common/kinds/playgroundGroup.ts';
import { defineKind, type KindDefinition } from '#common/kinds/defineKind.ts';
import type { DocumentAnswer, DocumentRequest } from '../documents.ts';
import type { Resource } from '../registry/registry.ts';
import { createDiscovery } from './discovery.ts';
import { compareCustomVersions } from './groupVersions.ts';

const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
const query = { get: () => undefined } as unknown as DocumentRequest['query'];

function serverOf(kinds: readonly { kind: KindDefinition; storageVersion?: string }[]) {
  let served = kinds;
  let changed = (): void => undefined;
  const source = createDiscovery({
    get resources() {
      return served.map(({ kind, storageVersion }) => ({
        kind,
        ...(storageVersion ? { custom: { storageVersion } } : {}),
      })) as unknown as Resource[];
    },
    onResourcesChanged: (listener) => {
      changed = listener;
      return { dispose: () => undefined, [Symbol.dispose]: () => undefined };
    },
  });
  return {
    ask: (path: string, accept?: string, ifNoneMatch?: string) =>
      source({ path, query, accept, ifNoneMatch }) as DocumentAnswer | undefined,
    json: (path: string, accept?: string) => {
      const answer = source({ path, query, accept, ifNoneMatch: undefined }) as DocumentAnswer | undefined;
      return answer && (JSON.parse(String(answer.body)) as Record<string, unknown>);
    },
    serve: (next: typeof kinds) => {
      served = next;
      changed();
    },
  };
}

const everything = (allKinds as readonly KindDefinition[]).map((kind) => ({ kind }));
const builtin = everything.filter(({ kind }) => kind.group !== playgroundGroup);
const data = (file: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../../common/src/schema/data/${file}`, import.meta.url), 'utf8'));

const foo = (version: string) => ({
  kind: defineKind<KubeObject>({
    group: 'example.com',
    version,
    kind: 'Foo',
    plural: 'foos',
    shortNames: ['fo'],
    namespaced: true,
    subresources: { status: true, scale: {} as never },
  }),
  storageVersion: 'v1',
});

test('the playground’s own group comes last, and not in the plain list of groups', () => {
  const server = serverOf(everything);
  const names = (document: unknown, list: string): unknown[] =>
    ((document as Record<string, { name?: string; metadata?: { name?: string } }[]>)[list] ?? []).map(
      ({ name, metadata }) => name ?? metadata?.name,
    );
  expect(names(server.json('/apis', aggregated), 'items').at(-1)).toBe(playgroundGroup);
  expect(names(server.json('/apis'), 'groups')).not.toContain(playgroundGroup);
  const oldKubectl = `${aggregated.replace('v=v2;', 'v=v2beta1;')},application/json`;
  expect(names(server.json('/apis', oldKubectl), 'groups').at(-1)).toBe(playgroundGroup);
  expect(server.json(`/apis/${playgroundGroup}`)).toMatchObject({ preferredVersion: { version: 'v1alpha1' } });
});

describe('the built-in API is told as Kubernetes 1.36 tells it', () => {
  const server = serverOf(builtin);
  test.each([
    ['/api', 'discovery-api.json'],
    ['/apis', 'discovery-apis.json'],
  ])('%s in one document', (path, file) => {
    const { kind: _kind, metadata: _metadata, ...expected } = data(file) as Record<string, unknown>;
    expect(server.json(path, aggregated)).toMatchObject(expected);
  });
  test('group by group', () => {
    expect(server.json('/api')).toMatchObject({ kind: 'APIVersions', versions: ['v1'] });
    expect(server.json('/apis')).toMatchObject({
      kind: 'APIGroupList',
      groups: expect.arrayContaining([
        {
          name: 'apps',
          versions: [{ groupVersion: 'apps/v1', version: 'v1' }],
          preferredVersion: { groupVersion: 'apps/v1', version: 'v1' },
        },
      ]),
    });
    expect(server.json('/apis/autoscaling')).toEqual({
      kind: 'APIGroup',
      apiVersion: 'v1',
      name: 'autoscaling',
      versions: [
        { groupVersion: 'autoscaling/v2', version: 'v2' },
        { groupVersion: 'autoscaling/v1', version: 'v1' },
      ],
      preferredVersion: { groupVersion: 'autoscaling/v2', version: 'v2' },
    });
    expect(server.json('/apis/batch/v1')).toEqual({
      kind: 'APIResourceList',
      apiVersion: 'v1',
      groupVersion: 'batch/v1',
      resources: [
        {
          name: 'cronjobs',
          singularName: 'cronjob',
          namespaced: true,
          kind: 'CronJob',
          verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
          shortNames: ['cj'],
          categories: ['all'],
          storageVersionHash: 'sd5LIXh4Fjs=',
        },
        { name: 'cronjobs/status', singularName: '', namespaced: true, kind: 'CronJob', verbs: ['get', 'patch', 'update'] },
        {
          name: 'jobs',
          singularName: 'job',
          namespaced: true,
          kind: 'Job',
          verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
          categories: ['all'],
          storageVersionHash: 'mudhfqk/qZY=',
        },
        { name: 'jobs/status', singularName: '', namespaced: true, kind: 'Job', verbs: ['get', 'patch', 'update'] },
      ],
    });
  });
  test('what kubectl drain looks for is there', () => {
    const { resources } = server.json('/api/v1') as { resources: object[] };
    expect(resources).toContainEqual({
      name: 'pods/eviction',
      singularName: '',
      namespaced: true,
      group: 'policy',
      version: 'v1',
      kind: 'Eviction',
      verbs: ['create'],
    });
  });
  test.each([
    ['/api/v1', 'configmaps', 'qFsyl6wFWjQ='],
    ['/api/v1', 'events', 'r2yiGXH7wu8='],
    ['/api/v1', 'bindings', undefined],
    ['/apis/events.k8s.io/v1', 'events', 'r2yiGXH7wu8='],
    ['/apis/autoscaling/v1', 'horizontalpodautoscalers', 'qwQve8ut294='],
    ['/apis/admissionregistration.k8s.io/v1', 'mutatingadmissionpolicies', 'LYmCf+UMVdg='],
    ['/apis/apiextensions.k8s.io/v1', 'customresourcedefinitions', 'jfWCUB31mvA='],
    ['/apis/authentication.k8s.io/v1', 'tokenreviews', undefined],
  ])('%s %s is stored as %s', (path, name, hash) => {
    const { resources } = server.json(path) as { resources: { name: string; storageVersionHash?: string }[] };
    expect(resources.find((resource) => resource.name === name)?.storageVersionHash).toBe(hash);
  });
  test('what is not there is not found', () => {
    for (const path of ['/apis/nothing', '/apis/apps/v9', '/api/v2', '/apis/apps/v1/x']) expect(server.ask(path)).toBeUndefined();
  });
});

describe('custom resources', () => {
  test('come and go behind the built-in groups', () => {
    const server = serverOf(builtin);
    const before = server.ask('/apis', aggregated);
    server.serve([...builtin, foo('v1beta1'), foo('v1')]);
    const { items } = server.json('/apis', aggregated) as {
      items: { metadata: { name: string }; versions: { version: string }[] }[];
    };
    expect(items.at(-1)).toMatchObject({
      metadata: { name: 'example.com' },
      versions: [
        {
          version: 'v1',
          freshness: 'Current',
          resources: [
            {
              resource: 'foos',
              responseKind: { group: 'example.com', version: 'v1', kind: 'Foo' },
              scope: 'Namespaced',
              singularResource: 'foo',
              verbs: ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'],
              shortNames: ['fo'],
              subresources: [
                {
                  subresource: 'status',
                  responseKind: { group: 'example.com', version: 'v1', kind: 'Foo' },
                  verbs: ['get', 'patch', 'update'],
                },
                {
                  subresource: 'scale',
                  responseKind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
                  verbs: ['get', 'patch', 'update'],
                },
              ],
            },
          ],
        },
        { version: 'v1beta1' },
      ],
    });
    server.serve(builtin);
    expect(server.ask('/apis', aggregated)).toEqual(before);
  });
  test('rank their versions', () => {
    const versions = ['foo', 'v1alpha1', 'v2beta1', 'v10', 'v1', 'v1beta2', 'v2', 'bar', 'v1beta10'];
    expect(versions.sort(compareCustomVersions)).toEqual([
      'v10',
      'v2',
      'v1',
      'v2beta1',
      'v1beta10',
      'v1beta2',
      'v1alpha1',
      'bar',
      'foo',
    ]);
  });
});

describe('the form of the answer', () => {
  const server = serverOf(builtin);
  test.each([
    [undefined, 'application/json'],
    ['application/json', 'application/json'],
    [`${aggregated},application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json`, aggregated],
    ['application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json', 'application/json'],
    [`application/json,${aggregated}`, 'application/json'],
    [`application/json;q=0.9,${aggregated}`, aggregated],
  ])('%s', (accept, contentType) => {
    expect(server.ask('/apis', accept)?.contentType).toBe(contentType);
  });
  test('a copy that is still good is not sent again', () => {
    const first = server.ask('/apis', aggregated);
    const etag = first?.headers?.['ETag'];
    expect(etag).toMatch(/^"[0-9A-F]{128}"$/);
    expect(server.ask('/apis', aggregated, etag)).toMatchObject({ status: 304, body: '' });
    expect(server.ask('/apis', aggregated, '"other"')).toMatchObject({ status: 200 });
  });
});
