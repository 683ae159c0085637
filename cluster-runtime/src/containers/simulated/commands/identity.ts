/** Who and where: `hostname`, `whoami`, `id`, `uname`, `nproc`, `tty`, `uptime`, `free`, `df`. */
import type { Program } from '../process/process.ts';

export const hostname: Program = async (process) => {
  const { hostname: name, ip } = process.container.spec.pod;
  await process.out(process.args.some((arg) => arg === '-i' || arg === '-I') ? `${ip}\n` : `${name}\n`);
  return 0;
};

export const whoami: Program = async (process) => {
  await process.out(`${process.container.image.user?.name ?? 'root'}\n`);
  return 0;
};

export const id: Program = async (process) => {
  const { name, uid } = process.container.image.user ?? { name: 'root', uid: 0 };
  const flags = process.args.join('');
  if (flags.includes('n')) await process.out(`${name}\n`);
  else if (flags.includes('u') || flags.includes('g')) await process.out(`${uid}\n`);
  else await process.out(`uid=${uid}(${name}) gid=${uid}(${name}) groups=${uid}(${name})\n`);
  return 0;
};

export const uname: Program = async (process) => {
  const parts: Record<string, string> = {
    s: 'Linux',
    n: process.container.spec.pod.hostname,
    r: '6.12.0-playground',
    v: '#1 SMP PREEMPT_DYNAMIC',
    m: 'x86_64',
    o: process.container.image.userland === 'debian' ? 'GNU/Linux' : 'Linux',
  };
  const flags = process.args.join('').replaceAll('-', '') || 's';
  const wanted = Object.keys(parts).filter((letter) => flags.includes(letter) || flags.includes('a'));
  await process.out(`${wanted.map((letter) => parts[letter]).join(' ')}\n`);
  return 0;
};

export const nproc: Program = async (process) => {
  await process.out('8\n');
  return 0;
};

export const tty: Program = async (process) => {
  await process.out(process.terminal ? '/dev/pts/0\n' : 'not a tty\n');
  return process.terminal ? 0 : 1;
};

export const uptime: Program = async (process) => {
  const now = process.container.clock.now();
  const minutes = Math.floor((now - process.container.startedAt) / 60_000);
  await process.out(
    ` ${new Date(now).toISOString().slice(11, 19)} up ${minutes} min,  0 users,  load average: 0.08, 0.05, 0.01\n`,
  );
  return 0;
};

export const free: Program = async (process) => {
  const unit = process.args.includes('-m') ? 1024 : process.args.includes('-g') ? 1024 * 1024 : 1;
  const cells = (values: readonly number[]): string =>
    values.map((value) => String(Math.floor(value / unit)).padStart(12)).join('');
  const titles = ['total', 'used', 'free', 'shared', 'buff/cache', 'available'].map((title) => title.padStart(12)).join('');
  await process.out(
    `      ${titles}\nMem:  ${cells([16777216, 2097152, 12058624, 2048, 2621440, 14155776])}\nSwap: ${cells([0, 0, 0])}\n`,
  );
  return 0;
};

/** The disk of a simulated node, in kilobytes. */
const nodeBlocks = 104857600;
const usedBlocks = 20971520;

export const df: Program = async (process) => {
  const human = process.args.some((arg) => /^-\w*h/.test(arg));
  const { mounts } = process.container.spec;
  const rows = [
    ['overlay', nodeBlocks, usedBlocks, '/'],
    ['tmpfs', 65536, 0, '/dev'],
    ...mounts.map(({ path, volume: { device, capacityBytes, usedBytes } }) => {
      const total = capacityBytes === undefined ? nodeBlocks : Math.ceil(capacityBytes / 1024);
      const used = usedBytes !== undefined && capacityBytes !== undefined ? Math.ceil(usedBytes / 1024) : usedBlocks;
      return [device?.name ?? '/dev/vda1', total, used, path] as const;
    }),
  ] as const;
  const size = (blocks: number): string =>
    human ? (blocks >= 1048576 ? `${(blocks / 1048576).toFixed(1)}G` : `${(blocks / 1024).toFixed(1)}M`) : String(blocks);
  const lines = rows.map(
    ([name, total, used, path]) =>
      `${name.padEnd(20)} ${size(total).padStart(9)} ${size(used).padStart(9)} ${size(total - used).padStart(9)} ${String(Math.round((used / total) * 100)).padStart(3)}% ${path}`,
  );
  const title = human
    ? 'Filesystem                Size      Used Available Use% Mounted on'
    : 'Filesystem           1K-blocks      Used Available Use% Mounted on';
  await process.out(`${title}\n${lines.join('\n')}\n`);
  return 0;
};
