/** `sleep`, `usleep`, `timeout`, `time`, `watch`: everything that waits by the cluster's clock. */
import { defaultPath, ExecutableError, findExecutable } from '../process/executables.ts';
import type { Process, ProcessEnd, Program } from '../process/process.ts';
import { parseSignal, type Signal } from '../process/signals.ts';

const units: Readonly<Record<string, number>> = { '': 1000, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

export function parseDuration(text: string): number | undefined {
  if (text === 'infinity' || text === 'inf') return Infinity;
  const match = /^(\d+(?:\.\d*)?|\.\d+)([smhd]?)$/.exec(text);
  return match ? Number(match[1]) * (units[match[2] ?? ''] ?? 1000) : undefined;
}

export const sleep: Program = async (process) => {
  if (process.args.length === 0) {
    await process.error('sleep: missing operand\n');
    return 1;
  }
  let total = 0;
  for (const arg of process.args) {
    const ms = parseDuration(arg);
    if (ms === undefined) {
      await process.error(
        `sleep: invalid ${process.container.image.userland === 'debian' ? 'time interval' : 'number'} '${arg}'\n`,
      );
      return 1;
    }
    total += ms;
  }
  if (total === Infinity) await new Promise(() => undefined);
  await process.sleep(total);
  return 0;
};

export const usleep: Program = async (process) => {
  await process.sleep(Number(process.args[0] ?? 0) / 1000);
  return 0;
};

/** Starts a command of this process' own; says why it cannot and gives its status. */
export async function startCommand(
  process: Process,
  argv: readonly string[],
  changes: { env?: ReadonlyMap<string, string>; cwd?: string } = {},
): Promise<Process | number> {
  const env = changes.env ?? process.env;
  try {
    const executable = await findExecutable(process.container, argv[0] ?? '', {
      cwd: process.cwd,
      path: env.get('PATH') ?? defaultPath,
    });
    const { cwd, stdin, stdout, stderr, terminal, background } = process;
    const child = process.container.spawn({
      argv: [...(executable.interpreter ?? argv.slice(0, 1)), ...argv.slice(1)],
      env,
      cwd: changes.cwd ?? cwd,
      stdin,
      stdout,
      stderr,
      terminal,
      background,
      parent: process,
    });
    child.run(executable.program);
    return child;
  } catch (error) {
    if (!(error instanceof ExecutableError)) throw error;
    const text = error.shellText === 'not found' ? 'No such file or directory' : error.shellText;
    await process.error(`${process.argv[0]}: can't execute '${argv[0]}': ${text}\n`);
    return error.exitCode;
  }
}

export const timeout: Program = async (process) => {
  const args = [...process.args];
  let signal: Signal = 'TERM';
  let killAfter: number | undefined;
  let preserve = false;
  while (args[0]?.startsWith('-')) {
    const option = args.shift() as string;
    if (option === '-s' || option === '--signal') signal = parseSignal(args.shift() ?? '') ?? 'TERM';
    else if (option.startsWith('--signal=')) signal = parseSignal(option.slice(9)) ?? 'TERM';
    else if (option === '-k' || option === '--kill-after') killAfter = parseDuration(args.shift() ?? '');
    else if (option === '--preserve-status') preserve = true;
  }
  const ms = parseDuration(args.shift() ?? '');
  if (ms === undefined || args.length === 0) {
    await process.error(`timeout: ${ms === undefined ? 'invalid time interval' : 'missing operand'}\n`);
    return 125;
  }
  const child = await startCommand(process, args);
  if (typeof child === 'number') return child;
  for (const passed of ['TERM', 'INT', 'HUP'] as const) process.onSignal(passed, () => child.kill(passed));
  const ended: Promise<ProcessEnd | undefined> = child.wait();
  let end = await Promise.race([ended, process.sleep(ms).then(() => undefined)]);
  if (end) return end.code;
  child.kill(signal);
  if (killAfter !== undefined) end = await Promise.race([ended, process.sleep(killAfter).then(() => undefined)]);
  if (!end && killAfter !== undefined) child.kill('KILL');
  const { code } = await child.wait();
  // GNU's timeout tells 124, busybox' how the command ended.
  return process.container.image.userland === 'debian' && !preserve && signal !== 'KILL' ? 124 : code;
};

export const time: Program = async (process) => {
  const began = process.container.clock.now();
  const child = await startCommand(
    process,
    process.args.filter((arg) => arg !== '-p'),
  );
  if (typeof child === 'number') return child;
  const { code } = await child.wait();
  const seconds = (process.container.clock.now() - began) / 1000;
  await process.error(`real\t${Math.floor(seconds / 60)}m ${(seconds % 60).toFixed(2)}s\nuser\t0m 0.00s\nsys\t0m 0.00s\n`);
  return code;
};

export const watch: Program = async (process) => {
  const args = [...process.args];
  let seconds = 2;
  while (args[0]?.startsWith('-')) {
    const option = args.shift() as string;
    if (option === '-n') seconds = Number(args.shift() ?? 2);
    else if (/^-n\d/.test(option)) seconds = Number(option.slice(2));
  }
  for (;;) {
    const at = new Date(process.container.clock.now()).toUTCString();
    await process.out(`\x1b[H\x1b[J${`Every ${seconds.toFixed(1)}s: ${args.join(' ')}`.padEnd(50)}${at}\n\n`);
    const child = await startCommand(process, ['sh', '-c', args.join(' ')]);
    if (typeof child === 'number') return child;
    await child.wait();
    await process.sleep(seconds * 1000);
  }
};

/** `nohup` and `busybox`: what follows is the command. */
export const runArguments: Program = async (process) => {
  const child = await startCommand(process, process.args);
  return typeof child === 'number' ? child : (await child.wait()).code;
};
