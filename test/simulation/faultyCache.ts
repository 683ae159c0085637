/**
 * A component's own informers, fed by watches with faults: late, with changes merged or told twice, and broken at any
 * point, after which a list makes up for what was missed. As any informer, they show an object's states in order, and
 * an object that took another's name comes after that one's deletion.
 */
import { type Disposable, DisposableStore, toDisposable } from '#common/base/disposable.ts';
import { Emitter } from '#common/base/emitter.ts';
import { keyOf, type KubeObject, keyText, type LabelSelector, type ObjectKey } from '#common/api/meta.ts';
import { apiVersionOf } from '#common/api/groupVersion.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import type { Cache, Informer, InformerEvent } from '#runtime/client/client.ts';
import { IndexedObjects } from '#runtime/client/indexedObjects.ts';
import type { Faults } from './faults.ts';

/** Whether a component watches this object at all: a node's kubelet only its own pods. */
export type Filter = (kind: KindDefinition, object: KubeObject) => boolean;

/** One change that is not told yet: what the object is now, or undefined when it is gone. */
interface Pending {
  readonly key: string;
  object: KubeObject;
  gone: boolean;
  due: number;
}

class FaultyInformer implements Informer<KubeObject> {
  readonly #source: Informer<KubeObject>;
  readonly #faults: Faults;
  readonly #sees: (object: KubeObject) => boolean;
  readonly #told: () => void;
  readonly #objects: IndexedObjects<KubeObject>;
  readonly #changes = new Emitter<InformerEvent<KubeObject>>();
  readonly #subscription: Disposable;
  #pending: Pending[] = [];
  #waiting: { readonly last: Pending | undefined; readonly resolve: () => void }[] = [];
  #timer: Disposable | undefined;
  #broken = false;
  #disposed = false;

