/**
 * The cursor's place in `{}`, `[]` and JSON. Where brackets are still open, which is how they are typed, the text up to the
 * cursor is read as if they were closed.
 */
import type { CursorPath } from '#common/manifests/cursorPath.ts';
import type { ManifestDocument } from '#common/manifests/manifestDocument.ts';
import { containerOf } from '#common/manifests/nodes.ts';
import { documentAt, parseSourceFile } from '#common/manifests/sourceFile.ts';
import { lineStartOf } from '#common/manifests/textLines.ts';

export type FlowPath = CursorPath & { readonly flow: boolean; readonly json: boolean };

export function flowPathAt(document: ManifestDocument, offset: number): FlowPath | undefined {
  const { text } = document.content;
  const open = openBrackets(text, offset - document.shift);
  if (open === '') return undefined;
  const json = /^(?:---)?\s*\{/.test(text);
  const found = isFlow(document, offset) ? document.pathAt(offset) : undefined;
  if (found) return { ...found, flow: true, json };
  const before = text.slice(0, offset - document.shift);
  const closers = [...open].reverse().join('');
  for (const filler of ['', 'x', '"', ': x']) {
    const closed = parseSourceFile(document.uri, before + filler + closers);
    const part = documentAt(closed, before.length);
    if (!part || part.content.broken || !isFlow(part, before.length)) continue;
    const at = part.pathAt(before.length);
    if (!at) continue;
    const start = at.range.start + document.shift;
    return { ...at, range: { start, end: offset }, flow: true, json };
  }
  return undefined;
}

function isFlow(document: ManifestDocument, offset: number): boolean {
  const found = document.nodeAt(offset);
  if (!found) return false;
  const around = found.node.kind === 'scalar' || found.onKey ? containerOf(found.node) : found.node;
  return around !== undefined && around.flow && offset > around.start && offset < around.end;
}

/** Only where a value begins is a bracket one of YAML's; elsewhere it is a character of a text. */
const opensValue = (text: string, at: number): boolean =>
  /(?:^|[\s"']:|[\w\])]:|^\s*-|\s-|---)\s*$/.test(text.slice(lineStartOf(text, at), at));

/** The closing brackets that are missing at an offset, the outermost first; empty in block style. */
function openBrackets(text: string, offset: number): string {
  let open = '';
  let quote = '';
  let lineStart = true;
  for (let i = 0; i < offset; i++) {
    const c = text[i] as string;
    if (quote) {
      if (c === '\\' && quote === '"') i++;
      else if (c === quote) quote = '';
      // A quote that is never closed ends with its line, or everything behind it would be text.
      else if (c === '\n' && open === '') quote = '';
      continue;
    }
    if (c === '\n') lineStart = true;
    const starts = lineStart || /[\s,:[{-]/.test(text[i - 1] ?? ' ');
    if (c === '#' && (i === 0 || /\s/.test(text[i - 1] as string))) {
      const next = text.indexOf('\n', i);
      i = next < 0 || next >= offset ? offset : next;
      lineStart = true;
    } else if ((c === '"' || c === "'") && starts) quote = c;
    else if ((c === '{' || c === '[') && (open !== '' || opensValue(text, i))) {
      // A template's expression is no map.
      if (c === '{' && text[i + 1] === '{' && open === '') i++;
      else open += c === '{' ? '}' : ']';
    } else if ((c === '}' || c === ']') && open !== '') open = open.slice(0, -1);
    if (c !== '\n' && c !== ' ') lineStart = false;
  }
  return open;
}
