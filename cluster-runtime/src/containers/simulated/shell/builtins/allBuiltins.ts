/** The only list of commands that a shell runs in itself. */
import type { Shell } from '../shell.ts';
import { cd, pwd } from './folders.ts';
import {
  breakLoop,
  colon,
  dot,
  evalText,
  exitShell,
  returnFrom,
  shift,
  trueBuiltin,
  falseBuiltin,
  commandBuiltin,
} from './control.ts';
import { jobs, killBuiltin, trap, wait, foreground, times } from './jobs.ts';
import { echo, printf } from './output.ts';
import { getopts, read } from './input.ts';
import { declare, exportBuiltin, letBuiltin, local, readonlyBuiltin, setBuiltin, unset } from './variables.ts';
import { alias, hash, help, history, test, type, ulimit, umask, unalias } from './various.ts';

/** Resolves with the status. */
export type Builtin = (shell: Shell, args: readonly string[], name: string) => Promise<number> | number;

export const allBuiltins: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  [':', colon],
  ['.', dot],
  ['source', dot],
  ['[', test],
  ['test', test],
  ['alias', alias],
  ['unalias', unalias],
  ['bg', foreground],
  ['fg', foreground],
  ['break', breakLoop],
  ['continue', breakLoop],
  ['cd', cd],
  ['command', commandBuiltin],
  ['builtin', commandBuiltin],
  ['declare', declare],
  ['typeset', declare],
  ['echo', echo],
  ['eval', evalText],
  ['exit', exitShell],
  ['logout', exitShell],
  ['export', exportBuiltin],
  ['false', falseBuiltin],
  ['getopts', getopts],
  ['hash', hash],
  ['help', help],
  ['history', history],
  ['jobs', jobs],
  ['kill', killBuiltin],
  ['let', letBuiltin],
  ['local', local],
  ['printf', printf],
  ['pwd', pwd],
  ['read', read],
  ['readonly', readonlyBuiltin],
  ['return', returnFrom],
  ['set', setBuiltin],
  ['shift', shift],
  ['shopt', trueBuiltin],
  ['times', times],
  ['trap', trap],
  ['true', trueBuiltin],
  ['type', type],
  ['ulimit', ulimit],
  ['umask', umask],
  ['unset', unset],
  ['wait', wait],
]);

/** POSIX' special builtins: found before functions, and assignments before them stay. */
export const specialBuiltins: ReadonlySet<string> = new Set(
  ': . break continue eval exec exit export readonly return set shift times trap unset'.split(' '),
);
