/** What client-side apply remembers of itself: the manifest as it was applied last, in an annotation of the object. */
import type { UntypedObject } from '#common/api/meta.ts';
import { lastAppliedAnnotation } from '#common/api/structuredMerge/lastApplied.ts';
import { isJsonObject, type JsonObject } from '#common/api/ownProperty.ts';
import { compactJson } from '../output/jsonText.ts';

/** The same text as kubectl writes: either may go on where the other was. */
export function withLastApplied(object: UntypedObject): UntypedObject {
  const { [lastAppliedAnnotation]: _, ...annotations } = object.metadata.annotations ?? {};
  const text = `${compactJson({ ...object, metadata: { ...object.metadata, annotations } })}\n`;
  return { ...object, metadata: { ...object.metadata, annotations: { ...annotations, [lastAppliedAnnotation]: text } } };
}

/** Undefined where the object was never applied so. */
export function lastAppliedOf({ metadata }: UntypedObject): JsonObject | undefined {
  const text = metadata.annotations?.[lastAppliedAnnotation];
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
