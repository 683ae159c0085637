/** Completion indexes as the status tells them: `0,1,4` or `0-2,4`; three or more in a row become a range. */

export class IndexSet {
  readonly #members: ReadonlySet<number>;

  constructor(members: Iterable<number> = []) {
    this.#members = new Set(members);
  }

  /** Reads the status' text; indexes from `completions` on are dropped, as are parts that are no numbers. */
  static parse(text: string | undefined, completions: number): IndexSet {
    const members: number[] = [];
    for (const part of text ? text.split(',') : []) {
      const [first, last = first] = part.split('-').map(Number);
      if (first === undefined || last === undefined || !Number.isInteger(first) || !Number.isInteger(last)) continue;
      for (let i = first; i <= Math.min(last, completions - 1); i++) members.push(i);
    }
    return new IndexSet(members);
  }

  get size(): number {
    return this.#members.size;
  }

  has(index: number): boolean {
    return this.#members.has(index);
  }

  with(indexes: Iterable<number>): IndexSet {
    return new IndexSet([...this.#members, ...indexes]);
  }

  [Symbol.iterator](): Iterator<number> {
    return this.#members[Symbol.iterator]();
  }

  toString(): string {
    const sorted = [...this.#members].sort((a, b) => a - b);
    const parts: string[] = [];
    for (let i = 0; i < sorted.length;) {
      const first = sorted[i] as number;
      let end = i;
      while (sorted[end + 1] === (sorted[end] as number) + 1) end++;
      const last = sorted[end] as number;
      if (last === first) parts.push(String(first));
      else parts.push(last === first + 1 ? `${first},${last}` : `${first}-${last}`);
      i = end + 1;
    }
    return parts.join(',');
  }
}
