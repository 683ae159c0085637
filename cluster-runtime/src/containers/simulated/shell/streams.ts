/** A shell's open files by number, and what redirections make of them. */
import type { ByteSink, ByteSource } from '../process/byteStream.ts';
import { emptySource, nullSink, sourceOf } from '../process/byteStream.ts';
import { FileError } from '../files/fileError.ts';
import { isDevice } from '../files/containerFiles.ts';
import { resolvePath } from '../files/path.ts';
import type { Process } from '../process/process.ts';

export interface Stream {
  readonly source?: ByteSource;
  readonly sink?: ByteSink;
}

export type Streams = ReadonlyMap<number, Stream>;

export function standardStreams(stdin: ByteSource, stdout: ByteSink, stderr: ByteSink): Streams {
  return new Map([
    [0, { source: stdin }],
    [1, { sink: stdout }],
    [2, { sink: stderr }],
  ]);
}

export function sourceIn(streams: Streams): ByteSource {
  return streams.get(0)?.source ?? emptySource;
}

export function sinkIn(streams: Streams, number: 1 | 2): ByteSink {
  return streams.get(number)?.sink ?? nullSink;
}

const zeroes = new Uint8Array(4096);

const encoder = new TextEncoder();

/** Opens a path for reading. Throws FileError. */
export function openSource(process: Process, streams: Streams, cwd: string, path: string): ByteSource {
  const real = realTarget(process, cwd, path);
  if (isDevice(real)) {
    if (real === '/dev/stdin') return sourceIn(streams);
    if (real === '/dev/tty') return process.terminal?.source ?? emptySource;
    if (real === '/dev/zero' || real === '/dev/full') return endless(() => zeroes);
    if (real === '/dev/urandom' || real === '/dev/random') return endless(() => randomBytes(process));
    return emptySource;
  }
  return sourceOf(process.container.files.read(real));
}

/** Opens a path for writing. Throws FileError. */
export function openSink(process: Process, streams: Streams, cwd: string, path: string, append: boolean): ByteSink {
  const real = realTarget(process, cwd, path);
  if (real === '/dev/stdout') return sinkIn(streams, 1);
  if (real === '/dev/stderr') return sinkIn(streams, 2);
  if (real === '/dev/tty') return process.terminal ?? nullSink;
  const main = /^\/proc\/1\/fd\/([12])$/.exec(real);
  if (main) {
    const first = process.container.process(1);
    return (main[1] === '1' ? first?.stdout : first?.stderr) ?? nullSink;
  }
  if (isDevice(real)) return nullSink;
  const { files } = process.container;
  if (!append || !files.exists(real)) files.write(real, new Uint8Array(0));
  else if (files.isFolder(real)) throw new FileError('EISDIR', path);
  let told = false;
  return {
    broken: false,
    write(bytes) {
      try {
        files.write(real, bytes, { append: true });
      } catch (error) {
        // The file's folder is gone, or there is no room: the program goes on writing into the void.
        if (!(error instanceof FileError)) throw error;
        if (error.code === 'ENOSPC' && !told)
          void sinkIn(streams, 2).write(encoder.encode(`sh: write error: ${error.message}\n`));
        told ||= error.code === 'ENOSPC';
      }
      return undefined;
    },
  };
}

function realTarget(process: Process, cwd: string, path: string): string {
  const full = resolvePath(cwd, path);
  if (full.startsWith('/proc/'))
    return full.replace(
      /^\/proc\/self\/fd\/([012])$/,
      (_, n: string) => ['/dev/stdin', '/dev/stdout', '/dev/stderr'][Number(n)] as string,
    );
  const node = process.container.files.findLink(full);
  return node?.kind === 'link' && process.container.files.exists(full) ? process.container.files.realPath(full) : full;
}

function endless(make: () => Uint8Array): ByteSource {
  return { read: () => Promise.resolve(make()), unread: () => undefined };
}

function randomBytes(process: Process): Uint8Array {
  const { random } = process.container.host.ctx;
  return Uint8Array.from({ length: 256 }, () => random.int(256));
}
