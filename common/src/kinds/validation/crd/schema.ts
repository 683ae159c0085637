/**
 * A custom resource's schema: must be structural (structural.ts), its defaults must fit it (defaultValues.ts), and only
 * those parts of OpenAPI may be used that Kubernetes supports.
 */
import { type FieldError, forbidden, invalid, notSupported, required } from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';
import type { JSONSchemaProps } from '#common/schema/generated/types.ts';
import { validateDefaults } from './defaultValues.ts';
import { type RulesPlace, validateRuleDeclarations } from './rules.ts';
import { additionalSchema, childSchemas, itemsSchema } from './schemaParts.ts';
import { validateStructural } from './structural.ts';

const scalarTypes = ['string', 'number', 'integer', 'boolean'];
const rootFieldsBesideStatus = [
  'description',
  'type',
  'format',
  'title',
  'maximum',
  'exclusiveMaximum',
  'minimum',
  'exclusiveMinimum',
  'maxLength',
  'minLength',
  'pattern',
  'maxItems',
  'minItems',
  'uniqueItems',
  'multipleOf',
  'required',
  'items',
  'properties',
  'externalDocs',
  'example',
  'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-validations',
];

export function validateSchema(schema: JSONSchemaProps, path: FieldPath, hasStatus: boolean): FieldError[] {
  const errors = hasStatus ? validateRootBesideStatus(schema, path) : [];
  if (schema.nullable) errors.push(forbidden(path.child('nullable'), 'nullable cannot be true at the root'));
  const structural = validateStructural(schema, path);
  errors.push(...structural);
  if (!structural.length) errors.push(...validateDefaults(schema, path));
  checkSupported(schema, { path, isObject: true, uncorrelatable: undefined }, errors);
  return errors;
}

/** The status is validated by itself, so nothing at the root may reach across it. */
function validateRootBesideStatus(schema: JSONSchemaProps, path: FieldPath): FieldError[] {
  if (schema.type && schema.type !== 'object') {
    const text = 'only "object" is allowed as the type at the root of the schema if the status subresource is enabled';
    return [invalid(path.child('type'), schema.type, text)];
  }
  const extra = Object.keys(schema).find((field) => !rootFieldsBesideStatus.includes(field));
  if (extra === undefined) return [];
  const allowed = rootFieldsBesideStatus.map((field) => goName(field)).join(' ');
  const text = `only [${allowed}] fields are allowed at the root of the schema if the status subresource is enabled`;
  return [invalid(path, schema, text)];
}

const goName = (field: string): string =>
  field
    .replace(/^x-kubernetes/, 'X')
    .split('-')
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('');

function checkSupported(schema: JSONSchemaProps, place: RulesPlace, errors: FieldError[]): void {
  const { path } = place;
  if (schema.uniqueItems) {
    const text = 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic';
    errors.push(forbidden(path.child('uniqueItems'), text));
  }
  for (const field of ['$ref', 'id', 'definitions', 'dependencies', 'patternProperties', 'additionalItems'] as const) {
    if (schema[field]) errors.push(forbidden(path.child(field), `${field} is not supported`));
  }
  if (Array.isArray(schema.items) && schema.items.length)
    errors.push(forbidden(path.child('items'), 'items must be a schema object and not an array'));
  const additional = additionalSchema(schema);
  if (additional !== undefined && Object.keys(schema.properties ?? {}).length && additional !== false) {
    const text = 'additionalProperties and properties are mutual exclusive';
    errors.push(forbidden(path.child('additionalProperties'), text));
  }
  checkListType(schema, path, errors);
  const mapType = schema['x-kubernetes-map-type'];
  if (mapType !== undefined) {
    const at = path.child('x-kubernetes-map-type');
    if (mapType !== 'atomic' && mapType !== 'granular') errors.push(notSupported(at, mapType, ['atomic', 'granular']));
    if (schema.type !== 'object') errors.push(wrongType(schema, path, 'must be object if x-kubernetes-map-type is specified'));
  }
  errors.push(...validateRuleDeclarations(schema, place));
  const items = itemsSchema(schema);
  for (const child of childSchemas(schema, path)) {
    const isObject = Boolean(child.schema['x-kubernetes-embedded-resource']);
    const loses = child.schema === items && schema['x-kubernetes-list-type'] !== 'map';
    const uncorrelatable = place.uncorrelatable ?? (loses ? path : undefined);
    checkSupported(child.schema, { path: child.path, isObject, uncorrelatable }, errors);
  }
}

