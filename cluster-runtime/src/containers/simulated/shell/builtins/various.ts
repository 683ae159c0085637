/** `test`, `type`, `umask` and other small ones. */
import { ExecutableError, locateExecutable } from '../../process/executables.ts';
import { evaluateTest, TestError } from '../conditions.ts';
import type { Shell } from '../shell.ts';
import { allBuiltins, type Builtin } from './allBuiltins.ts';

const keywords = new Set('if then else elif fi for while until do done case esac in { } ! [[ ]] function time'.split(' '));

export const test: Builtin = async (shell, args, name) => {
  const words = name === '[' ? args.slice(0, -1) : args;
  if (name === '[' && args.at(-1) !== ']') {
    await shell.complain('[: missing ]');
    return 2;
  }
  try {
    return evaluateTest(shell, words) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof TestError)) throw error;
    await shell.complain(`${name}: ${error.message}`);
    return 2;
  }
};

/** What `command -v` (or, with `verbose`, `type`) tells; undefined when there is no such command. */
export function describeCommand(shell: Shell, name: string, verbose: boolean): string | undefined {
  const tell = (what: string): string => (verbose ? `${name} is ${what}` : name);
  if (keywords.has(name)) return tell('a shell keyword');
  const alias = shell.aliases.get(name);
  if (alias !== undefined) return verbose ? `${name} is an alias for ${alias}` : `alias ${name}='${alias}'`;
  if (shell.functions.has(name)) return tell('a shell function');
  if (allBuiltins.has(name) || name === 'exec') return tell('a shell builtin');
  try {
    const path = locateExecutable(shell.process.container, name, { cwd: shell.cwd, path: shell.variables.get('PATH') ?? '' });
    return path === undefined ? undefined : verbose ? `${name} is ${path}` : path;
  } catch (error) {
    if (error instanceof ExecutableError) return undefined;
    throw error;
  }
}

export const type: Builtin = async (shell, args) => {
  let status = 0;
  for (const name of args) {
    const found = describeCommand(shell, name, true);
    if (found !== undefined) await shell.out(`${found}\n`);
    else {
      await shell.out(`${name}: not found\n`);
      status = 127;
    }
  }
  return status;
};

export const alias: Builtin = async (shell, args) => {
  if (args.length === 0) for (const [name, value] of shell.aliases) await shell.out(`alias ${name}='${value}'\n`);
  for (const text of args) {
    const at = text.indexOf('=');
    if (at > 0) shell.aliases.set(text.slice(0, at), text.slice(at + 1));
    else if (shell.aliases.has(text)) await shell.out(`alias ${text}='${shell.aliases.get(text)}'\n`);
  }
  return 0;
};

export const unalias: Builtin = (shell, args) => {
  if (args.includes('-a')) shell.aliases.clear();
  for (const name of args) shell.aliases.delete(name);
  return 0;
};

export const umask: Builtin = async (shell, args) => {
  if (args.length === 0) await shell.out('0022\n');
  return 0;
};

export const ulimit: Builtin = async (shell, args) => {
  await shell.out(args.includes('-n') ? '1048576\n' : 'unlimited\n');
  return 0;
};

export const hash: Builtin = () => 0;

/** Differs from Kubernetes: earlier lines are recalled with the arrow keys, by the terminal; the shell keeps no list. */
export const history: Builtin = () => 0;

export const help: Builtin = async (shell) => {
  await shell.out(`Built-in commands:\n------------------\n\t${[...allBuiltins.keys()].sort().join(' ')}\n`);
  return 0;
};
