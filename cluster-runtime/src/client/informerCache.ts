/**
 * Informers over the store's own frozen objects: one per kind, made when first asked for, in step with every
 * acknowledged write.
 */
import { Emitter } from '#common/base/emitter.ts';
import type { Disposable } from '#common/base/disposable.ts';
import { type KubeObject, keyOf, keyText, type LabelSelector, type ObjectKey } from '#common/api/meta.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import type { Registry } from '../apiserver/registry/registry.ts';
import { type Store, type StoreEvent, storagePrefix } from '../store/store.ts';
import type { Cache, Informer, InformerEvent } from './client.ts';
import { IndexedObjects } from './indexedObjects.ts';

class StoreInformer<T extends KubeObject> implements Informer<T> {
  readonly #objects: IndexedObjects<T>;
  readonly #changes = new Emitter<InformerEvent<T>>();
  readonly watch: Disposable;

  constructor(store: Store, kind: KindDefinition<T>) {
    this.#objects = new IndexedObjects(kind.namespaced);
    const stored = kind.storedAs?.kind ?? kind;
    const prefix = storagePrefix(stored.group, stored.plural);
    const { entries, revision } = store.list(prefix);
    const read = kind.storedAs ? kind.storedAs.fromStored : (object: KubeObject): T => object as T;
    for (const entry of entries) this.#objects.set(keyText(keyOf(entry.object)), read(entry.object));
    this.watch = store.watch(prefix, revision, (event) => this.#onStoreEvent(event, read));
  }

  get size(): number {
    return this.#objects.size;
  }

  get(key: ObjectKey): T | undefined {
    return this.#objects.get(key);
  }

  list(namespace?: string): T[] {
    return this.#objects.list(namespace);
  }

  byIndex(index: string, value: string): T[] {
    return this.#objects.byIndex(index, value);
  }

  addIndex(name: string, valuesOf: (object: T) => readonly string[]): void {
    this.#objects.addIndex(name, valuesOf);
  }

  select(namespace: string, selector: LabelSelector | undefined): T[] {
    return this.#objects.select(namespace, selector);
  }

  ownedBy(uid: string): T[] {
    return this.#objects.ownedBy(uid);
  }

  onChange(listener: (event: InformerEvent<T>) => void, replay = false): Disposable {
    if (replay) for (const object of this.#objects.list()) listener({ type: 'added', object });
    return this.#changes.event(listener);
  }

  #onStoreEvent(event: StoreEvent, read: (object: KubeObject) => T): void {
    const key = keyText(keyOf(event.entry.object));
    const object = read(event.entry.object);
    const old = this.#objects.at(key);
    if (event.type === 'delete') {
      if (!old) return;
      this.#objects.delete(key);
      this.#changes.fire({ type: 'deleted', object });
      return;
    }
    this.#objects.set(key, object);
    this.#changes.fire(old ? { type: 'updated', object, old } : { type: 'added', object });
  }
}

export interface InformerCache extends Cache, Disposable {}

/** `registry` says which kinds there are. */
export function createCache(store: Store, registry: Registry): InformerCache {
  const informers = new Map<string, StoreInformer<KubeObject>>();
  const informer = <T extends KubeObject>(kind: KindDefinition<T>): Informer<T> => {
    const id = `${kind.group}/${kind.version}/${kind.plural}/${kind.namespaced}`;
    let found = informers.get(id);
    if (!found) informers.set(id, (found = new StoreInformer<KubeObject>(store, kind as unknown as KindDefinition)));
    return found as unknown as Informer<T>;
  };
  return {
    informer,
    get: (kind, key) => informer(kind).get(key),
    list: (kind, namespace) => (namespace === undefined ? informer(kind).list() : informer(kind).list(namespace)),
    kinds: () => storedKinds(registry),
    caughtUp: () => undefined,
    onKindsChange: (listener) => registry.onResourcesChanged(listener),
    dispose() {
      for (const { watch } of informers.values()) watch.dispose();
      informers.clear();
    },
  };
}

/** One kind per stored resource: no second views, no virtual ones, one version of each custom resource. */
function storedKinds(registry: Registry): readonly KindDefinition[] {
  const byResource = new Map<string, KindDefinition>();
  for (const { kind } of registry.resources) {
    if (kind.virtual || kind.storedAs) continue;
    byResource.set(`${kind.group}/${kind.plural}`, kind);
  }
  return [...byResource.values()];
}
