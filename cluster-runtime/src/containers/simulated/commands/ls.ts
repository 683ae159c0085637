/** `ls`, as busybox prints it; one name a line, since columns need a terminal's width. */
import { formatDate } from './date.ts';
import type { FileNode } from '../files/fileTree.ts';
import { FileError } from '../files/fileError.ts';
import { join, resolvePath } from '../files/path.ts';
import type { Process, Program } from '../process/process.ts';

interface Entry {
  readonly name: string;
  readonly node: FileNode;
}

const halfYearMs = 182 * 86_400_000;

export const ls: Program = async (process) => {
  const flags = process.args.filter((arg) => /^-[a-zA-Z1]+$/.test(arg)).join('') + (process.args.includes('--all') ? 'a' : '');
  const paths = process.args.filter((arg) => !arg.startsWith('-') || arg === '-');
  const targets = paths.length > 0 ? paths : ['.'];
  const alone: Entry[] = [];
  const folders: string[] = [];
  let status = 0;
  for (const path of targets) {
    const node = nodeAt(process, resolvePath(process.cwd, path), !flags.includes('l') || path.endsWith('/'));
    if (!node) {
      await process.error(
        process.container.image.userland === 'debian'
          ? `ls: cannot access '${path}': No such file or directory\n`
          : `ls: ${path}: No such file or directory\n`,
      );
      status = process.container.image.userland === 'debian' ? 2 : 1;
    } else if (node.kind === 'folder' && !flags.includes('d')) folders.push(path);
    else alone.push({ name: path, node });
  }
  await print(process, arranged(alone, flags), flags);
  for (const [index, path] of folders.entries()) {
    if (index > 0 || alone.length > 0) await process.out('\n');
    if (targets.length > 1 || flags.includes('R')) await process.out(`${path}:\n`);
    await listFolder(process, path, flags);
  }
  return status;
};

async function listFolder(process: Process, path: string, flags: string): Promise<void> {
  const full = resolvePath(process.cwd, path);
  const entries = process.container.files.names(full).flatMap((name): Entry[] => {
    const node = nodeAt(process, join(full, name), false);
    return node && (!name.startsWith('.') || /[aA]/.test(flags)) ? [{ name, node }] : [];
  });
  const self = nodeAt(process, full, true);
  const dots = flags.includes('a') && self ? ['.', '..'].map((name) => ({ name, node: self })) : [];
  const all = [...dots, ...arranged(entries, flags)];
  if (flags.includes('l'))
    await process.out(`total ${all.reduce((sum, { node }) => sum + Math.ceil(sizeOf(node) / 4096) * 4, 0)}\n`);
  await print(process, all, flags);
  if (!flags.includes('R')) return;
  for (const { name, node } of entries) {
    if (node.kind !== 'folder') continue;
    await process.out(`\n${join(path, name)}:\n`);
    await listFolder(process, join(path, name), flags);
  }
}

async function print(process: Process, entries: readonly Entry[], flags: string): Promise<void> {
  const width = Math.max(...entries.map(({ node }) => size(node, flags).length), flags.includes('h') ? 4 : 8);
  for (const { name, node } of entries) {
    const target = node.kind === 'link' && flags.includes('l') ? ` -> ${node.target}` : '';
    const mark = /[Fp]/.test(flags) && node.kind === 'folder' ? '/' : '';
    const owner = 'root';
    const details = flags.includes('l')
      ? `${modeText(node)}    ${node.kind === 'folder' ? 2 : 1} ${owner.padEnd(8)} ${owner.padEnd(8)} ${size(node, flags).padStart(width)} ${dateText(process, node.mtime)} `
      : '';
    await process.out(`${details}${name}${mark}${target}\n`);
  }
}

function arranged(entries: readonly Entry[], flags: string): Entry[] {
  const sorted = [...entries].sort((a, b) => {
    if (flags.includes('t')) return b.node.mtime - a.node.mtime;
    if (flags.includes('S')) return sizeOf(b.node) - sizeOf(a.node);
    return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
  });
  return flags.includes('r') ? sorted.reverse() : sorted;
}

function nodeAt(process: Process, path: string, follow: boolean): FileNode | undefined {
  try {
    return follow
      ? (process.container.files.find(path) ?? process.container.files.findLink(path))
      : process.container.files.findLink(path);
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}

function sizeOf(node: FileNode): number {
  return node.kind === 'file' ? node.size : node.kind === 'link' ? node.target.length : 4096;
}

function size(node: FileNode, flags: string): string {
  const bytes = sizeOf(node);
  if (!flags.includes('h') || bytes < 1024) return String(bytes);
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)}K` : `${(bytes / 1024 / 1024).toFixed(1)}M`;
}

function modeText(node: FileNode): string {
  const mode = node.kind === 'link' ? 0o777 : node.mode;
  const bits = [6, 3, 0]
    .map((shift) => ['r', 'w', 'x'].map((letter, i) => ((mode >> shift) & (4 >> i) ? letter : '-')).join(''))
    .join('');
  return `${node.kind === 'folder' ? 'd' : node.kind === 'link' ? 'l' : '-'}${bits}`;
}

function dateText(process: Process, mtime: number): string {
  const recent = Math.abs(process.container.clock.now() - mtime) < halfYearMs;
  return formatDate(mtime, recent ? '%b %e %H:%M' : '%b %e  %Y');
}
