/**
 * JSON merge patch (RFC 7386): null removes, objects merge, everything else replaces. The result shares whatever the
 * patch leaves alone; a patch that changes nothing gives back the very same document.
 */
import { deepEqual } from '#common/base/freeze.ts';
import { jsonKindText } from './goText.ts';
import { type JsonObject, getOwn, isJsonObject, setOwn } from './ownProperty.ts';
import { badRequest } from './status.ts';

/** Deeper patches are refused, so that no request can exhaust the stack. */
const deepest = 1000;

/** Applies a patch document as the API does. Throws a 400 when `patch` is no object. */
export function applyMergePatch(document: JsonObject, patch: unknown): JsonObject {
  if (patch === null) throw badRequest('Invalid JSON Patch');
  if (!isJsonObject(patch)) {
    throw badRequest(
      `error decoding patch: json: cannot unmarshal ${jsonKindText(patch)} into Go value of type map[string]interface {}`,
    );
  }
  return mergeObject(document, patch, 0);
}

function mergeObject(original: JsonObject, patch: JsonObject, depth: number): JsonObject {
  if (depth > deepest) throw badRequest('error decoding patch: exceeded max depth');
  let result = original;
  const change = (): JsonObject => (result === original ? (result = { ...original }) : result);
  for (const key of Object.keys(patch)) {
    const wanted = patch[key];
    const present = Object.hasOwn(original, key);
    if (wanted === null) {
      if (present) delete change()[key];
      continue;
    }
    const now = getOwn(original, key);
    if (isJsonObject(wanted)) {
      const merged = mergeObject(isJsonObject(now) ? now : {}, wanted, depth + 1);
      if (merged !== now) setOwn(change(), key, merged);
    } else if (!present || !deepEqual(now, wanted)) setOwn(change(), key, wanted);
  }
  return result;
}

/** The merge patch that turns `from` into `to`. What `to` holds as null cannot be said in a merge patch and is removed. */
export function createMergePatch(from: JsonObject, to: JsonObject): JsonObject {
  const patch: JsonObject = {};
  for (const key of Object.keys(from)) if (!Object.hasOwn(to, key)) setOwn(patch, key, null);
  for (const key of Object.keys(to)) {
    const [before, after] = [getOwn(from, key), to[key]];
    if (Object.hasOwn(from, key) && deepEqual(before, after)) continue;
    setOwn(patch, key, isJsonObject(before) && isJsonObject(after) ? createMergePatch(before, after) : after);
  }
  return patch;
}
