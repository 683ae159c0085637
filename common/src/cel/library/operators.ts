/** Arithmetic, order, indexes. `&&`, `||`, `?:`, `==` and `!=` are declared here and carried out by the evaluator itself. */
import { type CelFunction, fn } from '../environment.ts';
import {
  CelDuration,
  CelError,
  CelMap,
  CelOptional,
  CelTimestamp,
  CelUint,
  type CelValue,
  equalValues,
  fieldsOf,
  isList,
} from '../values.ts';

const carriedOutElsewhere = (): never => {
  throw new CelError('no such overload');
};

const ints = { least: -(2n ** 63n), most: 2n ** 63n - 1n, name: 'integer' };
const uints = { least: 0n, most: 2n ** 64n - 1n, name: 'unsigned integer' };

function within(value: bigint, { least, most, name }: typeof ints): bigint {
  if (value < least || value > most) throw new CelError(`${name} overflow`);
  return value;
}

type Calculate = (a: bigint, b: bigint) => bigint;

const divide: Calculate = (a, b) => {
  if (b === 0n) throw new CelError('division by zero');
  return a / b;
};
const remainder: Calculate = (a, b) => {
  if (b === 0n) throw new CelError('modulus by zero');
  return a % b;
};

const whole: readonly (readonly [string, Calculate])[] = [
  ['+', (a, b) => a + b],
  ['-', (a, b) => a - b],
  ['*', (a, b) => a * b],
  ['/', divide],
  ['%', remainder],
];
const broken: readonly (readonly [string, (a: number, b: number) => number])[] = [
  ['+', (a, b) => a + b],
  ['-', (a, b) => a - b],
  ['*', (a, b) => a * b],
  ['/', (a, b) => a / b],
];

const farthest = { least: -62_135_596_800_000_000_000n, most: 253_402_300_799_999_999_999n };

function time(nanos: bigint): CelTimestamp {
  if (nanos < farthest.least || nanos > farthest.most) throw new CelError('timestamp overflow');
  return new CelTimestamp(nanos);
}

const span = (nanos: bigint): CelDuration => new CelDuration(within(nanos, { ...ints, name: 'duration' }));

const arithmetic: readonly CelFunction[] = [
  ...whole.flatMap(([sign, calculate]) => [
    fn(`_${sign}_(int, int): int`, (a: bigint, b: bigint) => within(calculate(a, b), ints)),
    fn(`_${sign}_(uint, uint): uint`, (a: CelUint, b: CelUint) => new CelUint(within(calculate(a.value, b.value), uints))),
  ]),
  ...broken.map(([sign, calculate]) => fn(`_${sign}_(double, double): double`, calculate)),
  fn('_+_(string, string): string', (a: string, b: string) => a + b),
  fn('_+_(bytes, bytes): bytes', (a: Uint8Array, b: Uint8Array) => new Uint8Array([...a, ...b])),
  fn('_+_(list(A), list(A)): list(A)', (a: CelValue[], b: CelValue[]) => [...a, ...b]),
  fn('_+_(duration, duration): duration', (a: CelDuration, b: CelDuration) => span(a.nanos + b.nanos)),
  fn('_+_(timestamp, duration): timestamp', (a: CelTimestamp, b: CelDuration) => time(a.nanos + b.nanos)),
  fn('_+_(duration, timestamp): timestamp', (a: CelDuration, b: CelTimestamp) => time(a.nanos + b.nanos)),
  fn('_-_(duration, duration): duration', (a: CelDuration, b: CelDuration) => span(a.nanos - b.nanos)),
  fn('_-_(timestamp, duration): timestamp', (a: CelTimestamp, b: CelDuration) => time(a.nanos - b.nanos)),
  fn('_-_(timestamp, timestamp): duration', (a: CelTimestamp, b: CelTimestamp) => span(a.nanos - b.nanos)),
  fn('-_(int): int', (a: bigint) => within(-a, ints)),
  fn('-_(double): double', (a: number) => -a),
];

const logic: readonly CelFunction[] = [
  fn('!_(bool): bool', (a: boolean) => !a),
  fn('_&&_(bool, bool): bool', carriedOutElsewhere),
  fn('_||_(bool, bool): bool', carriedOutElsewhere),
  fn('_?_:_(bool, A, A): A', carriedOutElsewhere),
  fn('_==_(A, A): bool', carriedOutElsewhere),
  fn('_!=_(A, A): bool', carriedOutElsewhere),
];

