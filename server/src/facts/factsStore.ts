/** The live objects that are known, by kind, and the pods by their labels. Says nothing of where they come from. */
import type { Selector } from '#common/api/labelSelector.ts';
import { type KubeObject, keyOf, keyText, type UntypedObject } from '#common/api/meta.ts';
import { KindTable } from './kindTable.ts';
import { LabelIndex } from './labelIndex.ts';
import type { LabelUse } from '../workspace/labelCounts.ts';
import type { KindName } from './liveFacts.ts';
import { type WatchedKind, watchedKinds } from './watchedKinds.ts';

const nothing: readonly never[] = [];
export const kindText = ({ group, kind }: KindName): string => `${group}/${kind}`;
const podKind: KindName = { group: '', kind: 'Pod' };

interface Held {
  readonly table: KindTable;
  /** Of a kind of which only the newest are kept: the oldest first. */
  readonly order: Map<string, UntypedObject> | undefined;
  readonly newest: number;
}

export class FactsStore {
  readonly #kinds: ReadonlyMap<string, Held>;
  readonly #podLabels = new LabelIndex(podKind);
  /** Of `podsMatching`, until a pod changes: rules and hovers ask the same again and again. */
  readonly #answers = new Map<string, readonly UntypedObject[]>();

  constructor(kinds: readonly WatchedKind[] = watchedKinds) {
    this.#kinds = new Map(
      kinds.map((kind) => [
        kindText(kind),
        {
          table: new KindTable(),
          order: kind.newest ? new Map<string, UntypedObject>() : undefined,
          newest: kind.newest ?? Infinity,
        },
      ]),
    );
  }

  get(kind: KindName, namespace: string, name: string): UntypedObject | undefined {
    return this.#held(kind)?.table.get(namespace, name);
  }

  list(kind: KindName, namespace?: string): readonly UntypedObject[] {
    return this.#held(kind)?.table.list(namespace) ?? nothing;
  }

  podLabels(namespace: string): LabelUse {
    return this.#podLabels.use(namespace);
  }

  podsMatching(namespace: string, selector: Selector): readonly UntypedObject[] {
    if (selector.matchesNothing) return nothing;
    if (selector.isEmpty) return this.list(podKind, namespace);
    const question = `${namespace} ${selector.text}`;
    const known = this.#answers.get(question);
    if (known) return known;
    const answer =
      this.#podLabels.find(namespace, selector) ??
      this.list(podKind, namespace).filter(({ metadata }) => selector.matches(metadata.labels));
    this.#answers.set(question, answer);
    return answer;
  }

  replace(kind: KindName, objects: readonly KubeObject[]): void {
    const held = this.#held(kind);
    if (!held) return;
    held.table.clear();
    held.order?.clear();
    if (isPod(kind)) {
      this.#podLabels.clear();
      this.#answers.clear();
    }
    const given = held.order ? objects.toSorted((a, b) => compareText(changedAt(a), changedAt(b))) : objects;
    for (const object of given) this.set(kind, object);
  }

  set(kind: KindName, object: KubeObject): void {
    const held = this.#held(kind);
    if (!held) return;
    const kept = object as UntypedObject;
    const before = held.table.set(kept);
    if (isPod(kind)) {
      this.#answers.clear();
      if (before) this.#podLabels.remove(before);
      this.#podLabels.add(kept);
    }
    if (held.order) keepNewest(held, kept);
  }

  remove(kind: KindName, object: KubeObject): void {
    const held = this.#held(kind);
    if (!held) return;
    const { namespace, name } = keyOf(object);
    const before = held.table.delete(namespace, name);
    if (before && isPod(kind)) {
      this.#answers.clear();
      this.#podLabels.remove(before);
    }
    held.order?.delete(keyText({ namespace, name }));
  }

  clear(): void {
    for (const { table, order } of this.#kinds.values()) {
      table.clear();
      order?.clear();
    }
    this.#podLabels.clear();
    this.#answers.clear();
  }

  #held(kind: KindName): Held | undefined {
    return this.#kinds.get(kindText(kind));
  }
}

const isPod = ({ group, kind }: KindName): boolean => kind === 'Pod' && group === '';

function keepNewest({ table, order, newest }: Held, object: UntypedObject): void {
  if (!order) return;
  const key = keyText(keyOf(object));
  order.delete(key);
  order.set(key, object);
  for (const [oldest, { metadata }] of order) {
    if (order.size <= newest) return;
    order.delete(oldest);
    table.delete(metadata.namespace ?? '', metadata.name ?? '');
  }
}

/** When an event was last seen. */
function changedAt(object: KubeObject): string {
  const { lastTimestamp, eventTime } = object as UntypedObject;
  return [lastTimestamp, eventTime, object.metadata.creationTimestamp].find((time) => typeof time === 'string') ?? '';
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
