/** A service account's `/token`: issues a token for an audience and a time, bound to an object if asked. */
import { invalid } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import type { KubeObject } from '#common/api/meta.ts';
import { badRequest, conflict, invalidObject, notFound } from '#common/api/status.ts';
import { formatTime } from '#common/api/time.ts';
import { builtinStruct } from '#common/schema/builtinTypes.ts';
import type { AuthenticationV1TokenRequest as TokenRequest } from '#common/schema/generated/types.ts';
import { findObject, type TokenSubject } from '../authentication/serviceAccountTokens.ts';
import { decodeObjectBody } from '../bodyDecoding.ts';
import { sendObjectBytes } from '../encode.ts';
import { readBody } from '../http/body.ts';
import type { Exchange } from '../http/exchange.ts';
import { negotiate } from '../negotiation.ts';
import { parseWriteQuery } from '../options.ts';
import type { Registry, Resource, WriteOptions } from '../registry/registry.ts';
import { ensureNamespace, keyOfRequest, writeOptionsOf } from '../resourceHandlers.ts';
import type { Subresource } from './subresource.ts';

const gvk = { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' };
const shortestSeconds = 600;
const defaultSeconds = 3600;

export const token: Subresource = {
  methods: ['POST'],
  async handle(exchange, resource, { registry, serviceAccountTokens }) {
    const form = negotiate(exchange.request.headers.accept, false, false);
    const { request, options } = await readTokenRequest(exchange, resource);
    const key = keyOfRequest(exchange, resource);
    await registry.review({ operation: 'CREATE', resource, key, subresource: 'token', sent: gvk, object: request }, options);
    const account = resource.get(key).object;
    const { namespace = '', name = '', uid = '' } = account.metadata;
    requireValid(request, name);
    const expirationSeconds = request.spec?.expirationSeconds ?? defaultSeconds;
    const audiences = request.spec?.audiences?.length ? request.spec.audiences : [serviceAccountTokens.issuer];
    const bound = boundObject(request, namespace, registry);
    const issued = serviceAccountTokens.issue({ account: { namespace, name, uid }, audiences, expirationSeconds, ...bound });
    const answer = {
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: {
        ...request.metadata,
        name,
        namespace,
        uid,
        creationTimestamp: formatTime(issued.expiration - expirationSeconds * 1000),
      },
      spec: { audiences, expirationSeconds, boundObjectRef: request.spec?.boundObjectRef ?? null },
      status: { token: issued.token, expirationTimestamp: formatTime(issued.expiration) },
    };
    sendObjectBytes(exchange, 201, Buffer.from(JSON.stringify(answer)), form.mediaType, form.pretty);
  },
};

async function readTokenRequest(
  exchange: Exchange,
  resource: Resource,
): Promise<{ request: TokenRequest & KubeObject; options: WriteOptions }> {
  const { request } = exchange;
  const body = await readBody(request);
  const query = parseWriteQuery('CreateOptions', exchange.query, request.headers['user-agent']);
  const expected = { gvk, type: builtinStruct('io.k8s.api.authentication.v1.TokenRequest'), custom: false };
  const { object, warnings } = await decodeObjectBody(body, request.headers['content-type'], expected, query.fieldValidation);
  for (const warning of warnings) exchange.warn(warning);
  (object as Partial<KubeObject>).metadata ??= {};
  ensureNamespace(exchange, resource, object);
  return { request: object as TokenRequest & KubeObject, options: writeOptionsOf(exchange, query) };
}

function requireValid({ metadata, spec }: TokenRequest & KubeObject, accountName: string): void {
  const refuse = (name: string, path: FieldPath, value: unknown, detail: string): never => {
    throw invalidObject(gvk.group, gvk.kind, name, [invalid(path, value, detail)]);
  };
  if (metadata.name && metadata.name !== accountName) {
    refuse(accountName, FieldPath.of('metadata', 'name'), metadata.name, 'must match the service account name if specified');
  }
  const seconds = spec?.expirationSeconds;
  // A pointer that is not set decodes to null.
  if (seconds === undefined || seconds === null) return;
  const path = FieldPath.of('spec', 'expirationSeconds');
  if (seconds < shortestSeconds) refuse('', path, seconds, 'may not specify a duration less than 10 minutes');
  if (seconds > 2 ** 32) refuse('', path, seconds, 'may not specify a duration larger than 2^32 seconds');
}

const pluralOf: Readonly<Record<string, string>> = { Pod: 'pods', Secret: 'secrets', Node: 'nodes' };

/** What the token is to live and die with. Throws 404 and 409 when that is not there, or is another of the same name. */
function boundObject(
  { spec }: TokenRequest,
  namespace: string,
  registry: Registry,
): Pick<TokenSubject, 'pod' | 'secret' | 'node'> {
  const reference = spec?.boundObjectRef;
  if (!reference) return {};
  const { apiVersion = '', kind = '', name = '', uid } = reference;
  const plural = apiVersion === 'v1' && Object.hasOwn(pluralOf, kind) ? pluralOf[kind] : undefined;
  if (!plural)
    throw badRequest(
      `cannot bind token to object of type ${apiVersion.includes('/') ? apiVersion : `/${apiVersion}`}, Kind=${kind}`,
    );
  if (!name) throw badRequest('Name parameter required.');
  const object = findObject(registry, plural, { namespace: kind === 'Node' ? '' : namespace, name });
  if (!object) throw notFound({ group: '', resource: plural }, name);
  const actual = object.metadata.uid ?? '';
  if (uid && uid !== actual) {
    throw conflict(
      { group: '', resource: kind },
      name,
      `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`,
    );
  }
  const named = { name, uid: actual };
  if (kind === 'Secret') return { secret: named };
  if (kind === 'Node') return { node: named };
  const nodeName = (object as { spec?: { nodeName?: string } }).spec?.nodeName;
  const node = nodeName ? findObject(registry, 'nodes', { namespace: '', name: nodeName }) : undefined;
  return { pod: named, ...(nodeName && node ? { node: { name: nodeName, uid: node.metadata.uid ?? '' } } : {}) };
}
