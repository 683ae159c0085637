/** Which windows use a cluster: one file per extension host, so that the last one to close knows that it is the last. */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isAlive } from './runtimeProcess.ts';

export class WindowLeases {
  readonly #folder: string;
  readonly #pid: number;

  constructor(folder: string, pid: number = process.pid) {
    this.#folder = folder;
    this.#pid = pid;
  }

  async take(): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    await writeFile(path.join(this.#folder, String(this.#pid)), '');
  }

  /** Gives up this window's lease; resolves to whether other windows still hold one. */
  async release(): Promise<boolean> {
    await rm(path.join(this.#folder, String(this.#pid)), { force: true });
    const names = await readdir(this.#folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    let others = false;
    for (const name of names) {
      if (isAlive(Number(name))) others = true;
      // Its window has died without a word.
      else await rm(path.join(this.#folder, name), { force: true });
    }
    return others;
  }
}
