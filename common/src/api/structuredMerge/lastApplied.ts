/**
 * Moving from `kubectl apply` to server-side apply. While an object carries client-side apply's annotation, kubectl may
 * take over the fields that the annotation names and that still have its values, and the annotation is kept current.
 */
import { getOwn, isJsonObject, type JsonObject } from '../ownProperty.ts';
import type { StructType } from '../schemaType.ts';
import { largestAnnotations } from '../labelErrors.ts';
import { byteLength } from '../names.ts';
import { compareTyped } from './compare.ts';
import { type FieldSet, difference, emptySet } from './fieldSet.ts';
import { fieldSetOf } from './typedFields.ts';

export const lastAppliedAnnotation = 'kubectl.kubernetes.io/last-applied-configuration';
const migrator = 'kubectl';

const annotationsOf = (object: JsonObject | undefined): JsonObject | undefined => {
  const metadata = object?.['metadata'];
  const annotations = isJsonObject(metadata) ? metadata['annotations'] : undefined;
  return isJsonObject(annotations) ? annotations : undefined;
};

const lastAppliedText = (object: JsonObject | undefined): string | undefined => {
  const annotations = annotationsOf(object);
  const text = annotations ? getOwn(annotations, lastAppliedAnnotation) : undefined;
  return typeof text === 'string' ? text : undefined;
};

/** What `manager` may take over without force. */
export function fieldsOfLastApplied(manager: string, type: StructType, live: JsonObject): FieldSet {
  const text = manager === migrator ? lastAppliedText(live) : undefined;
  if (text === undefined) return emptySet;
  const applied = parsed(text);
  if (!isJsonObject(applied)) return emptySet;
  const { changed, removed } = compareTyped(type, applied, live);
  return difference(difference(fieldSetOf(type, applied), changed), removed);
}

/** The annotation is anybody's text. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The applied object with its annotation brought up to date, if it has one and kubectl is the one who applies. */
export function withLastApplied(manager: string, object: JsonObject, patch: JsonObject): JsonObject {
  if (manager !== migrator || lastAppliedText(object) === undefined) return object;
  const { [lastAppliedAnnotation]: _old, ...others } = annotationsOf(object) ?? {};
  const text = `${sortedJson(withoutAnnotation(patch))}\n`;
  const size = Object.entries(others).reduce((sum, [key, value]) => sum + byteLength(key) + byteLength(String(value)), 0);
  const fits = size + byteLength(lastAppliedAnnotation) + byteLength(text) <= largestAnnotations;
  const annotations = fits ? { ...others, [lastAppliedAnnotation]: text } : others;
  if (fits && text === lastAppliedText(object)) return object;
  return { ...object, metadata: { ...(object['metadata'] as JsonObject), annotations } };
}

function withoutAnnotation(patch: JsonObject): JsonObject {
  const metadata = patch['metadata'];
  if (!isJsonObject(metadata)) return patch;
  const { managedFields: _managed, annotations, ...rest } = metadata;
  if (!isJsonObject(annotations)) return { ...patch, metadata: rest };
  const { [lastAppliedAnnotation]: _old, ...others } = annotations;
  return { ...patch, metadata: Object.keys(others).length ? { ...rest, annotations: others } : rest };
}

const sortedJson = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(',')}]`;
  if (!isJsonObject(value)) return JSON.stringify(value ?? null);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${sortedJson(value[key])}`).join(',')}}`;
};