const wrongType = (schema: JSONSchemaProps, path: FieldPath, text: string): FieldError =>
  schema.type ? invalid(path.child('type'), schema.type, text) : required(path.child('type'), text);

function checkListType(schema: JSONSchemaProps, path: FieldPath, errors: FieldError[]): void {
  const listType = schema['x-kubernetes-list-type'];
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const typePath = path.child('x-kubernetes-list-type');
  const keysPath = path.child('x-kubernetes-list-map-keys');
  const items = itemsSchema(schema);
  if (listType !== undefined && schema.type !== 'array') {
    errors.push(wrongType(schema, path, 'must be array if x-kubernetes-list-type is specified'));
  }
  if (listType !== undefined && !['atomic', 'set', 'map'].includes(listType)) {
    errors.push(notSupported(typePath, listType, ['atomic', 'set', 'map']));
  }
  if (keys.length && listType !== 'map') {
    const text = 'must be map if x-kubernetes-list-map-keys is non-empty';
    errors.push(listType ? invalid(typePath, listType, text) : required(typePath, text));
  }
  if (listType === 'set') checkSet(items, path.child('items'), errors);
  if (listType !== 'map') return;
  if (!keys.length) errors.push(required(keysPath, 'must not be empty if x-kubernetes-list-type is map'));
  if (!items) {
    errors.push(required(path.child('items'), 'must have a schema if x-kubernetes-list-type is map'));
    return;
  }
  checkMapKeys(items, keys, schema, path, errors);
}

function checkSet(items: JSONSchemaProps | undefined, path: FieldPath, errors: FieldError[]): void {
  if (!items) {
    errors.push(required(path, 'must be specified'));
    return;
  }
  if (items.nullable) errors.push(forbidden(path.child('nullable'), 'cannot be nullable when x-kubernetes-list-type is set'));
  if (items.type === 'object' && items['x-kubernetes-map-type'] !== 'atomic') {
    const text = 'must be atomic as item of a list with x-kubernetes-list-type=set';
    errors.push(invalid(path.child('x-kubernetes-map-type'), items['x-kubernetes-map-type'], text));
  }
}

/** The keys of a map list are scalar properties that every item has. */
function checkMapKeys(
  items: JSONSchemaProps,
  keys: readonly string[],
  list: JSONSchemaProps,
  path: FieldPath,
  errors: FieldError[],
): void {
  const itemsPath = path.child('items');
  const keysPath = path.child('x-kubernetes-list-map-keys');
  if (items.type !== 'object') {
    errors.push(
      invalid(itemsPath.child('type'), items.type ?? '', "must be object if parent array's x-kubernetes-list-type is map"),
    );
    return;
  }
  const property = (key: string): JSONSchemaProps | undefined =>
    items.properties && Object.hasOwn(items.properties, key) ? items.properties[key] : undefined;
  const given = list['x-kubernetes-list-map-keys'];
  if (keys.some((key) => !property(key))) errors.push(invalid(keysPath, given, 'entries must all be names of item properties'));
  if (new Set(keys).size < keys.length) errors.push(invalid(keysPath, given, 'must not contain duplicate entries'));
  for (const key of new Set(keys)) {
    const schema = property(key);
    if (!schema) continue;
    const at = itemsPath.child('properties').key(key);
    if (!scalarTypes.includes(schema.type ?? '')) {
      errors.push(
        invalid(at.child('type'), schema.type ?? '', "must be a scalar type if parent array's x-kubernetes-list-type is map"),
      );
    }
    if (schema.default === undefined && !items.required?.includes(key)) {
      const text = 'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property';
      errors.push(required(at.child('default'), text));
    }
    if (schema.nullable) {
      errors.push(forbidden(at.child('nullable'), 'this property is in x-kubernetes-list-map-keys, so it cannot be nullable'));
    }
  }
}
