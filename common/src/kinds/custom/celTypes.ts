/**
 * What expressions see of a custom resource: the types of its schema, under names that expressions can write. Parts without a
 * type, and fields that are kept without being declared, do not exist for them; of metadata only the name does.
 *
 * Differs from Kubernetes: lists that are sets or maps are compared and joined in expressions like any other list.
 */
import { bool, bytes, type CelType, double, duration, dyn, int, listOf, mapOf, string, timestamp } from '#common/cel/types.ts';
import type { JSONSchemaProps } from '#common/schema/generated/types.ts';
import { additionalSchema, itemsSchema } from '../validation/crd/schemaParts.ts';

/** Undefined where the schema says no type. `isObject`: a whole object of the API, with its kind and name. */
export function celTypeOf(schema: JSONSchemaProps, isObject: boolean, name = 'selfType'): CelType | undefined {
  if (schema['x-kubernetes-int-or-string']) return dyn;
  switch (isObject ? 'object' : schema.type) {
    case 'array': {
      const items = itemsSchema(schema);
      const of = items && celTypeOf(items, Boolean(items['x-kubernetes-embedded-resource']), `${name}.@idx`);
      return of && listOf(of);
    }
    case 'object':
      return objectType(schema, isObject, name);
    case 'string':
      return textTypes.get(schema.format ?? '') ?? string;
    case 'boolean':
      return bool;
    case 'number':
      return double;
    case 'integer':
      return int;
    default:
      return undefined;
  }
}

const textTypes: ReadonlyMap<string, CelType> = new Map([
  ['byte', bytes],
  ['duration', duration],
  ['date', timestamp],
  ['date-time', timestamp],
]);

const metadata: CelType = {
  kind: 'object',
  name: 'selfType.metadata',
  fields: new Map([
    ['name', string],
    ['generateName', string],
  ]),
};

function objectType(schema: JSONSchemaProps, isObject: boolean, name: string): CelType | undefined {
  const additional = additionalSchema(schema);
  if (typeof additional === 'object') {
    const of = celTypeOf(additional, Boolean(additional['x-kubernetes-embedded-resource']), `${name}.@prop`);
    return of && mapOf(string, of);
  }
  const fields = new Map<string, CelType>();
  for (const [field, property] of Object.entries(schema.properties ?? {})) {
    const escaped = escapeName(field);
    const type = celTypeOf(property, Boolean(property['x-kubernetes-embedded-resource']), `${name}.${field}`);
    if (escaped !== undefined && type) fields.set(escaped, type);
  }
  if (isObject) {
    for (const field of ['apiVersion', 'kind']) if (!fields.has(field)) fields.set(field, string);
    fields.set('metadata', metadata);
  }
  return { kind: 'object', name, fields };
}

const keywords = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);

/** `__namespace__`, `a__dash__b`; undefined where a name cannot be written at all. */
export function escapeName(name: string): string | undefined {
  if (keywords.has(name)) return `__${name}__`;
  const escaped = name
    .replaceAll('__', '__underscores__')
    .replaceAll('.', '__dot__')
    .replaceAll('-', '__dash__')
    .replaceAll('/', '__slash__');
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(escaped) ? escaped : undefined;
}

export function unescapeName(escaped: string): string {
  const keyword = /^__([a-z]+)__$/.exec(escaped)?.[1];
  if (keyword !== undefined && keywords.has(keyword)) return keyword;
  return escaped.replace(/__(underscores|dot|dash|slash)__/g, (all, name: string) => signs[name] ?? all);
}

const signs: Readonly<Record<string, string>> = { underscores: '__', dot: '.', dash: '-', slash: '/' };
