/** The lines that offsets of a text are on. Lines end with `\n`; a `\r` before it belongs to the line's end. */

/** Where the line of an offset begins. Offset 0 is on the first line, also where that line is empty. */
export const lineStartOf = (text: string, offset: number): number => (offset > 0 ? text.lastIndexOf('\n', offset - 1) + 1 : 0);

/** In characters (UTF-16 code units), the first being 0. */
export const columnOf = (text: string, offset: number): number => offset - lineStartOf(text, offset);

/** Before the line's end. */
export function lineEndOf(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  if (newline < 0) return text.length;
  return text[newline - 1] === '\r' && newline > offset ? newline - 1 : newline;
}

/** Behind the line's end. */
export function nextLineOf(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  return newline < 0 ? text.length : newline + 1;
}
