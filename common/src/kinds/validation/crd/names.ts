/** The names of a custom resource. */
import { type FieldError, invalid, required } from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';
import { dns1035LabelErrors } from '#common/api/names.ts';
import type { CustomResourceDefinitionNames } from '#common/schema/generated/types.ts';

/** A spec needs all names; a status has those that were accepted. */
export function validateNames(
  names: Partial<CustomResourceDefinitionNames> | undefined,
  path: FieldPath,
  complete: boolean,
): FieldError[] {
  if (!names) return [];
  const errors: FieldError[] = [];
  if (complete) {
    for (const field of ['plural', 'singular', 'kind', 'listKind'] as const)
      if (!names[field]) errors.push(required(path.child(field)));
  }
  const check = (value: string | undefined, at: FieldPath, mixedCase = false): void => {
    const problems = dns1035LabelErrors(mixedCase ? (value ?? '').toLowerCase() : (value ?? ''));
    const head = mixedCase ? 'may have mixed case, but should otherwise match: ' : '';
    if (problems.length) errors.push(invalid(at, value ?? '', head + problems.join(',')));
  };
  if (names.plural) check(names.plural, path.child('plural'));
  if (names.singular) check(names.singular, path.child('singular'));
  if (names.kind) check(names.kind, path.child('kind'), true);
  if (names.listKind) check(names.listKind, path.child('listKind'), true);
  names.shortNames?.forEach((name, i) => check(name, path.child('shortNames').index(i)));
  if (names.kind && names.kind === names.listKind) {
    errors.push(invalid(path.child('listKind'), names.listKind, 'kind and listKind may not be the same'));
  }
  names.categories?.forEach((name, i) => check(name, path.child('categories').index(i)));
  return errors;
}
