/**
 * The text tools (`grep`, `sed`, `awk`, `sort` …) are the shell library's. They take their whole input before they
 * print; what must flow (`cat`, `head`, `tail -f`, `tee` …) is a program of our own.
 *
 * Differs from Kubernetes: a text tool reads at most 16 MiB of standard input.
 */
import type { Bash } from 'just-bash';
import { shellFileSystem } from '../files/shellFileSystem.ts';
import { userlandTools } from '../images/userland.ts';
import { BufferSink, sourceOf } from '../process/byteStream.ts';
import type { SimulatedContainer } from '../process/container.ts';
import { ExecutableError, findExecutable } from '../process/executables.ts';
import type { Process, Program } from '../process/process.ts';

const mostInput = 16 * 1024 * 1024;
const sharedName = 'shell library';
/** Where the library has a tool under another name. */
const otherNames: ReadonlyMap<string, string> = new Map([['mawk', 'awk']]);
/** Tools that look at standard input only when no file is named would otherwise wait for a terminal. */
const ignoresInput = new Set(
  'basename chmod cp dirname du expr find ln ls mkdir mv readlink rm rmdir seq stat touch tree which'.split(' '),
);

export function textTool(name: string): Program {
  return async (process) => {
    const bash = await libraryFor(process.container);
    const input = ignoresInput.has(name) || readsFilesOnly(name, process.args) ? undefined : await readInput(process);
    if (input === 'too much') {
      await process.error(`${name}: memory exhausted\n`);
      return 1;
    }
    const result = await bash.exec(otherNames.get(name) ?? name, {
      args: [...process.args],
      env: Object.fromEntries(process.env),
      replaceEnv: true,
      cwd: process.cwd,
      ...(input ? { stdin: Buffer.from(input).toString('latin1'), stdinKind: 'bytes' as const } : {}),
    });
    const isBytes = result.stdoutKind === 'bytes' || result.stdoutEncoding === 'binary';
    if (result.stdout !== '') await process.write(Buffer.from(result.stdout, isBytes ? 'latin1' : 'utf8'));
    if (result.stderr !== '') await process.error(result.stderr.replace(/^bash: (?:line \d+: )?/, ''));
    return result.exitCode;
  };
}

/** `grep x file`, `sort file`: with operands enough, standard input is not read. */
function readsFilesOnly(name: string, args: readonly string[]): boolean {
  const operands = args.filter((arg) => !arg.startsWith('-') || arg === '-');
  if (operands.includes('-')) return false;
  const programFirst =
    ['grep', 'egrep', 'fgrep', 'sed', 'awk', 'mawk'].includes(name) &&
    !args.some((arg) => /^-(?:e|f|-expression|-file)/.test(arg));
  if (['xargs', 'tr', 'column', 'base64'].includes(name)) return false;
  return operands.length > (programFirst ? 1 : 0);
}

async function readInput(process: Process): Promise<Uint8Array | 'too much'> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (let chunk = await process.read(); chunk; chunk = await process.read()) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > mostInput) return 'too much';
  }
  return Buffer.concat(chunks);
}

async function libraryFor(container: SimulatedContainer): Promise<Bash> {
  const existing = container.shared.get(sharedName);
  if (existing) return existing as Bash;
  const { Bash, defineCommand, latin1FromBytes } = await import('just-bash');
  const { allCommands } = await import('./allCommands.ts');
  // What the library's tools start themselves (`xargs curl`, `find -exec`) are programs of this container.
  const names = [...userlandTools(container.image).keys()].filter((name) => allCommands.has(name));
  const programs = Object.keys(container.image.programs ?? {}).map((path) => path.slice(path.lastIndexOf('/') + 1));
  const bash = new Bash({
    fs: shellFileSystem(container.files),
    cwd: '/',
    env: {},
    defenseInDepth: false,
    customCommands: [...new Set([...names, ...programs])].map((name) =>
      defineCommand(name, async (args, context) => {
        const output = new BufferSink();
        const errors = new BufferSink();
        try {
          const executable = await findExecutable(container, name, { cwd: context.cwd, path: context.env.get('PATH') ?? '' });
          const child = container.spawn({
            argv: [...(executable.interpreter ?? [name]), ...args],
            env: context.env,
            cwd: context.cwd,
            stdin: sourceOf(Buffer.from(latin1FromBytes(context.stdin), 'latin1')),
            stdout: output,
            stderr: errors,
          });
          child.run(executable.program);
          const { code } = await child.wait();
          return {
            stdout: Buffer.from(output.bytes()).toString('latin1'),
            stdoutKind: 'bytes' as const,
            stderr: errors.text(),
            exitCode: code,
          };
        } catch (error) {
          if (!(error instanceof ExecutableError)) throw error;
          return { stdout: '', stderr: `${name}: ${error.shellText}\n`, exitCode: error.exitCode };
        }
      }),
    ),
  });
  container.shared.set(sharedName, bash);
  return bash;
}
