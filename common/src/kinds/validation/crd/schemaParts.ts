/** Ways into a JSON schema: its items, its additional properties, its properties. */
import type { FieldPath } from '#common/api/fieldPath.ts';
import type { JSONSchemaProps } from '#common/schema/generated/types.ts';

const isSchema = (value: unknown): value is JSONSchemaProps =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const itemsSchema = ({ items }: JSONSchemaProps): JSONSchemaProps | undefined =>
  isSchema(items) ? (items as JSONSchemaProps) : undefined;

/** A schema, or whether unknown properties are allowed. */
export function additionalSchema({ additionalProperties }: JSONSchemaProps): JSONSchemaProps | boolean | undefined {
  if (isSchema(additionalProperties)) return additionalProperties as JSONSchemaProps;
  return typeof additionalProperties === 'boolean' ? additionalProperties : undefined;
}

export interface PlacedSchema {
  schema: JSONSchemaProps;
  path: FieldPath;
}

/** The schemas of a value's parts: what structural schemas consist of. Not those inside of allOf and its kin. */
export function childSchemas(schema: JSONSchemaProps, path: FieldPath): PlacedSchema[] {
  const children: PlacedSchema[] = [];
  const items = itemsSchema(schema);
  if (items) children.push({ schema: items, path: path.child('items') });
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    children.push({ schema: property, path: path.child('properties').key(name) });
  }
  const additional = additionalSchema(schema);
  if (typeof additional === 'object') children.push({ schema: additional, path: path.child('additionalProperties') });
  return children;
}
