/** Label owners by label, and selectors by what they ask for, so that either finds the other without a scan. */
import type { Requirement, Selector } from '#common/api/labelSelector.ts';
import type { KindName } from '../facts/liveFacts.ts';
import { LabelCounts } from './labelCounts.ts';
import type { LabelOwner } from './labelOwners.ts';
import type { NamespaceScope, SelectorLink } from './links.ts';
import { SetsByKey } from './setsByKey.ts';

const kindKey = ({ group, kind }: KindName): string => `${group}/${kind}`;
const pairKey = (kind: string, key: string, value: string): string => [kind, key, value].join('\0');

/** The first requirement that a label must have one of a few values for. */
const anchorOf = ({ requirements }: Selector): Requirement | undefined =>
  requirements.find(({ operator }) => operator === '=' || operator === '==' || operator === 'in');

export class LabelIndex {
  readonly #owners = new SetsByKey<LabelOwner>();
  readonly #ownersByPair = new SetsByKey<LabelOwner>();
  readonly #selectorsByPair = new SetsByKey<SelectorLink>();
  /** Selectors without such a requirement. */
  readonly #otherSelectors = new SetsByKey<SelectorLink>();
  /** Every label that a selector mentions. */
  readonly #mentions = new SetsByKey<SelectorLink>();
  /** The labels that owners have, and those that selectors ask for. */
  readonly used = new LabelCounts();
  readonly asked = new LabelCounts();

  get isEmpty(): boolean {
    const sets = [this.#owners, this.#ownersByPair, this.#selectorsByPair, this.#otherSelectors, this.#mentions];
    return [...sets, this.used, this.asked].every(({ isEmpty }) => isEmpty);
  }

  addOwner(owner: LabelOwner): void {
    const kind = kindKey(owner.kind);
    this.#owners.add(kind, owner);
    for (const key in owner.labels) this.#ownersByPair.add(pairKey(kind, key, owner.labels[key] ?? ''), owner);
    this.#count(owner, 1);
  }

  deleteOwner(owner: LabelOwner): void {
    const kind = kindKey(owner.kind);
    this.#owners.delete(kind, owner);
    for (const key in owner.labels) this.#ownersByPair.delete(pairKey(kind, key, owner.labels[key] ?? ''), owner);
    this.#count(owner, -1);
  }

  addSelector(link: SelectorLink): void {
    this.#eachKey(link, (sets, key) => sets.add(key, link));
    this.#countAsked(link, 1);
  }

  deleteSelector(link: SelectorLink): void {
    this.#eachKey(link, (sets, key) => sets.delete(key, link));
    this.#countAsked(link, -1);
  }

  #count({ kind, labels, object }: LabelOwner, by: 1 | -1): void {
    for (const key in labels) this.used.add(kind, object.namespace, key, labels[key] ?? '', by);
  }

  #countAsked({ to, selector, scope }: SelectorLink, by: 1 | -1): void {
    if (scope === 'all' || !('only' in scope)) return;
    for (const { key, operator, values } of selector.requirements) {
      if (operator !== '=' && operator !== '==' && operator !== 'in') continue;
      for (const namespace of scope.only) for (const value of values) this.asked.add(to, namespace, key, value, by);
    }
  }

  #eachKey(link: SelectorLink, fn: (sets: SetsByKey<SelectorLink>, key: string) => void): void {
    const kind = kindKey(link.to);
    const anchor = anchorOf(link.selector);
    if (anchor) for (const value of anchor.values) fn(this.#selectorsByPair, pairKey(kind, anchor.key, value));
    else fn(this.#otherSelectors, kind);
    for (const { key, values } of link.selector.requirements) {
      for (const value of values) fn(this.#mentions, pairKey(kind, key, value));
    }
  }

  ownersOf(kind: KindName): Iterable<LabelOwner> {
    return this.#owners.get(kindKey(kind));
  }

  /** Whatever the selector matches in any namespace. */
  *matching(kind: KindName, selector: Selector): Generator<LabelOwner> {
    if (selector.matchesNothing) return;
    const anchor = anchorOf(selector);
    if (!anchor) {
      for (const owner of this.ownersOf(kind)) if (selector.matches(owner.labels)) yield owner;
      return;
    }
    for (const value of anchor.values) {
      for (const owner of this.#ownersByPair.get(pairKey(kindKey(kind), anchor.key, value))) {
        if (selector.matches(owner.labels)) yield owner;
      }
    }
  }

  /** The selectors that match the owner's labels, whatever its namespace. */
  *selecting(owner: LabelOwner): Generator<SelectorLink> {
    const kind = kindKey(owner.kind);
    for (const key in owner.labels) {
      for (const link of this.#selectorsByPair.get(pairKey(kind, key, owner.labels[key] ?? ''))) {
        if (link.selector.matches(owner.labels)) yield link;
      }
    }
    for (const link of this.#otherSelectors.get(kind)) if (link.selector.matches(owner.labels)) yield link;
  }

  withLabel(kind: KindName, key: string, value: string): Iterable<LabelOwner> {
    return this.#ownersByPair.get(pairKey(kindKey(kind), key, value));
  }

  /** The selectors that mention the label, in whatever way. */
  mentioning(kind: KindName, key: string, value: string): Iterable<SelectorLink> {
    return this.#mentions.get(pairKey(kindKey(kind), key, value));
  }
}

export function inScope(
  scope: NamespaceScope,
  namespace: string,
  labelsOfNamespace: (name: string) => Readonly<Record<string, string>>,
): boolean {
  if (scope === 'all') return true;
  if ('only' in scope) return scope.only.includes(namespace);
  return scope.labelled.matches(labelsOfNamespace(namespace));
}
