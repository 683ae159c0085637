/** Resource quantities (`100m`, `1Gi`) as values. */
import {
  addQuantities,
  compareQuantities,
  parseQuantity,
  type Quantity,
  quantityFromValue,
  quantityProblem,
  subtractQuantities,
} from '#common/api/quantity.ts';
import { type CelFunction, fn, method } from '../environment.ts';
import { CelError, CelOpaque } from '../values.ts';

export class CelQuantity extends CelOpaque {
  readonly type = 'kubernetes.Quantity';
  readonly quantity: Quantity;
  /** Nothing in it was written in parts of one: `1000m` and `1.0` were. */
  readonly isWhole: boolean;
  constructor(quantity: Quantity, isWhole: boolean) {
    super();
    this.quantity = quantity;
    this.isWhole = isWhole;
  }
  equals(other: CelOpaque): boolean {
    return other instanceof CelQuantity && compareQuantities(this.quantity, other.quantity) === 0;
  }
  toString(): string {
    return this.quantity.text;
  }
}

/** Texts with blanks around are quantities elsewhere, not here. */
const parsed = (text: string): Quantity | undefined => (text === text.trim() ? parseQuantity(text) : undefined);

function quantity(text: string): CelQuantity {
  const found = parsed(text);
  if (!found) throw new CelError(quantityProblem(text.trim() === text ? text : '') ?? '');
  return new CelQuantity(found, isWritten(text));
}

const powers: ReadonlyMap<string, number> = new Map(
  [...'numkMGTPE'].map((suffix) => [suffix, 'num kMGTPE'.indexOf(suffix) * 3 - 9]),
);

/** As a whole number: the suffix makes up for all places behind the point. */
function isWritten(text: string): boolean {
  const [, fraction = '', suffix = ''] = /^[+-]?\d*(?:\.(\d*))?(.*)$/.exec(text) ?? [];
  const exponent = /^[eE]([+-]?\d+)$/.exec(suffix)?.[1];
  return Number(exponent ?? powers.get(suffix) ?? 0) >= fraction.length;
}

const nanoPerUnit = 10n ** 9n;

/** Undefined unless it is a whole number, written as one, that 64 bits hold. */
function integerOf({ isWhole, quantity: { nano } }: CelQuantity): bigint | undefined {
  const value = nano / nanoPerUnit;
  if (value * nanoPerUnit !== nano || !isWhole || value >= 2n ** 63n || value < -(2n ** 63n)) return undefined;
  return value;
}

function asInteger(value: CelQuantity): bigint {
  const integer = integerOf(value);
  if (integer === undefined) throw new CelError('cannot convert value to integer');
  return integer;
}

/** The double nearest to the exact amount. */
function asFloat({ quantity: { nano } }: CelQuantity): number {
  return Number(`${nano}e-9`);
}

const compare = (a: CelQuantity, b: CelQuantity): number => compareQuantities(a.quantity, b.quantity);
const self = 'kubernetes.Quantity';

type Calculate = (a: Quantity, b: Quantity) => Quantity;
const calculations: readonly (readonly [string, Calculate])[] = [
  ['add', addQuantities],
  ['sub', subtractQuantities],
];

export const quantityFunctions: readonly CelFunction[] = [
  fn(`quantity(string): ${self}`, quantity),
  fn('isQuantity(string): bool', (text: string) => parsed(text) !== undefined),
  fn(`sign(${self}): int`, ({ quantity: { nano } }: CelQuantity) => (nano > 0n ? 1n : nano < 0n ? -1n : 0n)),
  method(self, 'isInteger(): bool', (value: CelQuantity) => integerOf(value) !== undefined),
  method(self, 'asInteger(): int', asInteger),
  method(self, 'asApproximateFloat(): double', asFloat),
  method(self, `isLessThan(${self}): bool`, (a: CelQuantity, b: CelQuantity) => compare(a, b) < 0),
  method(self, `isGreaterThan(${self}): bool`, (a: CelQuantity, b: CelQuantity) => compare(a, b) > 0),
  method(self, `compareTo(${self}): int`, (a: CelQuantity, b: CelQuantity) => BigInt(Math.sign(compare(a, b)))),
  ...calculations.flatMap(([name, calculate]) => [
    method(
      self,
      `${name}(${self}): ${self}`,
      (a: CelQuantity, b: CelQuantity) => new CelQuantity(calculate(a.quantity, b.quantity), a.isWhole && b.isWhole),
    ),
    method(
      self,
      `${name}(int): ${self}`,
      (a: CelQuantity, b: bigint) => new CelQuantity(calculate(a.quantity, quantityFromValue(b)), a.isWhole),
    ),
  ]),
];
