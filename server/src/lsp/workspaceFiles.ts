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
const atOnce = 16;
const skipped = new Set(['node_modules', 'vendor', 'dist', 'out', 'target', '__pycache__']);
const wanted = /\.(?:ya?ml|json|tpl)$|^Kustomization$/;

export class WorkspaceFiles {
  readonly #fs: FileSystem;
  readonly #index: WorkspaceIndex;

  constructor(fs: FileSystem, index: WorkspaceIndex) {
    this.#fs = fs;
    this.#index = index;
  }

  /** Reads all folders. Gives how many files were taken. */
  async crawl(folders: readonly string[], signal: AbortSignal): Promise<number> {
    const files: string[] = [];
    for (const uri of folders) {
      const folder = pathOf(uri);
      if (folder !== undefined) await this.#collect(folder, files, signal);
    }
    let next = 0;
    let taken = 0;
    const work = async (): Promise<void> => {
      for (let file = files[next++]; file !== undefined && !signal.aborted; file = files[next++]) {
        if (await this.#take(pathToFileURL(file).href, file)) taken++;
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    return taken;
  }

  /** Somebody wrote, made or removed the file. */
  async changed(uri: string): Promise<void> {
    const file = pathOf(uri);
    if (file === undefined || !wanted.test(path.basename(file))) return;
    if (!(await this.#take(uri, file))) this.#index.removeFromDisk(uri);
  }

  /** Folders that left the workspace. Files that are open stay. */
  forget(folders: readonly string[]): void {
    for (const { uri } of this.#index.files()) {
      if (folders.some((folder) => uri.startsWith(folder.endsWith('/') ? folder : `${folder}/`))) this.#index.removeFromDisk(uri);
    }
  }

  async #collect(folder: string, into: string[], signal: AbortSignal): Promise<void> {
    if (signal.aborted || into.length >= mostFiles) return;
    for (const { name, isDirectory, isFile } of await this.#fs.list(folder)) {
      if (isFile && wanted.test(name)) into.push(path.join(folder, name));
      else if (isDirectory && !name.startsWith('.') && !skipped.has(name))
        await this.#collect(path.join(folder, name), into, signal);
    }
  }

  async #take(uri: string, file: string): Promise<boolean> {
    const text = textOf(await this.#fs.read(file, largest));
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
