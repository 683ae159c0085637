/** `|` and `>` scalars for the fast reader. Explicit indentation and folded text with indented lines are the full parser's. */
import { scalarNode, type ScalarNode } from './nodes.ts';
import { giveUp, isBlank, TAB } from './readerText.ts';

const header = /[|>]([+-]?)[ \t]*(?:[ \t]#[^\n]*)?\r?(?:\n|$)/y;

/** `parent` is the column of the map or list around it. `next` is the offset of the line behind it. */
export function readBlockScalar(text: string, at: number, parent: number): { node: ScalarNode; next: number } {
  header.lastIndex = at;
  const match = header.exec(text);
  if (!match) return giveUp();
  const folded = text[at] === '>';
  const chomp = match[1] ?? '';
  const headerEnd = at + match[0].trimEnd().length;
  let start = header.lastIndex;
  let indent = -1;
  let end = headerEnd;
  const lines: string[] = [];
  for (; start < text.length;) {
    let lineEnd = text.indexOf('\n', start);
    const next = lineEnd < 0 ? text.length : lineEnd + 1;
    if (lineEnd < 0) lineEnd = text.length;
    else if (text.charCodeAt(lineEnd - 1) === 13) lineEnd--;
    let content = start;
    while (text.charCodeAt(content) === 32) content++;
    const blank = content >= lineEnd;
    if (!blank && indent < 0) {
      indent = content - start;
      if (indent <= parent) break;
      // Blank lines in front with more spaces than the text are an error.
      if (lines.some((line) => line.length > indent)) giveUp();
      lines.fill('');
    }
    if (!blank && content - start < indent) break;
    if (text.charCodeAt(content) === TAB && blank) giveUp();
    const line = text.slice(indent < 0 ? start : Math.min(start + indent, lineEnd), lineEnd);
    lines.push(line);
    if (!blank) {
      end = lineEnd;
      while (isBlank(text.charCodeAt(end - 1))) end--;
    }
    start = next;
  }
  if (indent <= parent) {
    if (lines.length > 0) giveUp();
    return { node: scalarNode(at, headerEnd, '', folded ? 'folded' : 'literal'), next: start };
  }
  // A text that ends without a line break has none to keep.
  const broken = text.charCodeAt(start - 1) === 10;
  if (!broken && chomp !== '-') giveUp();
  let last = lines.length;
  while (last > 0 && lines[last - 1] === '') last--;
  if (last === 0) giveUp();
  const body = folded ? foldedText(lines.slice(0, last)) : lines.slice(0, last).join('\n');
  const tail = chomp === '-' ? '' : chomp === '+' ? '\n'.repeat(lines.length - last + 1) : '\n';
  return { node: scalarNode(at, end, body + tail, folded ? 'folded' : 'literal'), next: start };
}

function foldedText(lines: readonly string[]): string {
  let text = '';
  let blanks = 0;
  lines.forEach((line, i) => {
    if (/^[ \t]/.test(line)) giveUp();
    if (line === '') blanks++;
    else {
      text += i === 0 ? line : (blanks > 0 ? '\n'.repeat(blanks) : i === 0 ? '' : ' ') + line;
      blanks = 0;
    }
  });
  return text;
}
