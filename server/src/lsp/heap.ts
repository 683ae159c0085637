/**
 * Keeps the process small. By itself the engine lets garbage grow to several times of what is in use before it looks, which
 * is right for a server that has the machine to itself, and wrong for one of many helpers beside an editor.
 */
import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** How much garbage there may be, in per cent of what was in use after the last collection. */
const garbagePercent = 30;
/**
 * Where young objects live. By itself it doubles under load, up to a hundred megabytes and more, and shrinks when little is
 * done. It should hold what a keystroke in a long file makes: what does not fit counts as old, and is costly to get rid of.
 */
const youngBytes = 12e6;

export function keepHeapSmall(): void {
  setFlagsFromString(`--heap-growing-percent=${garbagePercent}`);
  let grows = true;
  new PerformanceObserver(() => {
    const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space');
    if ((young?.space_size ?? 0) < youngBytes === grows) return;
    grows = !grows;
    setFlagsFromString(`--semi-space-growth-factor=${grows ? 2 : 1}`);
  }).observe({ entryTypes: ['gc'] });
}
