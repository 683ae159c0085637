/** Edits of whole documents: put one before or behind another, or take one out. Each keeps the comments that stand in it. */
import type { ManifestDocument } from '#common/manifests/manifestDocument.ts';
import type { SourceFile } from '#common/manifests/sourceFile.ts';
import type { TextEdit } from '../features/feature.ts';
import { isJson, newlineOf } from './insertions.ts';

type Text = Pick<SourceFile, 'uri' | 'text' | 'documents'>;

const mark = /^---[^\S\n]*(#[^\n]*)?(\n|$)/;

/** Whether the file can have another document: JSON has only one, and directives are of the first only. */
export const takesDocuments = (file: Text): boolean => !isJson(file) && !file.text.startsWith('%');

/** The text between the marks, without its own, in `\n`, and without a line end at its end. */
export function documentText({ text }: Text, document: ManifestDocument): string {
  return text.slice(document.start, document.end).replace(/\r\n/g, '\n').replace(mark, '').trimEnd();
}

export function insertBefore(file: Text, document: ManifestDocument, yaml: string): TextEdit {
  // Of a List the whole counts.
  const at = document.shift;
  const newline = newlineOf(file);
  const text = yaml.trimEnd().split('\n').join(newline);
  const marked = file.text.startsWith('---', at);
  return {
    uri: file.uri,
    range: { start: at, end: at },
    text: marked ? `---${newline}${text}${newline}` : `${text}${newline}---${newline}`,
  };
}

export function insertBehind(file: Text, document: ManifestDocument, yaml: string): TextEdit {
  const next = file.documents.find(({ shift }) => shift > document.shift);
  const at = next?.shift ?? file.text.length;
  const newline = newlineOf(file);
  const lead = at > 0 && file.text[at - 1] !== '\n' ? newline : '';
  const text = `${lead}---${newline}${yaml.trimEnd().split('\n').join(newline)}${newline}`;
  return { uri: file.uri, range: { start: at, end: at }, text };
}

/** Undefined for an item of a List. */
export function removeDocument({ uri, text }: Text, { start, end, content }: ManifestDocument): TextEdit | undefined {
  if (content.inList) return undefined;
  if (text.startsWith('---', start)) return { uri, range: { start, end }, text: '' };
  // The first has no mark of its own; the next one's would then stand at the top, and may go.
  const next = mark.exec(text.slice(end));
  return { uri, range: { start, end: end + (next && !next[1] ? next[0].length : 0) }, text: '' };
}
