/**
 * What expressions work with at run time. Integers are bigints, doubles numbers; what JavaScript has no value for has a class
 * here. Values are never changed.
 */
import { nanosText } from './durations.ts';
import type { CelType, ObjectType } from './types.ts';

export type CelValue =
  | null
  | boolean
  | bigint
  | number
  | string
  | Uint8Array
  | readonly CelValue[]
  | CelUint
  | CelTimestamp
  | CelDuration
  | CelMap
  | CelObject
  | CelTypeValue
  | CelOptional
  | CelOpaque;

/** An expression that has no result: `no such key: a`, `divide by zero`. */
export class CelError extends Error {}

export class CelUint {
  readonly value: bigint;
  constructor(value: bigint) {
    this.value = value;
  }
}

export class CelTimestamp {
  /** Since 1970. */
  readonly nanos: bigint;
  constructor(nanos: bigint) {
    this.nanos = nanos;
  }
}

export class CelDuration {
  readonly nanos: bigint;
  constructor(nanos: bigint) {
    this.nanos = nanos;
  }
}

export class CelTypeValue {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

export class CelOptional {
  static readonly none = new CelOptional(undefined);
  readonly value: CelValue | undefined;
  constructor(value: CelValue | undefined) {
    this.value = value;
  }
}

/** A value of a library's own type: a quantity, an address. */
export abstract class CelOpaque {
  abstract readonly type: string;
  abstract equals(other: CelOpaque): boolean;
  /** What the value is when it is made into JSON or compared beyond expressions. */
  abstract toString(): string;
}

type Key = string | number | bigint | boolean | CelUint;

export class CelMap {
  readonly #entries: ReadonlyMap<string, readonly [CelValue, CelValue]>;

  constructor(entries: Iterable<readonly [CelValue, CelValue]>) {
    const found = new Map<string, readonly [CelValue, CelValue]>();
    for (const entry of entries) found.set(keyOf(entry[0]), entry);
    this.#entries = found;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: CelValue): CelValue | undefined {
    return this.#entries.get(keyOf(key))?.[1];
  }

  has(key: CelValue): boolean {
    return this.#entries.has(keyOf(key));
  }

  keys(): CelValue[] {
    return [...this.#entries.values()].map(([key]) => key);
  }

  entries(): Iterable<readonly [CelValue, CelValue]> {
    return this.#entries.values();
  }
}

/** Numbers that are equal are the same key. */
function keyOf(key: CelValue): string {
  if (typeof key === 'string') return `s${key}`;
  if (typeof key === 'boolean') return `b${key}`;
  if (typeof key === 'bigint') return `n${key}`;
  if (key instanceof CelUint) return `n${key.value}`;
  if (typeof key === 'number') return Number.isInteger(key) ? `n${BigInt(key)}` : `d${key}`;
  throw new CelError('unsupported key type');
}

export const isKey = (value: CelValue): value is Key =>
  ['string', 'boolean', 'bigint', 'number'].includes(typeof value) || value instanceof CelUint;

/** A value with declared fields; what was not given is not there. */
export class CelObject {
  readonly type: ObjectType;
  readonly #fields: (name: string) => CelValue | undefined;
  readonly #names: () => readonly string[];

  /** `fields` are asked by the name that expressions use. */
  constructor(type: ObjectType, names: () => readonly string[], fields: (name: string) => CelValue | undefined) {
    this.type = type;
    this.#names = names;
    this.#fields = fields;
  }

  get(name: string): CelValue | undefined {
    return this.#fields(name);
  }

  names(): readonly string[] {
    return this.#names();
  }
}

/** As `type(value)` names it. */
export function typeName(value: CelValue): string {
  if (value === null) return 'null_type';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return 'double';
  if (typeof value === 'string') return 'string';
  if (value instanceof Uint8Array) return 'bytes';
  if (isList(value)) return 'list';
  if (value instanceof CelUint) return 'uint';
  if (value instanceof CelTimestamp) return 'google.protobuf.Timestamp';
  if (value instanceof CelDuration) return 'google.protobuf.Duration';
  if (value instanceof CelMap) return 'map';
  if (value instanceof CelObject) return value.type.name;
  if (value instanceof CelTypeValue) return 'type';
  if (value instanceof CelOptional) return 'optional_type';
  return value.type;
}

export const isList = (value: CelValue): value is readonly CelValue[] => Array.isArray(value);

/** Whether a value may be an argument where `type` is declared. Elements of lists and maps are not looked at. */
export function isOfType(value: CelValue, type: CelType): boolean {
  if (type.kind === 'dyn' || type.kind === 'parameter' || type.kind === 'wrapper') return true;
  if (type.kind === 'type') return value instanceof CelTypeValue;
  if (type.kind === 'list') return isList(value);
  if (type.kind === 'map') return value instanceof CelMap || value instanceof CelObject;
  if (type.kind === 'optional') return value instanceof CelOptional;
  return typeName(value) === type.name;
}

/** Equality over types: 1 == 1.0 == 1u. Values of different types are not equal, which is no error. */
export function equalValues(a: CelValue, b: CelValue): boolean {
  if (a === b) return true;
  const [x, y] = [numeric(a), numeric(b)];
  if (x !== undefined || y !== undefined) return x !== undefined && y !== undefined && sameNumber(x, y);
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false;
  if (a instanceof Uint8Array) return b instanceof Uint8Array && a.length === b.length && a.every((byte, i) => byte === b[i]);
  if (isList(a)) return isList(b) && a.length === b.length && a.every((item, i) => equalValues(item, b[i] ?? null));
  if (a instanceof CelTimestamp) return b instanceof CelTimestamp && a.nanos === b.nanos;
  if (a instanceof CelDuration) return b instanceof CelDuration && a.nanos === b.nanos;
  if (a instanceof CelTypeValue) return b instanceof CelTypeValue && a.name === b.name;
  if (a instanceof CelOpaque) return b instanceof CelOpaque && a.type === b.type && a.equals(b);
  if (a instanceof CelOptional) {
    if (!(b instanceof CelOptional)) return false;
    return a.value === undefined || b.value === undefined ? a.value === b.value : equalValues(a.value, b.value);
  }
  const [left, right] = [fieldsOf(a), fieldsOf(b)];
  if (!left || !right || left.size !== right.size) return false;
  for (const key of left.keys()) {
    const [value, other] = [left.get(key), right.get(key)];
    if (value === undefined || other === undefined || !equalValues(value, other)) return false;
  }
  return true;
}

const sameNumber = (x: bigint | number, y: bigint | number): boolean => (typeof x === typeof y ? x === y : x <= y && x >= y);

const numeric = (value: CelValue): bigint | number | undefined =>
  typeof value === 'bigint' || typeof value === 'number' ? value : value instanceof CelUint ? value.value : undefined;

/** An object's fields as a map. */
export function fieldsOf(value: CelValue): CelMap | undefined {
  if (value instanceof CelMap) return value;
  if (!(value instanceof CelObject)) return undefined;
  return new CelMap(value.names().map((name) => [name, value.get(name) ?? null]));
}

/** As a person reads it; for messages. */
export function valueText(value: CelValue): string {
  if (typeof value === 'string') return value;
  if (value instanceof CelDuration) return nanosText(value.nanos);
  if (value instanceof CelUint) return String(value.value);
  return value instanceof CelOpaque || typeof value !== 'object' ? String(value) : typeName(value);
}
