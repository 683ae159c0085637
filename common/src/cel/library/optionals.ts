/** Values that may be missing: `optional.of(x)`, `a.?b.orValue(c)`. */
import { type CelFunction, fn, method } from '../environment.ts';
import { CelDuration, CelError, CelMap, CelOptional, CelTimestamp, CelUint, type CelValue, fieldsOf, isList } from '../values.ts';

function isZero(value: CelValue): boolean {
  if (value === null || value === false || value === '' || value === 0 || value === 0n) return true;
  if (value instanceof Uint8Array || isList(value)) return value.length === 0;
  if (value instanceof CelUint) return value.value === 0n;
  if (value instanceof CelDuration || value instanceof CelTimestamp) return value.nanos === 0n;
  return (value instanceof CelMap || typeof value === 'object') && fieldsOf(value)?.size === 0;
}

function held({ value }: CelOptional): CelValue {
  if (value === undefined) throw new CelError('optional.none() dereference');
  return value;
}

export const optionalFunctions: readonly CelFunction[] = [
  fn('optional.of(V): optional(V)', (value: CelValue) => new CelOptional(value)),
  fn('optional.ofNonZeroValue(V): optional(V)', (value: CelValue) => (isZero(value) ? CelOptional.none : new CelOptional(value))),
  fn('optional.none(): optional(V)', () => CelOptional.none),
  method('optional(V)', 'hasValue(): bool', ({ value }: CelOptional) => value !== undefined),
  method('optional(V)', 'value(): V', held),
  method('optional(V)', 'or(optional(V)): optional(V)', (a: CelOptional, b: CelOptional) => (a.value === undefined ? b : a)),
  method('optional(V)', 'orValue(V): V', ({ value }: CelOptional, other: CelValue) => value ?? other),
];
