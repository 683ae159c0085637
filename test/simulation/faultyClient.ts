/**
 * A component's way to the API, with its faults. After the component's end nothing gets through: an answer that comes
 * too late is not heard, and what was under way is not sent.
 */
import { sleep } from '#common/base/clock.ts';
import type { KubeObject, ObjectKey } from '#common/api/meta.ts';
import { modifiedConflict } from '#common/api/status.ts';
import { Pod } from '#common/kinds/pod.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import type { Client } from '#runtime/client/client.ts';
import type { Faults } from './faults.ts';

/** The component's life, as its client sees it. */
export interface Caller {
  readonly signal: AbortSignal;
  readonly faults: Faults;
  /** Every call is told, as a sign of life. */
  calling(what: string): void;
  /** A write has been acknowledged and the component has not heard of it yet; its life may end here. */
  wrote(what: string): void;
}

export function faultyClient(client: Client, caller: Caller): Client {
  const { signal, faults } = caller;

  const read = async <T>(what: string, call: () => Promise<T>): Promise<T> => {
    signal.throwIfAborted();
    caller.calling(what);
    const answer = await call();
    signal.throwIfAborted();
    return answer;
  };

  const write = async <T, K extends KubeObject>(
    verb: string,
    kind: KindDefinition<K>,
    key: ObjectKey,
    call: () => Promise<T>,
  ): Promise<T> => {
    signal.throwIfAborted();
    const what = `${verb} ${kind.kind} ${key.namespace}/${key.name}`;
    caller.calling(what);
    const wait = faults.writeMs();
    if (wait > 0) await sleep(faults.clock, wait, signal);
    if (faults.refuses(what)) throw modifiedConflict({ group: kind.group, resource: kind.plural }, key.name);
    const answer = await call();
    if (!signal.aborted) caller.wrote(what);
    signal.throwIfAborted();
    return answer;
  };

  const keyIn = ({ metadata }: KubeObject): ObjectKey => ({
    namespace: metadata.namespace ?? '',
    name: metadata.name ?? metadata.generateName ?? '',
  });

  return {
    get: (kind, key) => read(`get ${kind.kind} ${key.namespace}/${key.name}`, () => client.get(kind, key)),
    list: (kind, options) => read(`list ${kind.kind}`, () => client.list(kind, options)),
    create: (kind, object) => write('create', kind, keyIn(object), () => client.create(kind, object)),
    update: (kind, object) => write('update', kind, keyIn(object), () => client.update(kind, object)),
    updateStatus: (kind, object) => write('update status of', kind, keyIn(object), () => client.updateStatus(kind, object)),
    patch: (kind, key, type, patch, options) => write('patch', kind, key, () => client.patch(kind, key, type, patch, options)),
    delete: (kind, key, options) => write('delete', kind, key, () => client.delete(kind, key, options)),
    bind: (key, uid, nodeName) => write('bind', Pod, key, () => client.bind(key, uid, nodeName)),
    as: (user, fieldManager) => faultyClient(client.as(user, fieldManager), caller),
  };
}
