/** `export`, `set`, `local` and the others that make and mark variables. */
import { evaluate } from '../arithmetic.ts';
import { parseScript } from '../syntax.ts';
import type { Shell, ShellOption } from '../shell.ts';
import { ShellError } from '../variables.ts';
import type { Builtin } from './allBuiltins.ts';

const namePattern = /^[A-Za-z_]\w*$/;

function splitAssignment(text: string): { name: string; value: string | undefined } {
  const at = text.indexOf('=');
  const name = at < 0 ? text : text.slice(0, at);
  if (!namePattern.test(name)) throw new ShellError(`${text}: bad variable name`, 2);
  return { name, value: at < 0 ? undefined : text.slice(at + 1) };
}

function quoted(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`;
}

async function list(shell: Shell, prefix: string, wanted: (name: string) => boolean): Promise<number> {
  for (const name of shell.variables.names().filter(wanted))
    await shell.out(`${prefix}${name}=${quoted(shell.variables.get(name) ?? '')}\n`);
  return 0;
}

export const exportBuiltin: Builtin = (shell, args) => {
  const names = args.filter((arg) => !arg.startsWith('-'));
  if (names.length === 0) return list(shell, 'export ', (name) => shell.variables.describe(name)?.exported === true);
  for (const text of names) {
    const { name, value } = splitAssignment(text);
    if (value !== undefined) shell.variables.set(name, value);
    shell.variables.mark(name, { exported: !args.includes('-n') });
  }
  return 0;
};

export const readonlyBuiltin: Builtin = (shell, args) => {
  const names = args.filter((arg) => !arg.startsWith('-'));
  if (names.length === 0) return list(shell, 'readonly ', (name) => shell.variables.describe(name)?.readOnly === true);
  for (const text of names) {
    const { name, value } = splitAssignment(text);
    if (value !== undefined) shell.variables.set(name, value);
    shell.variables.mark(name, { readOnly: true });
  }
  return 0;
};

export const local: Builtin = (shell, args) => {
  for (const text of args.filter((arg) => !arg.startsWith('-'))) {
    const { name, value } = splitAssignment(text);
    if (!shell.variables.makeLocal(name)) throw new ShellError('local: not in a function', shell.flavour === 'bash' ? 1 : 2);
    if (value !== undefined) shell.variables.set(name, value);
  }
  return 0;
};

export const declare: Builtin = (shell, args) => {
  const flags = args.filter((arg) => arg.startsWith('-')).join('');
  const names = args.filter((arg) => !arg.startsWith('-'));
  if (names.length === 0) return list(shell, 'declare -- ', () => true);
  for (const text of names) {
    const { name, value } = splitAssignment(text);
    shell.variables.makeLocal(name);
    if (value !== undefined) shell.variables.set(name, value);
    if (flags.includes('x')) shell.variables.mark(name, { exported: true });
    if (flags.includes('r')) shell.variables.mark(name, { readOnly: true });
  }
  return 0;
};

export const unset: Builtin = (shell, args) => {
  const functions = args.includes('-f');
  for (const name of args.filter((arg) => !arg.startsWith('-'))) {
    if (functions) shell.functions.delete(name);
    else shell.variables.unset(name);
  }
  return 0;
};

const letters = 'euxfnvaCbm';
const longOptions: Readonly<Record<string, ShellOption>> = {
  errexit: 'e',
  nounset: 'u',
  xtrace: 'x',
  noglob: 'f',
  noexec: 'n',
  verbose: 'v',
  allexport: 'a',
  noclobber: 'C',
  monitor: 'm',
  pipefail: 'pipefail',
};

export const setBuiltin: Builtin = (shell, args) => {
  if (args.length === 0) return list(shell, '', () => true);
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] as string;
    if (arg === '--' || !/^[+-]./.test(arg)) {
      shell.positional = args.slice(arg === '--' ? at + 1 : at);
      return 0;
    }
    if (arg[1] === 'o') {
      const name = args[++at] ?? '';
      if (!Object.hasOwn(longOptions, name)) throw new ShellError(`set: illegal option ${arg} ${name}`, 2);
      change(shell, longOptions[name] as ShellOption, arg[0] === '-');
      continue;
    }
    for (const letter of arg.slice(1)) {
      if (letter === 'o') {
        const name = args[++at] ?? '';
        if (!Object.hasOwn(longOptions, name)) throw new ShellError(`set: illegal option -o ${name}`, 2);
        change(shell, longOptions[name] as ShellOption, arg[0] === '-');
      } else if (letters.includes(letter)) change(shell, letter as ShellOption, arg[0] === '-');
      else if (letter !== 'h' && letter !== 'E' && letter !== 'T') throw new ShellError(`set: illegal option -${letter}`, 2);
    }
  }
  return 0;
};

function change(shell: Shell, option: ShellOption, on: boolean): void {
  if (on) shell.options.add(option);
  else shell.options.delete(option);
}

export const letBuiltin: Builtin = async (shell, args) => {
  let value = 0;
  for (const text of args) {
    const parsed = await parseScript(`((${text}))`);
    const command = parsed.kind === 'script' ? parsed.script.statements[0]?.pipelines[0]?.commands[0] : undefined;
    if (command?.type !== 'ArithmeticCommand') throw new ShellError('let: arithmetic syntax error', 1);
    value = await evaluate(shell, command.expression.expression);
  }
  return value !== 0 ? 0 : 1;
};
