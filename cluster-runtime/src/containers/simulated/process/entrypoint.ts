/** What the entry point scripts of images end with: going on as the command that they were given. */
import { ExecutableError, findExecutable } from './executables.ts';
import type { Process } from './process.ts';

export async function becomeCommand(process: Process, argv: readonly string[]): Promise<number> {
  try {
    const search = { cwd: process.cwd, path: process.env.get('PATH') ?? '' };
    const executable = await findExecutable(process.container, argv[0] ?? '', search);
    return await process.become(executable.program, {
      argv: [...(executable.interpreter ?? argv.slice(0, 1)), ...argv.slice(1)],
    });
  } catch (error) {
    if (!(error instanceof ExecutableError)) throw error;
    await process.error(`${process.argv[0] ?? ''}: exec: ${argv[0] ?? ''}: ${error.shellText}\n`);
    return error.exitCode;
  }
}
