/**
 * The store as one version of a custom resource sees it: what is read is converted to that version, what is written to the
 * version that is stored. The registry works on such a view without knowing of versions.
 */
import type { Disposable } from '#common/base/disposable.ts';
import type { KubeObject } from '#common/api/meta.ts';
import type { Entry, ListOptions, ListResult, Store, StoreEvent } from '../../store/store.ts';

/** Both give back the object itself when nothing needs to change. */
export interface Conversion {
  toStored(object: KubeObject): KubeObject;
  fromStored(object: KubeObject): KubeObject;
}

export class ConvertedStore implements Store {
  readonly #store: Store;
  readonly #conversion: Conversion;
  /** Each revision is converted once. */
  readonly #converted = new WeakMap<Entry, Entry>();

  constructor(store: Store, conversion: Conversion) {
    this.#store = store;
    this.#conversion = conversion;
  }

  get revision(): number {
    return this.#store.revision;
  }

  get oldestRevision(): number {
    return this.#store.oldestRevision;
  }

  get(key: string): Entry | undefined {
    const entry = this.#store.get(key);
    return entry && this.#read(entry);
  }

  list(prefix: string, options?: ListOptions): ListResult {
    const answer = this.#store.list(prefix, options);
    return { ...answer, entries: answer.entries.map((entry) => this.#read(entry)) };
  }

  count(prefix: string): number {
    return this.#store.count(prefix);
  }

  async create(key: string, object: KubeObject): Promise<Entry> {
    return this.#read(await this.#store.create(key, this.#conversion.toStored(object)));
  }

  async update(key: string, object: KubeObject, expected: number): Promise<Entry> {
    return this.#read(await this.#store.update(key, this.#conversion.toStored(object), expected));
  }

  async delete(key: string, expected: number, object?: KubeObject): Promise<Entry> {
    return this.#read(await this.#store.delete(key, expected, object && this.#conversion.toStored(object)));
  }

  watch(prefix: string, fromRevision: number, listener: (event: StoreEvent) => void): Disposable {
    return this.#store.watch(prefix, fromRevision, (event) => {
      const { previous } = event;
      const entry = this.#read(event.entry);
      if (event.type === 'delete') listener({ ...event, entry, previous: this.#read(event.previous) });
      else listener({ ...event, entry, previous: previous && this.#read(previous) });
    });
  }

  compact(revision: number): void {
    this.#store.compact(revision);
  }

  fork(): Store {
    return new ConvertedStore(this.#store.fork(), this.#conversion);
  }

  flush(): Promise<void> {
    return this.#store.flush();
  }

  /** Closes the store itself. */
  close(): Promise<void> {
    return this.#store.close();
  }

  #read(entry: Entry): Entry {
    let converted = this.#converted.get(entry);
    if (!converted) this.#converted.set(entry, (converted = this.#convert(entry)));
    return converted;
  }

  #convert(entry: Entry): Entry {
    const object = this.#conversion.fromStored(entry.object);
    if (object === entry.object) return entry;
    let bytes: Buffer | undefined;
    return { key: entry.key, revision: entry.revision, object, bytes: () => (bytes ??= Buffer.from(JSON.stringify(object))) };
  }
}
