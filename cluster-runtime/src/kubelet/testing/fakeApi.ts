/**
 * For tests: an API of plain maps behind the Client and Cache contracts. Writes are seen at once; there is no
 * validation, no defaulting and no admission. It keeps what was written, in order.
 */
import { deepFreeze } from '#common/base/freeze.ts';
import { type Disposable, toDisposable } from '#common/base/disposable.ts';
import { alreadyExists, modifiedConflict, notFound } from '#common/api/status.ts';
import { controllerOf, keyOf, keyText, type KubeObject, type ObjectKey } from '#common/api/meta.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import type { Cache, Client, DeleteOptions, Informer, InformerEvent } from '../../client/client.ts';

type Listener = (event: InformerEvent<KubeObject>) => void;

class KindStore implements Informer<KubeObject> {
  readonly objects = new Map<string, KubeObject>();
  readonly listeners = new Set<Listener>();
  readonly #indexes = new Map<string, (object: KubeObject) => readonly string[]>();

  get size(): number {
    return this.objects.size;
  }

  get(key: ObjectKey): KubeObject | undefined {
    return this.objects.get(keyText(key));
  }

  list(namespace?: string): KubeObject[] {
    return [...this.objects.values()].filter((object) => namespace === undefined || object.metadata.namespace === namespace);
  }

  byIndex(index: string, value: string): KubeObject[] {
    return this.list().filter((object) => this.#indexes.get(index)?.(object).includes(value));
  }

  addIndex(name: string, valuesOf: (object: KubeObject) => readonly string[]): void {
    this.#indexes.set(name, valuesOf);
  }

  select(): KubeObject[] {
    return [];
  }

  ownedBy(uid: string): KubeObject[] {
    return this.list().filter((object) => controllerOf(object)?.uid === uid);
  }

  onChange(listener: Listener, replay = false): Disposable {
    if (replay) for (const object of this.list()) listener({ type: 'added', object });
    this.listeners.add(listener);
    return toDisposable(() => this.listeners.delete(listener));
  }

  fire(event: InformerEvent<KubeObject>): void {
    for (const listener of [...this.listeners]) listener(event);
  }
}

export interface Write {
  readonly verb: 'create' | 'update' | 'updateStatus' | 'patch' | 'delete';
  readonly kind: string;
  readonly name: string;
  readonly object?: KubeObject;
}

export class FakeApi {
  readonly writes: Write[] = [];
  readonly #stores = new Map<string, KindStore>();
  #revision = 0;

  readonly cache: Cache = {
    informer: <T extends KubeObject>(kind: KindDefinition<T>) => this.#store(kind) as unknown as Informer<T>,
    get: (kind, key) => this.#store(kind).get(key) as never,
    list: (kind, namespace) => this.#store(kind).list(namespace) as never,
    kinds: () => [],
    caughtUp: () => undefined,
    onKindsChange: () => toDisposable(() => undefined),
  };

  readonly client: Client = {
    get: async (kind, key) => (this.#store(kind).get(key) ?? this.#missing(kind, key)) as never,
    list: async (kind, options) => this.#store(kind).list(options?.namespace) as never,
    create: async (kind, object) => this.#log('create', kind, this.put(kind, object)),
    update: async (kind, object) =>
      this.#log(
        'update',
        kind,
        this.#replace(kind, object, (stored) => ({ ...object, status: (stored as { status?: unknown }).status }) as never),
      ),
    updateStatus: async (kind, object) =>
      this.#log(
        'updateStatus',
        kind,
        this.#replace(kind, object, (stored) => ({ ...stored, status: (object as { status?: unknown }).status }) as never),
      ),
    patch: async (kind, key, _type, patch) =>
      this.#log(
        'patch',
        kind,
        this.edit(kind, key, (stored) => merged(stored, patch) as never),
      ),
    delete: async (kind, key, options) => this.remove(kind, key, options),
    bind: async () => undefined,
    as: () => this.client,
  };

  /** Stores a new object, as a user's create. */
  put<T extends KubeObject>(kind: KindDefinition<T>, object: T): T {
    const store = this.#store(kind);
    const key = keyText(keyOf(object));
    if (store.objects.has(key)) throw alreadyExists({ group: kind.group, resource: kind.plural }, key);
    const stored = this.#stamp({
      ...object,
      apiVersion: kind.group ? `${kind.group}/${kind.version}` : kind.version,
      kind: kind.kind,
      metadata: { uid: `uid-${object.metadata.name}`, generation: 1, ...object.metadata },
    });
    store.objects.set(key, stored);
    store.fire({ type: 'added', object: stored });
    return stored;
  }

  /** Changes the stored object, as a user's update. */
  edit<T extends KubeObject>(kind: KindDefinition<T>, key: ObjectKey, change: (object: T) => T): T {
    const store = this.#store(kind);
    const old = store.get(key) ?? this.#missing(kind, key);
    const object = this.#stamp(change(old as T));
    store.objects.set(keyText(key), object);
    store.fire({ type: 'updated', object, old });
    return object;
  }

  /** As a DELETE: with a grace period the object stays until it is deleted with none; finalizers keep it. */
  async remove<T extends KubeObject>(kind: KindDefinition<T>, key: ObjectKey, options: DeleteOptions = {}): Promise<void> {
    const store = this.#store(kind);
    const object = store.get(key) ?? this.#missing(kind, key);
    this.writes.push({ verb: 'delete', kind: kind.kind, name: key.name });
    const grace = options.gracePeriodSeconds ?? 0;
    if (grace > 0 || object.metadata.finalizers?.length) {
      const metadata = { ...object.metadata, deletionTimestamp: '2026-01-01T00:00:00Z', deletionGracePeriodSeconds: grace };
      this.edit(kind, key, (stored) => ({ ...stored, metadata }) as T);
      return;
    }
    store.objects.delete(keyText(key));
    store.fire({ type: 'deleted', object });
  }

  #store(kind: { readonly kind: string }): KindStore {
    let store = this.#stores.get(kind.kind);
    if (!store) this.#stores.set(kind.kind, (store = new KindStore()));
    return store;
  }

  #replace<T extends KubeObject>(kind: KindDefinition<T>, object: T, merge: (stored: T) => T): T {
    const key = keyOf(object);
    const stored = this.#store(kind).get(key) ?? this.#missing(kind, key);
    if (stored.metadata.resourceVersion !== object.metadata.resourceVersion)
      throw modifiedConflict({ group: kind.group, resource: kind.plural }, key.name);
    return this.edit(kind, key, merge);
  }

  #stamp<T extends KubeObject>(object: T): T {
    return deepFreeze({ ...object, metadata: { ...object.metadata, resourceVersion: String(++this.#revision) } });
  }

  #log<T extends KubeObject>(verb: Write['verb'], kind: { readonly kind: string }, object: T): T {
    this.writes.push({ verb, kind: kind.kind, name: object.metadata.name ?? '', object });
    return object;
  }

  #missing(kind: { readonly group: string; readonly plural: string }, key: ObjectKey): never {
    throw notFound({ group: kind.group, resource: kind.plural }, key.name);
  }
}

function merged(base: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const out: Record<string, unknown> = { ...(base as Record<string, unknown>) };
  for (const [key, value] of Object.entries(patch)) out[key] = merged(out[key], value);
  return out;
}