/** JavaScript compares bigints with numbers exactly. Texts go by their code points, as bytes of UTF-8 do. */
function lessThan(a: CelValue, b: CelValue): boolean {
  if (typeof a === 'string' && typeof b === 'string') return compareTexts(a, b) < 0;
  const [x, y] = [sortable(a), sortable(b)];
  return x < y;
}

function sortable(value: CelValue): bigint | number | string {
  if (value instanceof CelUint) return value.value;
  if (value instanceof CelTimestamp || value instanceof CelDuration) return value.nanos;
  if (value instanceof Uint8Array) return String.fromCharCode(...value);
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'bigint' || typeof value === 'number') return value;
  throw new CelError('no such overload');
}

export function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  const [left, right] = [[...a], [...b]];
  for (const [i, character] of left.entries()) {
    const other = right[i];
    if (other === undefined) return 1;
    if (character !== other) return (character.codePointAt(0) ?? 0) - (other.codePointAt(0) ?? 0);
  }
  return -1;
}

const numbers = ['int', 'uint', 'double'];
const comparable = [
  ...['bool', 'string', 'bytes', 'timestamp', 'duration'].map((type) => [type, type] as const),
  ...numbers.flatMap((a) => numbers.map((b) => [a, b] as const)),
];
const order: readonly CelFunction[] = comparable.flatMap(([a, b]) => [
  fn(`_<_(${a}, ${b}): bool`, lessThan),
  fn(`_>_(${a}, ${b}): bool`, (x, y) => lessThan(y, x)),
  fn(`_<=_(${a}, ${b}): bool`, (x, y) => lessThan(x, y) || equalValues(x, y)),
  fn(`_>=_(${a}, ${b}): bool`, (x, y) => lessThan(y, x) || equalValues(x, y)),
]);

/** An index may be any number that is whole. Undefined: none. */
function indexIn(index: CelValue): number | undefined {
  const number = index instanceof CelUint ? Number(index.value) : typeof index === 'bigint' ? Number(index) : index;
  return typeof number === 'number' && Number.isInteger(number) ? number : undefined;
}

function elementOf(container: CelValue, index: CelValue): CelValue | undefined {
  if (!isList(container)) return fieldsOf(container)?.get(index);
  const at = indexIn(index);
  if (at === undefined) throw new CelError(`unsupported index type '${typeof index === 'string' ? 'string' : 'double'}' in list`);
  return at < 0 ? undefined : container[at];
}

function required(container: CelValue, index: CelValue): CelValue {
  const found = elementOf(container, index);
  if (found !== undefined) return found;
  if (isList(container)) throw new CelError(`index out of bounds: ${String(indexIn(index))}`);
  throw new CelError(`no such key: ${index instanceof CelUint ? index.value : String(index)}`);
}

const optionalElement = (container: CelValue, index: CelValue): CelValue => {
  const held = container instanceof CelOptional ? container.value : container;
  const found = held === undefined ? undefined : elementOf(held, index);
  return found === undefined ? CelOptional.none : new CelOptional(found);
};

const membership: readonly CelFunction[] = [
  fn('@in(A, list(A)): bool', (item: CelValue, list: CelValue[]) => list.some((each) => equalValues(each, item))),
  fn(
    '@in(A, map(A, B)): bool',
    (key: CelValue, map: CelValue) => (map instanceof CelMap ? map : fieldsOf(map))?.has(key) ?? false,
  ),
  fn('_[_](list(A), int): A', required),
  fn('_[_](map(A, B), A): B', required),
  fn('_[_](optional(list(A)), int): optional(A)', optionalElement),
  fn('_[_](optional(map(A, B)), A): optional(B)', optionalElement),
  fn('_[?_](list(A), int): optional(A)', optionalElement),
  fn('_[?_](map(A, B), A): optional(B)', optionalElement),
  fn('_[?_](optional(list(A)), int): optional(A)', optionalElement),
  fn('_[?_](optional(map(A, B)), A): optional(B)', optionalElement),
];

export const operatorFunctions: readonly CelFunction[] = [...arithmetic, ...logic, ...order, ...membership];
