/**
 * A client whose writes are done only when the cache shows them, so that a controller's next look at its objects is
 * never older than what it did itself, however late its watch is. Where the cache is in step this costs nothing.
 */
import type { KubeObject } from '#common/api/meta.ts';
import { Pod } from '#common/kinds/pod.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import type { Cache, Client } from '../client/client.ts';

export function readOwnWrites(client: Client, cache: Cache): Client {
  const shown = async <T extends KubeObject, R>(kind: KindDefinition<T>, write: Promise<R>): Promise<R> => {
    const result = await write;
    const late = cache.caughtUp(kind as unknown as KindDefinition);
    if (late) await late;
    return result;
  };
  return {
    get: (kind, key) => client.get(kind, key),
    list: (kind, options) => client.list(kind, options),
    create: (kind, object) => shown(kind, client.create(kind, object)),
    update: (kind, object) => shown(kind, client.update(kind, object)),
    updateStatus: (kind, object) => shown(kind, client.updateStatus(kind, object)),
    patch: (kind, key, type, patch, options) => shown(kind, client.patch(kind, key, type, patch, options)),
    delete: (kind, key, options) => shown(kind, client.delete(kind, key, options)),
    bind: (key, uid, nodeName) => shown(Pod, client.bind(key, uid, nodeName)),
    as: (user, fieldManager) => readOwnWrites(client.as(user, fieldManager), cache),
  };
}
