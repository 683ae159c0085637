/**
 * The fields of a value, by its type. What an applier owns is what its configuration names (`fieldSetOf`); what comes
 * into being as a whole is every step of it (`wholeSetOf`). A missing type stands for unstructured content.
 */
import type { Field, ListType, SchemaType } from '../schemaType.ts';
import { isJsonObject, type JsonObject } from '../ownProperty.ts';
import { type FieldSet, emptySet, leaf, nodeOf } from './fieldSet.ts';
import { elementOfField, elementOfItem } from './pathElement.ts';

/** How a value is owned: as one, field by field, or element by element. */
export type Shape = 'atomic' | 'fields' | 'elements';

/** Content without a type is owned field by field, its lists as one. */
export function shapeOf(type: SchemaType | undefined, value: unknown): Shape {
  switch (type?.kind) {
    case undefined:
      return isJsonObject(value) ? 'fields' : 'atomic';
    case 'struct':
    case 'map':
      return type.mapType === 'atomic' || Array.isArray(value) || (typeof value !== 'object' && value != null)
        ? 'atomic'
        : 'fields';
    case 'list':
      return type.listType === 'atomic' || (value != null && !Array.isArray(value)) ? 'atomic' : 'elements';
    default:
      return 'atomic';
  }
}

/** The declaration of `key` in a struct; undefined for a map's keys and for what a struct does not declare. */
export const fieldOf = (type: SchemaType | undefined, key: string): Field | undefined =>
  type?.kind === 'struct' ? type.fields.get(key) : undefined;

/** The type of what a struct or map holds under `key`, whose declaration is `field`. */
export const memberTypeOf = (type: SchemaType | undefined, field: Field | undefined): SchemaType | undefined =>
  field ? field.type : type?.kind === 'map' ? type.value : undefined;

const isEmptyObject = (value: unknown): boolean => isJsonObject(value) && Object.keys(value).length === 0;

type Children = Record<string, FieldSet>;

/** What a manager owns who applies `value`. */
export const fieldSetOf = (type: SchemaType | undefined, value: unknown): FieldSet =>
  nodeOf(appliedChildren(type, value), false) ?? emptySet;

function appliedChildren(type: SchemaType | undefined, value: unknown): Children {
  const children: Children = {};
  if (isJsonObject(value)) {
    for (const key of Object.keys(value)) {
      const item = value[key];
      const field = fieldOf(type, key);
      const node = appliedNode(memberTypeOf(type, field), item, !field || item === null || isEmptyObject(item));
      if (node) children[elementOfField(key)] = node;
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
  if (typeof value !== 'object' || value === null) return leaf;
  const shape = shapeOf(type, value);
  if (shape === 'atomic') return leaf;
  return shape === 'elements' ? wholeList(type as ListType, value as unknown[]) : wholeObject(type, value as JsonObject);
}

function wholeList(type: ListType, list: unknown[]): FieldSet {
  const children: Children = {};
  for (const item of list) children[elementOfItem(type, item)] = wholeSetOf(type.item, item);
  return nodeOf(children, true) ?? leaf;
}

function wholeObject(type: SchemaType | undefined, object: JsonObject): FieldSet {
  const keys = Object.keys(object);
  if (keys.length === 0) return leaf;
  keys.sort();
  const node: Children = { '.': leaf };
  for (const key of keys) {
    const value = object[key];
    if (value === undefined) continue;
    node[elementOfField(key)] =
      typeof value === 'object' && value !== null ? wholeSetOf(memberTypeOf(type, fieldOf(type, key)), value) : leaf;
  }
  return node;
}
