/** Rules on the counts in a workload's status: none is negative, and parts are not more than the whole. */
import { type FieldError, invalid } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { notNegativeText } from '../validation/values.ts';

export const statusPath = FieldPath.of('status');

type Counts<K extends string> = { readonly [key in K]?: number | undefined };

export function checkCounts<K extends string>(status: Counts<K>, fields: readonly K[], errors: FieldError[]): void {
  for (const field of fields) {
    const value = status[field];
    if (value != null && value < 0) errors.push(invalid(statusPath.child(field), value, notNegativeText));
  }
}

/** Each of `parts` must not exceed `whole`, which messages call `wholeText`. */
export function checkParts<K extends string>(
  status: Counts<K>,
  parts: readonly K[],
  whole: number | undefined,
  wholeText: string,
  errors: FieldError[],
): void {
  for (const field of parts) {
    const value = status[field] ?? 0;
    if (value > (whole ?? 0)) errors.push(invalid(statusPath.child(field), value, `cannot be greater than ${wholeText}`));
  }
}

/** Once a hash has collided it has collided. */
export function checkCollisions(now: number | undefined, before: number | undefined, errors: FieldError[]): void {
  if (before == null || (now ?? 0) >= before) return;
  errors.push(invalid(statusPath.child('collisionCount'), now ?? 0, 'cannot be decremented'));
}
