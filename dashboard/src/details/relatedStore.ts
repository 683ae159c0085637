/** The objects around an object, as the collections that are watched for it bring them. */
import type { KubeObject } from '#common/api/meta.ts';
import { isJsonObject } from '#common/api/ownProperty.ts';
import type { ObjectSink } from '#apiClient/reflector.ts';
import type { RelatedObjects } from './describeContext.ts';
import type { RelatedWatch } from './relatedWatches.ts';

export interface KeptWatch extends RelatedWatch {
  keep(object: KubeObject): KubeObject;
}

export type BeginWatch = (watch: KeptWatch, sink: ObjectSink, signal: AbortSignal, onReached: () => void) => void;

interface Held {
  readonly watch: RelatedWatch;
  readonly stop: AbortController;
  readonly objects: Map<string, KubeObject>;
  isReached: boolean;
}

export class RelatedStore implements RelatedObjects {
  readonly #begin: BeginWatch;
  readonly #onChange: () => void;
  readonly #held = new Map<string, Held>();

  constructor(begin: BeginWatch, onChange: () => void) {
    this.#begin = begin;
    this.#onChange = onChange;
  }

  all(kind: string): readonly KubeObject[] {
    const found = new Map<string, KubeObject>();
    for (const { watch, objects } of this.#held.values()) {
      if (watch.kind !== kind) continue;
      // Where two collections have an object, the one that was asked for by a selector has it whole.
      for (const [uid, object] of objects) if (isSelective(watch) || !found.has(uid)) found.set(uid, object);
    }
    return [...found.values()];
  }

  isMissing(group: string, kind: string, namespace: string, name: string): boolean {
    for (const { watch, isReached, objects } of this.#held.values()) {
      const { only } = watch;
      if (watch.group !== group || watch.kind !== kind || only?.name !== name || only.namespace !== namespace) continue;
      return isReached && objects.size === 0;
    }
    return false;
  }

  /** From now on these; those that are watched already go on. */
  follow(watches: readonly RelatedWatch[], center: KubeObject): void {
    const wanted = new Set(watches.map(({ path }) => path));
    for (const [path, { stop }] of this.#held) {
      if (wanted.has(path)) continue;
      stop.abort();
      this.#held.delete(path);
    }
    for (const watch of watches) if (!this.#held.has(watch.path)) this.#follow(watch, center);
  }

  #follow(watch: RelatedWatch, center: KubeObject): void {
    const objects = new Map<string, KubeObject>();
    const uid = (object: KubeObject): string => object.metadata.uid ?? '';
    // Only what it says of this object matters of what is looked through for its name.
    const keep = (object: KubeObject): KubeObject =>
      isSelective(watch) || mayConcern(object, center) ? lean(object) : stub(object);
    const changed = (): void => {
      if (this.#held.get(watch.path) === held) this.#onChange();
    };
    const sink: ObjectSink = {
      replace: (_kind, all) => {
        objects.clear();
        for (const object of all) objects.set(uid(object), object);
        changed();
      },
      set: (_kind, object) => {
        objects.set(uid(object), object);
        changed();
      },
      remove: (_kind, object) => {
        objects.delete(uid(object));
        changed();
      },
    };
    const onReached = (): void => {
      if (held.isReached) return;
      held.isReached = true;
      changed();
    };
    const held: Held = { watch, objects, isReached: false, stop: new AbortController() };
    this.#held.set(watch.path, held);
    this.#begin({ ...watch, keep }, sink, held.stop.signal, onReached);
  }
}

const isSelective = ({ path }: RelatedWatch): boolean => path.includes('?');

/** Without the record of who set what, which is a large part of an object. */
export function lean(object: KubeObject): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

const stub = ({ apiVersion, kind, metadata }: KubeObject): KubeObject => ({
  ...(apiVersion ? { apiVersion } : {}),
  ...(kind ? { kind } : {}),
  metadata: {
    ...(metadata.uid ? { uid: metadata.uid } : {}),
    ...(metadata.name ? { name: metadata.name } : {}),
    ...(metadata.namespace ? { namespace: metadata.namespace } : {}),
  },
});

/** Whether the name occurs in it anywhere, it owns or is owned, or it selects by labels. */
function mayConcern(object: KubeObject, center: KubeObject): boolean {
  const { name, uid } = center.metadata;
  if (object.metadata.ownerReferences?.some((owner) => owner.uid === uid)) return true;
  const { metadata: _, status: __, ...said } = object as KubeObject & { spec?: unknown; status?: unknown };
  return hasSelector(said) || mentions(said, name ?? '');
}

const hasSelector = ({ spec }: { spec?: unknown }): boolean =>
  isJsonObject(spec) && (isJsonObject(spec['selector']) || isJsonObject(spec['podSelector'])) && !isJsonObject(spec['template']);

function mentions(value: unknown, name: string): boolean {
  if (value === name) return true;
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((each) => mentions(each, name));
}
