/**
 * Strategic merge patch: a merge patch that knows the type's structure, so that lists of structs merge by key and
 * directives (`$patch`, `$retainKeys`, `$setElementOrder/…`, `$deleteFromPrimitiveList/…`) say what plain JSON cannot.
 * Lists are merged in strategicListMerge.ts. The result shares whatever the patch leaves alone.
 */
import { deepEqual } from '#common/base/freeze.ts';
import { goTypeText, jsonKindText } from './goText.ts';
import { type JsonObject, getOwn, isJsonObject, setOwn } from './ownProperty.ts';
import type { Field, SchemaType, StructType } from './schemaType.ts';
import { type ApiError, badRequest } from './status.ts';
import {
  deletePrefix,
  dropped,
  isDirective,
  orderPrefix,
  patchDirective,
  patchFailure,
  retainKeys,
  unknownPatchType,
  withoutDirectives,
} from './strategicDirectives.ts';
import { type MergeElement, mergeList, orderList, removeFromPrimitiveList } from './strategicListMerge.ts';

/** Deeper patches are refused, so that no request can exhaust the stack. */
const deepest = 1000;

/**
 * Applies a parsed patch to an object of `type`. The object keeps its apiVersion and kind whatever the patch says.
 * Throws ApiErrors: 400 for a malformed patch, 500 for directives and list elements that cannot be applied.
 */
export function applyStrategicMergePatch(document: JsonObject, patch: unknown, type: StructType): JsonObject {
  if (patch === null) return document;
  if (!isJsonObject(patch)) {
    throw badRequest(`json: cannot unmarshal ${jsonKindText(patch)} into Go value of type map[string]interface {}`);
  }
  const { apiVersion: _version, kind: _kind, ...body } = patch;
  return mergeMap(document, body, type, 0);
}

/** The type of what `key` holds, and how it merges. Maps and unstructured parts merge key by key. */
function memberOf(type: SchemaType | undefined, key: string): { type: SchemaType | undefined; field: Field | undefined } {
  if (type?.kind === 'struct') {
    const field = type.fields.get(key);
    return { type: field?.type, field };
  }
  return { type: type?.kind === 'map' ? type.value : undefined, field: undefined };
}

function mergeMap(original: JsonObject, patch: JsonObject, type: SchemaType | undefined, depth: number): JsonObject {
  if (depth > deepest) throw badRequest('exceeded max depth');
  if (Object.hasOwn(patch, patchDirective)) {
    const directive = patch[patchDirective];
    if (directive === 'delete') return {};
    if (directive === 'replace') {
      const { [patchDirective]: _directive, ...rest } = patch;
      return withoutDirectives(rest, false) as JsonObject;
    }
    throw patchFailure(unknownPatchType(directive, patch));
  }
  const draft = new MapDraft(original);
  if (Object.hasOwn(patch, retainKeys)) retain(draft, patch);
  orderLists(draft, patch, type, depth);
  for (const key of Object.keys(patch)) mergeKey(draft, patch, key, type, depth);
  return draft.result;
}

/** Copies the original on the first real change. */
class MapDraft {
  result: JsonObject;
  readonly original: JsonObject;

  constructor(original: JsonObject) {
    this.original = original;
    this.result = original;
  }

  set(key: string, value: unknown): void {
    if (Object.hasOwn(this.result, key) && (this.result[key] === value || deepEqual(this.result[key], value))) return;
    this.#own();
    setOwn(this.result, key, value);
  }

  delete(key: string): void {
    if (!Object.hasOwn(this.result, key)) return;
    this.#own();
    delete this.result[key];
  }

  #own(): void {
    if (this.result === this.original) this.result = { ...this.original };
  }
}

