/** The fieldPath of a rule: `.a.b`, `['a.b'].c`; through declared fields and keys of maps, never into lists. */
import { FieldPath } from '#common/api/fieldPath.ts';
import { getOwn } from '#common/api/ownProperty.ts';
import type { JSONSchemaProps } from '#common/schema/generated/types.ts';
import { additionalSchema } from '../validation/crd/schemaParts.ts';

const step = /^(?:\.([^.[\]'\s]+)|\['((?:[^'\\]|\\.)*)'\])/;

/** Below `base`; undefined where the path leads nowhere. An empty one is the value's own. */
export function rulePath(
  text: string | undefined,
  schema: JSONSchemaProps,
  base: FieldPath | undefined,
): { readonly path: FieldPath | undefined } | undefined {
  let [rest, at, path] = [text ?? '', schema, base];
  while (rest !== '') {
    const found = step.exec(rest);
    if (!found) return undefined;
    const name = found[1] ?? (found[2] ?? '').replace(/\\(.)/g, '$1');
    const property = getOwn(at.properties ?? {}, name);
    const additional = additionalSchema(at);
    if (property) path = path ? path.child(name) : FieldPath.of(name);
    else if (typeof additional === 'object') path = path?.key(name) ?? FieldPath.of('').key(name);
    else return undefined;
    at = property ?? (additional as JSONSchemaProps);
    rest = rest.slice(found[0].length);
  }
  return { path };
}
