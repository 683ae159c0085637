/**
 * What a schema fills in: defaults for absent fields, and the nulls that go because their field may not be null. Pure:
 * what stays the same is shared, and the same value comes back when nothing changes.
 */
import { isJsonObject, type JsonObject, setOwn } from '#common/api/ownProperty.ts';
import { deepClone } from '#common/base/freeze.ts';
import type { JSONSchemaProps } from '#common/schema/generated/types.ts';
import { additionalSchema, itemsSchema } from '../validation/crd/schemaParts.ts';

export function withDefaults(schema: JSONSchemaProps, value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = itemsSchema(schema);
    return items ? mapped(value, (item) => withDefaults(items, item)) : value;
  }
  return isJsonObject(value) ? objectWithDefaults(schema, value) : value;
}

function objectWithDefaults(schema: JSONSchemaProps, object: JsonObject): JsonObject {
  let result = object;
  const change = (): JsonObject => (result === object ? (result = { ...object }) : result);
  const { properties = {} } = schema;
  for (const [name, inner] of Object.entries(properties)) {
    const given = Object.hasOwn(object, name) ? object[name] : undefined;
    const missing = given === undefined || (given === null && !inner.nullable);
    const value = missing && inner.default != null ? deepClone(inner.default) : given;
    const filled = value === undefined ? undefined : withDefaults(inner, value);
    if (filled === null && !inner.nullable) delete change()[name];
    else if (filled !== given) setOwn(change(), name, filled);
  }
  const additional = additionalSchema(schema);
  if (typeof additional !== 'object') return result;
  for (const [name, given] of Object.entries(object)) {
    if (Object.hasOwn(properties, name)) continue;
    const filled = withDefaults(additional, given);
    if (filled === null && !additional.nullable) delete change()[name];
    else if (filled !== given) setOwn(change(), name, filled);
  }
  return result;
}

function mapped(list: readonly unknown[], change: (item: unknown) => unknown): readonly unknown[] {
  const out = list.map(change);
  return out.every((item, i) => item === list[i]) ? list : out;
}
