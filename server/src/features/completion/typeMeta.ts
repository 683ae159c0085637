/**
 * apiVersion and kind. They belong together: whoever chooses one gets the other written or put right. Kinds of the
 * workspace's and the cluster's CustomResourceDefinitions are kinds like all others.
 */
import { apiVersionOf } from '#common/api/groupVersion.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import { childOf, pairFor } from '#common/manifests/nodes.ts';
import { lineStartOf } from '#common/manifests/textLines.ts';
import type { KindRegistry } from '../../schema/kindRegistry.ts';
import type { Snapshot } from '../../snapshot.ts';
import type { AtOffset, Completion, TextEdit } from '../feature.ts';
import { keyItem, limited, textValue, valueItem } from './items.ts';
import { type CompletionPlace, placeAt } from './place.ts';

export const provideTypeMetaCompletion: AtOffset<readonly Completion[]> = (snapshot, file, offset) => {
  const place = placeAt(snapshot, file, offset);
  if (!place) return undefined;
  if (place.position === 'key') return typeMetaKeys(place, snapshot);
  const [field] = place.path;
  if (place.path.length !== 1 || (field !== 'apiVersion' && field !== 'kind')) return undefined;
  const kinds = writableKinds(snapshot.schema.kinds);
  return field === 'kind' ? kindItems(place, kinds) : apiVersionItems(place, kinds);
};

const made = new WeakMap<KindRegistry, { revision: number; kinds: readonly KindDefinition[] }>();

/** Kinds that somebody may create; the newest versions of each first. */
export function writableKinds(registry: KindRegistry): readonly KindDefinition[] {
  const before = made.get(registry);
  if (before?.revision === registry.revision) return before.kinds;
  const kinds = registry
    .all()
    .map(({ definition }) => definition)
    .filter(({ verbs, virtual }) => verbs.includes('create') && !virtual);
  made.set(registry, { revision: registry.revision, kinds });
  return kinds;
}

function typeMetaKeys(place: CompletionPlace, { l10n }: Snapshot): Completion[] | undefined {
  const inList = place.path.length === 2 && place.path[0] === 'items' && place.document.kind?.endsWith('List');
  if (place.path.length > 0 && !inList) return undefined;
  const fields = ['apiVersion', 'kind', ...(place.gvk && !inList ? [] : ['metadata'])].filter(
    (name) => !place.siblings.includes(name),
  );
  return fields.map((name) =>
    keyItem(place, name, name === 'metadata' ? 'map' : 'scalar', 'field', {
      sort: `0${name}`,
      detail: name === 'metadata' ? 'ObjectMeta' : `${l10n.t('string')} · ${l10n.t('required')}`,
      ...(name === 'metadata' ? {} : { retrigger: true }),
    }),
  );
}

function kindItems(place: CompletionPlace, kinds: readonly KindDefinition[]): readonly Completion[] {
  const { apiVersion } = place.document;
  const items = kinds.map((definition) => {
    const version = apiVersionOf(definition);
    const fitting = apiVersion === version;
    const edits = fitting ? [] : withApiVersion(place, version);
    return valueItem(place, definition.kind, 'value', {
      detail: version,
      sort: `${fitting ? 0 : definition.storedAs ? 2 : 1}${definition.kind} ${version}`,
      ...(edits.length > 0 ? { edits } : {}),
    });
  });
  return limited(items, place.typed, ({ label }) => label);
}

function apiVersionItems(place: CompletionPlace, kinds: readonly KindDefinition[]): readonly Completion[] {
  const { kind } = place.document;
  const byVersion = new Map<string, KindDefinition[]>();
  for (const definition of kinds) {
    const version = apiVersionOf(definition);
    byVersion.set(version, [...(byVersion.get(version) ?? []), definition]);
  }
  const items = [...byVersion].map(([version, some]) => {
    const fitting = kind !== undefined && some.some((definition) => definition.kind === kind);
    const [only] = some.length === 1 ? some : [];
    const edits = fitting || !only ? [] : withKind(place, only.kind);
    const names = some.map((definition) => definition.kind);
    return valueItem(place, version, 'value', {
      detail: names.length > 4 ? `${names.slice(0, 4).join(', ')} …` : names.join(', '),
      sort: `${fitting ? 0 : 1}${version}`,
      ...(edits.length > 0 ? { edits } : {}),
    });
  });
  return limited(items, place.typed, ({ label }) => label);
}

/** Sets the field in the line above that of the kind. */
const withApiVersion = (place: CompletionPlace, version: string): TextEdit[] => setField(place, 'apiVersion', version, 'kind');
const withKind = (place: CompletionPlace, kind: string): TextEdit[] => setField(place, 'kind', kind, 'apiVersion');

/** Writes `field` of the document, beside `other`, whose value is being completed. */
function setField(place: CompletionPlace, field: 'apiVersion' | 'kind', value: string, other: string): TextEdit[] {
  const { root } = place.document;
  const { uri, text } = place.file;
  const there = childOf(root, field);
  if (there?.kind === 'scalar' && there.style !== 'empty') {
    // Only what is text is replaced; in place of a template nobody knows what would stand there.
    if (there.templated) return [];
    const quoted = there.style === 'double' ? JSON.stringify(value) : value;
    return [{ uri, range: { start: there.start, end: there.end }, text: quoted }];
  }
  const besides = pairFor(root, other)?.key;
  const written = place.json ? JSON.stringify(value) : textValue({ quote: '', json: false, flow: place.flow }, value);
  if (there && pairFor(root, field)) {
    const { end } = (pairFor(root, field) as { key: { end: number } }).key;
    const colon = text.indexOf(':', end) + 1;
    return colon > 0 ? [{ uri, range: { start: colon, end: colon }, text: ` ${written}` }] : [];
  }
  const start = besides?.start ?? keyStart(text, place.range.start);
  if (place.flow) {
    const key = place.json ? JSON.stringify(field) : field;
    return [{ uri, range: { start, end: start }, text: `${key}: ${written}, ` }];
  }
  const indent = ' '.repeat(place.column);
  if (field === 'apiVersion')
    return [{ uri, range: { start, end: start }, text: `apiVersion: ${written}${place.newline}${indent}` }];
  const lineEnd = /[^\r\n]*/.exec(text.slice(place.range.end))?.[0].length ?? 0;
  const end = place.range.end + lineEnd;
  return [{ uri, range: { start: end, end }, text: `${place.newline}${indent}kind: ${written}` }];
}

/** Where the key of the line begins. */
function keyStart(text: string, offset: number): number {
  const lineStart = lineStartOf(text, offset);
  return lineStart + (/^[\s-]*/.exec(text.slice(lineStart, offset))?.[0].length ?? 0);
}
