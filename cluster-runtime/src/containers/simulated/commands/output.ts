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

const outputBlock = 4096;

export const seq: Program = async (process) => {
  const args = [...process.args];
  let separator = '\n';
  let equalWidth = false;
  while (/^-[sw]/.test(args[0] ?? '')) {
    const option = args.shift() as string;
    if (option === '-w') equalWidth = true;
    else separator = option.slice(2) || (args.shift() ?? '\n');
  }
  const numbers = args.map(Number);
  if (numbers.length === 0 || numbers.some(Number.isNaN)) {
    await process.error(`seq: invalid number '${args.find((arg) => Number.isNaN(Number(arg))) ?? ''}'\n`);
    return 1;
  }
  const [first, step, last] =
    numbers.length === 1 ? [1, 1, numbers[0]] : numbers.length === 2 ? [numbers[0], 1, numbers[1]] : numbers;
  const [from, by, to] = [first ?? 1, step ?? 1, last ?? 0];
  if (by === 0) return 1;
  const digits = Math.max(...args.map((arg) => (arg.split('.')[1] ?? '').length));
  const width = equalWidth ? Math.max(from.toFixed(digits).length, to.toFixed(digits).length) : 0;
  const count = Math.floor((to - from) / by + 1e-9) + 1;
  let text = '';
  for (let i = 0; i < count; i++) {
    text += (from + i * by).toFixed(digits).padStart(width, '0') + (i < count - 1 ? separator : '\n');
    if (text.length < outputBlock && i < count - 1) continue;
    await process.out(text);
    text = '';
  }
  return 0;
};

export const succeed: Program = () => 0;
export const fail: Program = () => 1;
