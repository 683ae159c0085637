import { describe, expect, test } from 'vitest';
import type { KubeObject } from '#common/api/meta.ts';
import { defineKind } from '#common/kinds/defineKind.ts';
import { hasReason } from '#common/api/status.ts';
import type { DocumentRequest } from '../documents.ts';
import type { Registry } from '../registry/registry.ts';
import { createOpenApi } from './openApi.ts';

type Json = Record<string, never>;

const crontab = {
  kind: defineKind<KubeObject>({
    group: 'stable.example.com',
    version: 'v1',
    kind: 'CronTab',
    plural: 'crontabs',
    namespaced: true,
    subresources: { status: true, scale: {} as never },
  }),
  custom: { storageVersion: 'v1' },
};
const definition = (size: object): object => ({
  spec: {
    group: 'stable.example.com',
    names: { kind: 'CronTab', plural: 'crontabs' },
    versions: [
      {
        name: 'v1',
        schema: {
          openAPIV3Schema: {
            type: 'object',
            description: 'A table of jobs.',
            properties: { spec: { type: 'object', properties: { size, nullable: { type: 'string', nullable: true } } } },
          },
        },
      },
    ],
  },
});

/** A server whose custom resources can be changed. */
function serverOf() {
  let resources: object[] = [];
  let definitions: object[] = [];
  let changed = (): void => undefined;
  const source = createOpenApi({
    get resources() {
      return resources;
    },
    resource: () => ({ list: () => ({ resourceVersion: '1', items: definitions.map((object) => ({ object })) }) }),
    onResourcesChanged: (listener: () => void) => {
      changed = listener;
      return { dispose: () => undefined, [Symbol.dispose]: () => undefined };
    },
  } as unknown as Registry);
  const ask = async (address: string, headers: { accept?: string; ifNoneMatch?: string } = {}) => {
    const url = new URL(address, 'http://server');
    const query = { get: (name: string) => url.searchParams.get(name) ?? undefined } as unknown as DocumentRequest['query'];
    return source({ path: url.pathname, query, accept: headers.accept, ifNoneMatch: headers.ifNoneMatch });
  };
  return {
    ask,
    json: async (address: string) => JSON.parse(String((await ask(address))?.body)) as Json,
    define: (size?: object) => {
      resources = size ? [crontab] : [];
      definitions = size ? [definition(size)] : [];
      changed();
    },
  };
}

const addressOf = async (server: ReturnType<typeof serverOf>, key: string): Promise<string> => {
  const { paths } = (await server.json('/openapi/v3')) as unknown as {
    paths: Record<string, { serverRelativeURL: string } | undefined>;
  };
  return paths[key]?.serverRelativeURL ?? 'absent';
};

describe('version 3', () => {
  const server = serverOf();

  test('the index names a document for every group version', async () => {
    const { paths } = await server.json('/openapi/v3');
    expect(Object.keys(paths ?? {})).toEqual(
      expect.arrayContaining(['api', 'api/v1', 'apis', 'apis/apps', 'apis/apps/v1', 'version']),
    );
  });

  test('a document has what kubectl needs for validation on the server', async () => {
    const document = await server.json('/openapi/v3/apis/apps/v1');
    expect(document['paths']?.['/apis/apps/v1/namespaces/{namespace}/deployments/{name}']?.['patch']).toMatchObject({
      operationId: 'patchAppsV1NamespacedDeployment',
      'x-kubernetes-action': 'patch',
      'x-kubernetes-group-version-kind': { group: 'apps', version: 'v1', kind: 'Deployment' },
      parameters: expect.arrayContaining([
        expect.objectContaining({ name: 'fieldValidation', in: 'query' }),
        expect.objectContaining({ name: 'force', schema: { type: 'boolean', uniqueItems: true } }),
      ]),
      requestBody: { content: { 'application/strategic-merge-patch+json': {}, 'application/apply-patch+yaml': {} } },
      responses: {
        200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/io.k8s.api.apps.v1.Deployment' } } } },
      },
    });
  });

  test('schemas have descriptions, markers, defaults and enums', async () => {
    const document = await server.json('/openapi/v3/api/v1');
    const schemas = document['components']?.['schemas'] as unknown as Record<string, { properties: Record<string, object> }>;
    expect(schemas['io.k8s.api.core.v1.PodSpec']?.properties['containers']).toMatchObject({
      description: expect.stringContaining('List of containers belonging to the pod'),
      items: { default: {}, allOf: [{ $ref: '#/components/schemas/io.k8s.api.core.v1.Container' }] },
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      'x-kubernetes-patch-strategy': 'merge',
      'x-kubernetes-patch-merge-key': 'name',
    });
    expect(schemas['io.k8s.api.core.v1.ContainerPort']?.properties).toMatchObject({
      containerPort: { type: 'integer', format: 'int32', default: 0 },
      protocol: { enum: ['SCTP', 'TCP', 'UDP'] },
    });
    expect(schemas['io.k8s.apimachinery.pkg.util.intstr.IntOrString']).toMatchObject({
      oneOf: [{ type: 'integer' }, { type: 'string' }],
    });
  });

  test('every reference leads somewhere, and every operation has a name of its own', async () => {
    for (const key of ['api/v1', 'apis/apps/v1', 'apis/autoscaling/v2', 'apis', 'version']) {
      const document = await server.json(`/openapi/v3/${key}`);
      const text = JSON.stringify(document);
      const schemas = document['components']?.['schemas'] ?? {};
      for (const [, name = ''] of text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g))
        expect(schemas).toHaveProperty([name]);
      const ids = [...text.matchAll(/"operationId":"([^"]+)"/g)].map(([, id]) => id);
      expect(new Set(ids).size).toBe(ids.length);
    }
  });

  test('an address with the right hash may be kept for good, one with a wrong hash leads to the right one', async () => {
    const address = await addressOf(server, 'apis/apps/v1');
    expect((await server.ask(address))?.headers?.['Cache-Control']).toContain('immutable');
    expect(await server.ask('/openapi/v3/apis/apps/v1?hash=OLD')).toMatchObject({ status: 301, headers: { Location: address } });
    const etag = (await server.ask(address))?.headers?.['ETag'] ?? '';
    expect(await server.ask('/openapi/v3/apis/apps/v1', { ifNoneMatch: etag })).toMatchObject({ status: 304 });
  });

  test('what is not there is not found', async () => {
    expect(await server.ask('/openapi/v3/apis/nothing/v1')).toBeUndefined();
    expect(await server.ask('/openapi/v4')).toBeUndefined();
  });
});

