/** Where a script goes next: `exit`, `return`, `break`, `eval`, `.` … */
import { FileError } from '../../files/fileError.ts';
import { resolvePath } from '../../files/path.ts';
import { ExitShell, LeaveLoop, ReturnFromFunction } from '../flow.ts';
import { runExecutable } from '../simpleCommand.ts';
import { ShellError } from '../variables.ts';
import { allBuiltins, type Builtin } from './allBuiltins.ts';
import { describeCommand } from './various.ts';

export const colon: Builtin = () => 0;
export const trueBuiltin: Builtin = () => 0;
export const falseBuiltin: Builtin = () => 1;

export const exitShell: Builtin = (shell, args) => {
  throw new ExitShell(statusFrom(args[0], shell.statusBeforeTrap ?? shell.lastStatus));
};

export const returnFrom: Builtin = (shell, args) => {
  throw new ReturnFromFunction(statusFrom(args[0], shell.lastStatus));
};

export const breakLoop: Builtin = (shell, args, name) => {
  if (shell.loopDepth === 0) return 0;
  throw new LeaveLoop(name as 'break' | 'continue', Math.max(1, Number(args[0] ?? 1)));
};

export const shift: Builtin = (shell, args) => {
  const by = Number(args[0] ?? 1);
  if (by > shell.positional.length) {
    if (shell.flavour === 'dash') throw new ShellError("shift: can't shift that many", 2);
    return 1;
  }
  shell.positional = shell.positional.slice(by);
  return 0;
};

export const evalText: Builtin = (shell, args) => shell.runText(args.join(' '));

export const dot: Builtin = async (shell, args, name) => {
  const [path, ...rest] = args;
  if (path === undefined) throw new ShellError(`${name}: filename argument required`, 2);
  let text: string;
  try {
    text = shell.process.container.files.readText(resolvePath(shell.cwd, path));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new ShellError(
      shell.flavour === 'ash' ? `.: can't open '${path}': ${error.message}` : `.: cannot open ${path}: ${error.message}`,
      2,
    );
  }
  const positional = shell.positional;
  if (rest.length > 0) shell.positional = rest;
  try {
    return await shell.runText(text);
  } catch (error) {
    if (error instanceof ReturnFromFunction) return error.status;
    throw error;
  } finally {
    if (rest.length > 0) shell.positional = positional;
  }
};

/** `command -v name`, and running a command past functions of the same name. */
export const commandBuiltin: Builtin = async (shell, args) => {
  const [first, ...rest] = args;
  if (first === undefined) return 0;
  if (first === '-v' || first === '-V') {
    let status = 0;
    for (const name of rest) {
      const found = describeCommand(shell, name, first === '-V');
      if (found !== undefined) await shell.out(`${found}\n`);
      else status = 127;
      if (found === undefined && first === '-V') await shell.error(`${name}: not found\n`);
    }
    return status;
  }
  const argv = first === '-p' || first === '--' ? rest : args;
  const builtin = allBuiltins.get(argv[0] ?? '');
  return builtin ? builtin(shell, argv.slice(1), argv[0] ?? '') : runExecutable(shell, argv, new Map());
};

function statusFrom(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (!/^[+-]?\d+$/.test(text)) throw new ShellError(`Illegal number: ${text}`, 2);
  return Number(text) & 0xff;
}
