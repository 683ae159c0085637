/**
 * Holds a controller to the kinds that it says it writes. For tests: a write of another kind is a bug, and
 * docs/controllers.md would be wrong.
 */
import { unexpected } from '#common/base/unexpected.ts';
import { Pod } from '#common/kinds/pod.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import type { Client } from '../client/client.ts';
import type { Writes } from './controller.ts';

export function guardWrites(client: Client, name: string, writes: Writes = []): Client {
  if (writes === 'any') return client;
  const known = new Set(writes.map(({ group, kind }) => `${group}/${kind}`));
  const check = ({ group, kind }: Pick<KindDefinition, 'group' | 'kind'>): void => {
    if (!known.has(`${group}/${kind}`)) unexpected(`${name} writes a ${kind}, which its declaration does not say`);
  };
  return {
    get: (kind, key) => client.get(kind, key),
    list: (kind, options) => client.list(kind, options),
    async create(kind, object) {
      check(kind);
      return client.create(kind, object);
    },
    async update(kind, object) {
      check(kind);
      return client.update(kind, object);
    },
    async updateStatus(kind, object) {
      check(kind);
      return client.updateStatus(kind, object);
    },
    async patch(kind, key, type, patch, options) {
      check(kind);
      return client.patch(kind, key, type, patch, options);
    },
    async delete(kind, key, options) {
      check(kind);
      return client.delete(kind, key, options);
    },
    async bind(key, uid, nodeName) {
      check(Pod);
      return client.bind(key, uid, nodeName);
    },
    as: (user, fieldManager) => guardWrites(client.as(user, fieldManager), name, writes),
  };
}
