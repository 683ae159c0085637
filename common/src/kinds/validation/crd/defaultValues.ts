/**
 * Defaults in a schema must fit the schema themselves. The texts are those of Kubernetes' JSON schema validator, which
 * leaves a gap where the name of the (unnamed) value would be.
 */
import { type FieldError, forbidden, invalid, notSupported, required, tooLong } from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';
import { matchesPattern } from '#common/api/goPattern.ts';
import { timeProblem } from '#common/api/time.ts';
import type { JSONSchemaProps } from '#common/schema/generated/types.ts';
import { sameValue } from '../values.ts';
import { additionalSchema, childSchemas, itemsSchema } from './schemaParts.ts';

export function validateDefaults(schema: JSONSchemaProps, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  checkDefaults(schema, path, false, errors);
  return errors;
}

function checkDefaults(schema: JSONSchemaProps, path: FieldPath, inMetadata: boolean, errors: FieldError[]): void {
  const value = schema.default;
  if (value !== undefined && value !== null) {
    const at = path.child('default');
    if (inMetadata) errors.push(forbidden(at, 'must not be set in top-level metadata'));
    else if (hasUnknownFields(schema, value)) errors.push(invalid(at, value, 'must not have unknown fields'));
    else checkValue(schema, value, at, '', errors);
  }
  for (const child of childSchemas(schema, path)) {
    const isMetadata = path.steps().at(-1) === 'openAPIV3Schema' && child.path.steps().at(-1) === 'metadata';
    checkDefaults(child.schema, child.path, inMetadata || isMetadata, errors);
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const propertyOf = (schema: JSONSchemaProps, name: string): JSONSchemaProps | undefined =>
  schema.properties && Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;

/** Whether pruning would take something away. */
function hasUnknownFields(schema: JSONSchemaProps, value: unknown): boolean {
  const items = itemsSchema(schema);
  if (Array.isArray(value)) return items !== undefined && value.some((item) => hasUnknownFields(items, item));
  if (!isObject(value) || schema['x-kubernetes-preserve-unknown-fields']) return false;
  const additional = additionalSchema(schema);
  return Object.entries(value).some(([name, field]) => {
    const known = propertyOf(schema, name) ?? (typeof additional === 'object' ? additional : undefined);
    return known ? hasUnknownFields(known, field) : additional !== true;
  });
}

const typeOf = (value: unknown): string => {
  if (Array.isArray(value)) return 'array';
  if (value === null) return 'null';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
};

function fitsType(schema: JSONSchemaProps, value: unknown): boolean {
  const found = typeOf(value);
  if (schema['x-kubernetes-int-or-string']) return found === 'integer' || found === 'string';
  if (!schema.type || (found === 'null' && schema.nullable)) return true;
  return found === schema.type || (schema.type === 'number' && found === 'integer');
}

/** `name` is where in the default the value is: empty, `.a` or `[0]`. */
function checkValue(schema: JSONSchemaProps, value: unknown, path: FieldPath, name: string, errors: FieldError[]): void {
  const report = (detail: string, quoted: unknown = value): void => {
    errors.push(invalid(path, quoted, `${name} in body ${detail}`));
  };
  if (!fitsType(schema, value)) {
    const found = typeOf(value);
    report(`must be of type ${schema.type ?? ''}: ${JSON.stringify(found)}`, found);
    if (schema.type === 'integer' && found === 'number') {
      errors.push(invalid(path, '', `Checked value must be of type integer (default format) in ${name}`));
    }
    return;
  }
  if (schema.enum?.length && !schema.enum.some((allowed) => sameValue(allowed, value))) {
    errors.push(
      notSupported(
        path,
        value,
        schema.enum.map((allowed) => (typeof allowed === 'string' ? allowed : JSON.stringify(allowed))),
      ),
    );
  }
  if (typeof value === 'number') checkNumber(schema, value, path, name, report, errors);
  if (typeof value === 'string') checkString(schema, value, path, report, errors);
  if (Array.isArray(value)) {
    const items = itemsSchema(schema);
    if (items) value.forEach((item, i) => checkValue(items, item, path.child(`[${i}]`), `${name}[${i}]`, errors));
  } else if (isObject(value)) {
    for (const field of schema.required ?? []) if (!Object.hasOwn(value, field)) errors.push(required(path.child(field)));
    for (const [field, part] of Object.entries(value)) {
      const known = propertyOf(schema, field);
      if (known) checkValue(known, part, path.child(field), name ? `${name}.${field}` : field, errors);
    }
  }
}

type Report = (detail: string, quoted?: unknown) => void;

function checkNumber(
  schema: JSONSchemaProps,
  value: number,
  path: FieldPath,
  name: string,
  report: Report,
  errors: FieldError[],
): void {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  for (const [bound, what] of [
    [maximum, 'Maximum'],
    [minimum, 'Minimum'],
  ] as const) {
    if (bound !== undefined && schema.type === 'integer' && !Number.isInteger(bound)) {
      errors.push(invalid(path, '', `${what} boundary value must be of type integer (default format) in ${name}`));
      return;
    }
  }
  if (maximum !== undefined && (exclusiveMaximum ? value >= maximum : value > maximum)) {
    report(`should be less than ${exclusiveMaximum ? '' : 'or equal to '}${maximum}`);
  }
  if (minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum)) {
    report(`should be greater than ${exclusiveMinimum ? '' : 'or equal to '}${minimum}`);
  }
  if (multipleOf && value % multipleOf !== 0) report(`should be a multiple of ${multipleOf}`);
}

function checkString(schema: JSONSchemaProps, value: string, path: FieldPath, report: Report, errors: FieldError[]): void {
  const length = [...value].length;
  // The first problem of a text is enough.
  if (schema.maxLength !== undefined && length > schema.maxLength) errors.push(tooLong(path, schema.maxLength));
  else if (schema.minLength !== undefined && length < schema.minLength)
    report(`should be at least ${schema.minLength} chars long`);
  else if (schema.pattern && !matchesPattern(schema.pattern, value)) report(`should match '${schema.pattern}'`);
  else if (schema.format === 'date-time' && timeProblem(value) !== undefined) {
    report(`must be of type date-time: ${JSON.stringify(value)}`);
  }
}
