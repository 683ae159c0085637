/**
 * One part of a container's file system: the image, what the container has written over it, or a mounted volume. Knows
 * plain paths only; links and mounts are followed one level up, in ContainerFiles.
 */
import type { FileDetails, VolumeFiles } from '../../containerRuntime.ts';

export type FileNode =
  | { readonly kind: 'folder'; readonly mode: number; readonly mtime: number }
  | { readonly kind: 'link'; readonly target: string; readonly mtime: number }
  | { readonly kind: 'file'; readonly mode: number; readonly mtime: number; readonly size: number; read(): Uint8Array };

export interface FileTree {
  readonly readOnly: boolean;
  /** Whether the file may become this long. Without it there is room for everything. */
  hasRoom?(path: string, length: number): boolean;
  get(path: string): FileNode | undefined;
  /** Names directly inside a folder. */
  names(path: string): Iterable<string>;
  putFile(path: string, bytes: Uint8Array, mode: number | undefined): void;
  putFolder(path: string): void;
  putLink(path: string, target: string): void;
  chmod(path: string, mode: number): void;
  /** Removes a file, a link, or an empty folder. */
  remove(path: string): void;
}

export function fileNode(bytes: Uint8Array, mode: number, mtime: number): FileNode {
  return { kind: 'file', mode, mtime, size: bytes.length, read: () => bytes };
}

/** What a volume's plain map of files cannot say, kept beside one that does not keep it itself. */
const volumeDetails = new WeakMap<VolumeFiles, Map<string, FileDetails>>();
const detailsOf = (volume: VolumeFiles): Map<string, FileDetails> | undefined => volume.details ?? volumeDetails.get(volume);
/** Modes set by containers on volumes that came without a map of modes. */
const volumeModes = new WeakMap<VolumeFiles, Map<string, number>>();

/** A volume as a tree. `root` is the path inside the volume that is mounted (`subPath`), without slashes at the ends. */
export class VolumeTree implements FileTree {
  readonly readOnly: boolean;
  readonly #volume: VolumeFiles;
  readonly #root: string;
  readonly #now: () => number;
  readonly #mountedAt: number;

  constructor(volume: VolumeFiles, root: string, readOnly: boolean, now: () => number) {
    this.#volume = volume;
    this.#root = root;
    this.readOnly = readOnly;
    this.#now = now;
    this.#mountedAt = now();
  }

  get(path: string): FileNode | undefined {
    const key = this.#key(path);
    const details = detailsOf(this.#volume)?.get(key);
    const mtime = details?.mtime ?? this.#mountedAt;
    const bytes = this.#volume.files.get(key);
    if (bytes !== undefined) {
      if (details?.link !== undefined) return { kind: 'link', target: details.link, mtime };
      return fileNode(bytes, this.#modes()?.get(key) ?? 0o644, mtime);
    }
    if (key === '' || path === '/' || this.#volume.files.has(`${key}/`) || this.#hasInside(key)) {
      return { kind: 'folder', mode: 0o777, mtime };
    }
    return undefined;
  }

  hasRoom(path: string, length: number): boolean {
    const { usedBytes, capacityBytes, files } = this.#volume;
    if (usedBytes === undefined || capacityBytes === undefined) return true;
    return usedBytes - (files.get(this.#key(path))?.length ?? 0) + length <= capacityBytes;
  }

  names(path: string): Iterable<string> {
    const key = this.#key(path);
    const prefix = key === '' ? '' : `${key}/`;
    const names = new Set<string>();
    for (const file of this.#volume.files.keys()) {
      if (!file.startsWith(prefix) || file.length === prefix.length) continue;
      const end = file.indexOf('/', prefix.length);
      names.add(file.slice(prefix.length, end < 0 ? undefined : end));
    }
    return names;
  }

  putFile(path: string, bytes: Uint8Array, mode: number | undefined): void {
    const key = this.#key(path);
    this.#volume.files.set(key, bytes);
    this.#describe(key, { mtime: this.#now() });
    if (mode !== undefined && mode !== 0o644) this.#setMode(key, mode);
  }

  putFolder(path: string): void {
    this.#volume.files.set(`${this.#key(path)}/`, new Uint8Array(0));
  }

  putLink(path: string, target: string): void {
    const key = this.#key(path);
    this.#volume.files.set(key, new TextEncoder().encode(target));
    this.#describe(key, { link: target, mtime: this.#now() });
  }

  chmod(path: string, mode: number): void {
    const key = this.#key(path);
    if (this.#volume.files.has(key)) this.#setMode(key, mode);
  }

  remove(path: string): void {
    const key = this.#key(path);
    this.#volume.files.delete(key);
    this.#volume.files.delete(`${key}/`);
    detailsOf(this.#volume)?.delete(key);
    this.#modes()?.delete(key);
    // A folder that was only implied by its last file stays.
    const parent = key.slice(0, Math.max(0, key.lastIndexOf('/')));
    if (parent !== '' && !this.#hasInside(parent)) this.#volume.files.set(`${parent}/`, new Uint8Array(0));
  }

  #key(path: string): string {
    if (path === '/') return this.#root;
    return this.#root === '' ? path.slice(1) : this.#root + path;
  }

  #hasInside(key: string): boolean {
    if (this.#volume.hasInside) return this.#volume.hasInside(key);
    const prefix = `${key}/`;
    for (const file of this.#volume.files.keys()) if (file.startsWith(prefix)) return true;
    return false;
  }

  #describe(key: string, details: FileDetails): void {
    let all = detailsOf(this.#volume);
    if (!all) volumeDetails.set(this.#volume, (all = new Map()));
    all.set(key, details);
  }

  #modes(): Map<string, number> | undefined {
    return this.#volume.modes ?? volumeModes.get(this.#volume);
  }

  #setMode(key: string, mode: number): void {
    let modes = this.#modes();
    if (!modes) volumeModes.set(this.#volume, (modes = new Map()));
    modes.set(key, mode);
  }
}
