/** Shows admission what is sent to a subresource that stores nothing of it: the options of an exec, an eviction, a binding. */
import type { GroupVersionKind } from '#common/api/groupVersion.ts';
import type { KubeObject } from '#common/api/meta.ts';
import { apiVersionOf } from '#common/api/groupVersion.ts';
import type { RequestSubresource } from '../admission/admission.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Registry, Resource, WriteOptions } from '../registry/registry.ts';
import { keyOfRequest } from '../resourceHandlers.ts';

/** A connection that is about to be opened; `fields` are those of its options that the address states. */
export async function reviewConnect(
  exchange: Exchange,
  resource: Resource,
  { registry }: { readonly registry: Registry },
  subresource: RequestSubresource,
  kind: string,
  fields: object,
): Promise<void> {
  const sent: GroupVersionKind = { group: '', version: 'v1', kind };
  const object = { kind, apiVersion: apiVersionOf(sent), ...fields } as unknown as KubeObject;
  const options: WriteOptions = {
    user: exchange.user,
    fieldManager: '',
    dryRun: false,
    fieldValidation: 'Ignore',
    warn: (text) => exchange.warn(text),
  };
  const key = keyOfRequest(exchange, resource);
  await registry.review({ operation: 'CONNECT', resource, key, subresource, sent, object }, options);
}

/** The flags of an exec or an attach that are set, and the container if it is named. */
export function streamFields({ query }: Exchange): object {
  const flags = ['stdin', 'stdout', 'stderr', 'tty'].filter((name) => query.boolean(name) === true);
  const container = query.get('container');
  return { ...Object.fromEntries(flags.map((name) => [name, true])), ...(container ? { container } : {}) };
}
