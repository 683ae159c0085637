/** The directives of strategic merge patches (`$patch`, `$retainKeys`, `$setElementOrder/…`, `$deleteFromPrimitiveList/…`). */
import { goTypeText, goValueText } from './goText.ts';
import { type JsonObject, isJsonObject, setOwn } from './ownProperty.ts';
import { ApiError } from './status.ts';

export const patchDirective = '$patch';
export const retainKeys = '$retainKeys';
export const deletePrefix = '$deleteFromPrimitiveList/';
export const orderPrefix = '$setElementOrder/';

/** Directives that contradict the document are, oddly, a server error without a reason. */
export const patchFailure = (message: string): ApiError => new ApiError(500, '', message);

export const isDirective = (key: string): boolean =>
  key === patchDirective || key === retainKeys || key.startsWith(deletePrefix) || key.startsWith(orderPrefix);

export const unknownPatchType = (directive: unknown, patch: JsonObject): string => {
  const shown = typeof directive === 'string' ? directive : `%!s(${goTypeText(directive)}=${goValueText(directive)})`;
  return `unknown patch type: ${shown} in map: ${goValueText(patch)}`;
};

/** Stands for an element that is left out. */
export const dropped = Symbol('dropped');

/**
 * What a patch says about something that is not there yet: nulls and directives mean nothing, and a map or list
 * element that consists of a `$patch` directive is left out altogether.
 */
export function withoutDirectives(value: unknown, dropPatched: boolean): unknown {
  if (Array.isArray(value)) {
    return value.map((item: unknown) => withoutDirectives(item, dropPatched)).filter((item) => item !== dropped);
  }
  if (!isJsonObject(value)) return value;
  if (dropPatched && Object.hasOwn(value, patchDirective)) return dropped;
  const result: JsonObject = {};
  for (const key of Object.keys(value)) {
    if (isDirective(key) || value[key] === null) continue;
    const kept = withoutDirectives(value[key], dropPatched);
    if (kept !== dropped) setOwn(result, key, kept);
  }
  return result;
}
