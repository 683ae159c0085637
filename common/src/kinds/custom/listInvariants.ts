/** The elements of a list of type `set`, and the keys of one of type `map`, may be there only once. */
import { duplicate, type FieldError } from '#common/api/fieldError.ts';
import { isJsonObject } from '#common/api/ownProperty.ts';
import { deepEqual } from '#common/base/freeze.ts';
import type { JSONSchemaProps } from '#common/schema/generated/types.ts';
import { additionalSchema, itemsSchema } from '../validation/crd/schemaParts.ts';
import { keyFields } from './correlatedItem.ts';
import { fieldOf, itemOf, pathOf, type Place } from './place.ts';

export function validateLists(schema: JSONSchemaProps, value: unknown, place: Place): FieldError[] {
  const errors: FieldError[] = [];
  visit(schema, value, place, errors);
  return errors;
}

function visit(schema: JSONSchemaProps, value: unknown, place: Place, errors: FieldError[]): void {
  if (Array.isArray(value)) {
    const items = itemsSchema(schema);
    const listType = schema['x-kubernetes-list-type'];
    if (listType === 'set') reportRepeated(value, place, errors);
    else if (listType === 'map') {
      const keys = value.map((item) => (isJsonObject(item) ? keyFields(schema, items, item) : undefined));
      reportRepeated(keys, place, errors);
    }
    if (items) value.forEach((item, i) => visit(items, item, itemOf(place, i), errors));
  } else if (isJsonObject(value)) {
    const additional = additionalSchema(schema);
    for (const [name, field] of Object.entries(value)) {
      const property = schema.properties && Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
      const inner = property ?? (typeof additional === 'object' ? additional : undefined);
      if (inner) visit(inner, field, fieldOf(place, name), errors);
    }
  }
}

/** Reports each repeated value once, where it comes again first. Undefined values do not count. */
function reportRepeated(values: readonly unknown[], place: Place, errors: FieldError[]): void {
  const seen = new Map<string, { value: unknown; reported: boolean }[]>();
  values.forEach((value, i) => {
    if (value === undefined) return;
    const text = JSON.stringify(value);
    // Objects that are equal have texts of the same length, whatever the order of their fields.
    const bucket = typeof value === 'object' ? String(text.length) : text;
    const others = seen.get(bucket) ?? [];
    seen.set(bucket, others);
    const known = others.find((other) => deepEqual(other.value, value));
    if (!known) others.push({ value, reported: false });
    else if (!known.reported) {
      known.reported = true;
      errors.push(duplicate(pathOf(itemOf(place, i)), value));
    }
  });
}
