/** The schemas of documents: definitions with their descriptions, in the form of OpenAPI v3 or v2. */
import { builtinStruct } from '#common/schema/builtinTypes.ts';
import type { OpenApiData, Schema } from './openApiData.ts';

export type OpenApiVersion = 2 | 3;

export const refPrefix = (version: OpenApiVersion): string => (version === 3 ? '#/components/schemas/' : '#/definitions/');

const definitionPrefix = '#/definitions/';
export const nameOfRef = (ref: string): string => ref.slice(ref.lastIndexOf('/') + 1);

/** Values that may be written in two ways; OpenAPI v2 has no words for that. */
const unions: Record<string, Schema> = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': { oneOf: [{ type: 'string' }, { type: 'number' }] },
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': {
    format: 'int-or-string',
    oneOf: [{ type: 'integer' }, { type: 'string' }],
  },
};
const plainValues = new Set([
  ...Object.keys(unions),
  'io.k8s.apimachinery.pkg.apis.meta.v1.Time',
  'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime',
  'io.k8s.apimachinery.pkg.runtime.RawExtension',
]);

/** The schema of a built-in structure. */
export function builtinSchema(data: OpenApiData, name: string, version: OpenApiVersion): Schema {
  const definition = data.definitions[name] ?? {};
  const [description, texts] = data.descriptions[name] ?? ['', {}];
  const head = description ? { description } : {};
  const union = version === 3 ? unions[name] : undefined;
  if (union) return { ...head, ...union };
  if (!definition.properties) return { ...head, ...definition };
  const { fields } = builtinStruct(name);
  const properties: Record<string, Schema> = {};
  for (const [field, schema] of Object.entries(definition.properties)) {
    const known = fields.get(field);
    // The texts of fields that are structures are not in the source of the descriptions; the structure's own serves.
    const text =
      (Object.hasOwn(texts, field) ? texts[field] : undefined) ??
      (schema.$ref ? data.descriptions[nameOfRef(schema.$ref)]?.[0] : undefined);
    const printed = known !== undefined && !known.pointer && !known.omitEmpty;
    properties[field] = {
      ...(text ? { description: text } : {}),
      ...valueSchema(schema, version, { struct: known?.pointer === false, scalar: printed, default: known?.default }),
    };
  }
  return { ...head, ...definition, properties };
}

/** Where Kubernetes fills in a zero value, v3 documents say so as a default. */
interface Zeros {
  struct: boolean;
  scalar: boolean;
  default?: unknown;
}

const inside: Zeros = { struct: true, scalar: true };
const scalarZeros: Record<string, unknown> = { string: '', integer: 0, number: 0, boolean: false };

function valueSchema(schema: Schema, version: OpenApiVersion, zeros: Zeros): Schema {
  const given = zeros.default === undefined ? {} : { default: zeros.default };
  if (schema.$ref) {
    const { $ref, ...rest } = schema;
    const name = $ref.slice(definitionPrefix.length);
    if (version === 2) return { $ref: definitionPrefix + name, ...rest };
    const ref = { $ref: refPrefix(3) + name };
    if (!zeros.struct || plainValues.has(name)) return Object.keys(rest).length ? { allOf: [ref], ...rest } : { allOf: [ref] };
    return { default: {}, allOf: [ref], ...rest };
  }
  if (schema.items) return { ...schema, ...given, items: elementSchema(schema.items, version) };
  if (typeof schema.additionalProperties === 'object') {
    return { ...schema, ...given, additionalProperties: elementSchema(schema.additionalProperties, version) };
  }
  if (
    version === 3 &&
    zeros.scalar &&
    !Object.keys(given).length &&
    schema.type &&
    schema.type in scalarZeros &&
    schema.format !== 'byte'
  ) {
    return { ...schema, default: scalarZeros[schema.type] };
  }
  return { ...schema, ...given };
}

function elementSchema(schema: Schema, version: OpenApiVersion): Schema {
  const element = valueSchema(schema, version, inside);
  const { allOf, ...rest } = element;
  // A bare reference needs no wrapping.
  if (Array.isArray(allOf) && Object.keys(rest).length === 0) return allOf[0] as Schema;
  return element;
}

/** All structures that these schemas mention, and those that they mention in turn. */
export function withReferences(names: Iterable<string>, schemaOf: (name: string) => Schema | undefined): Record<string, Schema> {
  const found = new Map<string, Schema>();
  const pending = [...names];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (found.has(name)) continue;
    const schema = schemaOf(name);
    if (!schema) continue;
    found.set(name, schema);
    collectRefs(schema, pending);
  }
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Adds the names behind every `$ref` in a document's part. */
export function collectRefs(value: unknown, into: string[]): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (key === '$ref' && typeof inner === 'string') into.push(nameOfRef(inner));
    else collectRefs(inner, into);
  }
}
