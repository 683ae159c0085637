/** The rules for whole objects inside of a custom resource (x-kubernetes-embedded-resource). */
import { type FieldError, invalid, required } from '#common/api/fieldError.ts';
import type { ObjectMeta } from '#common/api/meta.ts';
import { dns1035LabelErrors } from '#common/api/names.ts';
import { isJsonObject, type JsonObject } from '#common/api/ownProperty.ts';
import type { JSONSchemaProps } from '#common/schema/generated/types.ts';
import { additionalSchema, itemsSchema } from '../validation/crd/schemaParts.ts';
import { validateObjectMeta } from '../validation/objectMeta.ts';
import { fieldOf, itemOf, pathOf, type Place } from './place.ts';

/** Whether there are any inside of `schema`; without them nothing needs to be looked at. */
export const hasEmbedded = (schema: JSONSchemaProps): boolean => {
  const additional = additionalSchema(schema);
  const inner = [
    ...Object.values(schema.properties ?? {}),
    itemsSchema(schema),
    typeof additional === 'object' ? additional : undefined,
  ];
  return inner.some((part) => part !== undefined && (part['x-kubernetes-embedded-resource'] === true || hasEmbedded(part)));
};

export function validateEmbedded(schema: JSONSchemaProps, value: unknown, place: Place): FieldError[] {
  const errors: FieldError[] = [];
  visit(schema, value, place, errors);
  return errors;
}

function visit(schema: JSONSchemaProps, value: unknown, place: Place, errors: FieldError[]): void {
  if (Array.isArray(value)) {
    const items = itemsSchema(schema);
    if (items) value.forEach((item, i) => visit(items, item, itemOf(place, i), errors));
    return;
  }
  if (!isJsonObject(value)) return;
  if (schema['x-kubernetes-embedded-resource'] === true) checkResource(value, place, errors);
  const additional = additionalSchema(schema);
  for (const [name, field] of Object.entries(value)) {
    const property = schema.properties && Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
    const inner = property ?? (typeof additional === 'object' ? additional : undefined);
    if (inner) visit(inner, field, fieldOf(place, name), errors);
  }
}

function checkResource({ apiVersion, kind, metadata }: JsonObject, place: Place, errors: FieldError[]): void {
  const at = (field: string) => pathOf(fieldOf(place, field));
  for (const [field, value] of [
    ['apiVersion', apiVersion],
    ['kind', kind],
  ] as const) {
    if (value === undefined) errors.push(required(at(field)));
    else if (value === '') errors.push(invalid(at(field), '', 'must not be empty'));
  }
  if (typeof kind === 'string' && kind !== '') {
    const problems = dns1035LabelErrors(kind.toLowerCase());
    const text = `may have mixed case, but should otherwise match: ${problems.join(',')}`;
    if (problems.length > 0) errors.push(invalid(at('kind'), kind, text));
  }
  if (typeof apiVersion === 'string' && apiVersion.split('/').length > 2) {
    errors.push(invalid(at('apiVersion'), apiVersion, `unexpected GroupVersion string: ${apiVersion}`));
  }
  if (isJsonObject(metadata)) errors.push(...metadataErrors(metadata as ObjectMeta, place));
}

/** Names are free here, since nobody stores the object; a namespace is not needed, but has to be one. */
function metadataErrors(metadata: ObjectMeta, place: Place): FieldError[] {
  return validateObjectMeta(
    { ...metadata, name: metadata.name || 'unchecked', namespace: metadata.namespace || 'unchecked' },
    { namespaced: true, validateName: () => [], path: pathOf(fieldOf(place, 'metadata')), qualifiedFinalizers: false },
  );
}
