/**
 * Serves OpenAPI: `/openapi/v3` with one document per group version, and `/openapi/v2`. Documents are made when they are
 * asked for, kept as bytes, and made again when custom resources change.
 *
 * Differs from Kubernetes: there is no protobuf form. Version 2 answers a request for it with an empty document, which is
 * what kubectl 1.27 and 1.28 are content with.
 */
import { createHash } from 'node:crypto';
import { apiVersionOf, type GroupVersionKind } from '#common/api/groupVersion.ts';
import type { DocumentAnswer, DocumentRequest, DocumentSource } from '../documents.ts';
import { discoveryResource } from '../discovery/discoveryResource.ts';
import { acceptedTypes, notAcceptableRepresentation, parseAccept } from '../negotiation.ts';
import type { Registry } from '../registry/registry.ts';
import { readCustomKinds } from './customKinds.ts';
import { type CustomKind, customSchemaName, customSchemas } from './customSchemas.ts';
import { loadOpenApiData, type OpenApiData, type Schema } from './openApiData.ts';
import { builtinOperations, customOperations, groupVersionOf, type Operation } from './operations.ts';
import { type PathContext, pathsOf } from './paths.ts';
import { builtinSchema, collectRefs, type OpenApiVersion, withReferences } from './schemas.ts';

const info = { title: 'Kubernetes', version: '1.36' };
const bearer = {
  BearerToken: { type: 'apiKey', description: 'Bearer Token authentication', name: 'authorization', in: 'header' },
};
const protobufV2 = 'application/com.github.proto-openapi.spec.v2';

interface Made {
  body: Buffer;
  etag: string;
}

export function createOpenApi(registry: Registry): DocumentSource {
  let made = new Map<string, Made>();
  let described: Description | undefined;
  registry.onResourcesChanged(() => {
    made = new Map();
    described = undefined;
  });
  const keep = (key: string, make: () => object, etag?: string): Made => {
    const known = made.get(key);
    if (known) return known;
    const body = Buffer.from(JSON.stringify(make()));
    const fresh = { body, etag: etag ?? fingerprintOf(body) };
    made.set(key, fresh);
    return fresh;
  };

  return async (request: DocumentRequest): Promise<DocumentAnswer | undefined> => {
    const path = request.path.replace(/\/+$/, '');
    if (path !== '/openapi/v2' && path !== '/openapi/v3' && !path.startsWith('/openapi/v3/')) return undefined;
    const data = await loadOpenApiData();
    described ??= new Description(data, registry);
    const api = described;
    if (path === '/openapi/v2') {
      const { body, etag } = keep('v2', () => api.documentV2(), api.fingerprint(''));
      return answerV2(request, body, etag);
    }
    if (path === '/openapi/v3') {
      const { body, etag } = keep('v3', () => api.index());
      return answer(request, body, etag);
    }
    const key = path.slice('/openapi/v3/'.length);
    if (!api.keys().includes(key)) return undefined;
    requireJson(request);
    const current = api.fingerprint(key);
    const asked = request.query.get('hash');
    if (asked && asked !== current) {
      const location = `/openapi/v3/${key}?hash=${current}`;
      return {
        status: 301,
        contentType: 'application/json',
        body: '',
        headers: { Location: location, ETag: `"${current}"`, Vary: 'Accept' },
      };
    }
    const { body } = keep(`v3/${key}`, () => api.documentV3(key));
    // An address with the right hash never means anything else.
    return answer(request, body, current, asked ? { 'Cache-Control': 'public, max-age=31536000, immutable' } : {});
  };
}

function answer(
  request: DocumentRequest,
  body: Buffer,
  etag: string,
  more: Record<string, string> = {},
  contentType = 'application/json',
): DocumentAnswer {
  const headers = { ETag: `"${etag}"`, Vary: 'Accept', ...more };
  if (request.ifNoneMatch === headers.ETag) return { status: 304, contentType, body: '', headers };
  return { status: 200, contentType, body, headers };
}

function answerV2(request: DocumentRequest, body: Buffer, etag: string): DocumentAnswer {
  const first = parseAccept(request.accept ?? '*/*').find(({ type }) => isJson(type) || type.startsWith(protobufV2));
  if (!first) throw notAcceptableRepresentation(acceptedTypes);
  if (isJson(first.type)) return answer(request, body, etag);
  return answer(request, Buffer.alloc(0), etag, {}, `${protobufV2}.v1.0+protobuf`);
}

const isJson = (type: string): boolean => type === 'application/json' || type === 'application/*' || type === '*/*';

function requireJson(request: DocumentRequest): void {
  if (!parseAccept(request.accept ?? '*/*').some(({ type }) => isJson(type)))
    throw notAcceptableRepresentation('application/json');
}

const fingerprintOf = (content: Buffer | string): string => createHash('sha512').update(content).digest('hex').toUpperCase();

