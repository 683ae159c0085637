/** The free parameters of storage classes and volume attributes classes. */
import { type FieldError, invalid, required, tooLong } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { byteLength } from '#common/api/names.ts';

const path = FieldPath.of('parameters');
const maxCount = 512;
const maxBytes = 262_144;

export function validateParameters(parameters: Readonly<Record<string, string>> | undefined, needsOne = false): FieldError[] {
  const entries = Object.entries(parameters ?? {});
  const errors: FieldError[] = [];
  // Kubernetes says "bytes" of the number of parameters, too.
  if (entries.length > maxCount) errors.push(tooLong(path, maxCount));
  if (needsOne && !entries.length) errors.push(required(path, 'must contain at least one key/value pair'));
  let bytes = 0;
  for (const [key, value] of entries) {
    if (!key) errors.push(invalid(path, key, 'field can not be empty.'));
    bytes += byteLength(key) + byteLength(value);
  }
  if (bytes > maxBytes) errors.push(tooLong(path, maxBytes));
  return errors;
}
