/**
 * Sets by a key. Most have one element, as most names have one object: that one stands there without a set, which would take
 * ten times as much room.
 */
export class SetsByKey<T extends object> {
  readonly #sets = new Map<string, T | Set<T>>();

  get isEmpty(): boolean {
    return this.#sets.size === 0;
  }

  add(key: string, value: T): void {
    const known = this.#sets.get(key);
    if (known === undefined) this.#sets.set(key, value);
    else if (known instanceof Set) known.add(value);
    else if (known !== value) this.#sets.set(key, new Set([known, value]));
  }

  delete(key: string, value: T): void {
    const known = this.#sets.get(key);
    if (known === value) this.#sets.delete(key);
    else if (known instanceof Set && known.delete(value) && known.size === 0) this.#sets.delete(key);
  }

  /** In the order in which they came. */
  get(key: string): Iterable<T> {
    const known = this.#sets.get(key);
    if (known === undefined) return [];
    return known instanceof Set ? known : [known];
  }

  sizeOf(key: string): number {
    const known = this.#sets.get(key);
    if (known === undefined) return 0;
    return known instanceof Set ? known.size : 1;
  }
}
