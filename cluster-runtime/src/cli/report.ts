/** How the command speaks: lines that stay, and, on a terminal, lines that change while something happens. */

export interface Report {
  /** A line that stays. */
  line(text?: string): void;
  /** A line on stderr. */
  problem(text: string): void;
  /** A line that changes until it is settled, and then stays. In a pipe only its last state is printed. */
  live(text: string): LiveLine;
}

export interface LiveLine {
  update(text: string): void;
  settle(text: string): void;
}

/** Standard output, standard error, or what a test has in their place. */
export interface Output {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  write(text: string): unknown;
}

export function createReport(out: Output, err: Output): Report {
  return out.isTTY ? new TerminalReport(out, err) : plainReport(out, err);
}

/** Tells of problems only; for `--json`. */
export const silentReport = (err: Output): Report => ({
  line: () => undefined,
  problem: (text) => void err.write(`${text}\n`),
  live: () => ({ update: () => undefined, settle: () => undefined }),
});

function plainReport(out: Output, err: Output): Report {
  const line = (text = ''): void => void out.write(`${text}\n`);
  return {
    line,
    problem: (text) => void err.write(`${text}\n`),
    live: () => ({ update: () => undefined, settle: line }),
  };
}

/** Keeps the lines that still change at the bottom and redraws them in place; a settled one moves up above them. */
class TerminalReport implements Report {
  readonly #out: Output;
  readonly #err: Output;
  readonly #changing = new Set<{ text: string }>();
  #drawn = 0;

  constructor(out: Output, err: Output) {
    this.#out = out;
    this.#err = err;
  }

  line(text = ''): void {
    this.#redraw(() => this.#out.write(`${text}\n`));
  }

  problem(text: string): void {
    this.#redraw(() => this.#err.write(`${text}\n`));
  }

  live(text: string): LiveLine {
    const entry = { text };
    this.#redraw(() => this.#changing.add(entry));
    return {
      update: (next) => {
        if (entry.text === next || !this.#changing.has(entry)) return;
        this.#redraw(() => (entry.text = next));
      },
      settle: (next) => {
        if (!this.#changing.has(entry)) return;
        this.#redraw(() => {
          this.#changing.delete(entry);
          this.#out.write(`${colored(next)}\n`);
        });
      },
    };
  }

  #redraw(change: () => void): void {
    if (this.#drawn > 0) this.#out.write(`\x1b[${this.#drawn}A\x1b[J`);
    change();
    // What has scrolled off the screen cannot be redrawn, so no more is drawn than fits.
    const fitting = Math.max(1, (this.#out.rows || 24) - 2);
    const shown = [...this.#changing].slice(0, fitting).map(({ text }) => colored(this.#clip(text)));
    if (this.#changing.size > fitting) shown.push(`  … and ${this.#changing.size - fitting} more`);
    if (shown.length > 0) this.#out.write(`${shown.join('\n')}\n`);
    this.#drawn = shown.length;
  }

  /** A line that wraps would take two rows and spoil the count. */
  #clip(text: string): string {
    const width = this.#out.columns || 80;
    return text.length < width ? text : `${text.slice(0, width - 2)}…`;
  }
}

const colors: Record<string, string> = { '✓': '32', '…': '33', '✗': '31' };

/** The mark at a line's head in its color, unless the person wants none (no-color.org). */
function colored(text: string): string {
  if (process.env['NO_COLOR']) return text;
  return text.replace(/^( *)([✓…✗])/, (_, indent: string, mark: string) => `${indent}\x1b[${colors[mark]}m${mark}\x1b[39m`);
}

/** Columns with two spaces between them. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, cell.length)));
  return rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
