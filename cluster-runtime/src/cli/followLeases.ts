/**
 * The windows that use a cluster keep a file each in its folder of leases. A cluster that nobody uses ends after a while, in
 * which a window may be loaded again, also where windows have died without a word.
 */
import { readdirSync, watch } from 'node:fs';
import type { Clock } from '#common/base/clock.ts';
import { type Disposable, DisposableStore } from '#common/base/disposable.ts';
import { keptLease, type LeaseOptions, processOfLease } from '#common/protocol/runtime.ts';
import { isAlive } from './isAlive.ts';

/** How often it is looked at whether those who hold leases still live. */
const lookAgainMs = 30_000;

/** Calls back when there has been no lease for as long as the options say. */
export function followLeases({ folder, lingerMs }: LeaseOptions, clock: Clock, onUnused: () => void): Disposable {
  const disposables = new DisposableStore();
  let ending: Disposable | undefined;
  let lookingAgain: Disposable | undefined;
  const look = (): void => {
    lookingAgain?.dispose();
    lookingAgain = clock.setTimeout(look, lookAgainMs);
    if (isUsed(folder)) {
      ending?.dispose();
      ending = undefined;
    } else ending ??= clock.setTimeout(() => !isUsed(folder) && onUnused(), lingerMs);
  };
  const watcher = watch(folder, { persistent: false }, look);
  // The folder is gone, or the system has no more watches to give: it is looked at from time to time.
  watcher.on('error', () => watcher.close());
  disposables.add({ dispose: () => watcher.close() });
  disposables.add({ dispose: () => ending?.dispose() });
  disposables.add({ dispose: () => lookingAgain?.dispose() });
  look();
  return disposables;
}

function isUsed(folder: string): boolean {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
  return names.some((name) => {
    const pid = processOfLease(name);
    return name === keptLease || (!Number.isNaN(pid) && isAlive(pid));
  });
}
