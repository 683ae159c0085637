import { expect, test } from 'vitest';
import { logText, TestBed } from '../testing/testBed.ts';

const mebibyte = 2 ** 20;

test.each<[string, string[], cores: number, mebibytes: number, log: string]>([
  ['--cpu', ['stress', '--cpu', '2'], 2, 0, '2 cpu, 0 io, 0 vm, 0 hdd'],
  [
    'the memory page of Kubernetes',
    ['stress', '--vm', '1', '--vm-bytes', '150M', '--vm-hang', '1'],
    0,
    150,
    '0 cpu, 0 io, 1 vm, 0 hdd',
  ],
  ['short options', ['stress', '-c', '1', '-m', '2', '--vm-bytes=10M'], 3, 20, '1 cpu, 0 io, 2 vm, 0 hdd'],
])('stress: %s', async (_, command, cores, mebibytes, log) => {
  const container = await new TestBed().start('polinux/stress', { command });
  const { cpuNanoCores, memoryBytes } = container.usage();
  expect(cpuNanoCores / 1e9).toBeCloseTo(cores, 2);
  expect(Math.round(memoryBytes / mebibyte)).toBe(mebibytes + 1);
  expect(logText(container)).toBe(`stress: info: [1] dispatching hogs: ${log}\n`);
});

test('the processor page of Kubernetes', async () => {
  const container = await new TestBed().start('vish/stress', { args: ['-cpus', '2'] });
  expect(container.usage().cpuNanoCores / 1e9).toBeCloseTo(2, 2);
  expect(await container.stop(30)).toMatchObject({ exitCode: 0 });
  expect(container.usage().cpuNanoCores).toBe(0);
});

test('what a process takes goes with it', async () => {
  const bed = new TestBed();
  const container = await bed.start('polinux/stress', { command: ['sleep', '1000'] });
  const run = bed.sh(container, 'stress -c 1 -t 20');
  expect((await run).stdout).toContain('successful run completed in 20s');
  expect(container.usage().cpuNanoCores).toBeLessThan(10_000_000);
});
