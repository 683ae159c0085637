/**
 * Where a served resource's objects lie, and how its version relates to the stored one. Kinds that are a second view of
 * the same objects (events.k8s.io over core events, autoscaling/v1 over v2) convert on the way in and out.
 */
import type { KubeObject, ObjectKey } from '#common/api/meta.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import { type Entry, storageKey, storagePrefix } from '../../store/store.ts';
import type { ObjectResult } from './registry.ts';

export interface Storage {
  /** The kind whose strategy and place the objects have. */
  readonly kind: KindDefinition;
  prefix(namespace: string | undefined): string;
  key(key: ObjectKey): string;
  toStored(object: KubeObject): KubeObject;
  fromStored(entry: Entry): ObjectResult;
  /** The state of an entry in the served version. */
  read(entry: Entry): KubeObject;
}

export function storageOf(kind: KindDefinition): Storage {
  const stored = kind.storedAs?.kind ?? kind;
  const place = {
    kind: stored,
    prefix: (namespace: string | undefined): string =>
      storagePrefix(stored.group, stored.plural, stored.namespaced ? namespace : undefined),
    key: (key: ObjectKey): string => storageKey(stored.group, stored.plural, stored.namespaced ? key.namespace : '', key.name),
  };
  const { storedAs } = kind;
  if (!storedAs) {
    return {
      ...place,
      toStored: (object) => object,
      fromStored: (entry) => ({ object: entry.object, entry }),
      read: (entry) => entry.object,
    };
  }
  const converted = new WeakMap<Entry, KubeObject>();
  const read = (entry: Entry): KubeObject => {
    let object = converted.get(entry);
    if (!object) converted.set(entry, (object = storedAs.fromStored(entry.object)));
    return object;
  };
  return { ...place, toStored: (object) => storedAs.toStored(object), fromStored: (entry) => ({ object: read(entry) }), read };
}
