/** `env` and `printenv`. */
import type { Program } from '../process/process.ts';
import { startCommand } from './waiting.ts';

export const env: Program = async (process) => {
  const args = [...process.args];
  let variables = new Map(process.env);
  while (args[0] !== undefined) {
    const arg = args[0];
    if (arg === '-i' || arg === '-' || arg === '--ignore-environment') variables = new Map();
    else if (arg === '-u') {
      args.shift();
      variables.delete(args[0] ?? '');
    } else if (arg.includes('=')) variables.set(arg.slice(0, arg.indexOf('=')), arg.slice(arg.indexOf('=') + 1));
    else break;
    args.shift();
  }
  if (args.length === 0) {
    await process.out([...variables].map(([name, value]) => `${name}=${value}\n`).join(''));
    return 0;
  }
  const child = await startCommand(process, args, { env: variables });
  return typeof child === 'number' ? child : (await child.wait()).code;
};

export const printenv: Program = async (process) => {
  if (process.args.length === 0) {
    await process.out([...process.env].map(([name, value]) => `${name}=${value}\n`).join(''));
    return 0;
  }
  let status = 0;
  for (const name of process.args) {
    const value = process.env.get(name);
    if (value === undefined) status = 1;
    else await process.out(`${value}\n`);
  }
  return status;
};
