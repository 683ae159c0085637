/** A whole object in an empty document: one for every kind that people write, and for custom kinds what they require. */
import { apiVersionOf } from '#common/api/groupVersion.ts';
import type { SchemaType, StructType } from '#common/api/schemaType.ts';
import type { KnownKind } from '../../schema/kindRegistry.ts';
import type { AtOffset, Completion } from '../feature.ts';
import { escapeStops, limited } from './items.ts';
import { type CompletionPlace, placeAt } from './place.ts';
import { accessSnippets } from './snippets/access.ts';
import { configurationSnippets } from './snippets/configuration.ts';
import { networkingSnippets } from './snippets/networking.ts';
import type { Snippet } from './snippets/snippet.ts';
import { workloadSnippets } from './snippets/workloads.ts';

export const objectSnippets: readonly Snippet[] = [
  ...workloadSnippets,
  ...networkingSnippets,
  ...configurationSnippets,
  ...accessSnippets,
];

export const provideObjectSnippets: AtOffset<readonly Completion[]> = (snapshot, file, offset) => {
  const place = placeAt(snapshot, file, offset);
  if (!place || !isEmpty(place)) return undefined;
  const customs = snapshot.schema.kinds.all().filter(({ schema, definition }) => schema && definition.verbs.includes('create'));
  const own = objectSnippets.map((each) => ({ ...each, about: snapshot.l10n.t(each.about) }));
  const items = [...own, ...customs.map(customSnippet)].map(({ label, about, text }): Completion => ({
    label,
    kind: 'snippet',
    detail: about,
    markdown: `\`\`\`yaml\n${text.replace(/\$\{\d+:([^}]*)\}/g, '$1')}\`\`\``,
    range: place.range,
    text: text.trimEnd().replaceAll('\n', place.newline),
    snippet: true,
    sort: `1${label}`,
  }));
  return limited(items, place.typed, ({ label }) => label);
};

/** Nothing is written but perhaps the word that is being typed. */
function isEmpty({ document: { content }, position, path, column, flow, range, file, document }: CompletionPlace): boolean {
  if (position !== 'key' || path.length > 0 || column > 0 || flow || content.inList) return false;
  const { root } = content;
  if (root === undefined) return true;
  if (root.kind !== 'scalar' || (root.style !== 'plain' && root.style !== 'empty')) return false;
  // A word further up is not the one at the cursor.
  return (
    file.text
      .slice(document.start, range.start)
      .replace(/^---.*$|#.*$/gm, '')
      .trim() === '' && root.end + document.shift <= range.end
  );
}

function customSnippet({ definition, type }: KnownKind): Omit<Snippet, 'about'> & { readonly about: string } {
  let stop = 1;
  const lines = (struct: StructType, indent: string): string[] =>
    [...struct.fields.values()]
      .filter(({ required }) => required)
      .flatMap(({ name, type: of }) => {
        if (of.kind === 'struct' && !of.untyped) return [`${indent}${name}:`, ...orEmpty(lines(of, `${indent}  `), indent)];
        return [`${indent}${name}: ${valueOf(of, () => ++stop)}`];
      });
  const orEmpty = (some: string[], indent: string): string[] => (some.length > 0 ? some : [`${indent}  $${++stop}`]);
  const spec = type.fields.get('spec');
  const inSpec = spec?.type.kind === 'struct' ? orEmpty(lines(spec.type, '  '), '') : [];
  const head = `apiVersion: ${escapeStops(apiVersionOf(definition))}\nkind: ${escapeStops(definition.kind)}\nmetadata:\n  name: \${1:${definition.singular}}`;
  const text = [head, ...(spec ? ['spec:', ...inSpec] : [])].join('\n');
  return { label: definition.kind, about: apiVersionOf(definition), text: `${text}\n` };
}

/** Something of the type, for a start. */
function valueOf(type: SchemaType, next: () => number): string {
  if (type.kind === 'list') return `[$${next()}]`;
  if (type.kind === 'map' || type.kind === 'struct' || type.kind === 'any') return `{$${next()}}`;
  if ('enum' in type && type.enum?.[0] !== undefined) return `\${${next()}:${escapeStops(type.enum[0])}}`;
  if (type.kind === 'boolean') return `\${${next()}:false}`;
  return /^(?:int|float|double)/.test(type.kind) && type.kind !== 'intOrString' ? `\${${next()}:1}` : `$${next()}`;
}
