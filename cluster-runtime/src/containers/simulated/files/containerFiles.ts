/**
 * A container's file system: the image below, what the container wrote above it, volumes mounted into it, and the few
 * device files that programs expect. Synchronous; nothing is copied until something is written.
 *
 * Differs from Kubernetes: owners are not kept and permission bits hold only for running a file, so every process may
 * read and write everything that is not mounted read-only.
 */
import type { Mount } from '../../containerRuntime.ts';
import { FileError } from './fileError.ts';
import { type FileNode, fileNode, type FileTree, VolumeTree } from './fileTree.ts';
import type { ImageTree } from './imageTree.ts';
import { basename, dirname, join, resolvePath } from './path.ts';
import { appended } from './growingBytes.ts';
import { WrittenTree } from './writtenTree.ts';

const longestChain = 40;
/** Everything is held in memory, so no file may grow for ever. */
const largestFile = 64 * 1024 * 1024;
const empty = new Uint8Array(0);

interface MountPoint {
  readonly path: string;
  readonly tree: VolumeTree;
}

export class ContainerFiles {
  readonly #mounts: readonly MountPoint[];
  readonly #root: WrittenTree;
  /** Files whose content is made when read: /etc/hosts, /proc/uptime. */
  readonly #made: ReadonlyMap<string, () => string>;

  constructor(image: ImageTree, mounts: readonly Mount[], made: ReadonlyMap<string, () => string>, now: () => number) {
    this.#root = new WrittenTree(image, now);
    this.#made = made;
    this.#mounts = mounts
      .map((mount) => ({
        path: resolvePath('/', mount.path),
        tree: new VolumeTree(mount.volume, resolvePath('/', mount.subPath ?? '').slice(1), mount.readOnly, now),
      }))
      .sort((a, b) => b.path.length - a.path.length);
  }

  /** The node at `path`, links followed; undefined when there is none. */
  find(path: string): FileNode | undefined {
    const real = this.#resolve(path, true);
    return real === undefined ? undefined : this.#node(real);
  }

  /** The node at `path` itself, even when it is a link. */
  findLink(path: string): FileNode | undefined {
    const real = this.#resolve(path, false);
    return real === undefined ? undefined : this.#node(real);
  }

  exists(path: string): boolean {
    return this.find(path) !== undefined;
  }

  isFolder(path: string): boolean {
    return this.find(path)?.kind === 'folder';
  }

