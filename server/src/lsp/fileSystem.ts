/**
 * What the server wants of the disk. Injected, so that tests bring their own and nothing else touches files. Files are read
 * at once: for thousands of small ones that costs a tenth of the processor's time that promises do. Whoever reads many
 * pauses in between.
 */
import { closeSync, constants, fstatSync, openSync, readdirSync, readSync, statSync, watch } from 'node:fs';
import path from 'node:path';
import { type Disposable, toDisposable } from '#common/base/disposable.ts';

export interface DirectoryEntry {
  readonly name: string;
  readonly isDirectory: boolean;
  readonly isFile: boolean;
}

export interface FileSystem {
  list(folder: string): readonly DirectoryEntry[];
  /** Undefined when the file is larger than `most` bytes, or is not there. */
  read(file: string, most: number): Uint8Array | undefined;
  /** Undefined when nothing is there. */
  kindOf(path: string): 'file' | 'folder' | undefined;
  /** Tells the paths in the folder that changed. Undefined when there is no such folder; throws when no more can be watched. */
  watch(folder: string, onChange: (path: string) => void): Disposable | undefined;
}

const gone = new Set(['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'EISDIR', 'ELOOP', 'ENXIO']);

/** What is not there, or not ours to read, counts as empty. */
function orNothing<T>(fn: () => T, nothing: T): T {
  try {
    return fn();
  } catch (error) {
    if (gone.has((error as NodeJS.ErrnoException).code ?? '')) return nothing;
    throw error;
  }
}

function readAll(file: string, most: number): Uint8Array | undefined {
  // Not waiting for whoever would write into a pipe.
  const handle = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const found = fstatSync(handle);
    if (!found.isFile() || found.size > most) return undefined;
    const bytes = new Uint8Array(found.size);
    let length = 0;
    for (let count = 1; count > 0 && length < bytes.length; length += count)
      count = readSync(handle, bytes, length, bytes.length - length, null);
    return bytes.subarray(0, length);
  } finally {
    closeSync(handle);
  }
}

export const nodeFileSystem: FileSystem = {
  list(folder) {
    const entries = orNothing(() => readdirSync(folder, { withFileTypes: true }), []);
    return entries.map((entry) => ({ name: entry.name, isDirectory: entry.isDirectory(), isFile: entry.isFile() }));
  },
  read: (file, most) => orNothing(() => readAll(file, most), undefined),
  kindOf(file) {
    const found = orNothing(() => statSync(file), undefined);
    return found?.isDirectory() ? 'folder' : found && 'file';
  },
  watch(folder, onChange) {
    const watcher = orNothing(() => watch(folder, { persistent: false }), undefined);
    watcher?.on('change', (_, name) => onChange(path.join(folder, String(name))));
    // A folder that goes away is told of by the one that it is in.
    watcher?.on('error', () => watcher.close());
    return watcher && toDisposable(() => watcher.close());
  },
};
