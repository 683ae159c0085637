/**
 * How strategic merge patches merge lists: primitives as sets, structs by their merge key, with the order that
 * `$setElementOrder` asks for or, without it, the patch's order woven into the list's own.
 */
import { deepEqual } from '#common/base/freeze.ts';
import { goTypeText, goValueText } from './goText.ts';
import { type JsonObject, getOwn, isJsonObject } from './ownProperty.ts';
import { patchDirective, patchFailure, unknownPatchType, withoutDirectives } from './strategicDirectives.ts';

/** Merges a list element of the patch into the element of the same key. */
export type MergeElement = (before: JsonObject, after: JsonObject) => JsonObject;

export const removeFromPrimitiveList = (list: unknown[], deletions: unknown[]): unknown[] =>
  deletions.length === 0 ? list : list.filter((item) => !deletions.includes(item));

/** An element's identity: itself, or the value of its merge key. */
type IdentityOf = (item: unknown) => unknown;

function identityBy(mergeKey: string | undefined): IdentityOf {
  if (mergeKey === undefined) return (item) => item;
  return (item) => {
    if (!isJsonObject(item)) throw patchFailure(`expected a map[string]interface {}, but received a ${goTypeText(item)}`);
    if (!Object.hasOwn(item, mergeKey)) throw patchFailure(noMergeKey(item, mergeKey));
    return item[mergeKey];
  };
}

const noMergeKey = (item: JsonObject, mergeKey: string): string =>
  `map: ${goValueText(item)} does not contain declared merge key: ${mergeKey}`;

const indexIn = (list: readonly unknown[], identity: unknown): number => {
  const at = list.indexOf(identity);
  return at >= 0 || typeof identity !== 'object' ? at : list.findIndex((other) => deepEqual(other, identity));
};

/** The list merged with the patch's list, in the order of both as far as they agree. */
export function mergeList(
  original: unknown[],
  patch: unknown[],
  mergeKey: string | undefined,
  mergeElement: MergeElement,
): unknown[] {
  if (original.length === 0 && patch.length === 0) return original;
  checkSameKind(original, patch);
  if (!isJsonObject(original[0] ?? patch[0])) {
    const merged = [...new Set([...original, ...patch])];
    return weave(merged, patch, original, identityBy(undefined));
  }
  if (mergeKey === undefined) throw patchFailure('cannot merge lists without merge key for type map');
  const plan = directivesOf(original, patch, mergeKey);
  if (plan.replaced) return plan.items.map((item) => withoutDirectives(item, false));
  const merged = mergeElements(plan.kept, plan.items, mergeKey, mergeElement);
  return weave(merged, plan.items, original, identityBy(mergeKey));
}

function checkSameKind(original: unknown[], patch: unknown[]): void {
  const kindOf = (item: unknown): string => (item === null ? 'null' : Array.isArray(item) ? 'array' : typeof item);
  const kinds = new Set([...original, ...patch].map(kindOf));
  if (kinds.size > 1) {
    throw patchFailure(`list element types are not identical: [${goValueText(original)} ${goValueText(patch)}]`);
  }
  if (kinds.has('array')) throw patchFailure('not supporting list of lists');
}

interface ListPlan {
  /** The patch replaces the whole list. */
  replaced: boolean;
  /** The original's elements that the patch does not delete. */
  kept: unknown[];
  /** The patch's elements that are no directives. */
  items: unknown[];
}

function directivesOf(original: unknown[], patch: unknown[], mergeKey: string): ListPlan {
  const plan: ListPlan = { replaced: false, kept: original, items: [] };
  for (const item of patch) {
    if (!isJsonObject(item) || !Object.hasOwn(item, patchDirective)) {
      plan.items.push(item);
      continue;
    }
    const directive = item[patchDirective];
    if (directive === 'replace') plan.replaced = true;
    else if (directive === 'delete') {
      if (!Object.hasOwn(item, mergeKey)) throw patchFailure(noMergeKey(item, mergeKey));
      plan.kept = plan.kept.filter((other) => !isJsonObject(other) || !deepEqual(getOwn(other, mergeKey), item[mergeKey]));
    } else if (directive === 'merge') throw patchFailure('merging lists cannot yet be specified in the patch');
    else throw patchFailure(unknownPatchType(directive, item));
  }
  return plan;
}

function mergeElements(kept: unknown[], items: unknown[], mergeKey: string, mergeElement: MergeElement): unknown[] {
  const identityOf = identityBy(mergeKey);
  const merged = [...kept];
  const identities = merged.map((item) => (isJsonObject(item) ? getOwn(item, mergeKey) : undefined));
  for (const item of items) {
    const identity = identityOf(item);
    const at = indexIn(identities, identity);
    if (at >= 0) merged[at] = mergeElement(merged[at] as JsonObject, item as JsonObject);
    else {
      merged.push(withoutDirectives(item, false));
      identities.push(identity);
    }
  }
  return merged;
}

/**
 * Puts a merged list in order: what the patch names in the patch's order, the rest in the list's own. Where the two
 * meet, an element of the rest goes first only if it stood before the other one in the original.
 */
function weave(merged: unknown[], wanted: unknown[], original: unknown[], identityOf: IdentityOf): unknown[] {
  const order = wanted.map(identityOf);
  const before = original.map(identityOf);
  const named: { item: unknown; at: number; was: number }[] = [];
  const rest: { item: unknown; was: number }[] = [];
  for (const item of merged) {
    const identity = identityOf(item);
    const at = indexIn(order, identity);
    const was = indexIn(before, identity);
    if (at >= 0) named.push({ item, at, was });
    else rest.push({ item, was });
  }
  named.sort((a, b) => a.at - b.at);
  const result: unknown[] = [];
  let next = 0;
  for (const { item, was } of named) {
    for (let other = rest[next]; other && was >= 0 && other.was >= 0 && other.was < was; other = rest[++next]) {
      result.push(other.item);
    }
    result.push(item);
  }
  return [...result, ...rest.slice(next).map(({ item }) => item)];
}

export interface OrderedMerge {
  original: unknown[];
  patch: unknown[] | undefined;
  deletions: unknown[];
  order: unknown[];
  /** The directive's full name, for messages. */
  directive: string;
  mergeKey: string | undefined;
  mergeElement: MergeElement;
}

/** A list merged with the patch's, if there is one, and put in the order that the patch asks for. */
export function orderList({ original, patch, deletions, order, directive, mergeKey, mergeElement }: OrderedMerge): unknown[] {
  const identityOf = identityBy(mergeKey);
  const places = order.map(identityOf);
  if (patch) checkOrder(patch, order, places, identityOf, directive);
  const kept = removeFromPrimitiveList(original, deletions);
  const merged = patch ? mergeList(kept, patch, mergeKey, mergeElement) : kept;
  return weave(merged, order, original, identityOf);
}

/** The patch's elements must come in the order that the directive gives. */
function checkOrder(patch: unknown[], order: unknown[], places: unknown[], identityOf: IdentityOf, directive: string): void {
  let at = 0;
  for (const item of patch) {
    if (isJsonObject(item) && Object.hasOwn(item, patchDirective)) continue;
    const identity = identityOf(item);
    while (at < places.length && !deepEqual(places[at], identity)) at++;
    if (at === places.length) {
      throw patchFailure(
        `The order in patch list:\n${goValueText(patch)}\n doesn't match ${directive.split('/')[0]} list:\n${goValueText(order)}\n`,
      );
    }
    at++;
  }
}
