/** Tells whoever defines a custom resource which of its rules this cluster does not look at. */
import type { CustomResourceDefinition, JSONSchemaProps } from '#common/schema/generated/types.ts';
import { additionalSchema, itemsSchema } from '../validation/crd/schemaParts.ts';

export const unevaluatedRules = ({ spec }: CustomResourceDefinition): string[] =>
  (spec.versions ?? [])
    .filter(({ schema }) => schema?.openAPIV3Schema && hasRules(schema.openAPIV3Schema))
    .map(({ name }) => `version ${name}: x-kubernetes-validations are accepted, but this cluster does not evaluate them`);

function hasRules(schema: JSONSchemaProps): boolean {
  if (schema['x-kubernetes-validations']?.length) return true;
  const additional = additionalSchema(schema);
  const items = itemsSchema(schema);
  if (items && hasRules(items)) return true;
  if (typeof additional === 'object' && hasRules(additional)) return true;
  return Object.values(schema.properties ?? {}).some(hasRules);
}
