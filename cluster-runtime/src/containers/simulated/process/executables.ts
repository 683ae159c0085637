/**
 * From a command's first word to the program that runs: the image's own programs, the tools of its userland, and
 * scripts that somebody put into its files. The shell and the tools are loaded when the first of them is needed.
 */
import { FileError } from '../files/fileError.ts';
import { basename, dirname, resolvePath } from '../files/path.ts';
import { userlandTools } from '../images/userland.ts';
import type { SimulatedContainer } from './container.ts';
import type { Program } from './process.ts';

export const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The command cannot be run. `message` is how the low-level runtime words it. */
export class ExecutableError extends Error {
  /** What a shell makes of it: 127 not found, 126 found but not runnable. */
  readonly exitCode: 126 | 127;
  /** `not found`, `Permission denied`: as a shell words it. */
  readonly shellText: string;
  constructor(message: string, exitCode: 126 | 127, shellText: string) {
    super(message);
    this.exitCode = exitCode;
    this.shellText = shellText;
  }
}

export interface Executable {
  readonly program: Program;
  readonly path: string;
  /** Set for scripts: the interpreter's command line that takes the place of argv[0]. */
  readonly interpreter?: readonly string[];
}

interface Search {
  readonly cwd: string;
  readonly path: string;
}

const toolFolders = new Set(['/bin', '/usr/bin', '/sbin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin']);

/** Where `name` is, as `which` would tell; undefined when it is nowhere. Throws ExecutableError for a path that cannot be run. */
export function locateExecutable(container: SimulatedContainer, name: string, search: Search): string | undefined {
  const { image } = container;
  if (name === '') throw new ExecutableError('exec: no command', 127, 'not found');
  if (name.includes('/')) {
    const path = resolvePath(search.cwd, name);
    return programAt(container, path) ? path : checked(container, path, name);
  }
  for (const folder of search.path.split(':')) {
    const path = resolvePath(search.cwd, `${folder || '.'}/${name}`);
    if (image.programs && Object.hasOwn(image.programs, path)) return path;
    if (userlandTools(image).get(name) === path) return path;
    const node = container.ownFile(path);
    if (node?.kind === 'file' && (node.mode & 0o111) !== 0) return path;
  }
  return undefined;
}

export async function findExecutable(container: SimulatedContainer, name: string, search: Search): Promise<Executable> {
  const path = locateExecutable(container, name, search);
  if (path === undefined) {
    throw new ExecutableError(`exec: ${JSON.stringify(name)}: executable file not found in $PATH`, 127, 'not found');
  }
  const program = programAt(container, path);
  if (program) return { program: await program(), path };
  const script = container.files.readText(path);
  const hashBang = /^#!\s*(\S+)(?:[ \t]+(\S.*))?/.exec(script);
  if (!hashBang) {
    throw new ExecutableError(`exec ${path}: exec format error`, 126, 'Exec format error');
  }
  const interpreter = [hashBang[1] as string, ...(hashBang[2] ? [hashBang[2].trimEnd()] : [])];
  const found = await findExecutable(container, interpreter[0] as string, search);
  return {
    program: found.program,
    path: found.path,
    interpreter: [...(found.interpreter ?? [interpreter[0] as string]), ...interpreter.slice(1), path],
  };
}

/** The built-in program behind a path, to be loaded; undefined when it is a file like any other, or nothing. */
function programAt(container: SimulatedContainer, path: string): (() => Program | Promise<Program>) | undefined {
  const { image } = container;
  if (container.ownFile(path)) return undefined;
  if (image.programs && Object.hasOwn(image.programs, path)) {
    const program = image.programs[path] as Program;
    return () => program;
  }
  const name = basename(path);
  if (!toolFolders.has(dirname(path))) return undefined;
  const at = userlandTools(image).get(name);
  if (at === undefined) return undefined;
  // Debian's /bin is /usr/bin.
  if (at !== path && !(image.userland === 'debian' || image.userland === 'alpine')) return undefined;
  return () => loadTool(name);
}

async function loadTool(name: string): Promise<Program> {
  const { allCommands } = await import('../commands/allCommands.ts');
  const program = allCommands.get(name);
  if (program) return program;
  const { textTool } = await import('../commands/textTool.ts');
  return textTool(name);
}

function checked(container: SimulatedContainer, path: string, name: string): string {
  const quoted = JSON.stringify(name);
  let node;
  try {
    node = container.files.find(path);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new ExecutableError(`exec: ${quoted}: stat ${path}: ${error.message.toLowerCase()}`, 126, error.message);
  }
  if (!node) throw new ExecutableError(`exec: ${quoted}: stat ${path}: no such file or directory`, 127, 'not found');
  if (node.kind !== 'file') throw new ExecutableError(`exec: ${quoted}: is a directory`, 126, 'Permission denied');
  if ((node.mode & 0o111) === 0) throw new ExecutableError(`exec: ${quoted}: permission denied`, 126, 'Permission denied');
  return path;
}
