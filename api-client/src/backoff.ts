/** How long to wait before the next try: longer each time, and never in step with others who failed at the same moment. */
import type { Random } from '#common/base/random.ts';

export class Backoff {
  readonly #random: Random;
  readonly #firstMs: number;
  readonly #longestMs: number;
  #baseMs: number;

  constructor(random: Random, firstMs: number, longestMs: number) {
    this.#random = random;
    this.#firstMs = firstMs;
    this.#longestMs = longestMs;
    this.#baseMs = firstMs;
  }

  /** Between half of the present wait and all of it; the wait doubles. */
  next(): number {
    const base = this.#baseMs;
    this.#baseMs = Math.min(base * 2, this.#longestMs);
    return base * (0.5 + this.#random.next() / 2);
  }

  /** All is well again. */
  reset(): void {
    this.#baseMs = this.#firstMs;
  }
}
