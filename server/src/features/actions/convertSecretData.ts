/**
 * Turns a Secret's texts into base64 and back. A Secret with both fields is left alone; so is data that is no text.
 *
 *     stringData:             ↔     data:
 *       password: hunter2             password: aHVudGVyMg==
 */
import { type MapNode, type Pair, pairFor, textOf } from '#common/manifests/nodes.ts';
import { base64OfText } from '#common/kinds/validation/base64.ts';
import type { SourceFile } from '#common/manifests/sourceFile.ts';
import { columnOf } from '#common/manifests/textLines.ts';
import { replaceValue } from '../../edits/insertions.ts';
import { yamlText } from '../../edits/yamlText.ts';
import type { CodeAction, InRange, TextEdit } from '../feature.ts';
import { isOnHead, objectPlace } from './actionPlaces.ts';

export const provideConvertSecretData: InRange<readonly CodeAction[]> = (snapshot, file, range) => {
  const place = objectPlace(snapshot, file, range);
  if (place?.object.gvk.kind !== 'Secret' || place.object.gvk.group !== '') return undefined;
  const { root } = place.document;
  const [texts, bytes] = [pairFor(root, 'stringData'), pairFor(root, 'data')];
  const field = texts ?? bytes;
  if (!field || (texts && bytes) || (!isOnHead(place) && place.path[0] !== field.key.value)) return undefined;
  const to = texts ? 'data' : 'stringData';
  const edits = converted(file, field, to, texts ? base64OfText : textOfStrictBase64);
  return (
    edits && [
      {
        title: snapshot.l10n.t(texts ? 'Convert stringData to data (base64)' : 'Convert data to stringData (text)'),
        kind: 'refactor.rewrite',
        edits,
      },
    ]
  );
};

function converted(
  file: SourceFile,
  field: Pair,
  to: string,
  convert: (text: string) => string | undefined,
): TextEdit[] | undefined {
  if (field.value.kind !== 'map' || field.value.alias || field.value.pairs.length === 0) return undefined;
  const edits: TextEdit[] = [{ uri: file.uri, range: field.key, text: isQuoted(file, field) ? JSON.stringify(to) : to }];
  for (const pair of field.value.pairs) {
    const text = textOf(pair.value);
    const value = text === undefined ? undefined : convert(text);
    const edit = value === undefined || pair.merged ? undefined : valueEdit(file, field.value, pair, value);
    if (!edit) return undefined;
    edits.push(edit);
  }
  return edits;
}

const isQuoted = ({ text }: SourceFile, { key }: Pair): boolean => text[key.start] === '"';

/** Texts of several lines are written as such. */
function valueEdit(file: SourceFile, { flow }: MapNode, pair: Pair, value: string): TextEdit | undefined {
  if (flow || !value.includes('\n') || pair.value.kind !== 'scalar') return replaceValue(file, pair, value);
  const { text } = file;
  const column = columnOf(text, pair.key.start);
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = yamlText({ x: value }).slice('x: '.length).split('\n');
  const shifted = lines.map((line, i) => (i === 0 || line === '' ? line : ' '.repeat(column) + line)).join(newline);
  return { uri: file.uri, range: { start: pair.value.start, end: pair.value.end }, text: shifted };
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Undefined for what is no base64, or no text in UTF-8 that YAML could hold. */
function textOfStrictBase64(given: string): string | undefined {
  const packed = given.replace(/\s/g, '');
  if (!base64.test(packed)) return undefined;
  const bytes = Uint8Array.from(atob(packed), (char) => char.charCodeAt(0));
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  // Control characters speak for bytes that only happen to be UTF-8.
  return base64OfText(text) === packed && ![...text].some((char) => char < ' ' && !'\t\n\r'.includes(char)) ? text : undefined;
}
