/** Small checks that many kinds share. All are cheap when nothing is wrong. */
import { type FieldError, invalid, notSupported } from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';

export const immutableText = 'field is immutable';
export const notNegativeText = 'must be greater than or equal to 0';

/** One error for each problem of the value at `path`. */
export const problemsAt = (path: FieldPath, value: unknown, problems: readonly string[]): FieldError[] =>
  problems.map((problem) => invalid(path, value, problem));

export const notNegative = (path: FieldPath, value: number | undefined): FieldError[] =>
  value !== undefined && value < 0 ? [invalid(path, value, notNegativeText)] : [];

/** `supported` is quoted in the order given. */
export const oneOf = (path: FieldPath, value: string | undefined, supported: readonly string[]): FieldError[] =>
  supported.includes(value ?? '') ? [] : [notSupported(path, value ?? '', supported)];

export const immutable = (path: FieldPath, value: unknown, old: unknown): FieldError[] =>
  sameValue(value, old) ? [] : [invalid(path, value, immutableText)];

/** What the API calls the same value: no difference is made between absent and empty lists, maps and texts. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (isEmpty(a) && isEmpty(b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, i) => sameValue(item, b[i]));
  }
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  for (const key of Object.keys(left)) if (!sameValue(left[key], own(right, key))) return false;
  for (const key of Object.keys(right)) if (!Object.hasOwn(left, key) && !isEmpty(right[key])) return false;
  return true;
}

const own = (object: Record<string, unknown>, key: string): unknown => (Object.hasOwn(object, key) ? object[key] : undefined);

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0);
