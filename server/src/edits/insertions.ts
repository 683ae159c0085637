/**
 * Edits of a manifest's text that put something in or take something out, in the text's own indentation and line ends, and
 * leave comments where they are. They work on block and on flow style, YAML and JSON. Nothing is edited through an alias or a
 * merge key: that would change another place. Such a request gives undefined.
 */
import { keyText, type ManifestNode, type MapNode, type Pair, pairFor, type SequenceNode } from '#common/manifests/nodes.ts';
import type { SourceFile } from '#common/manifests/sourceFile.ts';
import { columnOf, lineEndOf, lineStartOf, nextLineOf } from '#common/manifests/textLines.ts';
import type { TextEdit } from '../features/feature.ts';
import { flowText, yamlText } from './yamlText.ts';

type Text = Pick<SourceFile, 'uri' | 'text'>;

export const newlineOf = ({ text }: Pick<SourceFile, 'text'>): string => (text.includes('\r\n') ? '\r\n' : '\n');

/** A text that knows no more than one document. */
export const isJson = ({ uri, text }: Text): boolean => uri.endsWith('.json') || /^\s*\{\s*"/.test(text);

/** Behind the last character of a node: block texts reach to the next key. */
export function contentEnd(text: string, { start, end }: ManifestNode): number {
  let at = end;
  while (at > start && /\s/.test(text[at - 1] ?? '')) at--;
  return at;
}

/** Whether the lists of a file stand further right than their keys. They do where nothing speaks against it. */
export function indentsLists({ text }: Pick<SourceFile, 'text'>): boolean {
  const found = /^( *)(?:- )*[^\s#-][^\n]*:[ \t]*(?:#[^\n]*)?\r?\n(?:[ \t]*(?:#[^\n]*)?\r?\n)*( *)- /m.exec(text);
  return !found || (found[2] ?? '').length > (found[1] ?? '').length;
}

const indented = (yaml: string, column: number, newline: string): string =>
  yaml
    .split('\n')
    .map((line) => (line === '' ? line : ' '.repeat(column) + line))
    .join(newline);

const ownPairs = ({ pairs }: MapNode): readonly Pair[] => pairs.filter(({ merged }) => !merged);

/** Adds a field behind `after`, or at the map's end. */
export function insertField(file: Text, map: MapNode, key: string, value: unknown, after?: string): TextEdit | undefined {
  if (map.alias) return undefined;
  const { uri, text } = file;
  const pairs = ownPairs(map);
  const previous = pairs.find((pair) => keyText(pair.key) === after) ?? pairs.at(-1);
  if (map.flow)
    return insertIntoFlow(file, map, previous?.value.end, `${flowText(key, isJson(file))}: ${flowText(value, isJson(file))}`);
  const [first] = pairs;
  if (!first || !previous) return undefined;
  const at = lineEndOf(text, Math.max(contentEnd(text, previous.value), previous.key.end));
  const newline = newlineOf(file);
  const yaml = yamlText({ [key]: value }, { indentLists: indentsLists(file) });
  return { uri, range: { start: at, end: at }, text: newline + indented(yaml, columnOf(text, first.key.start), newline) };
}

function insertIntoFlow(file: Text, node: MapNode | SequenceNode, behind: number | undefined, added: string): TextEdit {
  const { uri, text } = file;
  const at = behind ?? node.start + 1;
  if (behind === undefined) return { uri, range: { start: at, end: at }, text: added };
  const first = node.kind === 'map' ? node.pairs[0]?.key.start : node.items[0]?.start;
  const lead = text.slice(node.start + 1, first);
  const separator = lead.includes('\n') ? `,${lead.replace(/^[ \t]+(?=\r?\n)/, '')}` : ', ';
  return { uri, range: { start: at, end: at }, text: separator + added };
}

/** Gives the field this value: adds it, fills it when it is empty, or replaces it when it is plain. */
export function setField(file: Text, map: MapNode, key: string, value: unknown, after?: string): TextEdit | undefined {
  const pair = pairFor(map, key);
  if (!pair) return insertField(file, map, key, value, after);
  if (pair.merged || map.alias) return undefined;
  return replaceValue(file, pair, value);
}

/** Another value under the same key; a comment behind a plain value stays. */
export function replaceValue(file: Text, { key, value: node }: Pair, value: unknown): TextEdit | undefined {
  const { uri, text } = file;
  if (node.alias) return undefined;
  const flow = isJson(file) || (node.kind !== 'scalar' && node.flow) || typeof value !== 'object' || value === null;
  if (flow) {
    const plain = flowText(value, isJson(file));
    if (node.kind === 'scalar' && node.style === 'empty') {
      const at = text.indexOf(':', key.end) + 1;
      return { uri, range: { start: at, end: at }, text: ` ${plain}` };
    }
    return { uri, range: { start: node.start, end: contentEnd(text, node) }, text: plain };
  }
  const column = columnOf(text, key.start);
  const newline = newlineOf(file);
  const yaml = yamlText({ x: value }, { indentLists: indentsLists(file) }).slice(2);
  const lines = yaml.startsWith('\n') ? newline + indented(yaml.slice(1), column, newline) : yaml;
  const start = text.indexOf(':', key.end) + 1;
  return { uri, range: { start, end: Math.max(start, contentEnd(text, node)) }, text: lines };
}

/** Adds an item at the list's end. */
export function insertItem(file: Text, list: SequenceNode, value: unknown): TextEdit | undefined {
  if (list.alias) return undefined;
  const { uri, text } = file;
  const last = list.items.at(-1);
  if (list.flow) return insertIntoFlow(file, list, last?.end, flowText(value, isJson(file)));
  if (!last) return undefined;
  const at = lineEndOf(text, contentEnd(text, last));
  const newline = newlineOf(file);
  const yaml = yamlText([value], { indentLists: indentsLists(file) });
  const column = columnOf(text, dashOf(text, list.items[0] ?? last));
  return { uri, range: { start: at, end: at }, text: newline + indented(yaml, column, newline) };
}

/** The dash of a block list's item. */
export const dashOf = (text: string, item: ManifestNode): number => text.lastIndexOf('-', item.start - 1);

/** Adds an item to the list under `key`, which is made when it is not there. */
export function addToList(file: Text, map: MapNode, key: string, value: unknown, after?: string): TextEdit | undefined {
  const pair = pairFor(map, key);
  if (pair?.merged) return undefined;
  if (pair?.value.kind === 'sequence' && (pair.value.items.length > 0 || pair.value.flow))
    return insertItem(file, pair.value, value);
  return setField(file, map, key, [value], after);
}

/** Takes whole lines out; undefined where other things stand on them. */
export function removeField({ uri, text }: Text, pair: Pair): TextEdit | undefined {
  if (pair.merged || pair.parent.flow || pair.parent.alias) return undefined;
  const start = lineStartOf(text, pair.key.start);
  if (text.slice(start, pair.key.start).trim() !== '') return undefined;
  const end = nextLineOf(text, Math.max(contentEnd(text, pair.value), pair.key.end));
  return { uri, range: { start, end }, text: '' };
}

/** Gives the field at the end of a path this value, and makes the structures on the way that are not there. */
export function setAt(file: Text, root: ManifestNode | undefined, path: readonly string[], value: unknown): TextEdit | undefined {
  let map = root;
  for (const [i, step] of path.entries()) {
    if (map?.kind !== 'map') return undefined;
    const pair = pairFor(map, step);
    const isLast = i === path.length - 1;
    if (!isLast && pair?.value.kind === 'map' && (pair.value.pairs.length > 0 || pair.value.flow)) {
      map = pair.value;
      continue;
    }
    const rest = path.slice(i + 1).reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
    return setField(file, map, step, rest);
  }
  return undefined;
}
