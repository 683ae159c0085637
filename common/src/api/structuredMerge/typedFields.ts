/**
 * The fields of a value, by its type. What an applier owns is what its configuration names (`fieldSetOf`); what comes
 * into being as a whole is every step of it (`wholeSetOf`). A missing type stands for unstructured content.
 */
import type { Field, ListType, SchemaType } from '../schemaType.ts';
import { isJsonObject, type JsonObject } from '../ownProperty.ts';
import { type FieldSet, emptySet, leaf, nodeOf } from './fieldSet.ts';
import { elementOfItem } from './pathElement.ts';

/** How a value is owned: as one, field by field, or element by element. */
export type Shape = 'atomic' | 'fields' | 'elements';

/** Content without a type is owned field by field, its lists as one. */
export function shapeOf(type: SchemaType | undefined, value: unknown): Shape {
  switch (type?.kind) {
    case undefined:
      return isJsonObject(value) ? 'fields' : 'atomic';
    case 'struct':
    case 'map':
      return type.mapType === 'atomic' || Array.isArray(value) || (typeof value !== 'object' && value != null) ? 'atomic' : 'fields';
    case 'list':
      return type.listType === 'atomic' || (value != null && !Array.isArray(value)) ? 'atomic' : 'elements';
    default:
      return 'atomic';
  }
}

export interface Member {
  readonly type: SchemaType | undefined;
  /** Set for a declared field of a struct; not for a map's keys. */
  readonly field: Field | undefined;
}

const untyped: Member = { type: undefined, field: undefined };

export function memberOf(type: SchemaType | undefined, key: string): Member {
  if (type?.kind === 'struct') {
    const field = type.fields.get(key);
    return field ? { type: field.type, field } : untyped;
  }
  return type?.kind === 'map' ? { type: type.value, field: undefined } : untyped;
}

const isEmptyObject = (value: unknown): boolean => isJsonObject(value) && Object.keys(value).length === 0;

type Children = Record<string, FieldSet>;

/** What a manager owns who applies `value`. */
export const fieldSetOf = (type: SchemaType | undefined, value: unknown): FieldSet => nodeOf(appliedChildren(type, value), false) ?? emptySet;

function appliedChildren(type: SchemaType | undefined, value: unknown): Children {
  const children: Children = {};
  if (isJsonObject(value)) {
    for (const key of Object.keys(value)) {
      const item = value[key];
      const { type: itemType, field } = memberOf(type, key);
      const node = appliedNode(itemType, item, !field || item === null || isEmptyObject(item));
      if (node) children[`f:${key}`] = node;
    }
  } else if (Array.isArray(value) && type?.kind === 'list') {
    for (const item of value) children[elementOfItem(type, item)] = appliedNode(type.item, item, true) ?? leaf;
  }
  return children;
}

function appliedNode(type: SchemaType | undefined, value: unknown, member: boolean): FieldSet | undefined {
  return shapeOf(type, value) === 'atomic' ? leaf : nodeOf(appliedChildren(type, value), member);
}

/** Every step of `value`, itself included. */
export function wholeSetOf(type: SchemaType | undefined, value: unknown): FieldSet {
  const shape = shapeOf(type, value);
  if (shape === 'atomic') return leaf;
  const children: Children = {};
  if (shape === 'elements') {
    const list = type as ListType;
    for (const item of (value as unknown[] | null) ?? []) children[elementOfItem(list, item)] = wholeSetOf(list.item, item);
  } else {
    const object = (value as JsonObject | null) ?? {};
    for (const key of Object.keys(object)) {
      if (object[key] !== undefined) children[`f:${key}`] = wholeSetOf(memberOf(type, key).type, object[key]);
    }
  }
  return nodeOf(children, true) ?? leaf;
}
