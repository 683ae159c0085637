/**
 * Informers over the store's own frozen objects: one per kind, made when first asked for, in step with every
 * acknowledged write.
 */
import { Emitter } from '#common/base/emitter.ts';
import type { Disposable } from '#common/base/disposable.ts';
import { selectorFromLabelSelector } from '#common/api/labelSelector.ts';
import { controllerOf, type KubeObject, keyOf, keyText, type LabelSelector, type ObjectKey } from '#common/api/meta.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import type { Registry } from '../apiserver/registry/registry.ts';
import { type Store, type StoreEvent, storagePrefix } from '../store/store.ts';
import type { Cache, Informer, InformerEvent } from './client.ts';

interface Index<T> {
  readonly valuesOf: (object: T) => readonly string[];
  /** Value → objects by key, in order of insertion. */
  readonly buckets: Map<string, Map<string, T>>;
}

const ownerIndex = 'controllerUid';
const namespaceIndex = 'namespace';

class StoreInformer<T extends KubeObject> implements Informer<T> {
  readonly #objects = new Map<string, T>();
  readonly #indexes = new Map<string, Index<T>>();
  readonly #changes = new Emitter<InformerEvent<T>>();
  readonly #namespaced: boolean;
  readonly watch: Disposable;

  constructor(store: Store, kind: KindDefinition<T>) {
    this.#namespaced = kind.namespaced;
    this.addIndex(ownerIndex, (object) => {
      const owner = controllerOf(object);
      return owner ? [owner.uid] : [];
    });
    if (kind.namespaced) this.addIndex(namespaceIndex, (object) => [object.metadata.namespace ?? '']);
    const stored = kind.storedAs?.kind ?? kind;
    const prefix = storagePrefix(stored.group, stored.plural);
    const { entries, revision } = store.list(prefix);
    const read = kind.storedAs ? kind.storedAs.fromStored : (object: KubeObject): T => object as T;
    for (const entry of entries) this.#set(keyText(keyOf(entry.object)), read(entry.object));
    this.watch = store.watch(prefix, revision, (event) => this.#onStoreEvent(event, read));
  }

  get size(): number {
    return this.#objects.size;
  }

  get(key: ObjectKey): T | undefined {
    return this.#objects.get(this.#namespaced ? keyText(key) : key.name);
  }

  list(namespace?: string): T[] {
    if (namespace === undefined || !this.#namespaced) return [...this.#objects.values()];
    return this.byIndex(namespaceIndex, namespace);
  }

  byIndex(index: string, value: string): T[] {
    const bucket = this.#indexes.get(index)?.buckets.get(value);
    return bucket ? [...bucket.values()] : [];
  }

  addIndex(name: string, valuesOf: (object: T) => readonly string[]): void {
    if (this.#indexes.has(name)) return;
    const index: Index<T> = { valuesOf, buckets: new Map() };
    this.#indexes.set(name, index);
    for (const [key, object] of this.#objects) insert(index, key, object);
  }

  select(namespace: string, selector: LabelSelector | undefined): T[] {
    const compiled = selectorFromLabelSelector(selector);
    return this.list(namespace).filter((object) => compiled.matches(object.metadata.labels ?? {}));
  }

  ownedBy(uid: string): T[] {
    return this.byIndex(ownerIndex, uid);
  }

  onChange(listener: (event: InformerEvent<T>) => void, replay = false): Disposable {
    if (replay) for (const object of [...this.#objects.values()]) listener({ type: 'added', object });
    return this.#changes.event(listener);
  }

  #onStoreEvent(event: StoreEvent, read: (object: KubeObject) => T): void {
    const key = keyText(keyOf(event.entry.object));
    const object = read(event.entry.object);
    const old = this.#objects.get(key);
    if (event.type === 'delete') {
      if (!old) return;
      this.#remove(key, old);
      this.#changes.fire({ type: 'deleted', object });
      return;
    }
    if (old) this.#replace(key, old, object);
    else this.#set(key, object);
    this.#changes.fire(old ? { type: 'updated', object, old } : { type: 'added', object });
  }

  #set(key: string, object: T): void {
    this.#objects.set(key, object);
    for (const index of this.#indexes.values()) insert(index, key, object);
  }

  #replace(key: string, old: T, object: T): void {
    this.#objects.set(key, object);
    for (const index of this.#indexes.values()) {
      const before = index.valuesOf(old);
      const after = index.valuesOf(object);
      for (const value of before) if (!after.includes(value)) drop(index, value, key);
      // Setting an existing key keeps its place in the order.
      for (const value of after) insertInto(index, value, key, object);
    }
  }

  #remove(key: string, object: T): void {
    this.#objects.delete(key);
    for (const index of this.#indexes.values()) for (const value of index.valuesOf(object)) drop(index, value, key);
  }
}

function insert<T>(index: Index<T>, key: string, object: T): void {
  for (const value of index.valuesOf(object)) insertInto(index, value, key, object);
}

function insertInto<T>(index: Index<T>, value: string, key: string, object: T): void {
  const bucket = index.buckets.get(value);
  if (bucket) bucket.set(key, object);
  else index.buckets.set(value, new Map([[key, object]]));
}

function drop<T>(index: Index<T>, value: string, key: string): void {
  const bucket = index.buckets.get(value);
  if (bucket?.delete(key) && bucket.size === 0) index.buckets.delete(value);
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
