/** Problems of the two free maps of metadata: labels and annotations. */
import { type FieldError, invalid, tooLong } from './fieldError.ts';
import type { FieldPath } from './fieldPath.ts';
import { byteLength, labelValueErrors, qualifiedNameErrors } from './names.ts';

type TextMap = Readonly<Record<string, string>>;

/** Keys and values of all annotations together. */
export const largestAnnotations = 256 * 1024;

/** Every key and value that is no label; `path` names the map. */
export function labelErrors(path: FieldPath, labels: TextMap | undefined): FieldError[] {
  if (!labels) return [];
  return Object.keys(labels)
    .sort()
    .flatMap((key) => {
      const value = labels[key] ?? '';
      return [
        ...qualifiedNameErrors(key).map((problem) => invalid(path, key, problem)),
        ...labelValueErrors(value).map((problem) => invalid(path, value, problem)),
      ];
    });
}

/** Every key that is no annotation's, where upper case does not count, and the size of all. */
export function annotationErrors(path: FieldPath, annotations: TextMap | undefined): FieldError[] {
  if (!annotations) return [];
  const keys = Object.keys(annotations).sort();
  const errors = keys.flatMap((key) => qualifiedNameErrors(key.toLowerCase()).map((problem) => invalid(path, key, problem)));
  const size = keys.reduce((sum, key) => sum + byteLength(key) + byteLength(annotations[key] ?? ''), 0);
  return size > largestAnnotations ? [...errors, tooLong(path, largestAnnotations)] : errors;
}
