/** Numbers of pods that may be given as a share of all: surge, unavailability, disruption budgets. */
import { type FieldError, invalid } from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';
import { type IntOrString, percentOf } from '#common/api/intOrString.ts';
import { percentErrors } from '#common/api/names.ts';
import { notNegativeText } from '../validation/values.ts';

/** Neither negative nor a text that is no percentage. */
export function checkIntOrPercent(value: IntOrString | undefined, path: FieldPath, errors: FieldError[]): void {
  if (typeof value === 'string') {
    for (const problem of percentErrors(value)) errors.push(invalid(path, value, problem));
  } else if (value != null && value < 0) {
    errors.push(invalid(path, value, notNegativeText));
  }
}

export function checkAtMostAll(value: IntOrString | undefined, path: FieldPath, errors: FieldError[]): void {
  if (typeof value === 'string' && (percentOf(value) ?? 0) > 100)
    errors.push(invalid(path, value, 'must not be greater than 100%'));
}

/** Whether the value stands for nothing, as a text that is no percentage does. */
export const isNothing = (value: IntOrString | undefined): boolean => (typeof value === 'string' ? !percentOf(value) : !value);
