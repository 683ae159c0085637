/** `ps`, `top`, `kill`, `pidof`, `pgrep`. */
import type { Process, Program } from '../process/process.ts';
import { parseKill, targetsOf } from '../shell/builtins/jobs.ts';

function sorted(process: Process): Process[] {
  return [...process.container.processes].sort((a, b) => a.pid - b.pid);
}

function programName(process: Process): string {
  const path = process.argv[0] ?? '';
  return path.slice(path.lastIndexOf('/') + 1);
}

export const ps: Program = async (process) => {
  const user = process.container.image.user?.name ?? 'root';
  await process.out('PID   USER     TIME  COMMAND\n');
  for (const each of sorted(process)) {
    await process.out(`${String(each.pid).padStart(5)} ${user.padEnd(8)}  0:00 ${each.argv.join(' ')}\n`);
  }
  return 0;
};

export const top: Program = async (process) => {
  const once = process.args.some((arg) => arg.startsWith('-b') || arg === '-n1') || !process.terminal;
  for (;;) {
    const rows = sorted(process).map(
      (each) =>
        `${String(each.pid).padStart(5)} ${String(each.parent?.pid ?? 0).padStart(5)} ${'root'.padEnd(8)} S     4400   0%   0   0% ${each.argv.join(' ')}`,
    );
    await process.out(
      `${process.terminal ? '\x1b[H\x1b[J' : ''}Mem: 4718592K used, 12058624K free, 2048K shrd, 131072K buff, 2490368K cached\nCPU:   0% usr   0% sys   0% nic  99% idle   0% io   0% irq   0% sirq\nLoad average: 0.08 0.05 0.01 1/120 ${process.pid}\n  PID  PPID USER     STAT   VSZ %VSZ CPU %CPU COMMAND\n${rows.join('\n')}\n`,
    );
    if (once) return 0;
    await process.sleep(5000);
  }
};

export const kill: Program = async (process) => {
  const { signal, targets, listed } = parseKill(process.args);
  if (listed !== undefined) await process.out(listed);
  if (!signal) {
    await process.error(`kill: bad signal name '${process.args[0] ?? ''}'\n`);
    return 1;
  }
  let status = 0;
  for (const target of targets) {
    const found = targetsOf(process, target).filter((each) => each !== undefined);
    if (found.length === 0) {
      await process.error(`kill: can't kill pid ${target}: No such process\n`);
      status = 1;
    }
    for (const each of found) each.kill(signal);
  }
  return status;
};

export const pidof: Program = async (process) => {
  const found = sorted(process).filter((each) => each !== process && process.args.includes(programName(each)));
  if (found.length > 0)
    await process.out(
      `${found
        .map((each) => each.pid)
        .reverse()
        .join(' ')}\n`,
    );
  return found.length > 0 ? 0 : 1;
};

export const pgrep: Program = async (process) => {
  const full = process.args.includes('-f');
  const [pattern = ''] = process.args.filter((arg) => !arg.startsWith('-'));
  const found = sorted(process).filter(
    (each) => each !== process && (full ? each.argv.join(' ') : programName(each)).includes(pattern),
  );
  for (const each of found) await process.out(`${each.pid}\n`);
  return found.length > 0 ? 0 : 1;
};
