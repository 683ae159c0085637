/** Whether an offset is inside a text of several lines (`|` or `>`), where nothing is a field. */
import { lineStartOf } from '#common/manifests/textLines.ts';

const header = /^(\s*(?:- +)*)(?:[^\s#][^#]*?:\s+|)[|>][+-]?\d*[+-]?\s*(?:#.*)?$/;

export function inBlockText(text: string, offset: number): boolean {
  const lineStart = lineStartOf(text, offset);
  const line = text.slice(lineStart, offset);
  let column = /^ */.exec(line)?.[0].length ?? 0;
  for (let end = lineStart - 1; end >= 0 && column > 0;) {
    const start = lineStartOf(text, end);
    const above = text.slice(start, end).replace(/\r$/, '');
    end = start - 1;
    if (above.trim() === '') continue;
    const indent = /^ */.exec(above)?.[0].length ?? 0;
    if (indent >= column) continue;
    const opened = header.exec(above);
    if (opened) {
      // A text is indented more than the key that it belongs to, or than the dash when there is no key.
      const lead = opened[1] ?? '';
      const owner = above.slice(lead.length).match(/^[|>]/) ? indent : lead.length;
      if (owner < column) return true;
    }
    column = indent;
  }
  return false;
}
