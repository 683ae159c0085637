/**
 * Elastic columns as kubectl's output has them: a cell ends with a tab, and a column is as wide as the widest cell of the
 * lines that have it one below the other. The last cell of a line has no column. Widths may be remembered, so that rows
 * that come later (a watch) stand below those before.
 */
export interface TabLayout {
  readonly minWidth: number;
  readonly padding: number;
  /** Columns never get narrower than in the text before. */
  readonly remembers?: boolean;
}

/** Of tables. */
export const tableLayout: TabLayout = { minWidth: 6, padding: 3, remembers: true };
/** Of `describe`. */
export const describeLayout: TabLayout = { minWidth: 0, padding: 2 };

export class TabWriter {
  readonly #layout: TabLayout;
  #text = '';
  #widest: number[] = [];

  constructor(layout: TabLayout) {
    this.#layout = layout;
  }

  write(text: string): void {
    this.#text += text;
  }

  /** Everything since the last flush, with its columns aligned. */
  flush(): string {
    const lines = this.#text.split('\n').map((line) => line.split('\t'));
    this.#text = '';
    const out: string[] = [];
    this.#format(lines, 0, lines.length, [], out);
    return out.join('\n');
  }

  forgetWidths(): void {
    this.#widest = [];
  }

  #format(lines: readonly string[][], from: number, to: number, widths: number[], out: string[]): void {
    const column = widths.length;
    const hasCell = (at: number): boolean => column < (lines[at]?.length ?? 0) - 1;
    let done = from;
    for (let at = from; at < to; at++) {
      if (!hasCell(at)) continue;
      emit(lines, done, at, widths, out);
      done = at;
      let width = this.#layout.minWidth;
      for (; at < to && hasCell(at); at++) width = Math.max(width, widthOf(lines[at]?.[column] ?? '') + this.#layout.padding);
      if (this.#layout.remembers) this.#widest[column] = width = Math.max(width, this.#widest[column] ?? 0);
      this.#format(lines, done, at, [...widths, width], out);
      done = at;
    }
    emit(lines, done, to, widths, out);
  }
}

/** In characters, not in units of UTF-16. */
const widthOf = (text: string): number => [...text].length;

function emit(lines: readonly string[][], from: number, to: number, widths: readonly number[], out: string[]): void {
  for (const cells of lines.slice(from, to)) {
    out.push(cells.map((cell, i) => cell + ' '.repeat(Math.max(0, (widths[i] ?? 0) - widthOf(cell)))).join(''));
  }
}

export function alignTabs(text: string, layout: TabLayout = describeLayout): string {
  const writer = new TabWriter(layout);
  writer.write(text);
  return writer.flush();
}
