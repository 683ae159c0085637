/**
 * What the engine has made of the program's code, kept so that the next start need not read it all again, which is a fifth
 * of a start. In the user's cache folder, since whoever could write there could make this program run anything. Losing it
 * costs that time and nothing else.
 */
import { enableCompileCache, flushCompileCache } from 'node:module';
import { homedir } from 'node:os';
import path from 'node:path';
import { RealClock } from '#common/base/clock.ts';

const rushMs = 5_000;

export function codeCacheFolder(environment: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  const named = environment['XDG_CACHE_HOME'] ?? '';
  const caches =
    // The specification of the variable has relative and empty values ignored.
    (path.isAbsolute(named) ? named : undefined) ??
    (platform === 'win32'
      ? (environment['LOCALAPPDATA'] ?? path.join(homedir(), 'AppData', 'Local'))
      : path.join(homedir(), platform === 'darwin' ? 'Library/Caches' : '.cache'));
  return path.join(caches, 'kube-playground', 'code');
}

/** For all code that is loaded from now on. A folder that cannot be written is done without. */
export const useCodeCache = (): void => void enableCompileCache(codeCacheFolder());

/** Writes what is new once the rush of the start is over: a process may end without a chance to do so. */
export const writeCodeCacheSoon = (): void => void new RealClock().setTimeout(flushCompileCache, rushMs);
