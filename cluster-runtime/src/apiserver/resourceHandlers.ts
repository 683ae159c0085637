/**
 * The verbs of the resource API: get, list, watch, create, update, patch, delete and deletecollection. Each reads its
 * options, decodes its body, asks the registry and answers in the form that the client accepts.
 */
import { apiVersionOf, type GroupVersionKind, parseApiVersion } from '#common/api/groupVersion.ts';
import type { KubeObject, ObjectKey } from '#common/api/meta.ts';
import { ApiError, badRequest, hasReason } from '#common/api/status.ts';
import type { Clock } from '#common/base/clock.ts';
import { deletedStatus, sendList, sendObject } from './answers.ts';
import { type Attributes, type Authorizer, attributesOf, forbiddenFor } from './authorization/authorizer.ts';
import { decodeDeleteBody, decodeObjectBody, decodePatch, patchTypeOf } from './bodyDecoding.ts';
import { listBytes, sendObjectBytes } from './encode.ts';
import { readBody } from './http/body.ts';
import type { Exchange } from './http/exchange.ts';
import { emptyQuery } from './http/query.ts';
import type { ListCache } from './listCache.ts';
import { type Negotiated, negotiate, negotiateWatch } from './negotiation.ts';
import {
  checkResourceVersion,
  parseDeleteOptions,
  parseListQuery,
  parsePatchQuery,
  parseWriteQuery,
  type WriteQuery,
} from './options.ts';
import type { ListQuery, ObjectSubresource, PatchBody, Resource, WriteOptions } from './registry/registry.ts';
import { parseIncludeObject } from './table.ts';
import type { WatchHub } from './watchStream.ts';

export interface ResourceHandlerContext {
  readonly clock: Clock;
  readonly watches: WatchHub;
  readonly authorizer: Authorizer;
  readonly lists: ListCache;
}

/** The object that the address names. */
export const keyOfRequest = ({ info }: Exchange, { kind }: Resource): ObjectKey => ({
  namespace: kind.namespaced ? info.namespace : '',
  name: info.name,
});

export const writeOptionsOf = (exchange: Exchange, query: WriteQuery): WriteOptions => ({
  user: exchange.user,
  fieldManager: query.fieldManager,
  dryRun: query.dryRun,
  fieldValidation: query.fieldValidation,
  ...(query.stated ? { stated: query.stated } : {}),
  warn: (text) => exchange.warn(text),
});

const formOf = (exchange: Exchange, resource: Resource, list = false): Negotiated =>
  negotiate(exchange.request.headers.accept, list, resource.custom !== undefined);

/** Serves one request for a resource, its object, or one of the plain subresources. The method is known to be allowed. */
export async function handleResource(
  exchange: Exchange,
  resource: Resource,
  context: ResourceHandlerContext,
  subresource?: ObjectSubresource,
): Promise<void> {
  switch (exchange.info.verb) {
    case 'get':
      return handleGet(exchange, resource, context);
    case 'list':
      return handleList(exchange, resource, context);
    case 'watch':
      return handleWatch(exchange, resource, context);
    case 'create':
      return handleCreate(exchange, resource, context);
    case 'update':
      return handleUpdate(exchange, resource, context, subresource);
    case 'patch':
      return handlePatch(exchange, resource, context, subresource);
    case 'delete':
      return handleDelete(exchange, resource, context);
    case 'deletecollection':
      return handleDeleteCollection(exchange, resource, context);
    default:
      throw badRequest(`unknown verb ${exchange.info.verb}`);
  }
}

function handleGet(exchange: Exchange, resource: Resource, { clock }: ResourceHandlerContext): void {
  const form = formOf(exchange, resource);
  checkResourceVersion(exchange.query.get('resourceVersion'));
  sendObject(exchange, resource, resource.get(keyOfRequest(exchange, resource)), form, clock, 200);
}

/** What selects the objects of a list or a watch; a `/watch/` address of one object selects by its name. */
function selection(exchange: Exchange, resource: Resource, query: ListQuery): ListQuery {
  const { info } = exchange;
  const namespace = resource.kind.namespaced && info.namespace ? { namespace: info.namespace } : {};
  const oneName =
    info.special === 'watch' && info.name && !query.fieldSelector ? { fieldSelector: `metadata.name=${info.name}` } : {};
  return { ...query, ...namespace, ...oneName };
}