  constructor(kind: KindDefinition, source: Informer<KubeObject>, faults: Faults, filter: Filter, told: () => void) {
    this.#source = source;
    this.#faults = faults;
    this.#sees = (object) => filter(kind, object);
    this.#told = told;
    this.#objects = new IndexedObjects(kind.namespaced);
    for (const object of source.list()) if (this.#sees(object)) this.#objects.set(keyText(keyOf(object)), object);
    this.#subscription = source.onChange((event) => this.#hear(event));
  }

  get size(): number {
    return this.#objects.size;
  }

  get(key: ObjectKey): KubeObject | undefined {
    return this.#objects.get(key);
  }

  list(namespace?: string): KubeObject[] {
    return this.#objects.list(namespace);
  }

  byIndex(index: string, value: string): KubeObject[] {
    return this.#objects.byIndex(index, value);
  }

  addIndex(name: string, valuesOf: (object: KubeObject) => readonly string[]): void {
    this.#objects.addIndex(name, valuesOf);
  }

  select(namespace: string, selector: LabelSelector | undefined): KubeObject[] {
    return this.#objects.select(namespace, selector);
  }

  ownedBy(uid: string): KubeObject[] {
    return this.#objects.ownedBy(uid);
  }

  onChange(listener: (event: InformerEvent<KubeObject>) => void, replay = false): Disposable {
    if (replay) for (const object of this.#objects.list()) listener({ type: 'added', object });
    return this.#changes.event(listener);
  }

  caughtUp(): Promise<void> | undefined {
    if (this.#disposed || (this.#pending.length === 0 && !this.#broken)) return undefined;
    return new Promise((resolve) => this.#waiting.push({ last: this.#pending.at(-1), resolve }));
  }

  /** Tells everything at once; for the end of the faults. */
  flush(): void {
    if (this.#broken) this.#relist();
    else this.#deliver(Infinity);
  }

  dispose(): void {
    this.#disposed = true;
    this.#subscription.dispose();
    this.#timer?.dispose();
    this.#changes.dispose();
    for (const { resolve } of this.#waiting) resolve();
    this.#waiting = [];
  }

  #hear(event: InformerEvent<KubeObject>): void {
    if (this.#broken) return;
    const key = keyText(keyOf(event.object));
    const gone = event.type === 'deleted' || !this.#sees(event.object);
    const before = this.#pending.findLast((pending) => pending.key === key);
    if (gone && !before && !this.#objects.at(key)) return;
    if (this.#faults.breaks()) return this.#break();
    if (before && !before.gone && this.#faults.merges()) {
      before.object = event.object;
      before.gone = gone;
      return;
    }
    const now = this.#faults.clock.now();
    // In the order in which it happened: nothing overtakes.
    const due = Math.max(now + this.#faults.lagMs(), this.#pending.at(-1)?.due ?? 0);
    if (due <= now && this.#pending.length === 0) {
      this.#tell({ key, object: event.object, gone, due });
      return;
    }
    this.#pending.push({ key, object: event.object, gone, due });
    this.#arm();
  }

  #arm(): void {
    const due = this.#pending[0]?.due;
    if (due === undefined || this.#timer) return;
    const { clock } = this.#faults;
    this.#timer = clock.setTimeout(() => {
      this.#timer = undefined;
      this.#deliver(clock.now());
    }, due - clock.now());
  }

  #deliver(until: number): void {
    for (let first = this.#pending[0]; first && first.due <= until; first = this.#pending[0]) {
      this.#pending.shift();
      this.#tell(first);
      for (const waiting of this.#waiting.filter(({ last }) => last === first)) waiting.resolve();
      this.#waiting = this.#waiting.filter(({ last }) => last !== first);
    }
    this.#arm();
  }

  #tell({ key, object, gone }: Pending): void {
    this.#told();
    const old = this.#objects.at(key);
    if (gone) {
      if (!old) return;
      this.#objects.delete(key);
      this.#changes.fire({ type: 'deleted', object: old.metadata.uid === object.metadata.uid ? object : old });
      return;
    }
    if (old && old.metadata.uid !== object.metadata.uid) {
      this.#objects.delete(key);
      this.#changes.fire({ type: 'deleted', object: old });
    }
    const known = this.#objects.at(key);
    this.#objects.set(key, object);
    this.#changes.fire(known ? { type: 'updated', object, old: known } : { type: 'added', object });
    if (this.#faults.repeats()) this.#changes.fire({ type: 'updated', object, old: object });
  }

  #break(): void {
    this.#broken = true;
    this.#timer?.dispose();
    this.#pending = [];
    // Who waits for something that was lost is answered after the list.
    this.#timer = this.#faults.clock.setTimeout(() => this.#relist(), this.#faults.breakMs());
  }

  /** Everything is read anew; the differences are told, deletions last. */
  #relist(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    this.#broken = false;
    const due = this.#faults.clock.now();
    const there = new Set<string>();
    for (const object of this.#source.list()) {
      if (!this.#sees(object)) continue;
      const key = keyText(keyOf(object));
      there.add(key);
      if (this.#objects.at(key) !== object) this.#tell({ key, object, gone: false, due });
    }
    for (const key of [...this.#objects.keys()]) {
      const object = this.#objects.at(key);
      if (object && !there.has(key)) this.#tell({ key, object, gone: true, due });
    }
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { resolve } of waiting) resolve();
  }
}

export interface FaultyCache extends Cache, Disposable {
  /** Every informer tells at once what it still held back. */
  flush(): void;
}

/** `told` is called for every change that a component is told of, as a sign of life. */
export function faultyCache(source: Cache, faults: Faults, filter: Filter, told: () => void): FaultyCache {
  const informers = new Map<string, FaultyInformer>();
  const disposables = new DisposableStore();
  const informerOf = (kind: KindDefinition): FaultyInformer => {
    const id = `${apiVersionOf(kind)}/${kind.plural}`;
    let informer = informers.get(id);
    if (!informer) informers.set(id, (informer = new FaultyInformer(kind, source.informer(kind), faults, filter, told)));
    return informer;
  };
  const informer = <T extends KubeObject>(kind: KindDefinition<T>): Informer<T> =>
    informerOf(kind as unknown as KindDefinition) as unknown as Informer<T>;
  disposables.add(
    toDisposable(() => {
      for (const each of informers.values()) each.dispose();
    }),
  );
  return {
    informer,
    get: (kind, key) => informer(kind).get(key),
    list: (kind, namespace) => (namespace === undefined ? informer(kind).list() : informer(kind).list(namespace)),
    kinds: () => source.kinds(),
    caughtUp: (kind) => informerOf(kind).caughtUp(),
    onKindsChange: (listener) => disposables.add(source.onKindsChange(listener)),
    flush() {
      for (const each of informers.values()) each.flush();
    },
    dispose: () => disposables.dispose(),
  };
}
