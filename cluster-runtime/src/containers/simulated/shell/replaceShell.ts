/** `exec program`: the shell's process goes on as that program, under its pid and with its open files. */
import { defaultPath, ExecutableError, findExecutable } from '../process/executables.ts';
import { ExitShell } from './flow.ts';
import type { Shell } from './shell.ts';
import { sinkIn, sourceIn } from './streams.ts';

export async function replaceShell(shell: Shell, argv: readonly string[], extra: ReadonlyMap<string, string>): Promise<never> {
  const env = shell.variables.environment(extra);
  const { process } = shell;
  let executable;
  try {
    executable = await findExecutable(process.container, argv[0] ?? '', { cwd: shell.cwd, path: env.get('PATH') ?? defaultPath });
  } catch (error) {
    if (!(error instanceof ExecutableError)) throw error;
    await shell.complain(`exec: ${argv[0]}: ${error.shellText}`);
    throw new ExitShell(error.exitCode);
  }
  shell.traps.clear();
  const status = await process.become(executable.program, {
    argv: [...(executable.interpreter ?? argv.slice(0, 1)), ...argv.slice(1)],
    env,
    cwd: shell.cwd,
    stdin: sourceIn(shell.streams),
    stdout: sinkIn(shell.streams, 1),
    stderr: sinkIn(shell.streams, 2),
  });
  throw new ExitShell(status);
}
