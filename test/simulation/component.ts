/**
 * One part of the control plane, or one machine, that can end at any moment and begin anew: it keeps nothing but what
 * the API holds. Each life has its own signal, cache and client.
 */
import type { Clock } from '#common/base/clock.ts';
import { type Context, drainTasks } from '#common/base/context.ts';
import type { Log } from '#common/base/log.ts';
import { Random } from '#common/base/random.ts';
import type { Cache, Client } from '#runtime/client/client.ts';
import { type EventRecorder } from '#runtime/controller/eventRecorder.ts';
import { recordEvents } from '#runtime/controller/recordEvents.ts';
import { type FaultyCache, faultyCache, type Filter } from './faultyCache.ts';
import { faultyClient } from './faultyClient.ts';
import { type Faults, hash } from './faults.ts';

export interface Life {
  readonly ctx: Context;
  readonly client: Client;
  readonly cache: Cache;
  readonly events: EventRecorder;
}

export interface ComponentOptions {
  readonly name: string;
  readonly clock: Clock;
  readonly seed: number;
  readonly log: Log;
  /** The API without faults. */
  readonly client: Client;
  readonly cache: Cache;
  readonly faults: Faults;
  readonly filter?: Filter;
  /** Runs a life; resolves after the signal is aborted and all has ended. */
  run(life: Life): Promise<void>;
  /** A sign of life: something was heard, or is asked or written. */
  alive(component: string, what: string): void;
  /** A write has been acknowledged. */
  wrote(component: string, what: string): void;
}

export class Component {
  readonly name: string;
  readonly #options: ComponentOptions;
  #abort: AbortController | undefined;
  #cache: FaultyCache | undefined;
  #lives = 0;
  #healed = false;
  /** Ends with this many further writes; what it wrote then is there, and it does not know. */
  #endsAfter: number | undefined;
  #onEnd: () => void = () => undefined;
  /** What former lives still wait for. */
  readonly #ending = new Set<Promise<void>>();

  constructor(options: ComponentOptions) {
    this.name = options.name;
    this.#options = options;
  }

  get isRunning(): boolean {
    return this.#abort !== undefined;
  }

  /** Lives that have been ended and have not come to their end yet. */
  get unfinished(): number {
    return this.#ending.size;
  }

  start(): void {
    if (this.#abort) return;
    const { name, clock, seed, log, client, cache, faults, filter, alive } = this.#options;
    const abort = new AbortController();
    this.#abort = abort;
    const ctx: Context = {
      signal: abort.signal,
      clock,
      random: new Random(hash(`${seed}/${name}/${this.#lives++}`)),
      log: log.child(name),
      tasks: new Set(),
    };
    this.#cache = faultyCache(cache, faults, filter ?? (() => true), () => alive(name, 'hears'));
    const caller = {
      signal: abort.signal,
      faults,
      calling: (what: string) => alive(name, what),
      wrote: (what: string) => this.#wrote(what),
    };
    const finished = this.#options.run({
      ctx,
      client: faultyClient(client, caller),
      cache: this.#cache,
      events: recordEvents(ctx, client),
    });
    const ended = finished.then(() => drainTasks(ctx)).finally(() => this.#ending.delete(ended));
    this.#ending.add(ended);
  }

  /** Ends at once, between two writes. */
  stop(): void {
    this.#abort?.abort(new Error(`${this.name} has ended`));
    this.#abort = undefined;
    this.#cache?.dispose();
    this.#cache = undefined;
    this.#endsAfter = undefined;
    this.#onEnd();
    this.#onEnd = () => undefined;
  }

  /**
   * Ends with the `writes`-th write from now, which nobody but the API remembers, and begins anew after `downMs`; then
   * calls `onStart`.
   */
  stopAfter(writes: number, downMs: number, onStart?: () => void): void {
    if (!this.#abort || this.#healed) return;
    this.#endsAfter = writes;
    this.#onEnd = () => {
      this.#options.clock.setTimeout(() => {
        this.start();
        onStart?.();
      }, downMs);
    };
  }

  /** No more faults: what was to end goes on, what is held back is told. */
  heal(): void {
    this.#healed = true;
    this.#endsAfter = undefined;
    this.#onEnd = () => undefined;
    this.#options.faults.end();
    this.#cache?.flush();
  }

  #wrote(what: string): void {
    this.#options.wrote(this.name, what);
    if (this.#endsAfter === undefined || --this.#endsAfter > 0) return;
    this.stop();
  }
}
