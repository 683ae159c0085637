/**
 * What may go wrong between a component and the API: how often, how long, and for whom. A component's faults come from
 * a chance of its own, made of the seed and its name, so that leaving something out of a walk disturbs the others little.
 *
 * The faults are those that Kubernetes' components meet every day: somebody else wrote first, the write took its time,
 * the watch is late, tells the same again, tells of several changes as one, or breaks and is begun anew with a list.
 */
import type { Clock } from '#common/base/clock.ts';
import { Random } from '#common/base/random.ts';

/** Chances are between 0 and 1; times are longest times, in milliseconds of the cluster. */
export interface FaultPlan {
  /** That a write is refused with a conflict. The same write is not refused twice in a row. */
  readonly conflicts: number;
  /** How long a write may be under way before the API has it. */
  readonly slowWrites: number;
  /** How late a change may be heard of. 0 is at once. */
  readonly lag: number;
  /** That a change is heard of together with the one before of the same object, as one. */
  readonly merges: number;
  /** That a change is told a second time. */
  readonly repeats: number;
  /** That the watch breaks, at a change; all that was not told yet is lost, and a list makes up for it. */
  readonly breaks: number;
}

export const noFaults: FaultPlan = { conflicts: 0, slowWrites: 0, lag: 0, merges: 0, repeats: 0, breaks: 0 };

/** How long a broken watch stays broken. */
const shortestBreakMs = 800;
const longestBreakMs = 4000;
/** Times are rounded up to this, so that what is late comes in a few lots rather than one by one. */
const grainMs = 100;

/** The faults of one component. */
export class Faults {
  readonly clock: Clock;
  readonly #random: Random;
  readonly #refused = new Set<string>();
  #plan: FaultPlan;

  constructor(clock: Clock, seed: number, component: string, plan: FaultPlan) {
    this.clock = clock;
    this.#random = new Random(hash(`${seed}/${component}`));
    this.#plan = plan;
  }

  /** From now on nothing goes wrong. */
  end(): void {
    this.#plan = noFaults;
  }

  /** Whether this write is refused; the same write is not refused the next time. */
  refuses(write: string): boolean {
    if (this.#refused.delete(write) || !this.#happens(this.#plan.conflicts)) return false;
    this.#refused.add(write);
    return true;
  }

  writeMs(): number {
    return this.#upTo(this.#plan.slowWrites);
  }

  lagMs(): number {
    return this.#upTo(this.#plan.lag);
  }

  merges(): boolean {
    return this.#happens(this.#plan.merges);
  }

  repeats(): boolean {
    return this.#happens(this.#plan.repeats);
  }

  breaks(): boolean {
    return this.#happens(this.#plan.breaks);
  }

  breakMs(): number {
    return inGrains(shortestBreakMs + this.#random.next() * (longestBreakMs - shortestBreakMs));
  }

  #happens(chance: number): boolean {
    return chance > 0 && this.#random.next() < chance;
  }

  #upTo(longest: number): number {
    return longest > 0 ? inGrains(this.#random.next() * longest) : 0;
  }
}

const inGrains = (ms: number): number => Math.ceil(ms / grainMs) * grainMs;

/** FNV-1a. */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}
