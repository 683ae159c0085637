/**
 * Whether a value fits a schema of a CustomResourceDefinition, in the words of Kubernetes 1.36. What an update leaves as it
 * was is not held against it, even where the schema has become stricter in the meantime. Rules: validateRules.ts.
 */
import { type FieldError, invalid, notSupported, required, tooMany, typeInvalid } from '#common/api/fieldError.ts';
import { getOwn, isJsonObject, type JsonObject } from '#common/api/ownProperty.ts';
import { deepEqual } from '#common/base/freeze.ts';
import type { JSONSchemaProps } from '#common/schema/generated/types.ts';
import { additionalSchema, itemsSchema } from '../validation/crd/schemaParts.ts';
import { correlatedItem } from './correlatedItem.ts';
import { fieldOf, itemOf, pathOf, pathOfWhole, type Place } from './place.ts';
import { checkNumber, checkString } from './validateScalar.ts';

/** `old` is what was there before, where it is known which value that was. */
export function validateValue(schema: JSONSchemaProps, value: unknown, old: unknown, place: Place): FieldError[] {
  const errors: FieldError[] = [];
  check(schema, value, old, place, errors);
  return errors;
}

function check(schema: JSONSchemaProps, value: unknown, old: unknown, place: Place, errors: FieldError[]): void {
  if (old !== undefined && deepEqual(value, old)) return;
  checkType(schema, value, place, errors);
  if (value === null) return;
  checkCombinations(schema, value, place, errors);
  if (typeof value === 'string') checkString(schema, value, place, errors);
  else if (typeof value === 'number') checkNumber(schema, value, place, errors);
  else if (Array.isArray(value)) checkList(schema, value, old, place, errors);
  checkEnum(schema, value, place, errors);
  if (isJsonObject(value)) checkObject(schema, value, old, place, errors);
}

export const jsonTypeOf = (value: unknown): string => {
  if (Array.isArray(value)) return 'array';
  if (value === null) return 'null';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
};

function checkType(schema: JSONSchemaProps, value: unknown, place: Place, errors: FieldError[]): void {
  const allowed = schema['x-kubernetes-int-or-string'] ? ['integer', 'string'] : schema.type ? [schema.type] : [];
  if (allowed.length === 0) return;
  const found = jsonTypeOf(value);
  if (found === 'null' && schema.nullable) return;
  if (allowed.includes(found) || (found === 'integer' && allowed.includes('number'))) return;
  const text = `${place.name} in body must be of type ${allowed.join(',')}: ${JSON.stringify(found)}`;
  errors.push(typeInvalid(pathOf(place), found, text));
}

function checkEnum(schema: JSONSchemaProps, value: unknown, place: Place, errors: FieldError[]): void {
  if (!schema.enum?.length || schema.enum.some((allowed) => deepEqual(allowed, value))) return;
  const supported = schema.enum.map((allowed) => (typeof allowed === 'string' ? allowed : JSON.stringify(allowed)));
  errors.push(notSupported(pathOf(place), value, supported));
}

/** anyOf, oneOf, allOf and not. Their own message comes with those of the first alternative that failed. */
function checkCombinations(schema: JSONSchemaProps, value: unknown, place: Place, errors: FieldError[]): void {
  const problem = (text: string): FieldError => invalid(pathOfWhole(place), '', `${JSON.stringify(place.name)} ${text}`);
  const tryAll = (parts: readonly JSONSchemaProps[]): FieldError[][] =>
    parts.map((part) => validateValue(part, value, undefined, place));
  if (schema.anyOf?.length) {
    const results = tryAll(schema.anyOf);
    if (results.every((found) => found.length > 0)) {
      errors.push(problem('must validate at least one schema (anyOf)'), ...(results[0] ?? []));
    }
  }
  if (schema.oneOf?.length) {
    const results = tryAll(schema.oneOf);
    const valid = results.filter((found) => found.length === 0).length;
    if (valid === 0) {
      errors.push(problem('must validate one and only one schema (oneOf). Found none valid'), ...(results[0] ?? []));
    } else if (valid > 1) {
      errors.push(problem(`must validate one and only one schema (oneOf). Found ${valid} valid alternatives`));
    }
  }
  if (schema.allOf?.length) {
    const results = tryAll(schema.allOf);
    const failed = results.filter((found) => found.length > 0);
    if (failed.length > 0) {
      const none = failed.length === results.length ? '. None validated' : '';
      errors.push(...failed.flat(), problem(`must validate all the schemas (allOf)${none}`));
    }
  }
  if (schema.not && validateValue(schema.not, value, undefined, place).length === 0) {
    errors.push(problem('must not validate the schema (not)'));
  }
}

function checkList(schema: JSONSchemaProps, list: readonly unknown[], old: unknown, place: Place, errors: FieldError[]): void {
  const items = itemsSchema(schema);
  if (items) {
    list.forEach((item, i) => {
      check(items, item, correlatedItem(schema, items, item, old), itemOf(place, i), errors);
    });
  }
  const { minItems, maxItems } = schema;
  if (minItems !== undefined && list.length < minItems) {
    errors.push(invalid(pathOf(place), list.length, `${place.name} in body should have at least ${minItems} items`));
  }
  if (maxItems !== undefined && list.length > maxItems) errors.push(tooMany(pathOf(place), list.length, maxItems));
}

function checkObject(schema: JSONSchemaProps, object: JsonObject, old: unknown, place: Place, errors: FieldError[]): void {
  const { minProperties, maxProperties, properties = {} } = schema;
  const keys = Object.keys(object);
  if (minProperties !== undefined && keys.length < minProperties) {
    const text = `${place.name} in body should have at least ${minProperties} properties`;
    return void errors.push(invalid(pathOf(place), keys.length, text));
  }
  if (maxProperties !== undefined && keys.length > maxProperties) {
    return void errors.push(tooMany(pathOf(place), keys.length, maxProperties));
  }
  const before = isJsonObject(old) ? old : {};
  const additional = additionalSchema(schema);
  if (typeof additional === 'object') {
    for (const key of keys) {
      if (!Object.hasOwn(properties, key)) check(additional, object[key], getOwn(before, key), fieldOf(place, key), errors);
    }
  }
  for (const [name, inner] of Object.entries(properties)) {
    if (Object.hasOwn(object, name)) check(inner, object[name], getOwn(before, name), fieldOf(place, name), errors);
  }
  for (const name of schema.required ?? []) {
    if (!Object.hasOwn(object, name)) errors.push(required(pathOf(fieldOf(place, name))));
  }
}
