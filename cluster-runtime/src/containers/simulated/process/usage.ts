/**
 * How much cpu and memory a container would seem to use. Plausible and the same in every run: a base by image, a swing
 * that follows from the container's id and the time, and what its programs really did in the last window.
 */
import type { SimulatedContainer } from './container.ts';

const windowMs = 15_000;
const mebibyte = 1024 * 1024;

/** Processor time used, in windows. */
export class Activity {
  #window = 0;
  #now = 0;
  #last = 0;

  add(now: number, cpuMs: number): void {
    this.#turn(now);
    this.#now += cpuMs;
  }

  /** Cores in use: of the last whole window, or of the present one when that is busier. */
  cores(now: number): number {
    this.#turn(now);
    const elapsed = Math.max(1000, now - this.#window * windowMs);
    return Math.max(this.#last / windowMs, this.#now / elapsed);
  }

  #turn(now: number): void {
    const window = Math.floor(now / windowMs);
    if (window === this.#window) return;
    this.#last = window === this.#window + 1 ? this.#now : 0;
    this.#now = 0;
    this.#window = window;
  }
}

/** What a process says that it keeps busy and takes, as long as it lives. */
export interface Occupation {
  readonly millicores: number;
  readonly bytes: number;
}

export function presentUse(
  container: SimulatedContainer,
  processes: number,
  activity: Activity | undefined,
  occupied: ReadonlySet<Occupation> | undefined,
): { cpuNanoCores: number; memoryBytes: number } {
  if (processes === 0) return { cpuNanoCores: 0, memoryBytes: 0 };
  const base = container.image.usage ?? { cpuMillicores: 1, memoryMebibytes: 4 };
  const now = container.clock.now();
  const swing = 0.8 + 0.4 * fraction(`${container.id}/${Math.floor(now / windowMs)}`);
  let millicores = base.cpuMillicores * swing + Math.min(1, activity?.cores(now) ?? 0) * 1000;
  const mebibytes = base.memoryMebibytes * (0.95 + 0.1 * fraction(container.id)) + (processes - 1) * 0.8;
  let bytes = mebibytes * mebibyte;
  for (const one of occupied ?? []) {
    millicores += one.millicores;
    bytes += one.bytes;
  }
  return { cpuNanoCores: Math.round(millicores * 1_000_000), memoryBytes: Math.round(bytes) };
}

/** FNV-1a, as a fraction of one. */
function fraction(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash / 2 ** 32;
}
