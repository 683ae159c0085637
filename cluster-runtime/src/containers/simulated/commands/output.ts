/** `echo`, `printf`, `yes`, `true`, `false` as programs. */
import type { Program } from '../process/process.ts';
import { echoText } from '../shell/builtins/output.ts';
import { format } from '../shell/format.ts';

export const echo: Program = async (process) => {
  await process.out(echoText(process.args, 'ash'));
  return 0;
};

export const printf: Program = async (process) => {
  const [template = '', ...values] = process.args;
  const { text, problems } = format(template, values);
  await process.out(text);
  for (const problem of problems) await process.error(`printf: ${problem}\n`);
  return problems.length > 0 ? 1 : 0;
};

export const yes: Program = async (process) => {
  const line = `${process.args.join(' ') || 'y'}\n`;
  for (;;) {
    await process.out(line);
    await process.step();
  }
};

export const succeed: Program = () => 0;
export const fail: Program = () => 1;
