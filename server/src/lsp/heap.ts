/**
 * Keeps the process small. By itself the engine lets garbage grow to several times of what is in use before it looks, which
 * is right for a server that has the machine to itself, and wrong for one of many helpers beside an editor.
 */
import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** How much garbage there may be, in per cent of what was in use after the last collection. */
const garbagePercent = 30;
/** Where young objects live. It doubles under load, up to a hundred megabytes and more; from here on it stays as it is. */
const youngBytes = 6e6;

export function keepHeapSmall(): void {
  setFlagsFromString(`--heap-growing-percent=${garbagePercent}`);
  const observer = new PerformanceObserver(() => {
    const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space');
    if ((young?.space_size ?? 0) < youngBytes) return;
    setFlagsFromString('--semi-space-growth-factor=1');
    observer.disconnect();
  });
  observer.observe({ entryTypes: ['gc'] });
}
