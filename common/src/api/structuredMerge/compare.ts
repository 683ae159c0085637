/**
 * What changed between two versions of an object, as field sets. Shared parts are skipped by reference, so comparing
 * costs about as much as changing did.
 */
import { deepEqual } from '#common/base/freeze.ts';
import type { Field, ListType, SchemaType, StructType } from '../schemaType.ts';
import { getOwn, isJsonObject, type JsonObject } from '../ownProperty.ts';
import { type FieldSet, emptySet, leaf, nodeOf } from './fieldSet.ts';
import { elementOfField, elementOfItem } from './pathElement.ts';
import { fieldOf, memberTypeOf, shapeOf, wholeSetOf } from './typedFields.ts';

export interface Comparison {
  /** Added or given another value. */
  readonly changed: FieldSet;
  readonly removed: FieldSet;
}

const same: Comparison = { changed: emptySet, removed: emptySet };

/** Compares two values of a type. Undefined means: not there; null is there, and empty. */
export function compareTyped(type: SchemaType | undefined, before: unknown, after: unknown): Comparison {
  if (before === after) return same;
  const difference = new Difference();
  compareChildren(type, before, after, difference);
  return { changed: nodeOf(difference.changed, false) ?? emptySet, removed: nodeOf(difference.removed, false) ?? emptySet };
}

class Difference {
  readonly changed: Record<string, FieldSet> = {};
  readonly removed: Record<string, FieldSet> = {};

  /** Compares what stands under `element`. */
  at(element: string, type: SchemaType | undefined, before: unknown, after: unknown): void {
    if (before === after) return;
    if (before === undefined) {
      this.changed[element] = wholeSetOf(type, after);
      return;
    }
    if (after === undefined) {
      this.removed[element] = wholeSetOf(type, before);
      return;
    }
    if (isLeaf(type, before, after)) {
      if (!deepEqual(before, after)) this.changed[element] = leaf;
      return;
    }
    const below = new Difference();
    compareChildren(type, before, after, below);
    const changed = nodeOf(below.changed, false);
    const removed = nodeOf(below.removed, false);
    if (changed) this.changed[element] = changed;
    if (removed) this.removed[element] = removed;
  }
}

const isEmptyContainer = (value: unknown): boolean =>
  value == null || (Array.isArray(value) ? value.length === 0 : isJsonObject(value) && Object.keys(value).length === 0);

const isLeaf = (type: SchemaType | undefined, before: unknown, after: unknown): boolean =>
  shapeOf(type, before) === 'atomic' ||
  shapeOf(type, after) === 'atomic' ||
  (isEmptyContainer(before) && isEmptyContainer(after));

function compareChildren(type: SchemaType | undefined, before: unknown, after: unknown, into: Difference): void {
  if (type?.kind === 'list') compareItems(type, before, after, into);
  else compareFields(type, (before ?? {}) as JsonObject, (after ?? {}) as JsonObject, into);
}

function compareFields(type: SchemaType | undefined, before: JsonObject, after: JsonObject, into: Difference): void {
  for (const key of Object.keys(after)) {
    const now = after[key];
    const was = getOwn(before, key);
    if (was === now) continue;
    const field = fieldOf(type, key);
    into.at(elementOfField(key), memberTypeOf(type, field), was === undefined ? alwaysThere(field) : was, now);
  }
  for (const key of Object.keys(before)) {
    if (before[key] === undefined || getOwn(after, key) !== undefined) continue;
    const field = fieldOf(type, key);
    into.at(elementOfField(key), memberTypeOf(type, field), before[key], alwaysThere(field));
  }
}

function compareItems(type: ListType, before: unknown, after: unknown, into: Difference): void {
  const old = indexItems(type, before);
  const fresh = indexItems(type, after);
  for (const [element, items] of fresh) {
    const were = old.get(element) ?? [];
    if (items.length < 2 && were.length < 2) into.at(element, type.item, were[0], items[0]);
    else if (!deepEqual(were, items)) into.changed[element] = leaf;
  }
  for (const [element, were] of old) if (!fresh.has(element)) into.at(element, type.item, were[0], undefined);
}

/** Items by their path element. Invalid objects may repeat one. */
function indexItems(type: ListType, list: unknown): Map<string, unknown[]> {
  const index = new Map<string, unknown[]>();
  for (const item of Array.isArray(list) ? list : []) {
    const element = elementOfItem(type, item);
    const others = index.get(element);
    if (others) others.push(item);
    else index.set(element, [item]);
  }
  return index;
}

const emptyObjects = new WeakMap<StructType, JsonObject>();

/**
 * The object that an encoder writes for a type when nothing is set: what a new object is compared with. Structs are
 * there and empty, and so are lists, maps and scalars that are not left out when empty.
 */
export function emptyObjectOf(type: StructType): JsonObject {
  const known = emptyObjects.get(type);
  if (known) return known;
  const empty: JsonObject = {};
  emptyObjects.set(type, empty);
  for (const field of type.fields.values()) {
    const value = alwaysThere(field);
    if (value !== undefined) empty[field.name] = value;
  }
  return empty;
}

/** What an encoder writes for a field that is not set; undefined when it leaves the field out. */
function alwaysThere(field: Field | undefined): unknown {
  if (!field || field.pointer || field.goType === '') return undefined;
  if (field.type.kind === 'struct') return emptyObjectOf(field.type);
  return field.omitEmpty ? undefined : emptyValueOf(field.type);
}

function emptyValueOf(type: SchemaType): unknown {
  switch (type.kind) {
    case 'string':
    case 'duration':
      return '';
    case 'boolean':
      return false;
    case 'int32':
    case 'int64':
    case 'float':
    case 'double':
    case 'intOrString':
      return 0;
    case 'quantity':
      return '0';
    default:
      return null;
  }
}
