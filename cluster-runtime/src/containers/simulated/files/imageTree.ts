/** The files of an image: a tree that is built on first use, never changes, and is shared by all its containers. */
import type { Image, ImageFile } from '../images/image.ts';
import { userlandTools } from '../images/userland.ts';
import { type FileNode, fileNode } from './fileTree.ts';
import { dirname } from './path.ts';

const encoder = new TextEncoder();
const builtAt = Date.UTC(2025, 5, 3, 8, 0, 0);
const folders = [
  '/bin',
  '/dev',
  '/etc',
  '/home',
  '/mnt',
  '/opt',
  '/proc',
  '/root',
  '/run',
  '/sbin',
  '/srv',
  '/sys',
  '/tmp',
  '/usr/bin',
  '/usr/local/bin',
  '/usr/sbin',
  '/var/log',
  '/var/run',
];

const trees = new WeakMap<Image, ImageTree>();

export class ImageTree {
  readonly #nodes = new Map<string, FileNode>();
  readonly #names = new Map<string, Set<string>>();

  static of(image: Image): ImageTree {
    let tree = trees.get(image);
    if (!tree) trees.set(image, (tree = new ImageTree(image)));
    return tree;
  }

  private constructor(image: Image) {
    this.#add('/', { kind: 'folder', mode: 0o755, mtime: builtAt });
    for (const folder of image.userland === 'none' ? ['/dev', '/etc', '/proc', '/sys', '/tmp'] : folders) this.#folder(folder);
    for (const path of userlandTools(image).values()) this.#file(path, { text: '', mode: 0o755 });
    for (const path of Object.keys(image.programs ?? {})) this.#file(path, { text: '', mode: 0o755 });
    for (const [path, file] of Object.entries(baseFiles(image))) this.#file(path, file);
    for (const [path, file] of Object.entries(image.files?.() ?? {})) this.#file(path, file);
  }

  get(path: string): FileNode | undefined {
    return this.#nodes.get(path);
  }

  names(path: string): Iterable<string> {
    return this.#names.get(path) ?? [];
  }

  #file(path: string, file: ImageFile): void {
    if (path.endsWith('/')) return this.#folder(path.slice(0, -1));
    this.#folder(dirname(path));
    if (typeof file === 'object' && 'link' in file) return this.#add(path, { kind: 'link', target: file.link, mtime: builtAt });
    const [text, mode] = typeof file === 'string' ? [file, 0o644] : [file.text, file.mode ?? 0o644];
    this.#add(path, fileNode(encoder.encode(text), mode, builtAt));
  }

  #folder(path: string): void {
    if (this.#nodes.has(path)) return;
    this.#folder(dirname(path));
    this.#add(path, { kind: 'folder', mode: path === '/tmp' ? 0o777 : 0o755, mtime: builtAt });
  }

  #add(path: string, node: FileNode): void {
    this.#nodes.set(path, node);
    if (path === '/') return;
    const parent = dirname(path);
    let names = this.#names.get(parent);
    if (!names) this.#names.set(parent, (names = new Set()));
    names.add(path.slice(path.lastIndexOf('/') + 1));
  }
}

function baseFiles(image: Image): Record<string, ImageFile> {
  const user =
    image.user && image.user.uid !== 0 ? `${image.user.name}:x:${image.user.uid}:${image.user.uid}::/:/sbin/nologin\n` : '';
  const shell = image.userland === 'debian' ? '/bin/bash' : '/bin/sh';
  const releases: Record<Image['userland'], string | undefined> = {
    none: undefined,
    busybox: undefined,
    alpine:
      'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.22.1\nPRETTY_NAME="Alpine Linux v3.22"\nHOME_URL="https://alpinelinux.org/"\n',
    debian:
      'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nVERSION="12 (bookworm)"\nID=debian\n',
  };
  const release = releases[image.userland];
  return {
    '/etc/passwd': `root:x:0:0:root:/root:${shell}\n${user}nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n`,
    '/etc/group': `root:x:0:\n${image.user && image.user.uid !== 0 ? `${image.user.name}:x:${image.user.uid}:\n` : ''}nobody:x:65534:\n`,
    ...(release ? { '/etc/os-release': release } : {}),
    ...(image.userland === 'alpine' ? { '/etc/alpine-release': '3.22.1\n' } : {}),
    ...(image.userland === 'debian' ? { '/etc/debian_version': '12.11\n' } : {}),
  };
}
