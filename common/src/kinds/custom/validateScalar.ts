/** What a schema says of numbers and strings: bounds, lengths, patterns, formats. Order and words as Kubernetes has them. */
import { type FieldError, invalid, tooLong, typeInvalid } from '#common/api/fieldError.ts';
import type { JSONSchemaProps } from '#common/schema/generated/types.ts';
import { matchesPattern } from '#common/api/goPattern.ts';
import { hasFormat } from '#common/api/textFormats.ts';
import { pathOf, pathOfWhole, type Place } from './place.ts';

/** Largest magnitudes that the number formats hold. */
const ranges: Readonly<Record<string, readonly [min: number, max: number]>> = {
  int32: [-(2 ** 31), 2 ** 31 - 1],
  int64: [-(2 ** 63), 2 ** 63],
  uint32: [0, 2 ** 32 - 1],
  uint64: [0, 2 ** 64],
  float: [-3.4028234663852886e38, 3.4028234663852886e38],
};

export function checkNumber(schema: JSONSchemaProps, value: number, place: Place, errors: FieldError[]): void {
  const { type, format, minimum, maximum, multipleOf } = schema;
  const outOfRange = rangeProblem(type, format, value);
  if (outOfRange)
    return void errors.push(invalid(pathOfWhole(place), '', `Checked value must be of type ${outOfRange} in ${place.name}`));
  const fraction = type === 'integer' ? fractionalBound(schema) : undefined;
  if (fraction) {
    const text = `${fraction} boundary value must be of type integer (default format) in ${place.name}`;
    return void errors.push(invalid(pathOfWhole(place), '', text));
  }
  const report = (text: string): void =>
    void errors.push(invalid(pathOf(place), value, `${place.name} in body should be ${text}`));
  if (multipleOf && !isMultiple(value, multipleOf)) report(`a multiple of ${multipleOf}`);
  if (maximum !== undefined && (schema.exclusiveMaximum ? value >= maximum : value > maximum)) {
    report(`less than ${schema.exclusiveMaximum ? '' : 'or equal to '}${maximum}`);
  }
  if (minimum !== undefined && (schema.exclusiveMinimum ? value <= minimum : value < minimum)) {
    report(`greater than ${schema.exclusiveMinimum ? '' : 'or equal to '}${minimum}`);
  }
}

/** What the number should have been; undefined when its type and format hold it. */
function rangeProblem(type: string | undefined, format: string | undefined, value: number): string | undefined {
  if (type !== 'integer' && type !== 'number') return undefined;
  const range = format !== undefined && Object.hasOwn(ranges, format) ? ranges[format] : undefined;
  if (range && format?.includes('int') && !Number.isInteger(value)) return `${type} with format ${format}`;
  if (range) return value < range[0] || value > range[1] ? `${type} with format ${format ?? ''}` : undefined;
  return type === 'integer' && !Number.isInteger(value) ? 'integer (default format)' : undefined;
}

/** The bound of an integer that is none itself. */
function fractionalBound({ maximum, minimum }: JSONSchemaProps): string | undefined {
  if (maximum !== undefined && !Number.isInteger(maximum)) return 'Maximum';
  return minimum !== undefined && !Number.isInteger(minimum) ? 'Minimum' : undefined;
}

/** 0.3 is a multiple of 0.1, though not in binary. */
function isMultiple(value: number, of: number): boolean {
  const quotient = value / of;
  return Math.abs(quotient - Math.round(quotient)) < 1e-9 * Math.max(1, Math.abs(quotient));
}

export function checkString(schema: JSONSchemaProps, value: string, place: Place, errors: FieldError[]): void {
  const problem = lengthProblem(schema, value, place);
  if (problem) errors.push(problem);
  const { format } = schema;
  if (schema.type === 'string' && format && hasFormat(format, value) === false) {
    const text = `${place.name} in body must be of type ${format}: ${JSON.stringify(value)}`;
    errors.push(typeInvalid(pathOf(place), value, text));
  }
}

/** The first problem counts. Lengths are in characters. */
function lengthProblem({ minLength, maxLength, pattern }: JSONSchemaProps, value: string, place: Place): FieldError | undefined {
  const length = maxLength === undefined && minLength === undefined ? 0 : [...value].length;
  if (maxLength !== undefined && length > maxLength) return tooLong(pathOf(place), maxLength);
  if (minLength !== undefined && length < minLength) {
    return invalid(pathOf(place), value, `${place.name} in body should be at least ${minLength} chars long`);
  }
  if (pattern && !matchesPattern(pattern, value)) {
    return invalid(pathOf(place), value, `${place.name} in body should match '${pattern}'`);
  }
  return undefined;
}
