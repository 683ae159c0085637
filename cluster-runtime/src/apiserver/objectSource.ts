/** Objects that a part of the cluster answers for and that are not in the store: they can be got and listed. */
import type { KubeObject } from '#common/api/meta.ts';
import { notFound } from '#common/api/status.ts';
import { sendList, sendObject } from './answers.ts';
import { negotiate } from './negotiation.ts';
import { parseListQuery } from './options.ts';
import { objectFilter } from './registry/listQuery.ts';
import type { VirtualHandler } from './virtualResources.ts';

export interface ObjectSource {
  get(namespace: string, name: string): KubeObject | undefined;
  /** Of all namespaces without one. */
  list(namespace: string | undefined): readonly KubeObject[];
}

/** Sources by `group/Kind`. */
export type ObjectSources = ReadonlyMap<string, ObjectSource>;

export const readFrom =
  (source: ObjectSource): VirtualHandler =>
  async (exchange, resource, { clock }) => {
    const { verb, name, namespace } = exchange.info;
    const form = negotiate(exchange.request.headers.accept, verb !== 'get', false);
    if (verb !== 'get') {
      const filter = objectFilter(resource.kind, parseListQuery(exchange.query, false));
      const found = source.list(namespace || undefined).filter((object) => filter.matches(object));
      const items = found.map((object) => ({ object }));
      return sendList(exchange, resource, { resourceVersion: '', items }, form, clock);
    }
    const object = source.get(namespace, name);
    if (!object) throw notFound({ group: resource.kind.group, resource: resource.kind.plural }, name);
    sendObject(exchange, resource, { object }, form, clock, 200);
  };