function handleList(exchange: Exchange, resource: Resource, { clock, lists }: ResourceHandlerContext): void {
  const form = formOf(exchange, resource, true);
  const query = parseListQuery(exchange.query, false);
  const isStored = !resource.kind.virtual;
  if (
    isStored &&
    form.as === '' &&
    query.limit === undefined &&
    query.continue === undefined &&
    query.resourceVersion === undefined
  ) {
    const { path } = exchange.info;
    const bytes = lists.get(`${path}?${exchange.query.text}`, () =>
      listBytes(resource, resource.list(selection(exchange, resource, query))),
    );
    sendObjectBytes(exchange, 200, bytes, form.mediaType, form.pretty);
    return;
  }
  sendList(exchange, resource, resource.list(selection(exchange, resource, query)), form, clock);
}

function handleWatch(exchange: Exchange, resource: Resource, { watches }: ResourceHandlerContext): void {
  const form = negotiateWatch(exchange.request.headers.accept, resource.custom !== undefined);
  const query = parseListQuery(exchange.query, true);
  const include = parseIncludeObject(exchange.query.get('includeObject'));
  watches.start(exchange, resource, selection(exchange, resource, query), form, include);
}

async function handleCreate(exchange: Exchange, resource: Resource, { clock }: ResourceHandlerContext): Promise<void> {
  const form = formOf(exchange, resource);
  const body = await readBody(exchange.request);
  const query = parseWriteQuery('CreateOptions', exchange.query, exchange.request.headers['user-agent']);
  const object = await decodeObject(exchange, resource, body, query);
  ensureNamespace(exchange, resource, object);
  const namespace = resource.kind.namespaced ? exchange.info.namespace : '';
  const result = await resource.create(namespace, object, writeOptionsOf(exchange, query));
  sendObject(exchange, resource, result, form, clock, 201);
}

async function handleUpdate(
  exchange: Exchange,
  resource: Resource,
  context: ResourceHandlerContext,
  subresource?: ObjectSubresource,
): Promise<void> {
  const form = formOf(exchange, resource);
  const body = await readBody(exchange.request);
  const query = parseWriteQuery('UpdateOptions', exchange.query, exchange.request.headers['user-agent']);
  const object = await decodeObject(exchange, resource, body, query);
  ensureNamespace(exchange, resource, object);
  checkName(exchange, object);
  const key = keyOfRequest(exchange, resource);
  if (resource.kind.createOnUpdate && !subresource) authorizeCreation(exchange, resource, key, context.authorizer);
  const result = await resource.update(key, object, writeOptionsOf(exchange, query), subresource);
  sendObject(exchange, resource, result, form, context.clock, result.created ? 201 : 200);
}

async function handlePatch(
  exchange: Exchange,
  resource: Resource,
  context: ResourceHandlerContext,
  subresource?: ObjectSubresource,
): Promise<void> {
  const form = formOf(exchange, resource);
  const type = patchTypeOf(exchange.request.headers['content-type'], resource.custom !== undefined);
  const body = await readBody(exchange.request);
  const query = parsePatchQuery(exchange.query, type === 'apply', exchange.request.headers['user-agent']);
  const key = keyOfRequest(exchange, resource);
  const patch = await readPatch(exchange, resource, key, body, type, query);
  if (type === 'apply' && !subresource) authorizeCreation(exchange, resource, key, context.authorizer);
  const result = await resource.patch(key, patch, writeOptionsOf(exchange, query), subresource);
  sendObject(exchange, resource, result, form, context.clock, result.created ? 201 : 200);
}

