/**
 * Pods that wait for a node: those to be tried now by priority and age, and those that found none, which wait for a
 * change in the cluster that may help them and, after that, for their back-off.
 *
 * Differs from Kubernetes: a pod that no change could help is not tried again every five minutes all the same.
 */
import type { Clock } from '#common/base/clock.ts';
import type { Disposable } from '#common/base/disposable.ts';
import type { Pod } from '#common/schema/generated/types.ts';

interface Waiting {
  readonly pod: Pod;
  readonly order: number;
  readonly attempts: number;
  /** Not to be tried before this time. */
  readonly notBefore: number;
  /** The plugins that kept it off nodes; any change helps a pod that none did. */
  readonly rejectedBy: ReadonlySet<string>;
}

/** Whether what happened may help a pod that these plugins rejected. */
export type Hint = (pod: Pod, rejectedBy: ReadonlySet<string>) => boolean;

/** Milliseconds: doubled from the first with each attempt, up to the longest. */
export interface Backoff {
  readonly first: number;
  readonly longest: number;
}

const usualBackoff: Backoff = { first: 1_000, longest: 10_000 };
const nobody: ReadonlySet<string> = new Set();

export class SchedulingQueue implements Disposable {
  readonly #backoff: Backoff;
  readonly #clock: Clock;
  readonly #onReady: () => void;
  readonly #active = new Map<string, Waiting>();
  /** The active pods, the next to be tried last; behind #active, which says what is still wanted. */
  #sorted: Waiting[] = [];
  #added: Waiting[] = [];
  readonly #parked = new Map<string, Waiting>();
  /** Helped by a change; they wait for their back-off. */
  readonly #backingOff = new Map<string, Waiting>();
  /** The pods being tried. */
  readonly #trying = new Map<string, Waiting>();
  #order = 0;
  #timer: Disposable | undefined;

  /** `onReady` is called whenever there is something to pop. */
  constructor(clock: Clock, onReady: () => void, backoff: Backoff = usualBackoff) {
    this.#backoff = backoff;
    this.#clock = clock;
    this.#onReady = onReady;
  }

  get size(): number {
    return this.#active.size;
  }

  /** Adds a pod, or its newer revision. A parked pod is tried again at once when `changed`. */
  add(pod: Pod, changed: boolean): void {
    const uid = pod.metadata.uid ?? '';
    for (const waiting of [this.#parked, this.#backingOff]) {
      const found = waiting.get(uid);
      if (found && !changed) {
        waiting.set(uid, { ...found, pod });
        return;
      }
    }
    const known = this.#parked.get(uid) ?? this.#backingOff.get(uid) ?? this.#active.get(uid);
    this.#parked.delete(uid);
    this.#backingOff.delete(uid);
    const order = known?.order ?? this.#order++;
    this.#activate(uid, { pod, order, attempts: known?.attempts ?? 0, notBefore: 0, rejectedBy: nobody });
  }

  remove(uid: string): void {
    this.#active.delete(uid);
    this.#parked.delete(uid);
    this.#backingOff.delete(uid);
    this.#trying.delete(uid);
  }

  /** The next pod to try. It is the caller's until it is parked or `done`. */
  pop(): Pod | undefined {
    if (this.#added.length > 0) this.#sort();
    for (let next = this.#sorted.pop(); next; next = this.#sorted.pop()) {
      const uid = next.pod.metadata.uid ?? '';
      if (this.#active.get(uid) !== next) continue;
      this.#active.delete(uid);
      this.#trying.set(uid, next);
      return next.pod;
    }
    return undefined;
  }

  /** The pod with that uid, if it waits, whether it is to be tried now or later. */
  get(uid: string): Pod | undefined {
    return (this.#active.get(uid) ?? this.#parked.get(uid) ?? this.#backingOff.get(uid))?.pod;
  }

  /** How often the pod that is being tried was tried before. */
  attemptsOf(uid: string): number {
    return this.#trying.get(uid)?.attempts ?? 0;
  }

  /** The pod has its node. */
  done(uid: string): void {
    this.#trying.delete(uid);
  }

  /** Parks a pod that no node could take. With `failed`, it waits for its back-off only. */
  park(pod: Pod, rejectedBy: ReadonlySet<string> = nobody, failed = false): void {
    const uid = pod.metadata.uid ?? '';
    const tried = this.#trying.get(uid);
    this.#trying.delete(uid);
    const attempts = (tried?.attempts ?? 0) + 1;
    const backoff = Math.min(this.#backoff.first * 2 ** (attempts - 1), this.#backoff.longest);
    const order = tried?.order ?? this.#order++;
    const waiting = { pod, order, attempts, notBefore: this.#clock.now() + backoff, rejectedBy };
    if (failed) {
      this.#backingOff.set(uid, waiting);
      this.#releaseDue();
    } else this.#parked.set(uid, waiting);
  }

  /** Something changed: the parked pods that it may help are tried again after their back-off. */
  clusterChanged(hint: Hint = () => true): void {
    if (this.#parked.size === 0) return;
    let moved = false;
    for (const [uid, waiting] of this.#parked) {
      if (waiting.rejectedBy.size > 0 && !hint(waiting.pod, waiting.rejectedBy)) continue;
      this.#parked.delete(uid);
      this.#backingOff.set(uid, waiting);
      moved = true;
    }
    if (moved) this.#releaseDue();
  }

  #releaseDue(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    const now = this.#clock.now();
    let earliest = Infinity;
    for (const [uid, waiting] of this.#backingOff) {
      if (waiting.notBefore > now) {
        earliest = Math.min(earliest, waiting.notBefore);
        continue;
      }
      this.#backingOff.delete(uid);
      this.#activate(uid, waiting);
    }
    if (earliest < Infinity) this.#timer = this.#clock.setTimeout(() => this.#releaseDue(), earliest - now);
  }

  #activate(uid: string, waiting: Waiting): void {
    this.#active.set(uid, waiting);
    this.#added.push(waiting);
    this.#onReady();
  }

  /** Pods mostly come in the order in which they go: then nothing has to be sorted again. */
  #sort(): void {
    const added = this.#added.sort(byTurn).reverse();
    this.#added = [];
    const [first] = this.#sorted;
    const last = added[added.length - 1];
    const inOrder = !first || !last || byTurn(first, last) < 0;
    this.#sorted = inOrder ? [...added, ...this.#sorted] : [...added, ...this.#sorted].sort((a, b) => byTurn(b, a));
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#active.clear();
    this.#parked.clear();
    this.#backingOff.clear();
    this.#trying.clear();
  }
}

const byTurn = (a: Waiting, b: Waiting): number => (b.pod.spec?.priority ?? 0) - (a.pod.spec?.priority ?? 0) || a.order - b.order;
