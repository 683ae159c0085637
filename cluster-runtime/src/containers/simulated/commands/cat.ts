/** `cat`, and the pagers, which in here are `cat` too; `tee`. */
import { FileError } from '../files/fileError.ts';
import type { ByteSink, ByteSource } from '../process/byteStream.ts';
import type { Process, Program } from '../process/process.ts';
import { openSink, openSource, standardStreams } from '../shell/streams.ts';

/** Opens an operand; `-` is standard input. Says why it cannot and gives undefined. */
export async function openOperand(process: Process, path: string): Promise<ByteSource | undefined> {
  if (path === '-') return process.stdin;
  const streams = standardStreams(process.stdin, process.stdout, process.stderr);
  try {
    return openSource(process, streams, process.cwd, path);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const busybox = process.container.image.userland !== 'debian';
    await process.error(
      busybox && error.code === 'ENOENT'
        ? `${process.argv[0]}: can't open '${path}': ${error.message}\n`
        : `${process.argv[0]}: ${path}: ${error.message}\n`,
    );
    return undefined;
  }
}

export const cat: Program = async (process) => {
  const flags = process.args.filter((arg) => /^-[a-zA-Z]/.test(arg)).join('');
  const paths = process.args.filter((arg) => !/^-[a-zA-Z]/.test(arg));
  let status = 0;
  let line = 1;
  let atStart = true;
  for (const path of paths.length > 0 ? paths : ['-']) {
    const source = await openOperand(process, path);
    if (!source) {
      status = 1;
      continue;
    }
    for (let chunk = await process.read(source); chunk; chunk = await process.read(source)) {
      if (!flags.includes('n')) {
        await process.write(chunk);
        continue;
      }
      const text = new TextDecoder().decode(chunk);
      let numbered = '';
      for (const piece of text.split(/(?<=\n)/)) {
        numbered += atStart ? `${String(line++).padStart(6)}\t${piece}` : piece;
        atStart = piece.endsWith('\n');
      }
      await process.out(numbered);
    }
  }
  return status;
};

export const tee: Program = async (process) => {
  const append = process.args.includes('-a');
  const sinks: ByteSink[] = [];
  let status = 0;
  for (const path of process.args.filter((arg) => !arg.startsWith('-'))) {
    try {
      sinks.push(openSink(process, standardStreams(process.stdin, process.stdout, process.stderr), process.cwd, path, append));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      await process.error(`tee: ${path}: ${error.message}\n`);
      status = 1;
    }
  }
  for (let chunk = await process.read(); chunk; chunk = await process.read()) {
    await process.write(chunk);
    for (const sink of sinks) await process.write(chunk, sink);
  }
  return status;
};
