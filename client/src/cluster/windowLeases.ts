/**
 * Which windows use a cluster, or start it: one file each, so that the cluster ends some time after the last of them, and the
 * others hear of it when one begins to.
 */
import { type FSWatcher, watch } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { keptLease, leaseName, processOfLease } from '#common/protocol/runtime.ts';
import type { Disposable } from '#common/base/disposable.ts';
import { isAlive } from './runtimeProcess.ts';

let made = 0;

export class WindowLeases {
  readonly #folder: string;
  readonly #name = leaseName(process.pid, ++made);

  constructor(folder: string) {
    this.#folder = folder;
  }

  async take(): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    await writeFile(path.join(this.#folder, this.#name), '');
    // From now on it is as this window will say when it closes.
    await rm(path.join(this.#folder, keptLease), { force: true });
  }

  /** The cluster is to run on without windows. */
  async keep(): Promise<void> {
    await writeFile(path.join(this.#folder, keptLease), '');
  }

  async release(): Promise<void> {
    await rm(path.join(this.#folder, this.#name), { force: true });
  }

  /** Calls back when a window, this one or another, has taken or released its lease. */
  async watch(onChange: () => void): Promise<Disposable> {
    await mkdir(this.#folder, { recursive: true });
    const watcher: FSWatcher = watch(this.#folder, { persistent: false }, onChange);
    // The folder is gone, or the system has no more watches to give: a person can still press Start.
    watcher.on('error', () => watcher.close());
    return { dispose: () => watcher.close() };
  }

  /** Whether other windows hold a lease. */
  async hasOthers(): Promise<boolean> {
    const names = await readdir(this.#folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    let others = false;
    for (const name of names) {
      const pid = processOfLease(name);
      if (name === this.#name || Number.isNaN(pid)) continue;
      if (isAlive(pid)) others = true;
      // Its window has died without a word.
      else await rm(path.join(this.#folder, name), { force: true });
    }
    return others;
  }
}
