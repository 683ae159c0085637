/**
 * Rules on single fields that several parts of a pod share: file modes, paths, ids, ports, values of closed lists. Each check
 * takes the parent's path and the field's name, so that a path is only built for an error.
 */
import { type FieldError, invalid, notSupported, required } from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';
import { dns1123SubdomainErrors, portNameErrors, rangeProblem } from '#common/api/names.ts';
import { notNegativeText } from '../validation/values.ts';

export type Errors = FieldError[];

const maxInt32 = 2_147_483_647;

/** The problems of one value, each as an error of its own. */
export function addProblems(value: unknown, problems: readonly string[], path: FieldPath, errors: Errors): void {
  for (const problem of problems) errors.push(invalid(path, value, problem));
}

/** As `addProblems`, for the field `field` of `parent`. */
export function addFieldProblems(
  value: unknown,
  problems: readonly string[],
  parent: FieldPath,
  field: string,
  errors: Errors,
): void {
  if (problems.length) addProblems(value, problems, parent.child(field), errors);
}

export function checkNotNegative(value: number | undefined, parent: FieldPath, field: string, errors: Errors): void {
  if (value != null && value < 0) errors.push(invalid(parent.child(field), value, notNegativeText));
}

/** The name of another object in `field`, if there is one. */
export function checkSubdomain(value: string | undefined, parent: FieldPath, field: string, errors: Errors): void {
  if (value) addFieldProblems(value, dns1123SubdomainErrors(value), parent, field, errors);
}

export function checkSupported(
  value: string | undefined,
  supported: readonly string[],
  parent: FieldPath,
  field: string,
  errors: Errors,
): void {
  if (!supported.includes(value ?? '')) errors.push(notSupported(parent.child(field), value ?? '', supported));
}

/** A value of a closed list that must be there. */
export function checkChoice(
  value: string | undefined,
  supported: readonly string[],
  parent: FieldPath,
  field: string,
  errors: Errors,
): void {
  if (!value) errors.push(required(parent.child(field)));
  else checkSupported(value, supported, parent, field, errors);
}

export function checkRequired(value: string | undefined, parent: FieldPath, field: string, errors: Errors): void {
  if (!value) errors.push(required(parent.child(field)));
}

/** A user or group id. */
export function checkId(value: number | undefined, parent: FieldPath, field: string, errors: Errors): void {
  if (value != null && !isId(value)) errors.push(invalid(parent.child(field), value, idProblem));
}
export const isId = (value: number): boolean => value >= 0 && value <= maxInt32;
export const idProblem = rangeProblem(0, maxInt32);

/** The permission bits of a file in a volume. */
export function checkMode(value: number | undefined, parent: FieldPath, field: string, errors: Errors): void {
  if (value == null || (value >= 0 && value <= 0o777)) return;
  errors.push(invalid(parent.child(field), value, 'must be a number between 0 and 0777 (octal), both inclusive'));
}

export const isPortNumber = (port: number): boolean => port >= 1 && port <= 65535;
export const portProblem = rangeProblem(1, 65535);

/** A port given by number or by name. */
export function checkPort(port: number | string | undefined, parent: FieldPath, field: string, errors: Errors): void {
  if (typeof port === 'string') addFieldProblems(port, portNameErrors(port), parent, field, errors);
  else if (!isPortNumber(port ?? 0)) errors.push(invalid(parent.child(field), port ?? 0, portProblem));
}

/** A path that stays below its root: relative and without `..` elements. */
export function descendingPathProblems(path: string): string[] {
  const problems: string[] = [];
  if (path.startsWith('/')) problems.push('must be a relative path');
  if (hasBackstep(path)) problems.push("must not contain '..'");
  return problems;
}

export const hasBackstep = (path: string): boolean => path.includes('..') && path.split('/').includes('..');

/** The same for files in volumes, where `..data` and its like are the kubelet's. */
export function filePathProblems(path: string): string[] {
  const problems = descendingPathProblems(path);
  if (path.startsWith('..') && !hasBackstep(path)) problems.push("must not start with '..'");
  return problems;
}
