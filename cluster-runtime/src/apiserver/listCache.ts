/**
 * Assembled lists, as long as nothing is written: many clients ask for the same list, and putting two thousand objects
 * together costs more than finding out that nothing has changed.
 */
export class ListCache {
  readonly #revision: () => number;
  readonly #limit: number;
  readonly #lists = new Map<string, Buffer>();
  #asOf = 0;
  #size = 0;

  /** `revision`: the store's; `limit`: bytes that are kept at most. */
  constructor(revision: () => number, limit = 16 * 1024 * 1024) {
    this.#revision = revision;
    this.#limit = limit;
  }

  /** The list at this address, made anew when anything was written since. */
  get(address: string, make: () => Buffer): Buffer {
    const revision = this.#revision();
    if (revision !== this.#asOf) {
      this.#lists.clear();
      this.#size = 0;
      this.#asOf = revision;
    }
    let list = this.#lists.get(address);
    if (list) return list;
    list = make();
    if (this.#size + list.length <= this.#limit) {
      this.#lists.set(address, list);
      this.#size += list.length;
    }
    return list;
  }
}
