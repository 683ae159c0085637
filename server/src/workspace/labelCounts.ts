/** How often each label is used, by kind and namespace: kept as objects come and go, so that nobody has to count. */
import type { KindName } from '../facts/liveFacts.ts';

/** Key → value → how many have it. */
export type LabelUse = ReadonlyMap<string, ReadonlyMap<string, number>>;

const none: LabelUse = new Map();
const placeOf = ({ group, kind }: KindName, namespace: string): string => `${group}/${kind}\0${namespace}`;

export class LabelCounts {
  readonly #places = new Map<string, Map<string, Map<string, number>>>();

  /** `by` is 1 when it comes, -1 when it goes. */
  add(kind: KindName, namespace: string, key: string, value: string, by: 1 | -1): void {
    const place = placeOf(kind, namespace);
    let keys = this.#places.get(place);
    if (!keys) this.#places.set(place, (keys = new Map()));
    let values = keys.get(key);
    if (!values) keys.set(key, (values = new Map()));
    const count = (values.get(value) ?? 0) + by;
    if (count > 0) values.set(value, count);
    else if (values.delete(value) && values.size === 0 && keys.delete(key) && keys.size === 0) this.#places.delete(place);
  }

  get isEmpty(): boolean {
    return this.#places.size === 0;
  }

  of(kind: KindName, namespace: string): LabelUse {
    return this.#places.get(placeOf(kind, namespace)) ?? none;
  }
}

/** The same of objects that are counted once. */
export function countLabels(owners: readonly Readonly<Record<string, string>>[]): LabelUse {
  const use = new Map<string, Map<string, number>>();
  for (const labels of owners) {
    for (const key in labels) {
      let values = use.get(key);
      if (!values) use.set(key, (values = new Map()));
      const value = labels[key] ?? '';
      values.set(value, (values.get(value) ?? 0) + 1);
    }
  }
  return use;
}
