/** `tar`: creates, lists and extracts, plain or through gzip; what `kubectl cp` runs in a container. */
import { gunzipSync, gzipSync } from 'node:zlib';
import { FileError } from '../files/fileError.ts';
import { dirname, join, resolvePath } from '../files/path.ts';
import type { Process, Program } from '../process/process.ts';
import { encodeEntry, endOfArchive, TarDecoder, type TarEntry, TarError } from './tarFormat.ts';

interface TarOptions {
  action: 'c' | 'x' | 't' | undefined;
  file: string;
  folder: string;
  gzip: boolean;
  verbose: boolean;
  toStdout: boolean;
  strip: number;
  operands: string[];
}

function parse(process: Process): TarOptions {
  const options: TarOptions = {
    action: undefined,
    file: '-',
    folder: process.cwd,
    gzip: false,
    verbose: false,
    toStdout: false,
    strip: 0,
    operands: [],
  };
  const { args } = process;
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] as string;
    const long = /^--([a-z-]+)(?:=(.*))?$/.exec(arg);
    if (long) {
      const [, name = '', given] = long;
      const value = (): string => given ?? args[++at] ?? '';
      if (name === 'directory') options.folder = resolvePath(options.folder, value());
      else if (name === 'file') options.file = value();
      else if (name === 'strip-components') options.strip = Number(value());
      else if (name === 'create' || name === 'extract' || name === 'list')
        options.action = ({ create: 'c', extract: 'x', list: 't' } as const)[name];
      else if (name === 'gzip') options.gzip = true;
      continue;
    }
    // The first word may do without its dash: `tar cf - path`.
    if (!(arg.startsWith('-') && arg.length > 1) && at > 0) {
      options.operands.push(arg);
      continue;
    }
    const letters = arg.replace(/^-/, '');
    for (let i = 0; i < letters.length; i++) {
      const letter = letters[i] as string;
      if (letter === 'c' || letter === 'x' || letter === 't') options.action = letter;
      else if (letter === 'z') options.gzip = true;
      else if (letter === 'v') options.verbose = true;
      else if (letter === 'O') options.toStdout = true;
      else if (letter === 'f' || letter === 'C') {
        const rest = arg.startsWith('-') ? letters.slice(i + 1) : '';
        const value = rest || (args[++at] ?? '');
        if (letter === 'f') options.file = value;
        else options.folder = resolvePath(options.folder, value);
        if (rest) break;
      }
    }
  }
  return options;
}

export const tar: Program = async (process) => {
  const options = parse(process);
  try {
    if (options.action === 'c') return await create(process, options);
    if (options.action === 'x' || options.action === 't') return await extract(process, options);
    await process.error('tar: must specify exactly one of -c, -x, -t\n');
    return 1;
  } catch (error) {
    if (!(error instanceof TarError) && !(error instanceof FileError)) throw error;
    await process.error(error instanceof FileError ? `tar: ${error.path}: ${error.message}\n` : `tar: ${error.message}\n`);
    return 1;
  }
};

async function create(process: Process, options: TarOptions): Promise<number> {
  let status = 0;
  const chunks: Uint8Array[] = [];
  const direct = options.file === '-' && !options.gzip;
  const emit = async (bytes: Uint8Array): Promise<void> => {
    if (direct) await process.write(bytes);
    else chunks.push(bytes);
  };
  for (const operand of options.operands) {
    const path = resolvePath(options.folder, operand);
    if (!process.container.files.findLink(path)) {
      await process.error(
        `tar: ${operand}: ${process.container.image.userland === 'debian' ? 'Cannot stat: ' : ''}No such file or directory\n`,
      );
      status = process.container.image.userland === 'debian' ? 2 : 1;
      continue;
    }
    if (operand.startsWith('/')) await process.error("tar: removing leading '/' from member names\n");
    for (const entry of walk(process, path, operand.replace(/^\/+/, '') || './')) {
      await emit(encodeEntry(entry));
      if (options.verbose) await process.error(`${entry.name}\n`);
    }
  }
  await emit(endOfArchive);
  if (direct) return status;
  const archive = options.gzip ? gzipSync(Buffer.concat(chunks)) : Buffer.concat(chunks);
  if (options.file === '-') await process.write(archive);
  else process.container.files.write(resolvePath(process.cwd, options.file), archive);
  return status;
}

function* walk(process: Process, path: string, name: string): Generator<TarEntry> {
  const { files } = process.container;
  const node = files.findLink(path);
  if (!node) return;
  const mtime = Math.floor(node.mtime / 1000);
  if (node.kind === 'file') yield { name, type: 'file', mode: node.mode, mtime, content: node.read() };
  else if (node.kind === 'link') yield { name, type: 'link', mode: 0o777, mtime, target: node.target };
  else {
    yield { name, type: 'folder', mode: node.mode, mtime };
    for (const child of files.names(path))
      yield* walk(process, join(path, child), name.endsWith('/') ? `${name}${child}` : `${name}/${child}`);
  }
}

async function extract(process: Process, options: TarOptions): Promise<number> {
  const decoder = new TarDecoder();
  const { files } = process.container;
  if (!files.isFolder(options.folder)) {
    await process.error(`tar: can't change directory to '${options.folder}': No such file or directory\n`);
    return 1;
  }
  const take = async (chunk: Uint8Array): Promise<void> => {
    for (const entry of decoder.push(chunk)) await place(process, options, entry);
  };
  if (options.file === '-' && !options.gzip) {
    for (let chunk = await process.read(); chunk; chunk = await process.read()) await take(chunk);
  } else {
    const archive = options.file === '-' ? await process.readAll() : files.read(resolvePath(process.cwd, options.file));
    await take(archive[0] === 0x1f && archive[1] === 0x8b ? gunzipSync(archive) : archive);
  }
  decoder.finish();
  return 0;
}

async function place(process: Process, options: TarOptions, entry: TarEntry): Promise<void> {
  const name = entry.name.replace(/^(?:\.?\/)+/, '').replace(/\/$/, '');
  const inner = name.split('/').slice(options.strip).join('/');
  if (name.split('/').includes('..')) throw new TarError(`name with '..' skipped: '${entry.name}'`);
  const wanted = options.operands.map((operand) => operand.replace(/^(?:\.?\/)+/, '').replace(/\/$/, ''));
  if (wanted.length > 0 && !wanted.some((operand) => name === operand || name.startsWith(`${operand}/`))) return;
  if (options.action === 't') return void (await process.out(`${entry.name}\n`));
  if (options.verbose) await process.error(`${entry.name}\n`);
  if (inner === '') return;
  if (options.toStdout) {
    if (entry.content) await process.write(entry.content);
    return;
  }
  const { files } = process.container;
  const path = resolvePath(options.folder, inner);
  if (entry.type === 'folder') return files.makeFolders(path);
  files.makeFolders(dirname(path));
  const existing = files.findLink(path);
  if (existing && existing.kind !== 'folder' && (entry.type === 'link' || existing.kind === 'link')) files.remove(path);
  if (entry.type === 'link') files.makeLink(entry.target ?? '', path);
  else files.write(path, entry.content ?? new Uint8Array(0), { mode: entry.mode });
}
