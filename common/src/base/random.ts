/** Seeded chance: the same seed gives the same uids, name suffixes and choices, in the same order. */

/** The letters Kubernetes uses for generated names: no vowels and no look-alikes. */
const suffixAlphabet = 'bcdfghjklmnpqrstvwxz2456789';

export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** Begins the sequence of this seed: whatever was drawn before has no part in what follows. */
  reseed(seed: number): void {
    this.#state = seed >>> 0;
  }

  /** Uniform in [0, 1). mulberry32. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number in [0, below). */
  int(below: number): number {
    return Math.floor(this.next() * below);
  }

  /** `length` characters of the alphabet that generated names use. */
  suffix(length = 5): string {
    let out = '';
    for (let i = 0; i < length; i++) out += suffixAlphabet[this.int(suffixAlphabet.length)];
    return out;
  }

  /** A version 4 UUID. */
  uuid(): string {
    let hex = '';
    for (let i = 0; i < 4; i++)
      hex += this.int(2 ** 32)
        .toString(16)
        .padStart(8, '0');
    const variant = '89ab'[parseInt(hex[16] ?? '0', 16) & 3];
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }
}
