/**
 * The manifests on disk: found once in the workspace's folders, and looked at again when the editor says that they changed.
 * Binary, large and foreign files are passed over.
 */
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { WorkspaceIndex } from '../workspace/workspaceIndex.ts';
import type { FileSystem } from './fileSystem.ts';

/** Files beyond this are not manifests that somebody writes. */
const largest = 2 * 1024 * 1024;
const mostFiles = 20_000;
/** How long it reads before others get a turn, in milliseconds. */
const slice = 8;
const skipped = new Set(['node_modules', 'vendor', 'dist', 'out', 'target', '__pycache__']);
const wanted = /\.(?:ya?ml|json|tpl)$|^Kustomization$/;

export class WorkspaceFiles {
  readonly #fs: FileSystem;
  readonly #index: WorkspaceIndex;
  readonly #now: () => number;

  /** Told of each folder before it is read, and when it is no longer there. */
  onFolder: ((folder: string) => void) | undefined;
  onFolderGone: ((folder: string) => void) | undefined;

  constructor(fs: FileSystem, index: WorkspaceIndex, now: () => number) {
    this.#fs = fs;
    this.#index = index;
    this.#now = now;
  }

  /** Somebody changed these, and nobody knows how. Gives the folders among them that are new, for `crawl`. */
  lookAgain(paths: Iterable<string>, isKnown: (folder: string) => boolean): string[] {
    const folders: string[] = [];
    for (const file of paths) {
      const uri = pathToFileURL(file).href;
      const name = path.basename(file);
      if (this.#fs.kindOf(file) === 'folder') {
        if (!name.startsWith('.') && !skipped.has(name) && !isKnown(file)) folders.push(uri);
      } else if (wanted.test(name)) this.changed(uri);
      else if (this.#fs.kindOf(file) === undefined) {
        this.forget([uri]);
        this.onFolderGone?.(file);
      }
    }
    return folders;
  }

  /** Reads all folders, with pauses. Gives how many files were taken. */
  async crawl(folders: readonly string[], signal: AbortSignal): Promise<number> {
    const found = folders.flatMap((uri) => pathOf(uri) ?? []);
    let [files, taken] = [0, 0];
    let since = this.#now();
    for (let folder = found.shift(); folder !== undefined; folder = found.shift()) {
      this.onFolder?.(folder);
      const inside: string[] = [];
      for (const { name, isDirectory, isFile } of this.#fs.list(folder)) {
        if (isDirectory && !name.startsWith('.') && !skipped.has(name)) inside.push(path.join(folder, name));
        if (!isFile || !wanted.test(name) || files >= mostFiles) continue;
        files++;
        const file = path.join(folder, name);
        if (this.#take(pathToFileURL(file).href, file)) taken++;
        if (this.#now() - since < slice) continue;
        await new Promise((resolve) => setImmediate(resolve));
        if (signal.aborted) return taken;
        since = this.#now();
      }
      found.unshift(...inside);
    }
    return taken;
  }

  /** Somebody wrote, made or removed the file. */
  changed(uri: string): void {
    const file = pathOf(uri);
    if (file === undefined || !wanted.test(path.basename(file))) return;
    if (!this.#take(uri, file)) this.#index.removeFromDisk(uri);
  }

  /** Folders that left the workspace. Files that are open stay. */
  forget(folders: readonly string[]): void {
    for (const { uri } of this.#index.files()) {
      if (folders.some((folder) => uri.startsWith(folder.endsWith('/') ? folder : `${folder}/`))) this.#index.removeFromDisk(uri);
    }
  }

  #take(uri: string, file: string): boolean {
    const text = textOf(this.#fs.read(file, largest));
    if (text === undefined || !mayBeManifest(file, text)) return false;
    this.#index.setOnDisk(uri, text);
    return true;
  }
}

const mayBeManifest = (file: string, text: string): boolean =>
  text.includes('apiVersion') || /kustomization/i.test(path.basename(file));

/** Undefined for what is no text in UTF-8. */
function textOf(bytes: Uint8Array | undefined): string | undefined {
  if (!bytes || bytes.subarray(0, 8192).includes(0)) return undefined;
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

/** Only files have a place on disk. */
function pathOf(uri: string): string | undefined {
  if (!uri.startsWith('file:')) return undefined;
  try {
    return fileURLToPath(uri);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
