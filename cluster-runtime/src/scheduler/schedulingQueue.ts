/**
 * Pods that wait for a node: those to be tried now by priority and age, and those that found none, which wait for a
 * change in the cluster and, after that, for their back-off.
 */
import type { Clock } from '#common/base/clock.ts';
import type { Disposable } from '#common/base/disposable.ts';
import type { Pod } from '#common/schema/generated/types.ts';

interface Waiting {
  readonly pod: Pod;
  readonly order: number;
  attempts: number;
  /** Not to be tried before this time. */
  notBefore: number;
  /** False: waits for a change first. */
  moved: boolean;
}

const firstBackoff = 1_000;
const longestBackoff = 10_000;

export class SchedulingQueue implements Disposable {
  readonly #clock: Clock;
  readonly #onReady: () => void;
  readonly #active = new Map<string, Waiting>();
  /** The active pods in the order they are tried; rebuilt when priorities differ. */
  #sorted: Waiting[] = [];
  #needsSort = false;
  readonly #parked = new Map<string, Waiting>();
  #order = 0;
  #timer: Disposable | undefined;

  /** `onReady` is called whenever there is something to pop. */
  constructor(clock: Clock, onReady: () => void) {
    this.#clock = clock;
    this.#onReady = onReady;
  }

  get size(): number {
    return this.#active.size;
  }

  /** Adds a pod, or its newer revision. A parked pod is tried again at once when `changed`. */
  add(pod: Pod, changed: boolean): void {
    const uid = pod.metadata.uid ?? '';
    const parked = this.#parked.get(uid);
    if (parked && !changed) {
      this.#parked.set(uid, { ...parked, pod });
      return;
    }
    this.#parked.delete(uid);
    const active = this.#active.get(uid);
    this.#activate(uid, {
      pod,
      order: active?.order ?? parked?.order ?? this.#order++,
      attempts: parked?.attempts ?? 0,
      notBefore: 0,
      moved: true,
    });
  }

  remove(uid: string): void {
    this.#active.delete(uid);
    this.#parked.delete(uid);
  }

  /** The next pod to try. */
  pop(): Pod | undefined {
    if (this.#needsSort) {
      this.#sorted = [...this.#active.values()]
        .sort((a, b) => (b.pod.spec?.priority ?? 0) - (a.pod.spec?.priority ?? 0) || a.order - b.order)
        .reverse();
      this.#needsSort = false;
    }
    for (let next = this.#sorted.pop(); next; next = this.#sorted.pop()) {
      const uid = next.pod.metadata.uid ?? '';
      if (this.#active.get(uid) !== next) continue;
      this.#active.delete(uid);
      this.#trying = { uid, attempts: next.attempts, order: next.order };
      return next.pod;
    }
    return undefined;
  }

  #trying: { uid: string; attempts: number; order: number } | undefined;

  /** Parks a pod that no node could take. */
  park(pod: Pod): void {
    const uid = pod.metadata.uid ?? '';
    const attempts = (this.#trying?.uid === uid ? this.#trying.attempts : 0) + 1;
    const order = this.#trying?.uid === uid ? this.#trying.order : this.#order++;
    const backoff = Math.min(firstBackoff * 2 ** (attempts - 1), longestBackoff);
    this.#parked.set(uid, { pod, order, attempts, notBefore: this.#clock.now() + backoff, moved: false });
  }

  /** Something changed that may make room: every parked pod is tried again after its back-off. */
  clusterChanged(): void {
    if (this.#parked.size === 0) return;
    for (const waiting of this.#parked.values()) waiting.moved = true;
    this.#releaseDue();
  }

  #releaseDue(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    const now = this.#clock.now();
    let earliest = Infinity;
    for (const [uid, waiting] of this.#parked) {
      if (!waiting.moved) continue;
      if (waiting.notBefore > now) {
        earliest = Math.min(earliest, waiting.notBefore);
        continue;
      }
      this.#parked.delete(uid);
      this.#activate(uid, waiting);
    }
    if (earliest < Infinity) this.#timer = this.#clock.setTimeout(() => this.#releaseDue(), earliest - now);
  }

  #activate(uid: string, waiting: Waiting): void {
    this.#active.set(uid, waiting);
    this.#needsSort = true;
    this.#onReady();
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#active.clear();
    this.#parked.clear();
  }
}
