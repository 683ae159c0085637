/** What a container has written, over its image: changed and new nodes, and marks where the image's were removed. */
import { type FileNode, fileNode, type FileTree } from './fileTree.ts';
import type { ImageTree } from './imageTree.ts';
import { dirname } from './path.ts';

export class WrittenTree implements FileTree {
  readonly readOnly = false;
  readonly #image: ImageTree;
  readonly #now: () => number;
  /** `undefined` marks a removed node of the image. */
  #written: Map<string, FileNode | undefined> | undefined;

  constructor(image: ImageTree, now: () => number) {
    this.#image = image;
    this.#now = now;
  }

  get(path: string): FileNode | undefined {
    return this.#written?.has(path) ? this.#written.get(path) : this.#image.get(path);
  }

  names(path: string): Iterable<string> {
    const names = new Set(this.#image.names(path));
    for (const [written, node] of this.#written ?? []) {
      if (written === '/' || dirname(written) !== path) continue;
      const name = written.slice(written.lastIndexOf('/') + 1);
      if (node) names.add(name);
      else names.delete(name);
    }
    return names;
  }

  putFile(path: string, bytes: Uint8Array, mode: number | undefined): void {
    this.#put(path, fileNode(bytes, mode ?? 0o644, this.#now()));
  }

  putFolder(path: string): void {
    this.#put(path, { kind: 'folder', mode: 0o755, mtime: this.#now() });
  }

  putLink(path: string, target: string): void {
    this.#put(path, { kind: 'link', target, mtime: this.#now() });
  }

  chmod(path: string, mode: number): void {
    const node = this.get(path);
    if (node && node.kind !== 'link') this.#put(path, { ...node, mode });
  }

  remove(path: string): void {
    if (this.#image.get(path)) this.#put(path, undefined);
    else this.#written?.delete(path);
  }

  #put(path: string, node: FileNode | undefined): void {
    (this.#written ??= new Map()).set(path, node);
  }
}