/** What is served at present: the built-in API and the custom resources. */
class Description {
  readonly #data: OpenApiData;
  readonly #operations: Map<string, Operation[]>;
  readonly #custom = new Map<string, CustomKind[]>();
  readonly #names = new Map<string, string>();
  readonly #answersDeleted: ReadonlySet<string>;

  constructor(data: OpenApiData, registry: Registry) {
    this.#data = data;
    this.#operations = builtinOperations(data);
    this.#answersDeleted = new Set(
      registry.resources.filter(({ kind }) => kind.deleteAnswersObject).map(({ kind }) => gvkKey(kind)),
    );
    for (const [name, definition] of Object.entries(data.definitions)) {
      const gvks = (definition['x-kubernetes-group-version-kind'] ?? []) as GroupVersionKind[];
      // Meta kinds claim every group; they are mentioned by name alone.
      if (gvks.length === 1 && gvks[0]) this.#names.set(gvkKey(gvks[0]), name);
    }
    const customKinds = readCustomKinds(registry);
    for (const resource of registry.resources) {
      const custom = resource.custom && customKinds.get(gvkKey(resource.kind));
      if (!custom || !resource.custom) continue;
      const key = `apis/${apiVersionOf(resource.kind)}`;
      this.#custom.set(key, [...(this.#custom.get(key) ?? []), custom]);
      const operations = customOperations(discoveryResource(resource.kind, resource.custom.storageVersion));
      this.#operations.set(key, [...(this.#operations.get(key) ?? []), ...operations]);
      for (const kind of [custom.kind, `${custom.kind}List`]) {
        this.#names.set(
          gvkKey({ ...custom, kind }),
          customSchemaName({ ...custom, kind: kind === custom.kind ? kind : custom.listKind }),
        );
      }
    }
  }

  keys(): string[] {
    return [...this.#operations.keys()].sort();
  }

  /** Of one document, or of all: changes with their content, and is made without making them. */
  fingerprint(key: string): string {
    const custom = key ? (this.#custom.get(key) ?? []) : [...this.#custom.values()].flat();
    return fingerprintOf(`${this.#data.fingerprint} ${key} ${JSON.stringify(custom)}`);
  }

  index(): object {
    const entry = (key: string): [string, object] => [
      key,
      { serverRelativeURL: `/openapi/v3/${key}?hash=${this.fingerprint(key)}` },
    ];
    return { paths: Object.fromEntries(this.keys().map(entry)) };
  }

  documentV3(key: string): object {
    const paths = pathsOf(this.#context(3, key), key, this.#operations.get(key) ?? []);
    const roots: string[] = [];
    collectRefs(paths, roots);
    return {
      openapi: '3.0.0',
      info,
      paths,
      components: { schemas: withReferences(roots, this.#schemas(3, key)), securitySchemes: bearer },
    };
  }

  documentV2(): object {
    const paths: Record<string, unknown> = {};
    for (const key of this.keys()) Object.assign(paths, pathsOf(this.#context(2, key), key, this.#operations.get(key) ?? []));
    const names = [...Object.keys(this.#data.definitions), ...[...this.#custom.values()].flat().map(customSchemaName)];
    collectRefs(paths, names);
    return {
      swagger: '2.0',
      info,
      paths,
      definitions: withReferences(names, this.#schemas(2, '')),
      securityDefinitions: bearer,
      security: [{ BearerToken: [] }],
    };
  }

  #context(version: OpenApiVersion, key: string): PathContext {
    return {
      data: this.#data,
      version,
      custom: this.#custom.has(key),
      schemaName: (gvk) => this.#names.get(gvkKey(gvk)),
      deleteAnswersObject: (gvk) => this.#answersDeleted.has(gvkKey(gvk)),
    };
  }

  #schemas(version: OpenApiVersion, key: string): (name: string) => Schema | undefined {
    const custom: Record<string, Schema> = Object.assign(
      {},
      ...[...this.#custom.values()].flat().map((kind) => customSchemas(kind, version)),
    );
    return (name) => {
      if (Object.hasOwn(custom, name)) return custom[name];
      return (
        this.#data.definitions[name] &&
        (key ? ofOneVersion(builtinSchema(this.#data, name, version), key) : builtinSchema(this.#data, name, version))
      );
    };
  }
}

/** Meta kinds such as DeleteOptions are of every version; a version's document names its own alone. */
function ofOneVersion(schema: Schema, key: string): Schema {
  const gvks = schema['x-kubernetes-group-version-kind'] as GroupVersionKind[] | undefined;
  if (!gvks || gvks.length < 2) return schema;
  const { group, version } = groupVersionOf(key);
  const own = gvks.filter(
    (gvk) => (gvk.group === '' && gvk.version === 'v1') || (gvk.group === group && gvk.version === version),
  );
  return { ...schema, 'x-kubernetes-group-version-kind': own };
}

const gvkKey = ({ group, version, kind }: GroupVersionKind): string => `${group}/${version}/${kind}`;
