/** A clock for tests of retries over a real socket: whatever is waited for comes at once, and how long it was is noted. */
import type { Clock } from '#common/base/clock.ts';
import { type Disposable, toDisposable } from '#common/base/disposable.ts';

export class HurriedClock implements Clock {
  readonly waits: number[] = [];
  #now: number;

  constructor(start = Date.UTC(2026, 0, 1)) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  setTimeout(fn: () => void, ms: number): Disposable {
    this.waits.push(ms);
    const handle = setImmediate(() => {
      this.#now += ms;
      fn();
    });
    return toDisposable(() => clearImmediate(handle));
  }
}
