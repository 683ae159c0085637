/**
 * The cluster's only source of time. Real and scaled clocks drive a running cluster; the stepped clock drives tests,
 * where time moves only when `advance` is called. Nothing else in the project may call Date.now or setTimeout.
 */
import { type Disposable, toDisposable } from './disposable.ts';

export interface Clock {
  /** Milliseconds since the epoch, in the cluster's time. */
  now(): number;
  /** Calls `fn` once, `ms` of the cluster's milliseconds from now. */
  setTimeout(fn: () => void, ms: number): Disposable;
}

/** setTimeout's own limit; longer waits are re-armed. */
const longestTimeout = 2 ** 31 - 1;

function armed(fn: () => void, realMs: () => number): Disposable {
  let handle: ReturnType<typeof setTimeout>;
  const arm = (): void => {
    const left = realMs();
    handle = setTimeout(() => (left > longestTimeout ? arm() : fn()), Math.min(Math.max(left, 0), longestTimeout));
  };
  arm();
  return toDisposable(() => clearTimeout(handle));
}

/** Wall-clock time, optionally scaled: at `speed` 60, a simulated minute passes each real second. */
export class RealClock implements Clock {
  readonly #speed: number;
  readonly #origin: number;

  constructor(speed = 1) {
    if (!(speed > 0 && speed <= 1000)) throw new RangeError(`speed must be above 0 and at most 1000, not ${speed}`);
    this.#speed = speed;
    this.#origin = Date.now();
  }

  now(): number {
    const real = Date.now();
    return this.#speed === 1 ? real : this.#origin + (real - this.#origin) * this.#speed;
  }

  setTimeout(fn: () => void, ms: number): Disposable {
    const due = this.now() + ms;
    return armed(fn, () => (due - this.now()) / this.#speed);
  }
}

interface Timer {
  due: number;
  order: number;
  fn: () => void;
}

/** Time under a test's hand. Timers fire in order of due time, then of creation. */
export class SteppedClock implements Clock {
  #now: number;
  #order = 0;
  readonly #timers = new Set<Timer>();

  constructor(start = Date.UTC(2026, 0, 1)) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  setTimeout(fn: () => void, ms: number): Disposable {
    const timer: Timer = { due: this.#now + Math.max(0, ms), order: this.#order++, fn };
    this.#timers.add(timer);
    return toDisposable(() => this.#timers.delete(timer));
  }

  /** When the next timer is due, or undefined when none is pending. */
  get nextDue(): number | undefined {
    return this.#next()?.due;
  }

  get pending(): number {
    return this.#timers.size;
  }

  /**
   * Moves time on by `ms`, firing every timer that comes due. `settle` is awaited before each step, so that work
   * started by one timer is done before time moves again.
   */
  async advance(ms: number, settle: () => Promise<void> = settleMicrotasks): Promise<void> {
    const until = this.#now + ms;
    await settle();
    for (let next = this.#next(); next !== undefined && next.due <= until; next = this.#next()) {
      this.#now = Math.max(this.#now, next.due);
      this.#timers.delete(next);
      next.fn();
      await settle();
    }
    this.#now = until;
  }

  #next(): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) {
      if (!first || timer.due < first.due || (timer.due === first.due && timer.order < first.order)) first = timer;
    }
    return first;
  }
}

async function settleMicrotasks(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

/** Resolves after `ms` of the clock's time; rejects with the signal's reason when it is aborted first. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const timer = clock.setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    function onAbort(): void {
      timer.dispose();
      reject(signal?.reason as Error);
    }
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
