/** `start` on a terminal: lines that change in place, and Ctrl-C. The terminal is that of util-linux' `script`. */
import { spawn } from 'node:child_process';
import { afterAll, expect, it } from 'vitest';
import { run } from '../support/run.ts';
import { cliFile } from '../support/testCluster.ts';
import { Desk, Running } from './desk.ts';
import { web } from './manifests.ts';

const desk = new Desk();
afterAll(async () => {
  expect(await desk.clear()).toEqual([]);
});

const hasScript = await run('script', ['--version']).then(
  ({ stdout }) => stdout.includes('util-linux'),
  () => false,
);

it.skipIf(!hasScript)('shows what happens as it happens, and Ctrl-C ends it', async () => {
  const manifest = desk.file('web.yaml', web(30_052));
  const command = `"${process.execPath}" "${cliFile}" start --state memory --nodes 1 --speed 20 --apply "${manifest}"`;
  const child = spawn('script', ['--quiet', '--flush', '--return', '--command', command, '/dev/null'], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...desk.env },
  });
  const terminal = new Running('script', child);
  try {
    await terminal.until(/Ctrl-C stops the cluster and forgets it\./);
    expect(terminal.stdout).toContain('… deployment/web  0/2 ready, pulling nginx:1.27');
    expect(terminal.stdout).toContain('✓ deployment/web  2/2 ready');
    expect(terminal.stdout).toContain('\x1b[1A\x1b[J');
    child.stdin.write('\x03');
    await terminal.until(/Stopped\./);
  } finally {
    child.stdin.end();
    await terminal.end('SIGTERM');
  }
});
