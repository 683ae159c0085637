/** The tolerations that a RuntimeClass adds to its pods: the rules of pods, and none twice. */
import { duplicate, type FieldError } from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';
import type { Toleration } from '#common/schema/generated/types.ts';
import { validateTolerations } from '../podSpec/scheduling.ts';
import { goStructure, plain } from './goStructure.ts';
import { sameValue } from './values.ts';

const tolerationShape = [
  plain('Key', ''),
  plain('Operator', ''),
  plain('Value', ''),
  plain('Effect', ''),
  plain('TolerationSeconds'),
];

export function validateSchedulingTolerations(tolerations: readonly Toleration[], path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  validateTolerations(tolerations, path, errors);
  tolerations.forEach((toleration, i) => {
    if (tolerations.slice(0, i).some((earlier) => sameValue(earlier, toleration))) {
      errors.push(duplicate(path.index(i), goStructure(tolerationShape, toleration)));
    }
  });
  return errors;
}
