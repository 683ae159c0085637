/**
 * Keeps a machine from running out of memory, disk or process ids: says what it is short of and evicts one pod after
 * another until it no longer is. It looks at every heartbeat and when something changes; it has no timer of its own.
 *
 * Differs from Kubernetes: no more than a twentieth of a machine's memory is held back (there 100Mi of any), so that very
 * small machines are of use; images and dead containers take no space, so that none are removed before pods are evicted.
 */
import { quantityValue } from '#common/api/quantity.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { EventRecorder } from '../../controller/eventRecorder.ts';
import { graceOf } from '../pod/podHost.ts';
import type { PodWorker } from '../pod/podWorker.ts';
import { oomScoreAdjust } from './outOfMemory.ts';
import { type Candidate, evictionMessage, rankForEviction, type Shortage } from './planEviction.ts';
import { pressures, type PressureName } from './pressures.ts';

const mebibyte = 2 ** 20;
const heldBackBytes = 100 * mebibyte;
const heldBackShare = 0.05;
/** Of the disk and of the process ids. */
const otherShare = 0.1;
const usualDiskBytes = 100 * 2 ** 30;
const processIds = 32_768;

/** How long after the last shortage a machine still says that it was short. */
const transitionMs = 300_000;
/** What was reclaimed is given this long to show before the next pod goes. */
const betweenEvictionsMs = 10_000;
/** A pod that is evicted gets no more than this, in seconds. */
const graceSeconds = 1;

export interface EvictionHost {
  readonly node: api.Node;
  readonly events: EventRecorder;
  readonly workers: ReadonlyMap<string, PodWorker>;
  /** What something outside of any pod takes all of. */
  readonly faults: api.MachinePressure;
  now(): number;
  /** The conditions have changed. */
  changed(): void;
}

export class EvictionManager {
  readonly #host: EvictionHost;
  readonly #lastShort = new Map<PressureName, number>();
  #present: ReadonlySet<PressureName> = new Set();
  #nextEviction = 0;

  constructor(host: EvictionHost) {
    this.#host = host;
  }

  /** What the machine is short of, or was a moment ago. */
  get present(): ReadonlySet<PressureName> {
    return this.#present;
  }

  /** Looks at what there is, and does what is due. */
  observe(): void {
    const { faults, workers } = this.#host;
    if (workers.size === 0 && this.#present.size === 0 && !faults.memory && !faults.disk && !faults.pid) return;
    const candidates = [...workers.values()]
      .map((worker) => ({ worker, pod: worker.pod, uses: worker.memoryUses() }))
      .filter(({ uses }) => uses.length > 0);
    this.#killOutOfMemory(candidates);
    const shortages = this.#shortages(candidates);
    this.#note(shortages);
    const [first] = shortages;
    if (first && this.#host.now() >= this.#nextEviction) this.#evict(first, candidates);
  }

  #shortages(candidates: readonly Candidate[]): Shortage[] {
    const { faults, node } = this.#host;
    const capacity = node.status?.capacity ?? {};
    const memory = quantityValue(capacity['memory'] ?? '0');
    const disk = quantityValue(capacity['ephemeral-storage'] ?? `${usualDiskBytes}`);
    const used = totalOf(candidates);
    const amounts: Record<PressureName, { available: number; threshold: number }> = {
      memory: { available: faults.memory ? 0 : memory - used, threshold: Math.min(heldBackBytes, memory * heldBackShare) },
      disk: { available: faults.disk ? 0 : disk, threshold: disk * otherShare },
      pid: { available: faults.pid ? 0 : processIds, threshold: processIds * otherShare },
    };
    return pressures.flatMap((pressure) => {
      const { available, threshold } = amounts[pressure.name];
      return available < threshold ? [{ pressure, available: Math.max(0, available), threshold }] : [];
    });
  }

  #note(shortages: readonly Shortage[]): void {
    const { node, events } = this.#host;
    const now = this.#host.now();
    for (const { pressure } of shortages) this.#lastShort.set(pressure.name, now);
    const present = new Set<PressureName>();
    for (const { name } of pressures) if ((this.#lastShort.get(name) ?? -Infinity) > now - transitionMs) present.add(name);
    const before = this.#present;
    this.#present = present;
    const turned = pressures.filter(({ name }) => before.has(name) !== present.has(name));
    for (const { name, on, off } of turned) {
      const reason = (present.has(name) ? on : off).event;
      events.event(node, 'Normal', reason, `Node ${node.metadata.name ?? ''} status is now: ${reason}`);
    }
    if (turned.length > 0) this.#host.changed();
  }

  #evict(shortage: Shortage, candidates: readonly (Candidate & { worker: PodWorker })[]): void {
    const { node, events } = this.#host;
    const { pressure } = shortage;
    this.#nextEviction = this.#host.now() + betweenEvictionsMs;
    events.event(node, 'Warning', 'EvictionThresholdMet', `Attempting to reclaim ${pressure.resource}`);
    // What is counted of containers is memory alone.
    const counted = pressure.name === 'memory' ? candidates : candidates.map((candidate) => ({ ...candidate, uses: [] }));
    const victim = rankForEviction(counted, pressure)[0];
    const worker = candidates.find(({ pod }) => pod === victim?.pod)?.worker;
    if (!victim || !worker) return;
    const message = evictionMessage(victim, shortage);
    worker.event(undefined, 'Warning', 'Evicted', message);
    worker.terminate({ reason: 'Evicted', message, graceSeconds: Math.min(graceSeconds, graceOf(worker.pod)) });
  }

  /** The kernel does not wait for the kubelet. */
  #killOutOfMemory(candidates: readonly (Candidate & { worker: PodWorker })[]): void {
    const { node, events } = this.#host;
    const capacity = quantityValue(node.status?.capacity?.['memory'] ?? '0');
    let used = totalOf(candidates);
    if (capacity === 0 || used <= capacity) return;
    const running = candidates.flatMap(({ worker, pod, uses }) =>
      uses.map(({ name, bytes }) => {
        const spec = pod.spec?.containers?.find((container) => container.name === name);
        const adjust = spec ? oomScoreAdjust(pod, spec, capacity) : 0;
        return { worker, name, bytes, score: (1000 * bytes) / capacity + adjust };
      }),
    );
    running.sort((a, b) => b.score - a.score);
    for (const { worker, name, bytes } of running) {
      if (used <= capacity) return;
      used -= bytes;
      events.event(
        node,
        'Warning',
        'SystemOOM',
        `System OOM encountered, victim process: ${name}, pid: ${worker.processId(name)}`,
      );
      worker.killForMemory(name);
    }
  }
}

const totalOf = (candidates: readonly Candidate[]): number =>
  candidates.reduce((sum, { uses }) => sum + uses.reduce((own, { bytes }) => own + bytes, 0), 0);
