/**
 * What validation finds, as data: the API server rejects and the language server underlines from the same list.
 * The texts follow Kubernetes' field errors word for word, because people search for them.
 */
import type { FieldPath } from './fieldPath.ts';

export type FieldErrorType =
  | 'FieldValueNotFound'
  | 'FieldValueRequired'
  | 'FieldValueDuplicate'
  | 'FieldValueInvalid'
  | 'FieldValueNotSupported'
  | 'FieldValueForbidden'
  | 'FieldValueTooLong'
  | 'FieldValueTooMany'
  | 'InternalError'
  | 'FieldValueTypeInvalid';

export interface FieldError {
  readonly type: FieldErrorType;
  readonly path: FieldPath;
  /** The rejected value; shown for the types that quote it. */
  readonly value?: unknown;
  readonly detail: string;
}

const heads: Record<FieldErrorType, string> = {
  FieldValueNotFound: 'Not found',
  FieldValueRequired: 'Required value',
  FieldValueDuplicate: 'Duplicate value',
  FieldValueInvalid: 'Invalid value',
  FieldValueNotSupported: 'Unsupported value',
  FieldValueForbidden: 'Forbidden',
  FieldValueTooLong: 'Too long',
  FieldValueTooMany: 'Too many',
  InternalError: 'Internal error',
  FieldValueTypeInvalid: 'Invalid value',
};

const withoutValue = new Set<FieldErrorType>(['FieldValueRequired', 'FieldValueForbidden', 'FieldValueTooLong', 'InternalError']);

/** Given as the value of an error whose message leaves the value out. */
export const noValue: unique symbol = Symbol('noValue');

/** The value as Kubernetes quotes it in messages: strings in Go quotes, structures as JSON. */
export function quoteValue(value: unknown): string {
  if (value === undefined || value === null) return 'null';
  const quoted = JSON.stringify(value);
  // JSON writes most control characters as \u0001, Go as \x01; an escaped backslash before them is no escape. Go's JSON is fit for HTML.
  return typeof value === 'string'
    ? quoted.replace(/\\(?:u00([01][0-9a-f])|.)/g, (all, hex) => (hex ? `\\x${hex}` : all))
    : quoted.replace(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`);
}

/** The error without its path, for a Status' causes: `Invalid value: "x": must be …`. */
export function fieldErrorBody(error: FieldError): string {
  const untold = error.value === noValue || (error.type === 'FieldValueTooMany' && error.value === undefined);
  const plain = untold || withoutValue.has(error.type);
  const head = plain ? heads[error.type] : `${heads[error.type]}: ${quoteValue(error.value)}`;
  return error.detail ? `${head}: ${error.detail}` : head;
}

/** The whole error: `spec.replicas: Invalid value: -1: must be …`. */
export const fieldErrorText = (error: FieldError): string => `${error.path.toString()}: ${fieldErrorBody(error)}`;

/** One error's text, or `[a, b]` for several; the same text twice counts once. */
export function aggregateText(errors: readonly FieldError[]): string {
  const texts = [...new Set(errors.map(fieldErrorText))];
  return texts.length === 1 ? (texts[0] ?? '') : `[${texts.join(', ')}]`;
}

export const notFoundField = (path: FieldPath, value: unknown): FieldError => ({
  type: 'FieldValueNotFound',
  path,
  value,
  detail: '',
});
export const required = (path: FieldPath, detail = ''): FieldError => ({ type: 'FieldValueRequired', path, detail });
export const duplicate = (path: FieldPath, value: unknown): FieldError => ({
  type: 'FieldValueDuplicate',
  path,
  value,
  detail: '',
});
export const invalid = (path: FieldPath, value: unknown, detail: string): FieldError => ({
  type: 'FieldValueInvalid',
  path,
  value,
  detail,
});
export const typeInvalid = (path: FieldPath, value: unknown, detail: string): FieldError => ({
  type: 'FieldValueTypeInvalid',
  path,
  value,
  detail,
});
/** `Unsupported value: "x": supported values: "a", "b"`; the values in the order given. */
export const notSupported = (path: FieldPath, value: unknown, supported: readonly string[]): FieldError => ({
  type: 'FieldValueNotSupported',
  path,
  value,
  detail: supported.length ? `supported values: ${supported.map((v) => JSON.stringify(v)).join(', ')}` : '',
});
export const forbidden = (path: FieldPath, detail: string): FieldError => ({
  type: 'FieldValueForbidden',
  path,
  detail,
});
export const tooLong = (path: FieldPath, max: number): FieldError => ({
  type: 'FieldValueTooLong',
  path,
  detail: max >= 0 ? `may not be more than ${max} bytes` : 'value is too long',
});
/** `Too many: 9: must have at most 8 items`. */
export const tooMany = (path: FieldPath, actual: number, max: number): FieldError => ({
  type: 'FieldValueTooMany',
  path,
  value: actual,
  detail: `must have at most ${max} items`,
});
export const internalError = (path: FieldPath, detail: string): FieldError => ({ type: 'InternalError', path, detail });
