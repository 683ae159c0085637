/** Puts a name before each line of a text that comes in pieces. */
export class LinePrefixer {
  readonly #prefix: string;
  #atLineStart = true;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  next(text: string): string {
    if (!this.#prefix || !text) return text;
    const begun = (this.#atLineStart ? this.#prefix : '') + text.replace(/\n(?=[^])/g, `\n${this.#prefix}`);
    this.#atLineStart = text.endsWith('\n');
    return begun;
  }
}
