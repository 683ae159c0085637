/**
 * A registry for tests of the edge: keeps objects as they come, in a real store, with no defaults, validation or
 * admission. Selectors and patches beyond a merge are the real registry's business.
 */
import type { KubeObject, ObjectKey } from '#common/api/meta.ts';
import { alreadyExists, notFound } from '#common/api/status.ts';
import type { Disposable } from '#common/base/disposable.ts';
import { unexpected } from '#common/base/unexpected.ts';
import { allKinds } from '#common/kinds/allKinds.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import { typeOfKind } from '#common/schema/builtinTypes.ts';
import { MemoryStore } from '../../store/memoryStore.ts';
import { type Entry, type Store, storageKey, storagePrefix } from '../../store/store.ts';
import type { ListAnswer, ObjectResult, Registry, Resource, WatchEvent } from '../registry/registry.ts';

const result = (entry: Entry, created = false): ObjectResult => ({ object: entry.object, entry, created });

class FakeResource implements Resource {
  readonly kind: KindDefinition;
  readonly listKind: string;
  readonly custom?: { storageVersion: string };
  readonly #store: Store;

  constructor(kind: KindDefinition, store: Store) {
    this.kind = kind;
    this.listKind = `${kind.kind}List`;
    this.#store = store;
  }

  get type(): Resource['type'] {
    return typeOfKind(this.kind) ?? unexpected(`no structure for ${this.kind.kind}`);
  }

  #key = (key: ObjectKey): string => storageKey(this.kind.group, this.kind.plural, key.namespace, key.name);

  #entry(key: ObjectKey): Entry {
    const entry = this.#store.get(this.#key(key));
    if (!entry) throw notFound({ group: this.kind.group, resource: this.kind.plural }, key.name);
    return entry;
  }

  get(key: ObjectKey): ObjectResult {
    return result(this.#entry(key));
  }

  getScale(key: ObjectKey): ObjectResult {
    const { object } = this.#entry(key);
    return {
      object: {
        apiVersion: 'autoscaling/v1',
        kind: 'Scale',
        metadata: { name: key.name },
        spec: (object as { spec?: unknown }).spec,
      } as KubeObject,
    };
  }

  list(query: Parameters<Resource['list']>[0]): ListAnswer {
    const { entries, revision } = this.#store.list(storagePrefix(this.kind.group, this.kind.plural, query.namespace));
    return { resourceVersion: String(revision), items: entries.map((entry) => result(entry)) };
  }

  watch(query: Parameters<Resource['watch']>[0], onEvents: (events: readonly WatchEvent[]) => void): Disposable {
    const prefix = storagePrefix(this.kind.group, this.kind.plural, query.namespace);
    const from = query.resourceVersion ? Number(query.resourceVersion) : this.#store.revision;
    if (!query.resourceVersion) {
      const initial = this.#store
        .list(prefix)
        .entries.map((entry): WatchEvent => ({ type: 'ADDED', object: entry.object, entry, revision: entry.revision }));
      if (query.sendInitialEvents) initial.push({ type: 'BOOKMARK', revision: from, initialEventsEnd: true });
      if (initial.length > 0) onEvents(initial);
    }
    return this.#store.watch(prefix, from, (event) => {
      const type = event.type === 'delete' ? 'DELETED' : event.previous ? 'MODIFIED' : 'ADDED';
      onEvents([{ type, object: event.entry.object, entry: event.entry, revision: event.revision }]);
    });
  }

  async create(namespace: string, object: KubeObject): Promise<ObjectResult> {
    const name = object.metadata.name ?? unexpected('an object without a name');
    const key = this.#key({ namespace, name });
    if (this.#store.get(key)) throw alreadyExists({ group: this.kind.group, resource: this.kind.plural }, name);
    const metadata = { ...object.metadata, uid: `uid-of-${name}`, creationTimestamp: '2026-01-01T00:00:00Z' };
    return result(await this.#store.create(key, { ...object, metadata }), true);
  }

  async update(key: ObjectKey, object: KubeObject): Promise<ObjectResult> {
    const entry = this.#entry(key);
    return result(
      await this.#store.update(
        entry.key,
        { ...object, metadata: { ...entry.object.metadata, ...object.metadata } },
        entry.revision,
      ),
    );
  }

  async patch(key: ObjectKey, { patch }: Parameters<Resource['patch']>[1]): Promise<ObjectResult> {
    return this.update(key, { ...this.#entry(key).object, ...(patch as object) });
  }

  async delete(key: ObjectKey): ReturnType<Resource['delete']> {
    const entry = this.#entry(key);
    await this.#store.delete(entry.key, entry.revision);
    return { type: 'status', name: key.name, uid: entry.object.metadata.uid ?? '' };
  }

  async deleteCollection(query: Parameters<Resource['list']>[0]): Promise<ListAnswer> {
    const answer = this.list(query);
    for (const { object } of answer.items)
      await this.delete({ namespace: object.metadata.namespace ?? '', name: object.metadata.name ?? '' });
    return answer;
  }
}

export function createFakeRegistry(kinds: readonly KindDefinition[] = allKinds): { registry: Registry; store: Store } {
  const store = new MemoryStore();
  const byName = new Map(
    kinds.map((kind) => [`${kind.group}/${kind.version}/${kind.plural}`, new FakeResource(kind, store) as Resource]),
  );
  const registry: Registry = {
    review: () => undefined,
    bind: async () => undefined,
    resource: (group, version, plural) => byName.get(`${group}/${version}/${plural}`),
    resourceOf: <T extends KubeObject>(kind: KindDefinition<T>) =>
      (byName.get(`${kind.group}/${kind.version}/${kind.plural}`) ??
        unexpected(`${kind.kind} is not served`)) as unknown as Resource<T>,
    resources: [...byName.values()],
    onResourcesChanged: () => ({ dispose: () => undefined }),
  };
  return { registry, store };
}
