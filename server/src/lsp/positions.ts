/** Between the protocol's lines and characters and the offsets that the rest of the server uses. */
import type { Position, Range } from 'vscode-languageserver/node';
import type { TextRange } from '#common/manifests/nodes.ts';

/** How the client counts characters within a line. */
export type PositionEncoding = 'utf-16' | 'utf-8';

export interface LinedText {
  readonly text: string;
  readonly lineStarts: readonly number[];
}

export class Positions {
  readonly #encoding: PositionEncoding;

  constructor(encoding: PositionEncoding) {
    this.#encoding = encoding;
  }

  /** Whatever lies outside of the text becomes its nearest place inside. */
  offsetAt({ text, lineStarts }: LinedText, { line, character }: Position): number {
    if (line < 0) return 0;
    if (line >= lineStarts.length) return text.length;
    const start = lineStarts[line] ?? 0;
    let end = lineStarts[line + 1] ?? text.length;
    while (end > start && (text[end - 1] === '\n' || text[end - 1] === '\r')) end--;
    if (this.#encoding === 'utf-16') return Math.min(start + Math.max(character, 0), end);
    let bytes = 0;
    let at = start;
    while (at < end && bytes < character) {
      const code = text.codePointAt(at) ?? 0;
      bytes += utf8Length(code);
      at += code > 0xffff ? 2 : 1;
    }
    return at;
  }

  positionAt({ text, lineStarts }: LinedText, offset: number): Position {
    const at = Math.min(Math.max(offset, 0), text.length);
    let low = 0;
    let high = lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((lineStarts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    const start = lineStarts[low] ?? 0;
    if (this.#encoding === 'utf-16') return { line: low, character: at - start };
    let character = 0;
    for (let i = start; i < at;) {
      const code = text.codePointAt(i) ?? 0;
      character += utf8Length(code);
      i += code > 0xffff ? 2 : 1;
    }
    return { line: low, character };
  }

  range(file: LinedText, { start, end }: TextRange): Range {
    return { start: this.positionAt(file, start), end: this.positionAt(file, end) };
  }

  textRange(file: LinedText, { start, end }: Range): TextRange {
    return { start: this.offsetAt(file, start), end: this.offsetAt(file, end) };
  }
}

const utf8Length = (code: number): number => (code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4);