/** An object that is not there is reported before a patch that cannot be read. An apply must name the kind it is for. */
export async function readPatch(
  exchange: Exchange,
  resource: Resource,
  key: ObjectKey,
  body: Buffer,
  type: PatchBody['type'],
  query: WriteQuery & { force: boolean },
  gvk: GroupVersionKind = resource.kind,
): Promise<PatchBody> {
  try {
    const patch = await decodePatch(body, type, query.force, query.fieldValidation, (text) => exchange.warn(text));
    if (patch.type === 'apply') requireAppliedKind(patch.patch, gvk);
    return patch;
  } catch (error) {
    if (error instanceof ApiError && type !== 'apply') resource.get(key);
    throw error;
  }
}

function requireAppliedKind(patch: unknown, gvk: GroupVersionKind): void {
  const { apiVersion = '', kind = '' } = patch as { apiVersion?: unknown; kind?: unknown };
  if (apiVersion === apiVersionOf(gvk) && kind === gvk.kind) return;
  const stated = parseApiVersion(String(apiVersion));
  throw badRequest(`invalid object type: ${stated.group}/${stated.version}, Kind=${String(kind)}`);
}

async function handleDelete(exchange: Exchange, resource: Resource, { clock }: ResourceHandlerContext): Promise<void> {
  const form = formOf(exchange, resource);
  const { deletion, options } = await readDeletion(exchange);
  const result = await resource.delete(keyOfRequest(exchange, resource), deletion, options);
  if (result.type === 'object') sendObject(exchange, resource, result.result, form, clock, 200);
  else exchange.sendJson(200, deletedStatus(resource, result.name, result.uid), form.mediaType);
}

async function handleDeleteCollection(exchange: Exchange, resource: Resource, { clock }: ResourceHandlerContext): Promise<void> {
  const form = formOf(exchange, resource);
  const query = parseListQuery(exchange.query, false);
  const { deletion, options } = await readDeletion(exchange);
  const answer = await resource.deleteCollection(selection(exchange, resource, query), deletion, options);
  sendList(exchange, resource, answer, form, clock);
}

async function readDeletion(
  exchange: Exchange,
): Promise<{ deletion: ReturnType<typeof parseDeleteOptions>['deletion']; options: WriteOptions }> {
  const bytes = await readBody(exchange.request);
  const body = await decodeDeleteBody(bytes, exchange.request.headers['content-type']);
  const { deletion, dryRun } = parseDeleteOptions(exchange.query, body);
  const { fieldManager } = parseWriteQuery('UpdateOptions', emptyQuery, exchange.request.headers['user-agent']);
  return { deletion, options: writeOptionsOf(exchange, { dryRun, fieldManager, fieldValidation: 'Ignore' }) };
}

async function decodeObject(exchange: Exchange, resource: Resource, body: Buffer, query: WriteQuery): Promise<KubeObject> {
  const expected = { gvk: resource.kind, type: resource.type, custom: resource.custom !== undefined };
  const { object, warnings } = await decodeObjectBody(
    body,
    exchange.request.headers['content-type'],
    expected,
    query.fieldValidation,
  );
  for (const warning of warnings) exchange.warn(warning);
  object.metadata ??= {};
  return object;
}

/** The object's namespace is the address'; an object that names another is refused. */
export function ensureNamespace(exchange: Exchange, { kind }: Resource, object: KubeObject): void {
  const { metadata } = object;
  if (!kind.namespaced) {
    delete metadata.namespace;
    return;
  }
  const { namespace } = exchange.info;
  if (!metadata.namespace) metadata.namespace = namespace;
  else if (metadata.namespace !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
}

export function checkName(exchange: Exchange, object: KubeObject): void {
  const { name } = exchange.info;
  const given = object.metadata.name;
  if (!given) throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`);
  if (given !== name) throw badRequest(`the name of the object (${given}) does not match the name on the URL (${name})`);
}

/** A write that makes its object where there is none takes the right to create, too. */
function authorizeCreation(exchange: Exchange, resource: Resource, key: ObjectKey, authorizer: Authorizer): void {
  const attributes: Attributes = { ...attributesOf(exchange.user, exchange.info), verb: 'create' };
  const decision = authorizer.authorize(attributes);
  if (decision.allowed) return;
  try {
    resource.get(key);
  } catch (error) {
    if (hasReason(error, 'NotFound')) throw forbiddenFor(attributes, decision);
    throw error;
  }
}
