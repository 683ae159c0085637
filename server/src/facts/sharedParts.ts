/**
 * Makes equal parts of many objects one: ten thousand pods are made of some hundred templates, and are in the same few
 * conditions. Knows the parts that were met lately, not all that ever were. Parts are JSON, and nobody may change them.
 */
export class SharedParts {
  readonly #most: number;
  #recent = new Map<string, unknown>();
  #before = new Map<string, unknown>();

  /** `most`: so many are known at least, and twice as many at most. */
  constructor(most: number) {
    this.#most = most;
  }

  /** The first one that was equal to `part`. */
  of<T>(part: T): T {
    if (part === undefined) return part;
    const text = JSON.stringify(part);
    let known = this.#recent.get(text);
    if (known !== undefined) return known as T;
    known = this.#before.get(text) ?? part;
    if (this.#recent.size >= this.#most) {
      this.#before = this.#recent;
      this.#recent = new Map();
    }
    this.#recent.set(text, known);
    return known as T;
  }
}
