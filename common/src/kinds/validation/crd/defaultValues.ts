/**
 * Defaults in a schema must fit the schema themselves. The texts are those of Kubernetes' JSON schema validator, which
 * leaves a gap where the name of the (unnamed) value would be.
 */
import { type FieldError, forbidden, invalid } from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';
import type { JSONSchemaProps } from '#common/schema/generated/types.ts';
import { placeOf } from '../../custom/place.ts';
import { validateValue } from '../../custom/validateValue.ts';
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
    else errors.push(...validateValue(schema, value, undefined, placeOf(at)));
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
