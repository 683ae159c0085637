/** Lists searched, added up, put in order and taken apart. */
import { type CelFunction, fn, method } from '../environment.ts';
import {
  CelDuration,
  CelError,
  CelOptional,
  CelTimestamp,
  CelUint,
  type CelValue,
  equalValues,
  isList,
  typeName,
} from '../values.ts';

type List = readonly CelValue[];

const ordered = ['int', 'uint', 'double', 'bool', 'string', 'bytes', 'duration', 'timestamp'];
const noOverload = (name: string): CelError => new CelError(`no such overload: ${name}(list)`);

/** What stands for a value where it is compared; undefined for what has no order. */
function rank(value: CelValue): bigint | number | string | Uint8Array | undefined {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof CelUint) return value.value;
  if (value instanceof CelDuration || value instanceof CelTimestamp) return value.nanos;
  return typeof value === 'bigint' || typeof value === 'number' || typeof value === 'string' || value instanceof Uint8Array
    ? value
    : undefined;
}

const isNumber = (value: unknown): value is bigint | number => typeof value === 'bigint' || typeof value === 'number';

/** All numbers have one order. */
const kindOf = (value: CelValue): string => typeName(value).replace(/^(?:int|uint|double)$/, 'number');

/** Negative, zero or positive; undefined where the two have no order. */
export function compareValues(a: CelValue, b: CelValue): number | undefined {
  const [x, y] = [rank(a), rank(b)];
  if (isNumber(x) && isNumber(y) && kindOf(a) === kindOf(b)) return x < y ? -1 : x > y ? 1 : 0;
  if (typeof x === 'string' && typeof y === 'string') return compareTexts(x, y);
  if (x instanceof Uint8Array && y instanceof Uint8Array) {
    const at = x.findIndex((byte, i) => byte !== y[i]);
    return at < 0 ? x.length - y.length : (x[at] ?? 0) - (y[at] ?? -1);
  }
  return undefined;
}

/** By code points, which UTF-16 does not order by. */
function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  for (let i = 0; ; i++) {
    const [x, y] = [a.codePointAt(i) ?? -1, b.codePointAt(i) ?? -1];
    if (x !== y) return x - y;
  }
}

/** The functions on lists of what has an order choose by the first item. */
function mustBeOrdered(list: List, name: string): void {
  const [first] = list;
  if (first !== undefined && rank(first) === undefined) throw noOverload(name);
}

function isSorted(list: List): boolean {
  mustBeOrdered(list, 'isSorted');
  return list.every((item, i) => {
    const previous = list[i - 1];
    if (rank(item) === undefined) throw new CelError('no such overload');
    return previous === undefined || (compareValues(previous, item) ?? 0) <= 0;
  });
}

function extreme(list: List, name: 'min' | 'max'): CelValue {
  mustBeOrdered(list, name);
  const [first, ...rest] = list;
  if (first === undefined) throw new CelError(`${name} called on empty list`);
  return rest.reduce<CelValue>((best, item) => {
    const order = compareValues(item, best);
    if (order === undefined) throw new CelError('no such overload');
    return (name === 'min' ? order < 0 : order > 0) ? item : best;
  }, first);
}

const largest = 2n ** 63n;

function sum(list: List): CelValue {
  const [first = 0n] = list;
  const zero = zeros[typeName(first)];
  if (!zero) throw noOverload('sum');
  return list.reduce(zero.add, zero.value);
}

const overflow = (what: string): CelError => new CelError(`${what} overflow`);
const other = (): CelError => new CelError('no such overload');

const zeros: Readonly<Record<string, { value: CelValue; add: (total: CelValue, item: CelValue) => CelValue }>> = {
  int: {
    value: 0n,
    add: (total, item) => {
      if (typeof total !== 'bigint' || typeof item !== 'bigint') throw other();
      const next = total + item;
      if (next >= largest || next < -largest) throw overflow('integer');
      return next;
    },
  },
  uint: {
    value: new CelUint(0n),
    add: (total, item) => {
      if (!(total instanceof CelUint) || !(item instanceof CelUint)) throw other();
      if (total.value + item.value >= 2n * largest) throw overflow('unsigned integer');
      return new CelUint(total.value + item.value);
    },
  },
  double: {
    value: 0,
    add: (total, item) => {
      if (typeof total !== 'number' || typeof item !== 'number') throw other();
      return total + item;
    },
  },
  'google.protobuf.Duration': {
    value: new CelDuration(0n),
    add: (total, item) => {
      if (!(total instanceof CelDuration) || !(item instanceof CelDuration)) throw other();
      const nanos = total.nanos + item.nanos;
      if (nanos >= largest || nanos < -largest) throw overflow('duration');
      return new CelDuration(nanos);
    },
  },
};

