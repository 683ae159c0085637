/**
 * The heartbeats of all machines on one timer: each beats every ten seconds of the cluster's time, a thousand machines
 * spread over them.
 */
import type { Disposable } from '#common/base/disposable.ts';
import { type Context, spawnTask } from '#common/base/context.ts';

export interface Beating {
  readonly name: string;
  beat(): Promise<void>;
}

const periodMs = 10_000;
/** Beats that are due within this time are made together. */
const togetherMs = 1000;
/** Up to this many machines beat at the same time. */
const unspread = 10;

export class Heartbeats implements Disposable {
  readonly #ctx: Context;
  readonly #due = new Map<Beating, number>();
  #timer: Disposable | undefined;
  #timerAt = Infinity;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /** `machine` has just registered: its first beat is up to one period away. */
  add(machine: Beating): void {
    const wait = this.#due.size < unspread ? periodMs : periodMs * (0.2 + 0.8 * this.#ctx.random.next());
    this.#due.set(machine, this.#ctx.clock.now() + wait);
    this.#arm();
  }

  remove(machine: Beating): void {
    this.#due.delete(machine);
    if (this.#due.size === 0) this.dispose();
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    this.#timerAt = Infinity;
  }

  #arm(): void {
    let first = Infinity;
    for (const due of this.#due.values()) if (due < first) first = due;
    if (first === Infinity || first >= this.#timerAt) return;
    this.#timer?.dispose();
    this.#timerAt = first;
    this.#timer = this.#ctx.clock.setTimeout(() => this.#beat(), first - this.#ctx.clock.now());
  }

  #beat(): void {
    this.#timer = undefined;
    this.#timerAt = Infinity;
    const now = this.#ctx.clock.now();
    for (const [machine, due] of this.#due) {
      if (due > now + togetherMs) continue;
      this.#due.set(machine, now + periodMs);
      spawnTask(this.#ctx, `heartbeat of ${machine.name}`, () => machine.beat());
    }
    this.#arm();
  }
}
