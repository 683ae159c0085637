/**
 * A volume whose files are real files in a folder of the cluster's state, so that they outlive the process. All content
 * is held in memory and read when the volume is first used; what changes is written at the end of the event loop's turn.
 *
 * Links, modes and times are kept in an index beside the files and never made on the disk: nothing that a container
 * writes can lead out of the folder.
 */
import {
  appendFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import type { Log } from '#common/base/log.ts';
import type { FileDetails, VolumeFiles } from '../../containers/containerRuntime.ts';
import { FileMap } from './fileMap.ts';
import { decodeName, encodePath } from './fileNames.ts';

const ownerOnly = { mode: 0o600 };
const folderMode = { recursive: true, mode: 0o700 } as const;

interface Content {
  readonly files: FileMap;
  readonly modes: Map<string, number>;
  readonly details: Map<string, FileDetails>;
}

export class DiskVolume implements VolumeFiles {
  readonly #folder: string;
  readonly #log: Log;
  readonly #dirty = new Set<string>();
  #indexDirty = false;
  #scheduled = false;
  #forgotten = false;
  /** What lies on the disk, by the buffers that were written: a file that only grew is only added to. */
  readonly #written = new Map<string, Uint8Array>();
  #loaded: Content | undefined;

  constructor(folder: string, log: Log) {
    this.#folder = folder;
    this.#log = log;
  }

  get files(): FileMap {
    return this.#load().files;
  }

  get modes(): Map<string, number> {
    return this.#load().modes;
  }

  get details(): Map<string, FileDetails> {
    return this.#load().details;
  }

  get usedBytes(): number {
    return this.files.bytes;
  }

  hasInside(folder: string): boolean {
    return this.files.hasInside(folder);
  }

  /** Writes what has changed, now. What cannot be written stays in memory, and the log says so. */
  flush(): void {
    this.#scheduled = false;
    if (this.#forgotten || !this.#loaded) return;
    const { files } = this.#loaded;
    const changed = [...this.#dirty];
    this.#dirty.clear();
    // The deepest first, so that folders are empty when their turn comes; then a file may take a folder's place.
    const gone = changed.filter((key) => !files.has(key)).sort((a, b) => b.length - a.length);
    for (const key of gone) this.#attempt(key, () => this.#remove(key));
    for (const key of changed) {
      const content = files.get(key);
      if (content) this.#attempt(key, () => this.#write(key, content));
    }
    if (this.#indexDirty) this.#attempt('index', () => this.#writeIndex());
  }

  /** Its folder is to go: nothing is written any more. */
  forget(): void {
    this.#forgotten = true;
  }

  #attempt(key: string, write: () => void): void {
    try {
      write();
    } catch (error) {
      this.#log.warn('a file of a volume cannot be stored', { folder: this.#folder, file: key, error: String(error) });
    }
  }

  #write(key: string, content: Uint8Array): void {
    const target = this.#place(key);
    if (key.endsWith('/')) {
      mkdirSync(target, folderMode);
      return;
    }
    const before = this.#written.get(key);
    if (
      before &&
      before.buffer === content.buffer &&
      before.byteOffset === content.byteOffset &&
      before.length <= content.length
    ) {
      appendFileSync(target, content.subarray(before.length), ownerOnly);
    } else {
      mkdirSync(path.dirname(target), folderMode);
      replaceFile(this.#folder, target, content);
    }
    this.#written.set(key, content);
  }

  #remove(key: string): void {
    this.#written.delete(key);
    const target = this.#place(key);
    if (!key.endsWith('/')) return rmSync(target, { force: true });
    try {
      rmdirSync(target);
    } catch (error) {
      // The mark of an empty folder goes when something comes into it.
      const { code = '' } = error as NodeJS.ErrnoException;
      if (!['ENOENT', 'ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(code)) throw error;
    }
  }

  #writeIndex(): void {
    this.#indexDirty = false;
    mkdirSync(this.#folder, folderMode);
    const { modes, details } = this.#load();
    const index = { modes: [...modes], details: [...details] };
    replaceFile(this.#folder, path.join(this.#folder, 'index.json'), JSON.stringify(index));
  }

  #place(key: string): string {
    return path.join(this.#folder, 'files', ...encodePath(key));
  }

  #touched(key: string | undefined): void {
    if (key === undefined) this.#indexDirty = true;
    else this.#dirty.add(key);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      if (this.#scheduled) this.flush();
    });
  }

  #load(): Content {
    if (this.#loaded) return this.#loaded;
    const index = readIndex(path.join(this.#folder, 'index.json'));
    const files = new WatchedFiles();
    for (const [key, content] of readFolder(path.join(this.#folder, 'files'), '')) files.set(key, content);
    const touchIndex = (): void => this.#touched(undefined);
    const modes = new WatchedMap(index.modes);
    const details = new WatchedMap(index.details);
    files.changed = (key) => this.#touched(key);
    modes.changed = touchIndex;
    details.changed = touchIndex;
    return (this.#loaded = { files, modes, details });
  }
}

class WatchedFiles extends FileMap {
  changed: ((key: string) => void) | undefined;

  override set(key: string, content: Uint8Array): this {
    super.set(key, content);
    this.changed?.(key);
    return this;
  }

  override delete(key: string): boolean {
    const had = super.delete(key);
    if (had) this.changed?.(key);
    return had;
  }

  override clear(): void {
    for (const key of [...this.keys()]) this.delete(key);
  }
}

class WatchedMap<V> extends Map<string, V> {
  changed: (() => void) | undefined;

  override set(key: string, value: V): this {
    super.set(key, value);
    this.changed?.();
    return this;
  }

  override delete(key: string): boolean {
    const had = super.delete(key);
    if (had) this.changed?.();
    return had;
  }
}

/** Whole or not at all: who is killed meanwhile leaves the file as it was. */
function replaceFile(folder: string, target: string, content: Uint8Array | string): void {
  const fresh = path.join(folder, 'writing');
  writeFileSync(fresh, content, ownerOnly);
  renameSync(fresh, target);
}

/** Real files and empty folders; whatever else somebody put there is passed over. */
function* readFolder(folder: string, prefix: string): Generator<[string, Uint8Array]> {
  if (!lstatSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const name = decodeName(entry.name);
    if (name === undefined) continue;
    const inside = path.join(folder, entry.name);
    if (entry.isFile()) yield [prefix + name, readFileSync(inside)];
    else if (entry.isDirectory()) {
      if (readdirSync(inside).length === 0) yield [`${prefix}${name}/`, new Uint8Array(0)];
      else yield* readFolder(inside, `${prefix}${name}/`);
    }
  }
}

interface Index {
  readonly modes: readonly (readonly [string, number])[];
  readonly details: readonly (readonly [string, FileDetails])[];
}

function readIndex(file: string): Index {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { modes: [], details: [] };
    throw error;
  }
  return JSON.parse(text) as Index;
}