describe('custom resources', () => {
  test('have a document that changes with their schema', async () => {
    const server = serverOf();
    server.define({ type: 'integer', description: 'How many.' });
    const key = 'apis/stable.example.com/v1';
    const address = await addressOf(server, key);
    const document = await server.json(`/openapi/v3/${key}`);
    expect(Object.keys(document['paths'] ?? {})).toEqual([
      '/apis/stable.example.com/v1/crontabs',
      '/apis/stable.example.com/v1/namespaces/{namespace}/crontabs',
      '/apis/stable.example.com/v1/namespaces/{namespace}/crontabs/{name}',
      '/apis/stable.example.com/v1/namespaces/{namespace}/crontabs/{name}/scale',
      '/apis/stable.example.com/v1/namespaces/{namespace}/crontabs/{name}/status',
    ]);
    expect(document['components']?.['schemas']).toMatchObject({
      'com.example.stable.v1.CronTab': {
        description: 'A table of jobs.',
        'x-kubernetes-group-version-kind': [{ group: 'stable.example.com', version: 'v1', kind: 'CronTab' }],
        properties: {
          spec: { properties: { size: { type: 'integer', description: 'How many.' }, nullable: { nullable: true } } },
        },
      },
      'com.example.stable.v1.CronTabList': { required: ['items'] },
      'io.k8s.api.autoscaling.v1.Scale': {},
    });

    server.define({ type: 'string' });
    expect(await addressOf(server, key)).not.toBe(address);
    server.define();
    expect(await addressOf(server, key)).toBe('absent');
  });

  test('are in version 2 without what it has no words for', async () => {
    const server = serverOf();
    server.define({ type: 'integer' });
    const { definitions } = (await server.json('/openapi/v2')) as unknown as {
      definitions: Record<string, { properties: Json }>;
    };
    expect(definitions['com.example.stable.v1.CronTab']?.properties['spec']).toEqual({
      type: 'object',
      properties: { size: { type: 'integer' }, nullable: { type: 'string' } },
    });
  });
});

describe('version 2', () => {
  const server = serverOf();
  test('is JSON, with an ETag', async () => {
    const answer = await server.ask('/openapi/v2', { accept: 'application/json' });
    expect(answer?.contentType).toBe('application/json');
    const document = JSON.parse(String(answer?.body)) as Json;
    expect(document['swagger']).toBe('2.0');
    expect(document['definitions']).toHaveProperty(
      ['io.k8s.api.core.v1.Pod', 'properties', 'spec', '$ref'],
      '#/definitions/io.k8s.api.core.v1.PodSpec',
    );
    expect(await server.ask('/openapi/v2', { ifNoneMatch: answer?.headers?.['ETag'] ?? '' })).toMatchObject({ status: 304 });
  });
  test('is empty as protobuf, which old kubectl is content with', async () => {
    expect(
      await server.ask('/openapi/v2', { accept: 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf' }),
    ).toMatchObject({
      status: 200,
      contentType: 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf',
      body: Buffer.alloc(0),
    });
  });
  test('in another form is not acceptable', async () => {
    await expect(server.ask('/openapi/v2', { accept: 'text/html' })).rejects.toSatisfy((error) =>
      hasReason(error, 'NotAcceptable'),
    );
  });
});
