/** Signals and jobs: `kill`, `trap`, `wait`, `jobs`, `fg`. */
import { parseSignal, type Signal, signalNames, signalNumber } from '../../process/signals.ts';
import type { Process } from '../../process/process.ts';
import type { Shell } from '../shell.ts';
import type { Builtin } from './allBuiltins.ts';

export const killBuiltin: Builtin = async (shell, args) => {
  const { signal, targets, listed } = parseKill(args);
  if (listed !== undefined) {
    await shell.out(listed);
    return 0;
  }
  if (!signal) {
    await shell.complain(`kill: bad signal name '${args[0] ?? ''}'`);
    return 1;
  }
  if (targets.length === 0) {
    await shell.error('kill: you need to specify whom to kill\n');
    return 1;
  }
  let status = 0;
  for (const target of targets) {
    const processes = target.startsWith('%') ? [jobNamed(shell, target)] : targetsOf(shell.process, target);
    const found = processes.filter((process) => process !== undefined && !process.ended) as Process[];
    if (found.length === 0) {
      await shell.complain(
        shell.flavour === 'bash' ? `kill: (${target}) - No such process` : `can't kill pid ${target}: No such process`,
      );
      status = 1;
    }
    for (const process of found) process.kill(signal);
  }
  return status;
};

/** `kill -TERM 1`, `kill -s TERM 1`, `kill -9 1`, `kill -l`. */
export function parseKill(args: readonly string[]): { signal: Signal | undefined; targets: readonly string[]; listed?: string } {
  const [first = '', second] = args;
  if (first === '-l') {
    if (second === undefined)
      return { signal: 'TERM', targets: [], listed: signalNames.map((name) => `${signalNumber(name)}) ${name}\n`).join('') };
    const number = Number(second) > 128 ? String(Number(second) - 128) : second;
    const signal = parseSignal(number);
    return { signal, targets: [], listed: signal ? `${/^\d+$/.test(number) ? signal : signalNumber(signal)}\n` : '' };
  }
  if (first === '-s' || first === '-n') return { signal: parseSignal(second ?? ''), targets: args.slice(2) };
  if (first === '--') return { signal: 'TERM', targets: args.slice(1) };
  if (/^-[A-Za-z0-9]+$/.test(first) && args.length > 1) {
    // Signal 0 asks whether the process is there; CONT does nothing either.
    return {
      signal: first === '-0' ? 'CONT' : parseSignal(first.slice(1)),
      targets: args.slice(1).filter((arg) => arg !== '--'),
    };
  }
  return { signal: 'TERM', targets: args };
}

export function targetsOf(process: Process, target: string): (Process | undefined)[] {
  const { container } = process;
  if (target === '0' || target === '-1') return [...container.processes].filter((other) => target === '0' || other.pid !== 1);
  return [container.process(Math.abs(Number(target)))];
}

function jobNamed(shell: Shell, name: string): Process | undefined {
  if (name === '%%' || name === '%+' || name === '%') return shell.jobs.at(-1)?.process;
  return shell.jobs.find((job) => `%${job.number}` === name)?.process;
}

export const trap: Builtin = async (shell, args) => {
  const [action, ...names] = args.filter((arg, index) => !(arg === '--' && index === 0));
  if (action === undefined || action === '-p') {
    for (const [signal, text] of shell.traps) await shell.out(`trap -- '${text.replaceAll("'", "'\\''")}' ${signal}\n`);
    return 0;
  }
  if (action === '-l') {
    await shell.out(signalNames.map((name) => `${signalNumber(name)}) SIG${name}\n`).join(''));
    return 0;
  }
  const resets = action === '-' || names.length === 0;
  let status = 0;
  for (const name of names.length === 0 ? [action] : names) {
    const signal = name === 'EXIT' || name === '0' ? 'EXIT' : parseSignal(name);
    if (signal === undefined) {
      // ERR and DEBUG are bash's own; nothing here raises them.
      if (shell.flavour === 'bash' && (name === 'ERR' || name === 'DEBUG' || name === 'RETURN')) continue;
      await shell.complain(`trap: ${name}: invalid signal specification`);
      status = 1;
    } else shell.setTrap(signal, resets ? undefined : action);
  }
  return status;
};

export const wait: Builtin = async (shell, args) => {
  if (args.length === 0) {
    const status = await shell.waitInterruptibly(Promise.all(shell.jobs.map((job) => job.process.wait())).then(() => 0));
    if (status === 0) shell.jobs.length = 0;
    return status;
  }
  let status = 0;
  for (const target of args.filter((arg) => arg !== '-n')) {
    const process = target.startsWith('%')
      ? jobNamed(shell, target)
      : shell.jobs.find((job) => job.process.pid === Number(target))?.process;
    if (!process) {
      status = 127;
      continue;
    }
    status = await shell.waitInterruptibly(process.wait().then(({ code }) => code));
  }
  return status;
};

export const jobs: Builtin = async (shell, args) => {
  for (const job of shell.jobs) {
    const state = job.process.ended ? 'Done' : 'Running';
    await shell.out(
      args.includes('-p')
        ? `${job.process.pid}\n`
        : `[${job.number}]${job === shell.jobs.at(-1) ? '+' : ' '}  ${state.padEnd(23)} ${job.text}\n`,
    );
  }
  forgetEnded(shell);
  return 0;
};

export function forgetEnded(shell: Shell): void {
  const alive = shell.jobs.filter((job) => !job.process.ended);
  shell.jobs.splice(0, shell.jobs.length, ...alive);
}

/** Differs from Kubernetes: nothing can be stopped with Ctrl-Z, so there is nothing to continue; `fg` waits. */
export const foreground: Builtin = async (shell, args, name) => {
  const process = jobNamed(shell, args[0] ?? '%%');
  if (!process) {
    await shell.complain(`${name}: ${args[0] ?? 'current'}: no such job`);
    return 1;
  }
  if (name === 'bg') return 0;
  const { code } = await process.wait();
  forgetEnded(shell);
  return code;
};

export const times: Builtin = async (shell) => {
  await shell.out('0m0.000s 0m0.000s\n0m0.000s 0m0.000s\n');
  return 0;
};
