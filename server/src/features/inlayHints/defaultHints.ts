/** What the API server will fill in, where that surprises. */
import type { KubeObject } from '#common/api/meta.ts';
import { isJsonObject } from '#common/api/ownProperty.ts';
import { ApiError } from '#common/api/status.ts';
import { deepClone } from '#common/base/freeze.ts';
import type { DocumentContent } from '#common/manifests/manifestDocument.ts';
import { childOf, type TextRange } from '#common/manifests/nodes.ts';
import { decodeObject } from '#common/schema/decode.ts';
import type { L10n } from '../../l10n.ts';
import type { KnownKind } from '../../schema/kindRegistry.ts';
import type { ManifestObject } from '../../workspace/manifestObject.ts';
import { podSpecOf } from '../../workspace/linkTargets.ts';
import type { InlayHint, InRange } from '../feature.ts';
import { clusterHints } from './clusterHints.ts';
import { type DefaultHint, defaultTable } from './defaultTable.ts';
import { behind, behindName } from './hintPlaces.ts';

export const provideDefaultHints: InRange<readonly InlayHint[]> = (snapshot, file, range) => {
  if (file.kind !== 'manifests' || snapshot.index.roleOf(file.uri) === 'patch') return undefined;
  return snapshot.graph
    .objectsIn(file.uri)
    .filter(({ document, content }) => overlaps(document, range) && !content.broken && !content.templated)
    .flatMap((object) => {
      const known = snapshot.index.kinds.find(object.gvk);
      return known ? [...tableHints(snapshot.l10n, known, object, file.text), ...clusterHints(snapshot, object, file.text)] : [];
    })
    .filter(({ offset }) => range.start <= offset && offset <= range.end);
};

const overlaps = (a: TextRange, b: TextRange): boolean => a.start <= b.end && b.start <= a.end;

const made = new WeakMap<DocumentContent, KubeObject | undefined>();

/** The object as the API server would take it, with its defaults. */
function defaultedOf({ definition, type }: KnownKind, { content, document }: ManifestObject): KubeObject | undefined {
  if (made.has(content)) return made.get(content);
  let object: KubeObject | undefined;
  try {
    object = deepClone(decodeObject(type, definition, document.value, { fieldValidation: 'Ignore' }).object);
    definition.applyDefaults?.(object);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    // It cannot be decoded: a diagnostic says so.
    object = undefined;
  }
  made.set(content, object);
  return object;
}

function* tableHints(l10n: L10n, known: KnownKind, object: ManifestObject, text: string): Generator<InlayHint> {
  const name = `${object.gvk.group}/${object.gvk.kind}`;
  const hints = defaultTable.filter(({ kinds }) => kinds.includes(name));
  if (hints.length === 0) return;
  const defaulted = defaultedOf(known, object);
  if (!defaulted) return;
  const podSpec = podSpecOf(object);
  for (const hint of hints) {
    const at = podSpec === undefined ? hint.at : hint.at.replace('<pod>', podSpec);
    for (const path of expand(at, object.document.value)) {
      const told = hintAt(l10n, hint, path, object, defaulted, text);
      if (told) yield told;
    }
  }
}

/** The paths that a pattern with `[]` stands for. */
function expand(pattern: string, value: unknown): string[] {
  const [before = '', ...rest] = pattern.split('[]');
  if (rest.length === 0) return [before];
  const list = valueAt(value, before);
  return (Array.isArray(list) ? list : []).map((_, i) => `${before}[${i}]${rest.join('[]')}`);
}

function valueAt(value: unknown, path: string): unknown {
  let at = value;
  for (const step of path.split(/[.[\]]+/).filter(Boolean)) {
    if (Array.isArray(at)) at = at[Number(step)] as unknown;
    else at = isJsonObject(at) && Object.hasOwn(at, step) ? at[step] : undefined;
  }
  return at;
}

function hintAt(
  l10n: L10n,
  hint: DefaultHint,
  path: string,
  object: ManifestObject,
  defaulted: KubeObject,
  text: string,
): InlayHint | undefined {
  const { document } = object;
  const { field, after, label, why } = hint;
  const node = document.nodeFor(path);
  const written = document.value;
  if (node?.kind !== 'map' || childOf(node, field)) return undefined;
  const value = valueAt(defaulted, `${path}.${field}`);
  const anchor = after === undefined ? undefined : childOf(node, after);
  if (value === undefined || (after !== undefined && anchor?.kind !== 'scalar')) return undefined;
  const fields = valueAt(written, path) as Readonly<Record<string, unknown>>;
  const told = label ? label(value, fields, written as Readonly<Record<string, unknown>>, l10n) : `${field}: ${String(value)}`;
  if (told === undefined) return undefined;
  return { offset: anchor ? behind(anchor) : behindName(text, node), label: told, tooltip: l10n.t(why) };
}
