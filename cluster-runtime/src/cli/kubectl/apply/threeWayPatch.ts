/**
 * What client-side apply sends: what the manifest says otherwise than the object, and what it said when it was applied last
 * and says no more. What others have put into the object stays. For kinds whose structure is known as a strategic merge
 * patch, for others as a merge patch.
 */
import { isJsonObject, type JsonObject, getOwn, setOwn } from '#common/api/ownProperty.ts';
import type { Field, SchemaType } from '#common/api/schemaType.ts';
import { deletePrefix, orderPrefix, patchDirective, retainKeys } from '#common/api/strategicDirectives.ts';
import { deepEqual } from '#common/base/freeze.ts';

/** `type` undefined makes a merge patch. An empty patch says that nothing is to be done. */
export function threeWayPatch(
  original: JsonObject,
  modified: JsonObject,
  current: JsonObject,
  type: SchemaType | undefined,
): JsonObject {
  const patch: JsonObject = {};
  for (const key of Object.keys(modified)) {
    const [wanted, before, now] = [modified[key], getOwn(original, key), getOwn(current, key)];
    const field = fieldOf(type, key);
    if (now === undefined) setOwn(patch, key, wanted);
    else if (isJsonObject(wanted) && isJsonObject(now)) {
      if (field?.patchStrategy?.includes('replace')) {
        // What is replaced as a whole is sent each time, as kubectl does.
        setOwn(patch, key, wanted);
        continue;
      }
      const inner = threeWayPatch(isJsonObject(before) ? before : {}, wanted, now, innerType(type, key));
      if (Object.keys(inner).length === 0) continue;
      if (field?.patchStrategy?.includes('retainKeys')) inner[retainKeys] = Object.keys(wanted).sort();
      setOwn(patch, key, inner);
    } else if (Array.isArray(wanted) && Array.isArray(now) && field?.patchStrategy?.includes('merge')) {
      const beforeList = Array.isArray(before) ? (before as unknown[]) : [];
      Object.assign(patch, listPatch(key, field, beforeList, wanted, now));
    } else if (!deepEqual(wanted, now)) setOwn(patch, key, wanted);
  }
  for (const key of Object.keys(original)) if (!Object.hasOwn(modified, key)) setOwn(patch, key, null);
  return patch;
}

const fieldOf = (type: SchemaType | undefined, key: string): Field | undefined =>
  type?.kind === 'struct' ? type.fields.get(key) : undefined;

function innerType(type: SchemaType | undefined, key: string): SchemaType | undefined {
  return type?.kind === 'map' ? type.value : fieldOf(type, key)?.type;
}

function listPatch(
  key: string,
  field: Field,
  original: readonly unknown[],
  modified: readonly unknown[],
  current: readonly unknown[],
): JsonObject {
  const mergeKey = field.patchMergeKey;
  const itemType = field.type.kind === 'list' ? field.type.item : undefined;
  if (mergeKey === undefined || !modified.every(isJsonObject)) return valuesPatch(key, original, modified, current);
  const find = (list: readonly unknown[], item: JsonObject): JsonObject | undefined =>
    list.filter(isJsonObject).find((other) => deepEqual(other[mergeKey], item[mergeKey]));
  const changes: JsonObject[] = [];
  for (const wanted of modified) {
    const now = find(current, wanted);
    if (!now) {
      changes.push(wanted);
      continue;
    }
    const inner = threeWayPatch(find(original, wanted) ?? {}, wanted, now, itemType);
    if (field.patchStrategy?.includes('retainKeys') && Object.keys(inner).length > 0)
      inner[retainKeys] = Object.keys(wanted).sort();
    if (Object.keys(inner).length > 0) changes.push({ ...inner, [mergeKey]: wanted[mergeKey] });
  }
  for (const before of original.filter(isJsonObject))
    if (!find(modified, before)) changes.push({ [patchDirective]: 'delete', [mergeKey]: before[mergeKey] });
  const keys = modified.map((item) => item[mergeKey]);
  const shared = current
    .filter(isJsonObject)
    .map((item) => item[mergeKey])
    .filter((each) => keys.some((other) => deepEqual(each, other)));
  const isInOrder = deepEqual(
    shared,
    keys.filter((each) => shared.some((other) => deepEqual(each, other))),
  );
  if (changes.length === 0 && isInOrder) return {};
  return {
    [`${orderPrefix}${key}`]: keys.map((value) => ({ [mergeKey]: value })),
    ...(changes.length > 0 ? { [key]: changes } : {}),
  };
}

/** A list that is a set of plain values. */
function valuesPatch(
  key: string,
  original: readonly unknown[],
  modified: readonly unknown[],
  current: readonly unknown[],
): JsonObject {
  const added = modified.filter((value) => !current.includes(value));
  const gone = original.filter((value) => !modified.includes(value));
  if (added.length === 0 && gone.length === 0) return {};
  return {
    [`${orderPrefix}${key}`]: modified,
    ...(added.length > 0 ? { [key]: added } : {}),
    ...(gone.length > 0 ? { [`${deletePrefix}${key}`]: gone } : {}),
  };
}
