/** The data of a Redis server: keys with typed values and times to live. */

export type RedisValue =
  | { readonly type: 'string'; value: string }
  | { readonly type: 'list'; readonly items: string[] }
  | { readonly type: 'set'; readonly items: Set<string> }
  | { readonly type: 'hash'; readonly fields: Map<string, string> }
  | { readonly type: 'zset'; readonly scores: Map<string, number> };

interface Entry {
  readonly value: RedisValue;
  expiresAt: number | undefined;
}

export class WrongTypeError extends Error {
  constructor() {
    super('WRONGTYPE Operation against a key holding the wrong kind of value');
  }
}

export class Keyspace {
  readonly #entries = new Map<string, Entry>();
  readonly #now: () => number;
  changes = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  get(key: string): RedisValue | undefined {
    return this.#entry(key)?.value;
  }

  /** The value when it has this type. Throws WrongTypeError. */
  typed<T extends RedisValue['type']>(key: string, type: T): Extract<RedisValue, { type: T }> | undefined {
    const value = this.get(key);
    if (value && value.type !== type) throw new WrongTypeError();
    return value as Extract<RedisValue, { type: T }> | undefined;
  }

  /** The value, made empty when there is none. */
  ensure<T extends 'list' | 'set' | 'hash' | 'zset'>(key: string, type: T): Extract<RedisValue, { type: T }> {
    const existing = this.typed(key, type);
    if (existing) return existing;
    const made = {
      list: { type: 'list', items: [] },
      set: { type: 'set', items: new Set() },
      hash: { type: 'hash', fields: new Map() },
      zset: { type: 'zset', scores: new Map() },
    }[type] as unknown as Extract<RedisValue, { type: T }>;
    this.set(key, made);
    return made;
  }

  set(key: string, value: RedisValue, expiresAt?: number): void {
    this.#entries.set(key, { value, expiresAt });
    this.changes++;
  }

  delete(key: string): boolean {
    const existed = this.#entry(key) !== undefined;
    this.#entries.delete(key);
    if (existed) this.changes++;
    return existed;
  }

  /** Collections that have become empty do not exist. */
  dropIfEmpty(key: string): void {
    const value = this.get(key);
    if (!value || value.type === 'string') return;
    const size =
      value.type === 'hash'
        ? value.fields.size
        : value.type === 'zset'
          ? value.scores.size
          : value.type === 'list'
            ? value.items.length
            : value.items.size;
    if (size === 0) this.#entries.delete(key);
  }

  expiry(key: string): number | undefined {
    return this.#entry(key)?.expiresAt;
  }

  /** False when there is no such key. */
  setExpiry(key: string, at: number | undefined): boolean {
    const entry = this.#entry(key);
    if (!entry) return false;
    entry.expiresAt = at;
    this.changes++;
    return true;
  }

  keys(): string[] {
    return [...this.#entries.keys()].filter((key) => this.#entry(key) !== undefined);
  }

  clear(): void {
    this.#entries.clear();
    this.changes++;
  }

  get withExpiry(): number {
    return this.keys().filter((key) => this.expiry(key) !== undefined).length;
  }

  /** Expired keys go when somebody looks: no timers. */
  #entry(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    if (entry?.expiresAt !== undefined && entry.expiresAt <= this.#now()) {
      this.#entries.delete(key);
      return undefined;
    }
    return entry;
  }
}
