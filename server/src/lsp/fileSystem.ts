/** What the server wants of the disk. Injected, so that tests bring their own and nothing else touches files. */
import { readdir, readFile, stat } from 'node:fs/promises';

export interface DirectoryEntry {
  readonly name: string;
  readonly isDirectory: boolean;
  readonly isFile: boolean;
}

export interface FileSystem {
  list(folder: string): Promise<readonly DirectoryEntry[]>;
  /** Undefined when the file is larger than `most` bytes, or is not there. */
  read(file: string, most: number): Promise<Uint8Array | undefined>;
}

const gone = new Set(['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'EISDIR', 'ELOOP']);

/** What is not there, or not ours to read, counts as empty. */
async function orNothing<T>(promise: Promise<T>, nothing: T): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    if (gone.has((error as NodeJS.ErrnoException).code ?? '')) return nothing;
    throw error;
  }
}

export const nodeFileSystem: FileSystem = {
  async list(folder) {
    const entries = await orNothing(readdir(folder, { withFileTypes: true }), []);
    return entries.map((entry) => ({ name: entry.name, isDirectory: entry.isDirectory(), isFile: entry.isFile() }));
  },
  async read(file, most) {
    const found = await orNothing(stat(file), undefined);
    if (!found?.isFile() || found.size > most) return undefined;
    return orNothing(readFile(file), undefined);
  },
};
