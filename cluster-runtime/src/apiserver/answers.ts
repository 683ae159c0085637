/** Turns what the registry gave into the form that the client asked for: the object itself, its metadata, or a table. */
import { ApiError } from '#common/api/status.ts';
import type { Clock } from '#common/base/clock.ts';
import { listBytes, listMetadata, objectBytes, sendObjectBytes } from './encode.ts';
import type { Exchange } from './http/exchange.ts';
import type { Negotiated } from './negotiation.ts';
import { partialMetadataJson, partialMetadataListJson } from './partialMetadata.ts';
import type { ListAnswer, ObjectResult, Resource } from './registry/registry.ts';
import { parseIncludeObject, tableJson } from './table.ts';

const notAcceptable = (message: string): ApiError => new ApiError(406, 'NotAcceptable', message);

const goPackage = (resource: Resource): string => {
  const { group } = resource.kind;
  return resource.custom ? 'unstructured' : group === '' ? 'core' : (group.split('.', 1)[0] ?? group);
};

/** The name that Kubernetes' own code has for the object, which its refusals quote. */
const goTypeName = (resource: Resource, kind: string): string =>
  resource.custom ? `*unstructured.Unstructured${kind.endsWith('List') ? 'List' : ''}` : `*${goPackage(resource)}.${kind}`;

export function sendObject(
  exchange: Exchange,
  resource: Resource,
  result: ObjectResult,
  form: Negotiated,
  clock: Clock,
  status: number,
): void {
  switch (form.as) {
    case '':
      return sendObjectBytes(exchange, status, objectBytes(result), form.mediaType, form.pretty);
    case 'PartialObjectMetadataList':
      throw notAcceptable(
        `you requested PartialObjectMetadataList, but the requested object is not a list (${goTypeName(resource, resource.kind.kind)})`,
      );
    case 'PartialObjectMetadata':
      return send(exchange, status, partialMetadataJson(result.object, form.asVersion), form);
    case 'Table': {
      const include = parseIncludeObject(exchange.query.get('includeObject'));
      const metadata = { resourceVersion: result.object.metadata.resourceVersion ?? '' };
      const json = tableJson(resource.kind, [result], metadata, { version: form.asVersion, include, now: clock.now() });
      return send(exchange, status, json, form);
    }
  }
}

export function sendList(exchange: Exchange, resource: Resource, answer: ListAnswer, form: Negotiated, clock: Clock): void {
  switch (form.as) {
    case '':
      return sendObjectBytes(exchange, 200, listBytes(resource, answer), form.mediaType, form.pretty);
    case 'PartialObjectMetadata':
      throw notAcceptable(
        `you requested PartialObjectMetadata, but the requested object is a list (${goTypeName(resource, resource.listKind)})`,
      );
    case 'PartialObjectMetadataList':
      return send(exchange, 200, partialMetadataListJson(answer, form.asVersion, listMetadata(answer, false)), form);
    case 'Table': {
      const include = parseIncludeObject(exchange.query.get('includeObject'));
      const json = tableJson(resource.kind, answer.items, listMetadata(answer, false), {
        version: form.asVersion,
        include,
        now: clock.now(),
      });
      return send(exchange, 200, json, form);
    }
  }
}

const send = (exchange: Exchange, status: number, json: string, form: Negotiated): void =>
  sendObjectBytes(exchange, status, Buffer.from(json), form.mediaType, form.pretty);

/** The Status that answers a deletion. */
export function deletedStatus(resource: Resource, name: string, uid: string): Record<string, unknown> {
  const { group, plural } = resource.kind;
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { name, ...(group ? { group } : {}), kind: plural, ...(uid ? { uid } : {}) },
  };
}

/** The Status that answers a POST which leaves nothing behind: bindings, evictions. */
export const successStatus = (code: number): Record<string, unknown> => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Success',
  code,
});
