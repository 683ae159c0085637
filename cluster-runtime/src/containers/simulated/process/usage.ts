/**
 * How much cpu and memory a container would seem to use. Plausible and the same in every run: a base by image, a swing
 * that follows from the container's id and the time, and real activity on top.
 */
import type { SimulatedContainer } from './container.ts';

const windowMs = 15_000;
const mebibyte = 1024 * 1024;

export function present(container: SimulatedContainer, processes: number, steps: number): { cpuNanoCores: number; memoryBytes: number } {
  if (processes === 0) return { cpuNanoCores: 0, memoryBytes: 0 };
  const base = container.image.usage ?? { cpuMillicores: 1, memoryMebibytes: 4 };
  const now = container.clock.now();
  const window = Math.floor(now / windowMs);
  const swing = 0.8 + 0.4 * fraction(`${container.id}/${window}`);
  const seconds = Math.max(1, (now - container.startedAt) / 1000);
  // A program that never waits gets 2,500 steps a second here, and would fill a core.
  const busy = Math.min(1000, (steps / seconds / 2500) * 1000);
  return {
    cpuNanoCores: Math.round((base.cpuMillicores * swing + busy) * 1_000_000),
    memoryBytes: Math.round((base.memoryMebibytes * (0.95 + 0.1 * fraction(container.id)) + (processes - 1) * 0.8) * mebibyte),
  };
}

/** FNV-1a, as a fraction of one. */
function fraction(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash / 2 ** 32;
}
