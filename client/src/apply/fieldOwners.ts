/** Who owns the fields of an object, and what an object is reduced to the fields of one owner. */
import type { KubeObject, ManagedFieldsEntry } from '#common/api/meta.ts';
import { getOwn, isJsonObject, type JsonObject, setOwn } from '#common/api/ownProperty.ts';
import { deepEqual } from '#common/base/freeze.ts';
import { type FieldSet, pathTexts } from '#common/api/structuredMerge/fieldSet.ts';

/** The managers of a field that the API named, such as `.spec.replicas`. */
export const ownersOf = (entries: readonly ManagedFieldsEntry[], field: string): ManagedFieldsEntry[] =>
  entries.filter(({ fieldsV1 }) => fieldsV1 && pathTexts(fieldsV1 as unknown as FieldSet).includes(field));

/** What the manager has applied last, as the object holds it now: the fields that are in its set, and nothing else. */
export function appliedPart(object: KubeObject, manager: string): JsonObject | undefined {
  const entry = object.metadata.managedFields?.find(
    (each) => each.manager === manager && each.operation === 'Apply' && each.subresource === undefined,
  );
  if (!entry?.fieldsV1) return undefined;
  const part = partOf(object, entry.fieldsV1 as unknown as FieldSet);
  const { name, namespace } = object.metadata;
  const metadata = isJsonObject(part) ? getOwn(part, 'metadata') : undefined;
  return {
    ...(isJsonObject(part) ? part : {}),
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: { ...(isJsonObject(metadata) ? metadata : {}), name, ...(namespace ? { namespace } : {}) },
  };
}

function partOf(value: unknown, set: FieldSet): unknown {
  const elements = Object.keys(set).filter((element) => element !== '.');
  // A member without further fields is owned whole.
  if (elements.length === 0) return value;
  if (Array.isArray(value)) {
    return (value as unknown[]).flatMap((item, index) => {
      const element = elements.find((each) => isItem(each, item, index));
      return element === undefined ? [] : [partOf(item, set[element] ?? {})];
    });
  }
  if (!isJsonObject(value)) return value;
  const part: JsonObject = {};
  for (const element of elements) {
    const name = element.slice(2);
    if (!element.startsWith('f:') || !Object.hasOwn(value, name)) continue;
    setOwn(part, name, partOf(value[name], set[element] ?? {}));
  }
  return part;
}

/** `k:{"name":"app"}`, `v:"finalizer"` or `i:0`. */
function isItem(element: string, item: unknown, index: number): boolean {
  const text = element.slice(2);
  if (element.startsWith('i:')) return text === String(index);
  const wanted: unknown = JSON.parse(text);
  if (element.startsWith('v:')) return deepEqual(wanted, item);
  return (
    isJsonObject(wanted) && isJsonObject(item) && Object.keys(wanted).every((key) => deepEqual(wanted[key], getOwn(item, key)))
  );
}
