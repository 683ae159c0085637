/** A pod's `/binding`, and POST to `/bindings`: puts the pod on a node. */
import type { KubeObject } from '#common/api/meta.ts';
import { badRequest } from '#common/api/status.ts';
import { builtinStruct } from '#common/schema/builtinTypes.ts';
import type { Binding } from '#common/schema/generated/types.ts';
import { successStatus } from '../answers.ts';
import { decodeObjectBody } from '../bodyDecoding.ts';
import { readBody } from '../http/body.ts';
import type { Exchange } from '../http/exchange.ts';
import { negotiate } from '../negotiation.ts';
import { parseWriteQuery } from '../options.ts';
import type { Registry, Resource } from '../registry/registry.ts';
import { ensureNamespace, writeOptionsOf } from '../resourceHandlers.ts';
import type { Subresource } from './subresource.ts';

const gvk = { group: '', version: 'v1', kind: 'Binding' };

/** @param podName from the address; the binding's own name where the address has none. */
async function bind(exchange: Exchange, resource: Resource, registry: Registry, podName: string | undefined): Promise<void> {
  const { request } = exchange;
  const form = negotiate(request.headers.accept, false, false);
  const body = await readBody(request);
  const query = parseWriteQuery('CreateOptions', exchange.query, request.headers['user-agent']);
  const expected = { gvk, type: builtinStruct('io.k8s.api.core.v1.Binding'), custom: false };
  const { object, warnings } = await decodeObjectBody(body, request.headers['content-type'], expected, query.fieldValidation);
  for (const warning of warnings) exchange.warn(warning);
  const binding = object as Binding & KubeObject;
  (binding as Partial<KubeObject>).metadata ??= {};
  ensureNamespace(exchange, resource, binding);
  const name = podName ?? binding.metadata.name ?? '';
  if (binding.metadata.name !== name) throw badRequest('name in URL does not match name in Binding object');
  await registry.bind({ namespace: exchange.info.namespace, name }, binding, writeOptionsOf(exchange, query));
  exchange.sendJson(201, successStatus(201), form.mediaType);
}

export const binding: Subresource = {
  methods: ['POST'],
  handle: (exchange, resource, { registry }) => bind(exchange, resource, registry, exchange.info.name),
};

export const createBinding = (exchange: Exchange, resource: Resource, { registry }: { registry: Registry }): Promise<void> =>
  bind(exchange, resource, registry, undefined);