  realPath(path: string): string {
    const real = this.#resolve(path, true);
    if (real === undefined || !this.#node(real)) throw new FileError('ENOENT', path);
    return real;
  }

  read(path: string): Uint8Array {
    const node = this.find(path);
    if (!node) throw new FileError('ENOENT', path);
    if (node.kind !== 'file') throw new FileError('EISDIR', path);
    return node.read();
  }

  readText(path: string): string {
    return new TextDecoder().decode(this.read(path));
  }

  names(path: string): string[] {
    const real = this.#resolve(path, true);
    const node = real === undefined ? undefined : this.#node(real);
    if (real === undefined || !node) throw new FileError('ENOENT', path);
    if (node.kind !== 'folder') throw new FileError('ENOTDIR', path);
    const [tree, inside] = this.#tree(real);
    const names = new Set(tree.names(inside));
    const prefix = real === '/' ? '/' : `${real}/`;
    for (const { path: mountPath } of this.#mounts) {
      if (mountPath.startsWith(prefix) && mountPath !== real) names.add(mountPath.slice(prefix.length).split('/')[0] as string);
    }
    if (tree === this.#root) for (const made of this.#made.keys()) if (dirname(made) === real) names.add(basename(made));
    return [...names].sort();
  }

  write(path: string, bytes: Uint8Array, options: { append?: boolean; mode?: number } = {}): void {
    const real = this.#target(path);
    const node = this.#node(real);
    if (node?.kind === 'folder') throw new FileError('EISDIR', path);
    const [tree, inside] = this.#writable(real, path);
    const content = options.append && node?.kind === 'file' && node.size > 0 ? appended(node.read(), bytes) : bytes.slice();
    if (content.length > largestFile || tree.hasRoom?.(inside, content.length) === false) throw new FileError('ENOSPC', path);
    tree.putFile(inside, content, options.mode ?? (node?.kind === 'file' ? node.mode : undefined));
  }

  makeFolder(path: string): void {
    const real = this.#target(path);
    if (this.#node(real)) throw new FileError('EEXIST', path);
    const [tree, inside] = this.#writable(real, path);
    tree.putFolder(inside);
  }

  makeFolders(path: string): void {
    const whole = resolvePath('/', path);
    const node = this.find(whole);
    if (node?.kind === 'folder') return;
    if (node) throw new FileError('EEXIST', path);
    this.makeFolders(dirname(whole));
    this.makeFolder(whole);
  }

  makeLink(target: string, path: string): void {
    const real = this.#target(path, false);
    if (this.#node(real)) throw new FileError('EEXIST', path);
    const [tree, inside] = this.#writable(real, path);
    tree.putLink(inside, target);
  }

  chmod(path: string, mode: number): void {
    const real = this.realPath(path);
    const [tree, inside] = this.#writable(real, path);
    tree.chmod(inside, mode);
  }

  remove(path: string, options: { recursive?: boolean } = {}): void {
    const real = this.#resolve(path, false);
    const node = real === undefined ? undefined : this.#node(real);
    if (real === undefined || !node) throw new FileError('ENOENT', path);
    if (this.#mounts.some((mount) => mount.path === real || mount.path.startsWith(`${real}/`)))
      throw new FileError('EBUSY', path);
    if (node.kind === 'folder') {
      const names = this.names(real);
      if (names.length > 0 && !options.recursive) throw new FileError('ENOTEMPTY', path);
      for (const name of names) this.remove(join(real, name), options);
    }
    const [tree, inside] = this.#writable(real, path);
    tree.remove(inside);
  }

  rename(from: string, to: string): void {
    this.copy(from, to);
    this.remove(from, { recursive: true });
  }

  /** Copies a file, a link, or a folder with all it holds. */
  copy(from: string, to: string): void {
    const node = this.findLink(from);
    if (!node) throw new FileError('ENOENT', from);
    if (node.kind === 'file') this.write(to, node.read(), { mode: node.mode });
    else if (node.kind === 'link') this.makeLink(node.target, to);
    else {
      const [source, target] = [resolvePath('/', from), resolvePath('/', to)];
      if (target === source || target.startsWith(`${source}/`)) throw new FileError('EINVAL', to);
      this.makeFolders(target);
      for (const name of this.names(from)) this.copy(join(source, name), join(target, name));
    }
  }

  #node(real: string): FileNode | undefined {
    if (real.startsWith('/dev/')) {
      const device = deviceNode(real);
      if (device) return device;
    }
    const [tree, inside] = this.#tree(real);
    const node = tree.get(inside);
    if (node || tree !== this.#root) return node;
    const made = this.#made.get(real);
    if (made) return fileNode(new TextEncoder().encode(made()), 0o644, 0);
    // The folders above a mount point are there even when the image lacks them.
    const prefix = `${real}/`;
    const implied =
      this.#mounts.some(({ path }) => path.startsWith(prefix)) || [...this.#made.keys()].some((path) => path.startsWith(prefix));
    return implied ? { kind: 'folder', mode: 0o755, mtime: 0 } : undefined;
  }

  #tree(real: string): [FileTree, string] {
    for (const { path, tree } of this.#mounts) {
      if (real === path) return [tree, '/'];
      if (path === '/' || real.startsWith(`${path}/`)) return [tree, path === '/' ? real : real.slice(path.length)];
    }
    return [this.#root, real];
  }

  #writable(real: string, path: string): [FileTree, string] {
    const parent = this.#node(dirname(real));
    if (!parent) throw new FileError('ENOENT', path);
    if (parent.kind !== 'folder') throw new FileError('ENOTDIR', path);
    const found = this.#tree(real);
    if (found[0].readOnly) throw new FileError('EROFS', path);
    return found;
  }

  /** Where writing to `path` goes: links followed, also one that points to nothing yet. */
  #target(path: string, followLast = true): string {
    const real = this.#resolve(path, followLast);
    if (real === undefined) throw new FileError('ENOENT', path);
    return real;
  }

  /** The path without links; undefined when a folder on the way is missing. */
  #resolve(path: string, followLast: boolean): string | undefined {
    let parts = path.split('/').filter((part) => part !== '' && part !== '.');
    let real = '';
    let links = 0;
    while (parts.length > 0) {
      const [part, ...rest] = parts as [string, ...string[]];
      parts = rest;
      if (part === '..') {
        real = real.slice(0, Math.max(0, real.lastIndexOf('/')));
        continue;
      }
      const next = `${real}/${part}`;
      const node = this.#node(next);
      if (node?.kind === 'link' && (parts.length > 0 || followLast)) {
        if (++links > longestChain) throw new FileError('ELOOP', path);
        parts = [...node.target.split('/').filter((step) => step !== '' && step !== '.'), ...parts];
        if (node.target.startsWith('/')) real = '';
        continue;
      }
      if (!node && parts.length > 0) return undefined;
      if (node?.kind === 'file' && parts.length > 0) throw new FileError('ENOTDIR', path);
      real = next;
    }
    return real === '' ? '/' : real;
  }
}

const devices = new Set(['null', 'zero', 'full', 'random', 'urandom', 'tty', 'stdin', 'stdout', 'stderr']);

/** Streams that are no files; what reading and writing them means is the process' business. */
export function isDevice(path: string): boolean {
  return path.startsWith('/dev/') && devices.has(path.slice(5));
}

function deviceNode(path: string): FileNode | undefined {
  return isDevice(path) ? { kind: 'file', mode: 0o666, mtime: 0, size: 0, read: () => empty } : undefined;
}
