/**
 * Keys that want work. A key waits at most once; while it is worked on it is not handed out again, but comes back
 * afterwards when it was added meanwhile. Keys may also be due at a time or after a back-off that doubles with each
 * failure; one timer is armed, for the earliest of them, and none when nothing is due. Order is first come, first
 * served.
 */
import type { Clock } from './clock.ts';
import { type Disposable, DisposableStore } from './disposable.ts';
import { Emitter, type Event } from './emitter.ts';

export interface WorkQueueOptions {
  readonly clock: Clock;
  /** Wait after the first failure, in milliseconds; it doubles with each further one. */
  readonly baseDelay?: number;
  readonly maxDelay?: number;
}

interface Delayed {
  readonly key: string;
  readonly due: number;
}

export class WorkQueue implements Disposable {
  readonly #clock: Clock;
  readonly #baseDelay: number;
  readonly #maxDelay: number;
  readonly #disposables = new DisposableStore();
  readonly #available = this.#disposables.add(new Emitter<void>());

  /** First come, first served; entries before #head are used up. */
  #ready: string[] = [];
  #head = 0;
  /** Keys that want work: those in #ready, and those that were added while being worked on. */
  readonly #wanted = new Set<string>();
  readonly #working = new Set<string>();

  /** A binary heap by due time. Entries that #due no longer holds are stale. */
  readonly #heap: Delayed[] = [];
  readonly #due = new Map<string, Delayed>();
  #timer: { readonly due: number; readonly handle: Disposable } | undefined;

  readonly #failures = new Map<string, number>();
  #disposed = false;

  constructor(options: WorkQueueOptions) {
    this.#clock = options.clock;
    this.#baseDelay = options.baseDelay ?? 5;
    this.#maxDelay = options.maxDelay ?? 1_000_000;
  }

  /** Fires when a key becomes ready in a queue that had none. */
  get onAvailable(): Event<void> {
    return this.#available.event;
  }

  /** How many keys wait to be taken now. */
  get depth(): number {
    return this.#ready.length - this.#head;
  }

  /** How many keys wait for their time. */
  get delayed(): number {
    return this.#due.size;
  }

  /** True when no key is ready and none is worked on. Keys that wait for their time do not count. */
  get idle(): boolean {
    return this.depth === 0 && this.#working.size === 0;
  }

  add(key: string): void {
    if (this.#disposed || this.#wanted.has(key)) return;
    this.#wanted.add(key);
    if (!this.#working.has(key)) this.#push(key);
  }

  /** Adds `key` at time `at` (milliseconds). Of several times for one key the earliest counts. */
  addAt(key: string, at: number): void {
    if (this.#disposed) return;
    if (at <= this.#clock.now()) return this.add(key);
    const known = this.#due.get(key);
    if (known && known.due <= at) return;
    const entry: Delayed = { key, due: at };
    this.#due.set(key, entry);
    this.#siftUp(entry);
    this.#arm();
  }

  addAfter(key: string, ms: number): void {
    this.addAt(key, this.#clock.now() + ms);
  }

  /** Adds `key` after its back-off and returns how long that is, in milliseconds. */
  addAfterFailure(key: string): number {
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    const delay = Math.min(this.#baseDelay * 2 ** failures, this.#maxDelay);
    this.addAfter(key, delay);
    return delay;
  }

  /** How often `key` failed in a row. */
  failures(key: string): number {
    return this.#failures.get(key) ?? 0;
  }

  /** Ends the back-off of `key`. */
  forget(key: string): void {
    this.#failures.delete(key);
  }

  /** The next key, or undefined. Whoever takes a key gives it back with `finish`. */
  take(): string | undefined {
    if (this.depth === 0) return undefined;
    const key = this.#ready[this.#head++] as string;
    if (this.#head === this.#ready.length) {
      this.#ready = [];
      this.#head = 0;
    } else if (this.#head > 1024 && this.#head * 2 > this.#ready.length) {
      this.#ready = this.#ready.slice(this.#head);
      this.#head = 0;
    }
    this.#wanted.delete(key);
    this.#working.add(key);
    return key;
  }

  finish(key: string): void {
    this.#working.delete(key);
    if (this.#wanted.has(key)) this.#push(key);
  }

  dispose(): void {
    this.#disposed = true;
    this.#timer?.handle.dispose();
    this.#timer = undefined;
    this.#heap.length = 0;
    this.#due.clear();
    this.#wanted.clear();
    this.#ready = [];
    this.#head = 0;
    this.#disposables.dispose();
  }

  #push(key: string): void {
    this.#ready.push(key);
    if (this.depth === 1) this.#available.fire();
  }

  #arm(): void {
    for (let first = this.#heap[0]; first && this.#due.get(first.key) !== first; first = this.#heap[0]) this.#siftDown();
    const due = this.#heap[0]?.due;
    if (due === this.#timer?.due) return;
    this.#timer?.handle.dispose();
    this.#timer =
      due === undefined ? undefined : { due, handle: this.#clock.setTimeout(() => this.#onTimer(), due - this.#clock.now()) };
  }

  #onTimer(): void {
    this.#timer = undefined;
    const now = this.#clock.now();
    for (let first = this.#heap[0]; first && first.due <= now; first = this.#heap[0]) {
      this.#siftDown();
      if (this.#due.get(first.key) !== first) continue;
      this.#due.delete(first.key);
      this.add(first.key);
    }
    this.#arm();
  }

  #siftUp(entry: Delayed): void {
    const heap = this.#heap;
    let i = heap.length;
    heap.push(entry);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const above = heap[parent] as Delayed;
      if (above.due <= entry.due) break;
      heap[i] = above;
      i = parent;
    }
    heap[i] = entry;
  }

  /** Removes the earliest entry. */
  #siftDown(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && (heap[child + 1] as Delayed).due < (heap[child] as Delayed).due) child++;
      if ((heap[child] as Delayed).due >= last.due) break;
      heap[i] = heap[child] as Delayed;
      i = child;
    }
    heap[i] = last;
  }
}
