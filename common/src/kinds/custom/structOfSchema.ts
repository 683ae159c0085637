/**
 * The structure of a custom kind, from the schema in its CustomResourceDefinition: the same tables that built-in kinds have,
 * so that unknown-field reports, pruning, server-side apply and completion need to know nothing of JSON schemas.
 */
import type { GroupVersionKind } from '#common/api/groupVersion.ts';
import type { Field, SchemaType, StructType } from '#common/api/schemaType.ts';
import { objectMetaType } from '#common/schema/builtinTypes.ts';
import type { JSONSchemaProps } from '#common/schema/generated/types.ts';
import { additionalSchema, itemsSchema } from '../validation/crd/schemaParts.ts';

const text: SchemaType = { kind: 'string' };

/** Any JSON value; the fields of an object are owned one by one. */
const anything: StructType = { ...struct('', new Map(), true), untyped: true };

/** The structure of a kind whose objects `schema` describes. */
export function structOfKind(gvk: GroupVersionKind, schema: JSONSchemaProps): StructType {
  const name = `${gvk.group.split('.').reverse().join('.')}.${gvk.version}.${gvk.kind}`;
  return { ...structOf(schema, name, true), goName: gvk.kind, custom: true };
}

export function typeOfSchema(schema: JSONSchemaProps): SchemaType {
  if (schema['x-kubernetes-int-or-string']) return { kind: 'intOrString' };
  switch (schema.type) {
    case 'object':
      return typeOfObject(schema);
    case 'array': {
      const items = itemsSchema(schema);
      return {
        kind: 'list',
        item: items ? typeOfSchema(items) : anything,
        listType: (schema['x-kubernetes-list-type'] ?? 'atomic') as 'atomic' | 'set' | 'map',
        mapKeys: schema['x-kubernetes-list-map-keys'] ?? [],
      };
    }
    case 'string':
      return text;
    case 'integer':
      return { kind: 'int64' };
    case 'number':
      return { kind: 'double' };
    case 'boolean':
      return { kind: 'boolean' };
    default:
      return schema.properties ? { ...structOf(schema, '', false), untyped: true } : anything;
  }
}

function typeOfObject(schema: JSONSchemaProps): SchemaType {
  const additional = additionalSchema(schema);
  const isResource = schema['x-kubernetes-embedded-resource'] === true;
  if (additional === undefined || additional === false || schema.properties || isResource)
    return structOf(schema, '', isResource);
  return { kind: 'map', value: additional === true ? anything : typeOfSchema(additional), mapType: mapTypeOf(schema) };
}

function structOf(schema: JSONSchemaProps, name: string, isResource: boolean): StructType {
  const fields = new Map<string, Field>();
  const required = new Set(schema.required);
  for (const [property, inner] of Object.entries(schema.properties ?? {})) {
    fields.set(property, field(property, typeOfSchema(inner), required.has(property), inner.default));
  }
  if (isResource) {
    // What every object has needs no schema; where there is one, it only narrows.
    for (const property of ['apiVersion', 'kind']) fields.set(property, field(property, text, false));
    fields.set('metadata', field('metadata', objectMetaType(), false));
  }
  return { ...struct(name, fields, schema['x-kubernetes-preserve-unknown-fields'] === true), mapType: mapTypeOf(schema) };
}

const mapTypeOf = (schema: JSONSchemaProps): 'granular' | 'atomic' =>
  schema['x-kubernetes-map-type'] === 'atomic' ? 'atomic' : 'granular';

function struct(name: string, fields: ReadonlyMap<string, Field>, preserveUnknown: boolean): StructType {
  return { kind: 'struct', name, goName: name, fields, mapType: 'granular', ...(preserveUnknown ? { preserveUnknown } : {}) };
}

const field = (name: string, type: SchemaType, required: boolean, value?: unknown): Field => ({
  name,
  type,
  required,
  pointer: false,
  omitEmpty: true,
  goType: '',
  ...(value === undefined || value === null ? {} : { default: value }),
});
