/**
 * All stored objects of a kind that few have and every request asks about: kept in the form that asking needs, and read
 * again only after one of them was written.
 */
import type { KubeObject } from '#common/api/meta.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import { type Entry, type Store, storagePrefix } from '../../../store/store.ts';

export interface StoredList<P> {
  /** By name. The same list as long as nothing changed. */
  all(): readonly P[];
}

/** `prepare` is called once for each revision of each object. */
export function storedList<T extends KubeObject, P>(
  store: Pick<Store, 'list' | 'watch' | 'revision'>,
  kind: KindDefinition<T>,
  prepare: (object: T) => P,
): StoredList<P> {
  const prefix = storagePrefix(kind.group, kind.plural);
  const prepared = new WeakMap<Entry, P>();
  let present: readonly P[] | undefined;
  let watching = false;
  const read = (entry: Entry): P => {
    const known = prepared.get(entry);
    if (known !== undefined) return known;
    const made = prepare(entry.object as T);
    prepared.set(entry, made);
    return made;
  };
  return {
    all() {
      if (present) return present;
      // It ends with the store.
      if (!watching) store.watch(prefix, store.revision, () => (present = undefined));
      watching = true;
      return (present = store.list(prefix).entries.map(read));
    },
  };
}
