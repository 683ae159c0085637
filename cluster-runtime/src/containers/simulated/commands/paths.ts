/** `which`, `realpath`, `mktemp`, `sync`, `clear`, `stty`, and what is said where a full screen would be needed. */
import { FileError } from '../files/fileError.ts';
import { dirname, join, resolvePath } from '../files/path.ts';
import { defaultPath, ExecutableError, locateExecutable } from '../process/executables.ts';
import type { Program } from '../process/process.ts';

export const which: Program = async (process) => {
  let status = 0;
  for (const name of process.args.filter((arg) => !arg.startsWith('-'))) {
    let path: string | undefined;
    try {
      path = locateExecutable(process.container, name, { cwd: process.cwd, path: process.env.get('PATH') ?? defaultPath });
    } catch (error) {
      if (!(error instanceof ExecutableError)) throw error;
    }
    if (path === undefined) status = 1;
    else await process.out(`${path}\n`);
  }
  return status;
};

export const realpath: Program = async (process) => {
  let status = 0;
  for (const path of process.args.filter((arg) => !arg.startsWith('-'))) {
    const full = resolvePath(process.cwd, path);
    try {
      // The last part need not exist.
      const { files } = process.container;
      await process.out(
        `${files.exists(full) ? files.realPath(full) : join(files.realPath(dirname(full)), full.slice(full.lastIndexOf('/') + 1))}\n`,
      );
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      await process.error(`realpath: ${path}: ${error.message}\n`);
      status = 1;
    }
  }
  return status;
};

export const mktemp: Program = async (process) => {
  const template = process.args.find((arg) => !arg.startsWith('-')) ?? 'tmp.XXXXXX';
  const suffix = process.container.host.ctx.random.suffix(6);
  const path = resolvePath(template.includes('/') ? process.cwd : '/tmp', template.replace(/X{3,}$/, suffix));
  if (process.args.some((arg) => /^-\w*d/.test(arg))) process.container.files.makeFolders(path);
  else process.container.files.write(path, new Uint8Array(0), { mode: 0o600 });
  await process.out(`${path}\n`);
  return 0;
};

export const clear: Program = async (process) => {
  await process.out('\x1b[H\x1b[J');
  return 0;
};

export const stty: Program = async (process) => {
  const { terminal } = process;
  if (process.args[0] === 'size' && terminal) await process.out(`${terminal.size.height} ${terminal.size.width}\n`);
  return 0;
};

export const fullScreen: Program = async (process) => {
  await process.error(`${process.argv[0]}: simulated containers have no full-screen terminal; use cat, sed or kubectl cp\n`);
  return 1;
};
