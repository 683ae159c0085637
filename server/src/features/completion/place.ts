/**
 * Where in an object somebody is typing, and what may stand there: what every provider of completion asks first. Nothing in
 * comments, in texts of several lines and on the lines between documents. It is worked out once per cursor, as a file's text
 * never changes.
 */
import type { GroupVersionKind } from '#common/api/groupVersion.ts';
import { stepsText } from '#common/manifests/fieldSteps.ts';
import type { ManifestDocument } from '#common/manifests/manifestDocument.ts';
import type { ManifestNode, TextRange } from '#common/manifests/nodes.ts';
import { documentAt, type SourceFile } from '#common/manifests/sourceFile.ts';
import { lineStartOf } from '#common/manifests/textLines.ts';
import type { SchemaPlace } from '../../schema/schemaIndex.ts';
import type { Snapshot } from '../../snapshot.ts';
import { gvkOf } from './documentKind.ts';
import { inBlockText } from './blockText.ts';
import { flowPathAt } from './flowPath.ts';

export interface CompletionPlace {
  readonly file: SourceFile;
  readonly document: ManifestDocument;
  /** Also of a document that does not say its apiVersion yet. */
  readonly gvk: GroupVersionKind | undefined;
  /** `key`: a field or key of the map at `path`. `value`: the value at `path`, also an item of a list. */
  readonly position: 'key' | 'value';
  readonly path: readonly (string | number)[];
  readonly typed: string;
  readonly range: TextRange;
  readonly siblings: readonly string[];
  /** Of the keys of this map. */
  readonly column: number;
  /** Nothing stands on the line but dashes: the item begins here. */
  readonly startsItem: boolean;
  /** What has to be written first: an item's dash, or the space behind a dash or colon. */
  readonly lead: '' | ' ' | '- ';
  /** Inside `{}` or `[]`. */
  readonly flow: boolean;
  /** The whole document is JSON: keys and texts have quotes. */
  readonly json: boolean;
  /** The quote in front of what is typed. */
  readonly quote: '"' | "'" | '';
  readonly newline: '\n' | '\r\n';
  /** What may stand at `path`. */
  readonly schema: SchemaPlace | undefined;
}

const known = new WeakMap<SourceFile, { offset: number; revision: number; place: CompletionPlace | undefined }>();

export function placeAt(snapshot: Pick<Snapshot, 'schema'>, file: SourceFile, offset: number): CompletionPlace | undefined {
  const { revision } = snapshot.schema.kinds;
  const before = known.get(file);
  if (before?.offset === offset && before.revision === revision) return before.place;
  const place = findPlace(snapshot, file, offset);
  known.set(file, { offset, revision, place });
  return place;
}

function findPlace({ schema }: Pick<Snapshot, 'schema'>, file: SourceFile, offset: number): CompletionPlace | undefined {
  const document = documentAt(file, offset);
  if (!document || betweenDocuments(file.text, offset)) return undefined;
  // Nobody types into thousands of brackets, and walking through them would take seconds.
  if (document.content.problems.some(({ code }) => code === 'tooDeep')) return undefined;
  const gvk = gvkOf(document, schema.kinds);
  const found = flowPathAt(document, offset) ?? blockPathAt(document, offset);
  if (!found) return undefined;
  const { flow, json, ...at } = found;
  const before = file.text[at.range.start - 1];
  const dash = at.afterDash && before === '-';
  const tight = dash || (at.position === 'value' && before === ':');
  const place: CompletionPlace = {
    file,
    document,
    gvk,
    position: at.position,
    path: at.path,
    typed: at.typed,
    range: at.range,
    siblings: at.siblings,
    column: dash ? at.column + 1 : at.column,
    startsItem: at.afterDash,
    lead: tight ? ' ' : '',
    flow,
    json,
    quote: before === '"' || before === "'" ? before : '',
    newline: file.text.includes('\r\n') ? '\r\n' : '\n',
    schema: schema.at({ gvk }, at.path),
  };
  return place.position === 'key' ? keyPlace(place, schema) : place;
}

function blockPathAt(document: ManifestDocument, offset: number): ReturnType<typeof flowPathAt> {
  if (inBlockText(document.content.text, offset - document.shift)) return undefined;
  const found = document.pathAt(offset);
  return found && { ...found, flow: false, json: false };
}

/** What looks like a key may be a scalar item, or stand where a list's dash is still to come. */
function keyPlace(place: CompletionPlace, schema: Snapshot['schema']): CompletionPlace | undefined {
  const type = place.schema?.type;
  if (!type || type.kind === 'struct' || type.kind === 'map' || type.kind === 'any') return place;
  if (type.kind !== 'list') return place.startsItem ? { ...place, position: 'value' } : undefined;
  if (place.flow || place.startsItem) return undefined;
  const list = place.document.nodeFor(place.path);
  const path = [...place.path, list?.kind === 'sequence' ? list.items.length : 0];
  const item = schema.at({ gvk: place.gvk }, path);
  return {
    ...place,
    path,
    position: type.item.kind === 'struct' || type.item.kind === 'map' ? 'key' : 'value',
    siblings: [],
    startsItem: true,
    lead: '- ',
    column: place.column + 2,
    schema: item,
  };
}

/** The first item of the list whose key stands in the line above, at the same column: many write lists so. */
export function itemBelowKey(place: CompletionPlace, { schema }: Pick<Snapshot, 'schema'>): CompletionPlace | undefined {
  if (place.position !== 'key' || place.flow || place.startsItem || place.typed !== '') return undefined;
  const above = /(?:^|\n)([ ]*(?:- +)*)([\w.-]+):[ \t]*\r?\n\s*$/.exec(
    place.file.text.slice(Math.max(0, place.range.start - 400), place.range.start),
  );
  const [, lead = '', key] = above ?? [];
  if (key === undefined || lead.length !== place.column) return undefined;
  const path = [...place.path, key];
  const list = { ...place, path, schema: schema.at({ gvk: place.gvk }, path) };
  return list.schema?.type.kind === 'list' ? keyPlace(list, schema) : undefined;
}

function betweenDocuments(text: string, offset: number): boolean {
  const lineStart = lineStartOf(text, offset);
  return /^(?:---|\.\.\.)/.test(text.slice(lineStart, offset)) || (text.startsWith('---', lineStart) && offset > lineStart);
}

/** The path as the API writes it. */
export const pathText = ({ path }: Pick<CompletionPlace, 'path'>): string => stepsText(path);

/** The object's own namespace: empty for what is cluster-scoped. */
export function ownNamespace({ document, gvk }: CompletionPlace, { schema }: Pick<Snapshot, 'schema'>): string {
  return gvk && !schema.kinds.isNamespaced(gvk) ? '' : (document.namespace ?? 'default');
}

/** The node at a path beside or above the cursor. */
export const nodeAtPath = (
  { document }: CompletionPlace,
  path: string | readonly (string | number)[],
): ManifestNode | undefined => document.nodeFor(path);

/** Whether typing has already ruled a text out; only for cutting long lists short. */
export function fits(typed: string, text: string): boolean {
  if (typed === '') return true;
  let at = 0;
  const [wanted, given] = [typed.toLowerCase(), text.toLowerCase()];
  for (let i = 0; i < given.length && at < wanted.length; i++) if (given[i] === wanted[at]) at++;
  return at === wanted.length;
}
