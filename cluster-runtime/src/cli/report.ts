/** How the command speaks: lines that stay, and, on a terminal, lines that change while something happens. */

export interface Report {
  /** A line that stays. */
  line(text?: string): void;
  /** A line that changes until it is settled. In a pipe only its last state is printed. */
  live(text: string): LiveLine;
}

export interface LiveLine {
  update(text: string): void;
  settle(text: string): void;
}

interface Slot {
  text: string;
  settled: boolean;
}

export function createReport(out: NodeJS.WriteStream): Report {
  return out.isTTY ? new TerminalReport(out) : plainReport(out);
}

/** Says nothing; for `--json`. */
export const silentReport: Report = { line: () => undefined, live: () => ({ update: () => undefined, settle: () => undefined }) };

function plainReport(out: NodeJS.WriteStream): Report {
  const line = (text = ''): void => void out.write(`${text}\n`);
  return { line, live: () => ({ update: () => undefined, settle: line }) };
}

/** Keeps the lines that still change at the bottom and redraws them in place. */
class TerminalReport implements Report {
  readonly #out: NodeJS.WriteStream;
  readonly #slots: Slot[] = [];

  constructor(out: NodeJS.WriteStream) {
    this.#out = out;
  }

  line(text = ''): void {
    this.#redraw(() => this.#out.write(`${text}\n`));
  }

  live(text: string): LiveLine {
    const slot: Slot = { text, settled: false };
    this.#redraw(() => this.#slots.push(slot));
    const set = (next: string, settled: boolean): void => {
      if (slot.settled || (slot.text === next && !settled)) return;
      this.#redraw(() => {
        slot.text = next;
        slot.settled = settled;
      });
    };
    return { update: (next) => set(next, false), settle: (next) => set(next, true) };
  }

  #redraw(change: () => void): void {
    if (this.#slots.length > 0) this.#out.write(`\x1b[${this.#slots.length}A\x1b[J`);
    change();
    // Settled lines at the top have reached their place and are not drawn again.
    while (this.#slots[0]?.settled) this.#out.write(`${this.#clip(this.#slots.shift()?.text ?? '')}\n`);
    for (const { text } of this.#slots) this.#out.write(`${this.#clip(text)}\n`);
  }

  /** A line that wraps would take two rows and spoil the count. */
  #clip(text: string): string {
    const width = this.#out.columns || 80;
    return text.length < width ? text : `${text.slice(0, width - 2)}…`;
  }
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