/** By the keys at the same places. */
export function sortedBy(list: List, keys: List): CelValue[] {
  const [first] = keys;
  if (first !== undefined && rank(first) === undefined) throw new CelError('list elements must be comparable');
  if (first !== undefined && keys.some((key) => typeName(key) !== typeName(first))) {
    throw new CelError('list elements must have the same type');
  }
  const places = [...keys.keys()].sort((a, b) => compareValues(keys[a] ?? null, keys[b] ?? null) ?? 0);
  return places.map((place) => list[place] ?? null);
}

const flattened = (list: List, depth: bigint): CelValue[] =>
  list.flatMap((item) => (depth > 0n && isList(item) ? flattened(item, depth - 1n) : [item]));

function flatten(list: List, depth: bigint): CelValue[] {
  if (depth < 0n) throw new CelError('level must be non-negative');
  return flattened(list, depth);
}

/** Each value once, where it is first. Numbers and texts, which are most of what lists hold, are found at once. */
function distinct(list: List): CelValue[] {
  const simple = new Set<string>();
  const found: CelValue[] = [];
  const others: CelValue[] = [];
  for (const item of list) {
    const value = rank(item);
    const key = typeof value === 'string' ? `s${value}` : isNumber(value) && typeof item !== 'boolean' ? `n${value}` : undefined;
    const isPlain = key !== undefined && !(item instanceof CelDuration) && !(item instanceof CelTimestamp);
    if (isPlain ? simple.has(key) : others.some((each) => equalValues(each, item))) continue;
    if (isPlain) simple.add(key);
    else others.push(item);
    found.push(item);
  }
  return found;
}

const longestRange = 1_000_000n;

function range(count: bigint): CelValue[] {
  // Differs from Kubernetes: a range of more than a million, which costs more there than an expression may, is refused by itself.
  if (count > longestRange) throw new CelError('operation cancelled: actual cost limit exceeded');
  return Array.from({ length: Math.max(0, Number(count)) }, (_, i) => BigInt(i));
}

function slice(list: List, start: bigint, end: bigint): List {
  const refuse = (why: string): CelError => new CelError(`cannot slice(${start}, ${end}), ${why}`);
  if (start < 0n || end < 0n) throw refuse('negative indexes not supported');
  if (start > end) throw refuse('start index must be less than or equal to end index');
  if (end > BigInt(list.length)) throw refuse(`list is length ${list.length}`);
  return list.slice(Number(start), Number(end));
}

const held = (list: List): CelValue[] =>
  list.flatMap((item) => {
    if (!(item instanceof CelOptional)) throw new CelError('no such overload');
    return item.value === undefined ? [] : [item.value];
  });

const optionalOf = (value: CelValue | undefined): CelOptional =>
  value === undefined ? CelOptional.none : new CelOptional(value);

export const listFunctions: readonly CelFunction[] = [
  ...ordered.flatMap((type) => [
    method(`list(${type})`, 'isSorted(): bool', isSorted),
    method(`list(${type})`, `min(): ${type}`, (list: List) => extreme(list, 'min')),
    method(`list(${type})`, `max(): ${type}`, (list: List) => extreme(list, 'max')),
    method(`list(${type})`, `sort(): list(${type})`, (list: List) => sortedBy(list, list)),
    method('list(T)', `@sortByAssociatedKeys(list(${type})): list(T)`, sortedBy),
  ]),
  ...['int', 'uint', 'double', 'duration'].map((type) => method(`list(${type})`, `sum(): ${type}`, sum)),
  method('list(A)', 'indexOf(A): int', (list: List, item: CelValue) => BigInt(list.findIndex((each) => equalValues(each, item)))),
  method('list(A)', 'lastIndexOf(A): int', (list: List, item: CelValue) =>
    BigInt(list.findLastIndex((each) => equalValues(each, item))),
  ),
  method('list(list(T))', 'flatten(): list(T)', (list: List) => flatten(list, 1n)),
  method('list(dyn)', 'flatten(int): list(dyn)', flatten),
  method('list(T)', 'distinct(): list(T)', distinct),
  method('list(T)', 'reverse(): list(T)', (list: List) => list.toReversed()),
  method('list(T)', 'slice(int, int): list(T)', slice),
  method('list(V)', 'first(): optional(V)', (list: List) => optionalOf(list[0])),
  method('list(V)', 'last(): optional(V)', (list: List) => optionalOf(list.at(-1))),
  method('list(optional(V))', 'unwrapOpt(): list(V)', held),
  fn('optional.unwrap(list(optional(V))): list(V)', held),
  fn('lists.range(int): list(int)', range),
];
