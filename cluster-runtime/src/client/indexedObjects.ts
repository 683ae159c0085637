/**
 * The objects that an informer knows, by key and by index. Lists are in order of insertion; setting an object that is
 * there keeps its place.
 */
import { selectorFromLabelSelector } from '#common/api/labelSelector.ts';
import { controllerOf, type KubeObject, keyText, type LabelSelector, type ObjectKey } from '#common/api/meta.ts';

interface Index<T> {
  readonly valuesOf: (object: T) => readonly string[];
  /** Value → objects by key, in order of insertion. */
  readonly buckets: Map<string, Map<string, T>>;
}

const ownerIndex = 'controllerUid';
const namespaceIndex = 'namespace';

export class IndexedObjects<T extends KubeObject> {
  readonly #objects = new Map<string, T>();
  readonly #indexes = new Map<string, Index<T>>();
  readonly #namespaced: boolean;

  constructor(namespaced: boolean) {
    this.#namespaced = namespaced;
    this.addIndex(ownerIndex, (object) => {
      const owner = controllerOf(object);
      return owner ? [owner.uid] : [];
    });
    if (namespaced) this.addIndex(namespaceIndex, (object) => [object.metadata.namespace ?? '']);
  }

  get size(): number {
    return this.#objects.size;
  }

  get(key: ObjectKey): T | undefined {
    return this.#objects.get(this.#namespaced ? keyText(key) : key.name);
  }

  at(key: string): T | undefined {
    return this.#objects.get(key);
  }

  keys(): Iterable<string> {
    return this.#objects.keys();
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

  set(key: string, object: T): void {
    const old = this.#objects.get(key);
    this.#objects.set(key, object);
    for (const index of this.#indexes.values()) {
      if (old) {
        const after = index.valuesOf(object);
        for (const value of index.valuesOf(old)) if (!after.includes(value)) drop(index, value, key);
      }
      insert(index, key, object);
    }
  }

  delete(key: string): void {
    const object = this.#objects.get(key);
    if (!object) return;
    this.#objects.delete(key);
    for (const index of this.#indexes.values()) for (const value of index.valuesOf(object)) drop(index, value, key);
  }
}

function insert<T>(index: Index<T>, key: string, object: T): void {
  for (const value of index.valuesOf(object)) {
    const bucket = index.buckets.get(value);
    if (bucket) bucket.set(key, object);
    else index.buckets.set(value, new Map([[key, object]]));
  }
}

function drop<T>(index: Index<T>, value: string, key: string): void {
  const bucket = index.buckets.get(value);
  if (bucket?.delete(key) && bucket.size === 0) index.buckets.delete(value);
}
