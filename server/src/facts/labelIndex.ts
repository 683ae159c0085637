/**
 * Finds objects by their labels without looking at all of them: per namespace, the objects that have a given pair, and those
 * that have a given key.
 */
import type { Requirement, Selector } from '#common/api/labelSelector.ts';
import type { UntypedObject } from '#common/api/meta.ts';
import { LabelCounts, type LabelUse } from '../workspace/labelCounts.ts';
import { SetsByKey } from '../workspace/setsByKey.ts';
import type { KindName } from './liveFacts.ts';

/** A label's key has no `=`, so no pair is another, nor a key. Joined, so that no tree of pieces stays in memory. */
const pairText = (key: string, value: string): string => [key, value].join('=');

function* termsOf(labels: Readonly<Record<string, string>>): Generator<string> {
  for (const [key, value] of Object.entries(labels)) {
    yield key;
    yield pairText(key, value);
  }
}

export class LabelIndex {
  readonly #kind: KindName;
  readonly #namespaces = new Map<string, SetsByKey<UntypedObject>>();
  #counts = new LabelCounts();

  constructor(kind: KindName) {
    this.#kind = kind;
  }

  /** Which labels there are in a namespace, with how many objects have each. */
  use(namespace: string): LabelUse {
    return this.#counts.of(this.#kind, namespace);
  }

  #count({ metadata: { namespace = '', labels = {} } }: UntypedObject, by: 1 | -1): void {
    for (const key in labels) this.#counts.add(this.#kind, namespace, key, labels[key] ?? '', by);
  }

  add(object: UntypedObject): void {
    const { namespace = '', labels = {} } = object.metadata;
    let terms = this.#namespaces.get(namespace);
    if (!terms) this.#namespaces.set(namespace, (terms = new SetsByKey()));
    this.#count(object, 1);
    for (const term of termsOf(labels)) terms.add(term, object);
  }

  remove(object: UntypedObject): void {
    const { namespace = '', labels = {} } = object.metadata;
    const terms = this.#namespaces.get(namespace);
    if (!terms) return;
    this.#count(object, -1);
    for (const term of termsOf(labels)) terms.delete(term, object);
    if (terms.isEmpty) this.#namespaces.delete(namespace);
  }

  clear(): void {
    this.#namespaces.clear();
    this.#counts = new LabelCounts();
  }

  /** Undefined when the selector wants no pair and no key, so that all objects of the namespace have to be looked at. */
  find(namespace: string, selector: Selector): UntypedObject[] | undefined {
    const terms = this.#namespaces.get(namespace);
    let fewest: readonly string[] | undefined;
    let fewestCount = Infinity;
    for (const requirement of selector.requirements) {
      const wanted = termsFor(requirement);
      const count = wanted?.reduce((sum, term) => sum + (terms?.sizeOf(term) ?? 0), 0) ?? Infinity;
      if (count < fewestCount) [fewest, fewestCount] = [wanted, count];
    }
    if (!fewest) return undefined;
    const candidates = terms ? fewest.flatMap((term) => [...terms.get(term)]) : [];
    return selector.requirements.length === 1
      ? candidates
      : candidates.filter(({ metadata }) => selector.matches(metadata.labels));
  }
}

/** Objects have one of them at most, since an object has one value for a key. */
function termsFor({ key, operator, values }: Requirement): readonly string[] | undefined {
  if (operator === 'exists') return [key];
  if (operator !== '=' && operator !== '==' && operator !== 'in') return undefined;
  return values.map((value) => pairText(key, value));
}
