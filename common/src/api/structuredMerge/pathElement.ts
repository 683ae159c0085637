/**
 * One step of a path in a field set, as FieldsV1 spells it: `f:name` (a field or map key), `k:{"name":"c"}` (an element
 * of a keyed list), `v:"x"` (a value of a set), `i:0` (an index).
 */
import type { ListType, StructType } from '../schemaType.ts';
import { getOwn, isJsonObject, type JsonObject } from '../ownProperty.ts';

/** The value of a list's key in an element: given, defaulted, or the zero value that the type's encoding has. */
function keyValue(item: JsonObject, key: string, type: StructType | undefined): unknown {
  const given = getOwn(item, key);
  if (given !== undefined && given !== null) return given;
  const field = type?.fields.get(key);
  if (field?.default !== undefined) return field.default;
  if (!field || field.pointer || field.goType === '') return null;
  switch (field.type.kind) {
    case 'boolean':
      return false;
    case 'int32':
    case 'int64':
    case 'float':
    case 'double':
      return 0;
    default:
      return '';
  }
}

/** JSON with sorted keys. */
function canonicalJson(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (!isJsonObject(value)) return JSON.stringify(value ?? null);
  const entries = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key])}`);
  return `{${entries.join(',')}}`;
}

const fieldElements = new Map<string, string>();
const fieldElementsLimit = 20_000;

/** The path element of a field or map key. Kept, because the same names come again and again. */
export function elementOfField(name: string): string {
  const known = fieldElements.get(name);
  if (known !== undefined) return known;
  const element = `f:${name}`;
  // Map keys come from users, so the table is bounded.
  if (fieldElements.size >= fieldElementsLimit) fieldElements.clear();
  fieldElements.set(name, element);
  return element;
}

const keyPrefixes = new WeakMap<ListType, string>();

/** `k:{"name":` of a list with the one key `name`. */
function keyPrefix(type: ListType): string {
  const known = keyPrefixes.get(type);
  if (known !== undefined) return known;
  const prefix = `k:{${JSON.stringify(type.mapKeys[0])}:`;
  keyPrefixes.set(type, prefix);
  return prefix;
}

/** The path element of a list's item. Lists without keys are sets: the item is its own name. */
export function elementOfItem(type: ListType, item: unknown): string {
  if (type.listType !== 'map' || !isJsonObject(item)) return `v:${canonicalJson(item)}`;
  const struct = type.item.kind === 'struct' ? type.item : undefined;
  const keys = type.mapKeys;
  if (keys.length === 1) return `${keyPrefix(type)}${canonicalJson(keyValue(item, keys[0] ?? '', struct))}}`;
  const parts = [...keys].sort().map((key) => `${JSON.stringify(key)}:${canonicalJson(keyValue(item, key, struct))}`);
  return `k:{${parts.join(',')}}`;
}

/** The fields of a `k:` element, or the value of a `v:` element. */
const contentOf = (element: string): unknown => {
  try {
    return JSON.parse(element.slice(2)) as unknown;
  } catch (error) {
    // Only managedFields that a client made up can hold a malformed element; it then stands for its text.
    if (error instanceof SyntaxError) return element;
    throw error;
  }
};

/** As messages write it: `.name`, `[name="c"]`, `[="x"]`, `[0]`. */
export function elementText(element: string): string {
  const rest = element.slice(2);
  switch (element.slice(0, 2)) {
    case 'f:':
      return `.${rest}`;
    case 'k:': {
      const fields = contentOf(element);
      if (!isJsonObject(fields)) return `[${rest}]`;
      return `[${Object.keys(fields)
        .map((key) => `${key}=${canonicalJson(fields[key])}`)
        .join(',')}]`;
    }
    case 'v:':
      return `[=${rest}]`;
    default:
      return `[${rest}]`;
  }
}

/** Sorts elements in place; says whether any of them moved. */
export function sortElements(elements: string[]): boolean {
  for (let i = 1; i < elements.length; i++) {
    if (compareElements(elements[i - 1] ?? '', elements[i] ?? '') > 0) {
      elements.sort(compareElements);
      return true;
    }
  }
  return false;
}

const kinds = 'fkvi';

/** The order in which a set lists its elements: fields, keys, values, indexes, each in their own order. */
export function compareElements(a: string, b: string): number {
  if (a === b) return 0;
  const kind = a[0];
  if (kind !== b[0]) return a === '.' ? -1 : b === '.' ? 1 : kinds.indexOf(kind ?? '') - kinds.indexOf(b[0] ?? '');
  if (kind === 'f') return a < b ? -1 : 1;
  if (kind === 'v' && a[2] === '"' && b[2] === '"') return a < b ? -1 : 1;
  if (kind === 'i') return Number(a.slice(2)) - Number(b.slice(2));
  return compareValues(contentOf(a), contentOf(b));
}

function compareValues(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  if (isJsonObject(a) && isJsonObject(b)) {
    const [keys, others] = [Object.keys(a), Object.keys(b)];
    for (const [i, key] of keys.entries()) {
      const other = others[i];
      if (other !== key) return other === undefined || key > other ? 1 : -1;
      const order = compareValues(a[key], b[key]);
      if (order !== 0) return order;
    }
    return keys.length - others.length;
  }
  const [left, right] = [canonicalJson(a), canonicalJson(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}
