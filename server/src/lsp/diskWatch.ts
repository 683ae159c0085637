/**
 * Hears of changes on disk by itself, for editors that do not tell. Each folder that was read is watched, those that are
 * passed over are not; what comes in quick succession is looked at together.
 */
import type { Clock } from '#common/base/clock.ts';
import type { Disposable } from '#common/base/disposable.ts';
import type { Log } from '#common/base/log.ts';
import type { FileSystem } from './fileSystem.ts';

/** Writing a file makes several events, a checkout of another branch thousands. */
const gatherMs = 100;

export interface DiskWatchDeps {
  readonly fs: FileSystem;
  readonly clock: Clock;
  readonly log: Log;
  /** Paths of files and folders that came, went or changed. */
  readonly onChange: (paths: ReadonlySet<string>) => void;
}

export class DiskWatch implements Disposable {
  readonly #deps: DiskWatchDeps;
  readonly #watched = new Map<string, Disposable>();
  readonly #changed = new Set<string>();
  #timer: Disposable | undefined;
  #isFull = false;

  constructor(deps: DiskWatchDeps) {
    this.#deps = deps;
  }

  has(folder: string): boolean {
    return this.#watched.has(folder);
  }

  add(folder: string): void {
    if (this.#watched.has(folder) || this.#isFull) return;
    try {
      const handle = this.#deps.fs.watch(folder, (path) => this.#note(path));
      if (handle) this.#watched.set(folder, handle);
    } catch (error) {
      // The system has no more of them to give; the folders before this one are still watched.
      this.#isFull = true;
      this.#deps.log.warn('Not all folders can be watched for changes', { error: String(error) });
    }
  }

  /** The folder and those in it are gone, or no longer wanted. */
  delete(folder: string): void {
    for (const [path, handle] of this.#watched) {
      if (path !== folder && !path.startsWith(`${folder}/`)) continue;
      handle.dispose();
      this.#watched.delete(path);
    }
  }

  dispose(): void {
    this.#timer?.dispose();
    for (const handle of this.#watched.values()) handle.dispose();
    this.#watched.clear();
  }

  #note(path: string): void {
    this.#changed.add(path);
    this.#timer ??= this.#deps.clock.setTimeout(() => {
      this.#timer = undefined;
      const changed = new Set(this.#changed);
      this.#changed.clear();
      this.#deps.onChange(changed);
    }, gatherMs);
  }
}
