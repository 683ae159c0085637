/** `echo` and `printf`; the programs of the same names share their words. */
import { unescape } from '../escapes.ts';
import { format } from '../format.ts';
import type { Flavour } from '../shell.ts';
import type { Builtin } from './allBuiltins.ts';

export const echo: Builtin = async (shell, args) => {
  await shell.out(echoText(args, shell.flavour));
  return 0;
};

export function echoText(args: readonly string[], flavour: Flavour): string {
  let newline = true;
  // dash's echo always interprets escapes and knows only -n.
  let escapes = flavour === 'dash';
  let first = 0;
  const flags = flavour === 'dash' ? /^-n$/ : /^-[neE]+$/;
  for (; flags.test(args[first] ?? ''); first++) {
    for (const flag of (args[first] ?? '').slice(1)) {
      if (flag === 'n') newline = false;
      else escapes = flag === 'e';
    }
  }
  const text = args.slice(first).join(' ');
  if (!escapes) return newline ? `${text}\n` : text;
  const { text: plain, stopped } = unescape(text, true);
  return newline && !stopped ? `${plain}\n` : plain;
}

export const printf: Builtin = async (shell, args) => {
  let rest = args;
  let variable: string | undefined;
  if (rest[0] === '-v') [, variable, ...rest] = rest;
  if (rest[0] === '--') rest = rest.slice(1);
  const [template, ...values] = rest;
  if (template === undefined) {
    await shell.error('printf: usage: printf format [arg ...]\n');
    return 2;
  }
  const { text, problems } = format(template, values);
  if (variable !== undefined) shell.variables.set(variable, text);
  else if (text !== '') await shell.out(text);
  for (const problem of problems) await shell.complain(`printf: ${problem}`);
  return problems.length > 0 ? 1 : 0;
};
