/**
 * Whether a manifest and the object of the cluster say different things. What counts is what the manifest sets, after
 * decoding and the kind's own defaults; what others fill in (addresses, status, a webhook's labels) does not. Of ConfigMaps and
 * Secrets only the keys are compared: their values are not kept here.
 */
import type { UntypedObject } from '#common/api/meta.ts';
import { isJsonObject } from '#common/api/ownProperty.ts';
import type { SchemaType } from '#common/api/schemaType.ts';
import { ApiError } from '#common/api/status.ts';
import { deepClone } from '#common/base/freeze.ts';
import { decodeObject } from '#common/schema/decode.ts';
import type { KnownKind } from '../../schema/kindRegistry.ts';

/** Kinds of which only a part is kept: what is not there may be there. */
const partlyKept = new Set(['/Pod', 'apps/ReplicaSet']);
const keysOnly = new Set(['/ConfigMap', '/Secret']);
/** Nobody sets these from a manifest. */
const notCompared = new Set(['apiVersion', 'kind', 'metadata', 'status']);

/** The first field that differs, or undefined. Undefined also where nothing can be said. */
export function firstDifference({ definition, type }: KnownKind, value: unknown, live: UntypedObject): string | undefined {
  const wanted = defaulted({ definition, type }, value);
  if (!wanted || !isJsonObject(value) || live.apiVersion !== wanted.apiVersion) return undefined;
  const name = `${definition.group}/${definition.kind}`;
  if (keysOnly.has(name)) return differentKeys(wanted, live);
  const comparison: Comparison = { lenient: partlyKept.has(name) };
  for (const field of ['labels', 'annotations'] as const) {
    // Annotations of a pod are not kept.
    if (field === 'annotations' && comparison.lenient) continue;
    const set = wanted.metadata[field];
    const found = differs(set, set, live.metadata[field] ?? {}, undefined, `metadata.${field}`, comparison);
    if (found !== undefined) return found;
  }
  for (const field of Object.keys(value)) {
    if (notCompared.has(field)) continue;
    const found = differs(value[field], wanted[field], live[field], type.fields.get(field)?.type, field, comparison);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A copy of the manifest as the API server would take it, with the defaults of its kind. */
function defaulted({ definition, type }: KnownKind, value: unknown): UntypedObject | undefined {
  if (definition.storedAs) return undefined;
  try {
    const object = deepClone(decodeObject(type, definition, value, { fieldValidation: 'Ignore' }).object);
    definition.applyDefaults?.(object);
    return object as UntypedObject;
  } catch (error) {
    // The API server would refuse it; a diagnostic says so.
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}

function differentKeys(manifest: UntypedObject, live: UntypedObject): string | undefined {
  for (const field of ['data', 'binaryData']) {
    const [wanted, there] = [manifest, live].map((object) =>
      Object.keys(isJsonObject(object[field]) ? object[field] : {})
        .sort()
        .join('\n'),
    );
    if (wanted !== there) return field;
  }
  return undefined;
}

interface Comparison {
  readonly lenient: boolean;
}

const isNothing = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0);

/** `set`: what the manifest says, as it is written; `wanted`: what becomes of it. Only what is set is compared. */
function differs(
  set: unknown,
  wanted: unknown,
  live: unknown,
  type: SchemaType | undefined,
  path: string,
  comparison: Comparison,
): string | undefined {
  // Null is nothing, and an unknown field is dropped.
  if (set === undefined || set === null || wanted === undefined) return undefined;
  if (live === undefined || live === null) return comparison.lenient || isNothing(set) ? undefined : path;
  if (Array.isArray(set)) return listDiffers(set, wanted, live, type, path, comparison);
  if (isJsonObject(set)) {
    if (!isJsonObject(live)) return path;
    const fields = type?.kind === 'struct' ? type.fields : undefined;
    const valueType = type?.kind === 'map' ? type.value : undefined;
    for (const key of Object.keys(set)) {
      const own = isJsonObject(wanted) ? wanted[key] : set[key];
      const there = Object.hasOwn(live, key) ? live[key] : undefined;
      const found = differs(set[key], own, there, fields?.get(key)?.type ?? valueType, `${path}.${key}`, comparison);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  return wanted === live ? undefined : path;
}

function listDiffers(
  set: readonly unknown[],
  wanted: unknown,
  live: unknown,
  type: SchemaType | undefined,
  path: string,
  comparison: Comparison,
): string | undefined {
  if (!Array.isArray(live)) return path;
  const keys = type?.kind === 'list' && type.listType === 'map' ? type.mapKeys : [];
  const itemType = type?.kind === 'list' ? type.item : undefined;
  // Of a pod others add volumes and containers on its way in.
  if (set.length !== live.length && !comparison.lenient) return path;
  for (const [i, item] of set.entries()) {
    const own: unknown = Array.isArray(wanted) ? wanted[i] : item;
    const there: unknown = keys.length > 0 ? live.find((each) => sameKeys(own, each, keys)) : live[i];
    if (there === undefined && !comparison.lenient) return `${path}[${i}]`;
    const found = differs(item, own, there, itemType, `${path}[${i}]`, comparison);
    if (found !== undefined) return found;
  }
  return undefined;
}

const sameKeys = (a: unknown, b: unknown, keys: readonly string[]): boolean =>
  isJsonObject(a) && isJsonObject(b) && keys.every((key) => (a[key] ?? '') === (b[key] ?? ''));
