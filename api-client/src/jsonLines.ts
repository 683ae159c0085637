/** Cuts text that comes in pieces into lines of JSON. What follows the last line end is kept for the next piece. */

export class JsonLines<T> {
  readonly #onValue: (value: T) => void;
  #pieces: string[] = [];

  constructor(onValue: (value: T) => void) {
    this.#onValue = onValue;
  }

  /** Throws SyntaxError for a line that is no JSON. */
  push(text: string): void {
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      this.#pieces.push(text.slice(from, end));
      const line = this.#pieces.join('');
      this.#pieces = [];
      from = end + 1;
      if (line.trim() !== '') this.#onValue(JSON.parse(line) as T);
    }
    if (from < text.length) this.#pieces.push(text.slice(from));
  }
}
