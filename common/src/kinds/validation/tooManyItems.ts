/** A list longer than allowed; the message names both lengths, as Kubernetes 1.36 does. */
import type { FieldError } from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';

export const tooManyItems = (path: FieldPath, actual: number, max: number): FieldError => ({
  type: 'FieldValueTooMany',
  path,
  detail: `${actual}: must have at most ${max} items`,
});
