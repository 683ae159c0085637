/** `head` and `tail`: both stop or go on while their input flows; `tail -f` follows a file by the cluster's clock. */
import { resolvePath } from '../files/path.ts';
import { readLine } from '../process/lines.ts';
import type { Process, Program } from '../process/process.ts';
import { openOperand } from './cat.ts';

interface Options {
  readonly unit: 'lines' | 'bytes';
  readonly count: number;
  /** `tail -n +3`: from there on. `head -n -3`: all but the last. */
  readonly relative: boolean;
  readonly follow: boolean;
  readonly quiet: boolean;
  readonly paths: readonly string[];
}

function parse(args: readonly string[]): Options {
  let unit: Options['unit'] = 'lines';
  let amount = '10';
  let follow = false;
  let quiet = false;
  const paths: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] as string;
    const long = /^--(lines|bytes)=(.+)$/.exec(arg);
    if (long) [unit, amount] = [long[1] as Options['unit'], long[2] as string];
    else if (arg === '--follow' || arg.startsWith('--follow=')) follow = true;
    else if (/^[-+]\d+$/.test(arg)) amount = arg.startsWith('-') ? arg.slice(1) : arg;
    else if (/^-[nc]/.test(arg)) {
      unit = arg[1] === 'c' ? 'bytes' : 'lines';
      amount = arg.slice(2) || (args[++at] ?? '10');
    } else if (/^-[a-zA-Z]+$/.test(arg)) {
      follow ||= /[fF]/.test(arg);
      quiet ||= arg.includes('q');
      if (arg.endsWith('n')) amount = args[++at] ?? '10';
    } else paths.push(arg);
  }
  return {
    unit,
    count: Math.abs(Number(amount.replace(/^\+/, ''))),
    relative: /^[+-]/.test(amount),
    follow,
    quiet,
    paths: paths.length > 0 ? paths : ['-'],
  };
}

export const head: Program = async (process) => {
  const options = parse(process.args);
  let status = 0;
  for (const [index, path] of options.paths.entries()) {
    const source = await openOperand(process, path);
    if (!source) {
      status = 1;
      continue;
    }
    if (options.paths.length > 1 && !options.quiet) await process.out(`${index > 0 ? '\n' : ''}==> ${path} <==\n`);
    if (options.unit === 'bytes') {
      let left = options.count;
      while (left > 0) {
        const chunk = await process.read(source);
        if (!chunk) break;
        await process.write(chunk.subarray(0, left));
        source.unread(chunk.subarray(left));
        left -= chunk.length;
      }
    } else if (options.relative) {
      const lines = splitLines(await process.readAll(source));
      await process.out(lines.slice(0, Math.max(0, lines.length - options.count)).join(''));
    } else {
      for (let i = 0; i < options.count; i++) {
        const line = await readLine(process, source);
        if (!line) break;
        await process.write(line);
      }
    }
  }
  return status;
};

const pollMs = 1000;

export const tail: Program = async (process) => {
  const options = parse(process.args);
  let status = 0;
  const followed: { path: string; size: number }[] = [];
  for (const [index, path] of options.paths.entries()) {
    const source = await openOperand(process, path);
    if (!source) {
      status = 1;
      if (options.follow) followed.push({ path: resolvePath(process.cwd, path), size: 0 });
      continue;
    }
    if (options.paths.length > 1 && !options.quiet) await process.out(`${index > 0 ? '\n' : ''}==> ${path} <==\n`);
    if (path === '-' && options.follow) return forward(process);
    const bytes = await process.readAll(source);
    await process.write(lastOf(bytes, options));
    if (options.follow) followed.push({ path: resolvePath(process.cwd, path), size: bytes.length });
  }
  // `tail -f /dev/null` is how images are kept running: nothing ever comes, so no timer is needed.
  const files = followed.filter(({ path }) => !path.startsWith('/dev/'));
  if (options.follow && files.length === 0) await new Promise(() => undefined);
  while (options.follow) {
    await process.sleep(pollMs);
    for (const file of files) {
      const node = process.container.files.find(file.path);
      if (node?.kind !== 'file') continue;
      if (node.size < file.size) file.size = 0;
      if (node.size > file.size) await process.write(node.read().subarray(file.size));
      file.size = node.size;
    }
  }
  return status;
};

async function forward(process: Process): Promise<number> {
  for (let chunk = await process.read(); chunk; chunk = await process.read()) await process.write(chunk);
  return 0;
}

function lastOf(bytes: Uint8Array, { unit, count, relative }: Options): Uint8Array {
  if (unit === 'bytes') return relative ? bytes.subarray(count - 1) : bytes.subarray(Math.max(0, bytes.length - count));
  const lines = splitLines(bytes);
  const kept = relative ? lines.slice(Math.max(0, count - 1)) : count === 0 ? [] : lines.slice(-count);
  return new TextEncoder().encode(kept.join(''));
}

function splitLines(bytes: Uint8Array): string[] {
  const text = new TextDecoder().decode(bytes);
  return text === '' ? [] : text.split(/(?<=\n)/);
}
