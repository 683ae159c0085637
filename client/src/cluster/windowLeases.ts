/**
 * Which windows use a cluster, or start it: one file each, so that the last one to close knows that it is the last, and the
 * others hear of it when one begins to.
 */
import { type FSWatcher, watch } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Disposable } from '#common/base/disposable.ts';
import { isAlive } from './runtimeProcess.ts';

let made = 0;

export class WindowLeases {
  readonly #folder: string;
  /** The process, then what tells several in one process apart. */
  readonly #name = `${process.pid}-${++made}`;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async take(): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    await writeFile(path.join(this.#folder, this.#name), '');
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
      if (name === this.#name) continue;
      if (isAlive(Number.parseInt(name, 10))) others = true;
      // Its window has died without a word.
      else await rm(path.join(this.#folder, name), { force: true });
    }
    return others;
  }
}
