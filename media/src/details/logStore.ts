/** The last lines of a log, and where in them a text occurs. Bounded: what is older is forgotten. */
import type { LogLine, LogsMessage, LogSource } from '#common/protocol/details.ts';

const mostLines = 20_000;
/** Lines are forgotten in bulk. */
const slack = 2_000;

export class LogStore {
  #lines: LogLine[] = [];
  #search = '';
  #matches: number[] = [];
  sources: readonly LogSource[] = [];
  /** How many lines came and are gone again, and how many never came. */
  forgotten = 0;
  dropped = 0;

  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  get search(): string {
    return this.#search;
  }

  /** Upper and lower case are alike. */
  set search(text: string) {
    this.#search = text.toLowerCase();
    this.#matches = [];
    this.#findFrom(0);
  }

  /** Indexes of lines with the text that is searched for. */
  get matches(): readonly number[] {
    return this.#matches;
  }

  /** Gives how many lines went away at the top. */
  apply({ reset, sources, lines, dropped }: LogsMessage): number {
    if (reset) {
      this.#lines = [];
      this.#matches = [];
      this.forgotten = 0;
      this.dropped = 0;
    }
    this.sources = sources;
    this.dropped += dropped;
    const before = this.#lines.length;
    for (const line of lines) this.#lines.push(line);
    this.#findFrom(before);
    const excess = this.#lines.length - mostLines;
    if (excess <= slack) return 0;
    this.#lines = this.#lines.slice(excess);
    this.#matches = this.#matches.flatMap((at) => (at >= excess ? [at - excess] : []));
    this.forgotten += excess;
    return excess;
  }

  #findFrom(start: number): void {
    if (!this.#search) return;
    for (let at = start; at < this.#lines.length; at++)
      if (this.#lines[at]?.text.toLowerCase().includes(this.#search)) this.#matches.push(at);
  }
}
