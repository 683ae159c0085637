/** `/scale`: the number of replicas of any scalable object, in the one form that kubectl and autoscalers know. */
import type { KubeObject } from '#common/api/meta.ts';
import { builtinStruct } from '#common/schema/builtinTypes.ts';
import { ageColumn } from '#common/kinds/columns.ts';
import type { Column } from '#common/kinds/defineKind.ts';
import type { Scale } from '#common/schema/generated/types.ts';
import { sendObject } from '../answers.ts';
import { decodeObjectBody, patchTypeOf } from '../bodyDecoding.ts';
import { readBody } from '../http/body.ts';
import type { Exchange } from '../http/exchange.ts';
import { negotiate } from '../negotiation.ts';
import { parsePatchQuery, parseWriteQuery } from '../options.ts';
import type { ObjectResult, Resource } from '../registry/registry.ts';
import { checkName, ensureNamespace, keyOfRequest, readPatch, writeOptionsOf } from '../resourceHandlers.ts';
import type { Subresource } from './subresource.ts';

const scaleKind = { group: 'autoscaling', version: 'v1', kind: 'Scale' };
const scaleType = () => builtinStruct('io.k8s.api.autoscaling.v1.Scale');

const columns: readonly Column<KubeObject>[] = [
  { name: 'Name', type: 'string', cell: (scale) => scale.metadata.name ?? '' },
  { name: 'Desired', type: 'integer', cell: (scale) => (scale as Scale).spec?.replicas ?? 0 },
  { name: 'Available', type: 'integer', cell: (scale) => (scale as Scale).status?.replicas ?? 0 },
  ageColumn,
];

async function updated(exchange: Exchange, resource: Resource): Promise<ObjectResult> {
  const { request } = exchange;
  const body = await readBody(request);
  const query = parseWriteQuery('UpdateOptions', exchange.query, request.headers['user-agent']);
  const expected = { gvk: scaleKind, type: scaleType(), custom: false };
  const { object, warnings } = await decodeObjectBody(body, request.headers['content-type'], expected, query.fieldValidation);
  for (const warning of warnings) exchange.warn(warning);
  (object as Partial<KubeObject>).metadata ??= {};
  ensureNamespace(exchange, resource, object);
  checkName(exchange, object);
  return resource.update(keyOfRequest(exchange, resource), object, writeOptionsOf(exchange, query), 'scale');
}

async function patched(exchange: Exchange, resource: Resource): Promise<ObjectResult> {
  const { request } = exchange;
  const type = patchTypeOf(request.headers['content-type'], resource.custom !== undefined);
  const body = await readBody(request);
  const query = parsePatchQuery(exchange.query, type === 'apply', request.headers['user-agent']);
  const key = keyOfRequest(exchange, resource);
  const patch = await readPatch(exchange, resource, key, body, type, query, scaleKind);
  return resource.patch(key, patch, writeOptionsOf(exchange, query), 'scale');
}

export const scale: Subresource = {
  methods: ['GET', 'PUT', 'PATCH'],
  async handle(exchange, resource, { clock }) {
    const form = negotiate(exchange.request.headers.accept, false, resource.custom !== undefined);
    const key = keyOfRequest(exchange, resource);
    const result =
      exchange.method === 'GET'
        ? resource.getScale(key)
        : exchange.method === 'PUT'
          ? await updated(exchange, resource)
          : await patched(exchange, resource);
    sendObject(exchange, { ...resource, kind: { ...resource.kind, columns } }, result, form, clock, 200);
  },
};
