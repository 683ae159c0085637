/** The live objects of one kind by namespace and name. Lists are made when asked for and kept until something changes. */
import type { UntypedObject } from '#common/api/meta.ts';

const nothing: readonly never[] = [];

export class KindTable {
  readonly #namespaces = new Map<string, Map<string, UntypedObject>>();
  readonly #lists = new Map<string, readonly UntypedObject[]>();
  #all: readonly UntypedObject[] | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(namespace: string, name: string): UntypedObject | undefined {
    return this.#namespaces.get(namespace)?.get(name);
  }

  list(namespace?: string): readonly UntypedObject[] {
    if (namespace === undefined)
      return (this.#all ??= [...this.#namespaces.values()].flatMap((objects) => [...objects.values()]));
    const known = this.#lists.get(namespace);
    if (known) return known;
    const objects = this.#namespaces.get(namespace);
    if (!objects) return nothing;
    const list = [...objects.values()];
    this.#lists.set(namespace, list);
    return list;
  }

  /** Gives back what was there before. */
  set(object: UntypedObject): UntypedObject | undefined {
    const { namespace = '', name = '' } = object.metadata;
    let objects = this.#namespaces.get(namespace);
    if (!objects) this.#namespaces.set(namespace, (objects = new Map()));
    const before = objects.get(name);
    objects.set(name, object);
    if (!before) this.#size++;
    this.#changed(namespace);
    return before;
  }

  delete(namespace: string, name: string): UntypedObject | undefined {
    const objects = this.#namespaces.get(namespace);
    const before = objects?.get(name);
    if (!objects || !before) return undefined;
    objects.delete(name);
    if (objects.size === 0) this.#namespaces.delete(namespace);
    this.#size--;
    this.#changed(namespace);
    return before;
  }

  clear(): void {
    this.#namespaces.clear();
    this.#lists.clear();
    this.#all = undefined;
    this.#size = 0;
  }

  #changed(namespace: string): void {
    this.#lists.delete(namespace);
    this.#all = undefined;
  }
}