/** `$retainKeys` lists all keys that stay; whatever the patch sets has to be among them. */
function retain(draft: MapDraft, patch: JsonObject): void {
  const kept = patch[retainKeys];
  const bad = (): ApiError => badRequest('invalid patch format of retainKeys');
  if (!Array.isArray(kept)) throw bad();
  for (const key of Object.keys(patch)) if (!isDirective(key) && patch[key] !== null && !kept.includes(key)) throw bad();
  for (const key of Object.keys(draft.original)) if (!kept.includes(key)) draft.delete(key);
}

const mergesAsList = (field: Field | undefined): boolean => field?.patchStrategy?.includes('merge') ?? false;
const replaces = (field: Field | undefined): boolean => field?.patchStrategy?.includes('replace') ?? false;

/** How elements of a list field merge: the rest of the recursion, handed to the list's merge. */
function elementMerge(field: Field, depth: number): MergeElement {
  const item = field.type.kind === 'list' ? field.type.item : undefined;
  return (before, after) => mergeMap(before, after, item, depth + 1);
}

/** Applies each `$setElementOrder/…`, together with the list and the deletions that come with it. */
function orderLists(draft: MapDraft, patch: JsonObject, type: SchemaType | undefined, depth: number): void {
  for (const directive of Object.keys(patch)) {
    if (!directive.startsWith(orderPrefix)) {
      if (directive === orderPrefix.slice(0, -1)) throw badRequest('invalid patch format of setElementOrder list');
      continue;
    }
    const key = directive.slice(orderPrefix.length);
    const order = listOf(patch[directive]);
    const { field } = memberOf(type, key);
    if (type?.kind === 'struct' && !field) {
      const name = type.goName.slice(type.goName.lastIndexOf('.') + 1);
      throw patchFailure(`unable to find api field in struct ${name} for the json field ${JSON.stringify(key)}`);
    }
    const now = Object.hasOwn(draft.result, key) ? listOf(draft.result[key]) : undefined;
    const wanted = Object.hasOwn(patch, key) ? listOf(patch[key]) : undefined;
    if (!field || !mergesAsList(field) || (!now && !wanted)) continue;
    draft.set(
      key,
      orderList({
        original: now ?? [],
        patch: wanted,
        deletions: listIfAny(getOwn(patch, deletePrefix + key)),
        order,
        directive,
        mergeKey: field.patchMergeKey,
        mergeElement: elementMerge(field, depth),
      }),
    );
  }
}

function listOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  throw patchFailure(`expected a []interface {}, but received a ${value === null ? '%!s(<nil>)' : goTypeText(value)}`);
}
const listIfAny = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

function mergeKey(draft: MapDraft, patch: JsonObject, key: string, type: SchemaType | undefined, depth: number): void {
  if (key === retainKeys || key.startsWith(orderPrefix)) return;
  const wanted = patch[key];
  if (key.startsWith(deletePrefix)) {
    const name = key.slice(deletePrefix.length);
    const now = getOwn(draft.result, name);
    if (Array.isArray(now) && Array.isArray(wanted)) draft.set(name, removeFromPrimitiveList(now, wanted));
    return;
  }
  if (wanted === null) return draft.delete(key);
  const { type: memberType, field } = memberOf(type, key);
  // `$setElementOrder` has merged the list already.
  if (Object.hasOwn(patch, orderPrefix + key) && mergesAsList(field)) return;
  const now = getOwn(draft.result, key);
  if (isJsonObject(now) && isJsonObject(wanted) && !replaces(field)) {
    return draft.set(key, mergeMap(now, wanted, memberType, depth + 1));
  }
  if (Array.isArray(now) && Array.isArray(wanted) && field && mergesAsList(field)) {
    const deletions = listIfAny(getOwn(patch, deletePrefix + key));
    const kept = removeFromPrimitiveList(now, deletions);
    return draft.set(key, mergeList(kept, wanted, field.patchMergeKey, elementMerge(field, depth)));
  }
  const value = withoutDirectives(wanted, true);
  if (value !== dropped) draft.set(key, value);
}
