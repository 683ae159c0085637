/**
 * Structural schemas: every part of a value has one type, said in one place, so that objects can be pruned and defaulted.
 * What stands inside of allOf, anyOf, oneOf and not may only narrow values. Kubernetes sorts these errors by their text.
 */
import { type FieldError, fieldErrorText, forbidden, invalid, notSupported, required } from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';
import type { JSONSchemaProps } from '#common/schema/generated/types.ts';
import { additionalSchema, childSchemas } from './schemaParts.ts';

const types = ['array', 'boolean', 'integer', 'number', 'object', 'string'];
type Level = 'root' | 'item' | 'field';
const missingType: Readonly<Record<Level, string>> = {
  root: 'must not be empty at the root',
  item: 'must not be empty for specified array items',
  field: 'must not be empty for specified object fields',
};
/** What narrows values, and may stand inside of allOf and its kin. */
const emptyInside = ['description', 'type', 'title'] as const;
const undefinedInside = [
  'default',
  'additionalProperties',
  'nullable',
  'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-embedded-resource',
  'x-kubernetes-int-or-string',
  'x-kubernetes-list-type',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-map-type',
  'x-kubernetes-validations',
] as const;

export function validateStructural(schema: JSONSchemaProps, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  checkLevel(schema, 'root', path, errors);
  return errors
    .map((error) => ({ error, text: fieldErrorText(error) }))
    .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
    .map(({ error }) => error);
}

function checkLevel(schema: JSONSchemaProps, level: Level, path: FieldPath, errors: FieldError[]): void {
  for (const child of childSchemas(schema, path)) {
    checkLevel(
      child.schema,
      `${child.path.steps().at(-1) ?? ''}` === 'items' && child.schema === schema.items ? 'item' : 'field',
      child.path,
      errors,
    );
  }
  checkType(schema, level, path, errors);
  if (level === 'root' && additionalSchema(schema) !== undefined) {
    errors.push(forbidden(path.child('additionalProperties'), 'must not be used at the root'));
  }
  if (schema['x-kubernetes-preserve-unknown-fields'] === false) {
    errors.push(invalid(path.child('x-kubernetes-preserve-unknown-fields'), false, 'must be true or undefined'));
  }
  const embedded = schema['x-kubernetes-embedded-resource'] === true;
  if (embedded && additionalSchema(schema) !== undefined) {
    const text = 'must not be used if x-kubernetes-embedded-resource is set';
    errors.push(forbidden(path.child('additionalProperties'), text));
  }
  if (embedded && !schema['x-kubernetes-preserve-unknown-fields'] && !Object.keys(schema.properties ?? {}).length) {
    const text = 'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields';
    errors.push(required(path.child('properties'), text));
  }
  if (level === 'root' || embedded) checkObjectFields(schema, path, errors);
  checkNarrowing(schema, path, errors);
}

function checkType(schema: JSONSchemaProps, level: Level, path: FieldPath, errors: FieldError[]): void {
  const { type = '' } = schema;
  const at = path.child('type');
  const openType = schema['x-kubernetes-int-or-string'] === true || schema['x-kubernetes-preserve-unknown-fields'] === true;
  if (schema['x-kubernetes-embedded-resource'] === true && type !== 'object') {
    const text = 'must be object if x-kubernetes-embedded-resource is true';
    errors.push(type ? invalid(at, type, text) : required(at, text));
  } else if (!type && !openType) {
    errors.push(required(at, missingType[level]));
  }
  if (type && level === 'root' && type !== 'object') errors.push(invalid(at, type, 'must be object at the root'));
  if (type && !types.includes(type)) errors.push(notSupported(at, type, types));
}

/** The fields that every object has need no schema, and may only be narrowed. */
function checkObjectFields({ properties }: JSONSchemaProps, path: FieldPath, errors: FieldError[]): void {
  const property = (name: string): JSONSchemaProps | undefined =>
    properties && Object.hasOwn(properties, name) ? properties[name] : undefined;
  const at = (name: string): FieldPath => path.child('properties').key(name);
  for (const name of ['kind', 'apiVersion']) {
    const schema = property(name);
    if (schema?.type && schema.type !== 'string') errors.push(invalid(at(name).child('type'), schema.type, 'must be string'));
  }
  const metadata = property('metadata');
  if (!metadata) return;
  if (metadata.type && metadata.type !== 'object')
    errors.push(invalid(at('metadata').child('type'), metadata.type, 'must be object'));
  const extra = Object.keys(metadata.properties ?? {}).some((name) => name !== 'name' && name !== 'generateName');
  if (extra) {
    const text = 'must not specify anything other than name and generateName, but metadata is implicitly specified';
    errors.push(forbidden(at('metadata'), text));
  }
}

/** Visits the schemas inside of allOf, anyOf, oneOf and not. */
function checkNarrowing(schema: JSONSchemaProps, path: FieldPath, errors: FieldError[]): void {
  schema.allOf?.forEach((part, i) => {
    const pattern = i === 0 && isIntOrStringPattern(part.anyOf) && Object.keys(part).length === 1;
    if (!pattern) checkNested(part, path.child('allOf').index(i), errors);
  });
  if (!isIntOrStringPattern(schema.anyOf)) {
    schema.anyOf?.forEach((part, i) => checkNested(part, path.child('anyOf').index(i), errors));
  }
  schema.oneOf?.forEach((part, i) => checkNested(part, path.child('oneOf').index(i), errors));
  if (schema.not) checkNested(schema.not, path.child('not'), errors);
}

/** The usual way to say "integer or string", which is allowed to name types. */
const isIntOrStringPattern = (anyOf: readonly JSONSchemaProps[] | undefined): boolean =>
  anyOf?.length === 2 &&
  anyOf[0]?.type === 'integer' &&
  anyOf[1]?.type === 'string' &&
  anyOf.every((part) => Object.keys(part).length === 1);

function checkNested(schema: JSONSchemaProps, path: FieldPath, errors: FieldError[]): void {
  for (const field of emptyInside) if (schema[field]) errors.push(forbidden(path.child(field), 'must be empty to be structural'));
  for (const field of undefinedInside) {
    const value = schema[field];
    if (value === undefined || value === false) continue;
    errors.push(forbidden(path.child(field), 'must be undefined to be structural'));
  }
  for (const child of childSchemas({ ...schema, additionalProperties: undefined } as JSONSchemaProps, path)) {
    checkNested(child.schema, child.path, errors);
  }
  checkNarrowing(schema, path, errors);
}
