/** Start, attach, death and end of a window's cluster, with the real runtime in processes of its own. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RealClock, sleep } from '#common/base/clock.ts';
import { silentLog } from '#common/base/log.ts';
import type { ClusterPhase } from '#common/protocol/webview.ts';
import { treeTexts } from '#common/protocol/treeTexts.ts';
import { ClusterSession } from '../../client/src/cluster/clusterSession.ts';
import { endRuntime, findRuntime, isAlive, RuntimeStartError } from '../../client/src/cluster/runtimeProcess.ts';
import { Dashboard } from '#dashboard/dashboard.ts';
import { projectFolder } from '../support/testCluster.ts';

let folder: string;
let sessions: ClusterSession[];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kube-playground-session-'));
  sessions = [];
});

afterEach(async () => {
  for (const session of sessions) await session.stop();
  // Where the windows have closed, it may be about to end by itself.
  const running = await findRuntime(path.join(folder, 'cluster'));
  if (running) await endRuntime(running, new RealClock());
  rmSync(folder, { recursive: true, force: true });
});

interface Window {
  readonly session: ClusterSession;
  readonly dashboard: Dashboard;
}

function openWindow(options: { runtimeFile?: string; keepRunning?: boolean; lingerMs?: number } = {}): Window {
  const dashboard = new Dashboard('playground', treeTexts);
  const session = new ClusterSession({
    runtimeFile: options.runtimeFile ?? path.join(projectFolder, 'dist/runtime.js'),
    codeCache: path.join(folder, 'code'),
    storageFolder: folder,
    clock: new RealClock(),
    log: silentLog,
    dashboard,
    nodes: () => 3,
    keepRunning: () => options.keepRunning ?? false,
    lingerMs: options.lingerMs ?? 0,
  });
  sessions.push(session);
  return { session, dashboard };
}

const never = (): AbortSignal => new AbortController().signal;

const reached = ({ session }: Window, phase: ClusterPhase): Promise<void> =>
  new Promise((resolve) => {
    const listener = session.onPhase((now) => {
      if (now !== phase) return;
      listener.dispose();
      resolve();
    });
  });

const pidOf = async (session: ClusterSession): Promise<number> => (await findRuntime(session.stateFolder))?.pid ?? 0;

async function ended(pid: number): Promise<void> {
  while (isAlive(pid)) await sleep(new RealClock(), 20);
}

test('starts, counts nodes over the API, and comes back as it was', async () => {
  const window = openWindow();
  const phases: ClusterPhase[] = [];
  window.session.onPhase((phase) => phases.push(phase));
  await window.session.start(never());
  expect(phases).toEqual(['starting', 'running']);
  await expect.poll(() => window.dashboard.model.row('cluster')?.ready).toBe('3/3');
  await window.session.connection?.api.send('POST', '/api/v1/namespaces', { metadata: { name: 'kept' } });
  const pid = await pidOf(window.session);
  await window.session.stop();
  expect(isAlive(pid)).toBe(false);
  expect([...window.dashboard.model.rows()]).toEqual([]);
  await window.session.start(never());
  expect(await window.session.connection?.api.get('/api/v1/namespaces/kept')).toBeTruthy();
});

test('a runtime that dies is started again on the same state, and the tree stays', async () => {
  const window = openWindow();
  await window.session.start(never());
  const pid = await pidOf(window.session);
  await expect.poll(() => window.dashboard.model.row('cluster')?.ready).toBe('3/3');
  const lost = reached(window, 'lost');
  const restarted = new Promise<void>((resolve) => window.session.onRestarted(resolve));
  process.kill(pid, 'SIGKILL');
  await lost;
  expect(window.dashboard.model.row('cluster')?.ready).toBe('3/3');
  await restarted;
  expect(window.session.phase).toBe('running');
  expect(await pidOf(window.session)).not.toBe(pid);
});

test('two windows share one cluster, and the last takes it with it', async () => {
  const [first, second] = [openWindow(), openWindow()];
  await Promise.all([first.session.start(never()), second.session.start(never())]);
  const pid = await pidOf(first.session);
  expect(second.session.connection?.api.server).toBe(first.session.connection?.api.server);
  await first.session.close();
  await second.session.connection?.api.get('/api/v1/namespaces/default');
  await second.session.close();
  await ended(pid);
});

test('a window attaches to what runs, and starts nothing where nothing runs', async () => {
  const idle = openWindow();
  await idle.session.attach();
  expect(idle.session.phase).toBe('stopped');
  const kept = openWindow({ keepRunning: true });
  await kept.session.start(never());
  await kept.session.close();
  await idle.session.attach();
  expect(idle.session.phase).toBe('running');
});

test('a window that is loaded again finds the same process; one that dies without a word ends it as one that closes', async () => {
  const window = openWindow({ lingerMs: 2_000 });
  await window.session.start(never());
  const pid = await pidOf(window.session);
  await window.session.close();
  const again = openWindow();
  await again.session.attach();
  expect(again.session.phase).toBe('running');
  expect(await pidOf(again.session)).toBe(pid);
  // A lease of a process that is no more, beside the one that is released.
  writeFileSync(path.join(folder, 'windows', '999999999-1'), '');
  await again.session.close();
  await ended(pid);
});

test('what a person has stopped stays so, also when the window is loaded again', async () => {
  const window = openWindow();
  await window.session.start(never());
  await window.session.stop();
  await window.session.close();
  const again = openWindow();
  await again.session.attach();
  expect(again.session.phase).toBe('stopped');
});

test('what one window starts and stops, the others see', async () => {
  const [first, second] = [openWindow(), openWindow()];
  await first.session.attach();
  await second.session.attach();
  const attached = reached(second, 'running');
  await first.session.start(never());
  await attached;
  expect(second.session.connection?.api.server).toBe(first.session.connection?.api.server);
  let restarts = 0;
  for (const { session } of [first, second]) session.onRestarted(() => ++restarts);
  const stopped = reached(first, 'stopped');
  await second.session.stop();
  await stopped;
  expect([...first.dashboard.model.rows()]).toEqual([]);
  expect(await findRuntime(first.session.stateFolder)).toBeUndefined();
  expect([first.session.phase, second.session.phase, restarts]).toEqual(['stopped', 'stopped', 0]);
});

test('a start while the cluster is being stopped starts another process', async () => {
  const window = openWindow();
  await window.session.start(never());
  const pid = await pidOf(window.session);
  const isShown = reached(window, 'stopped');
  const stopped = window.session.stop();
  await isShown;
  await window.session.start(never());
  await stopped;
  expect(window.session.phase).toBe('running');
  expect(await pidOf(window.session)).not.toBe(pid);
  expect(await window.session.connection?.api.get('/api/v1/namespaces/default')).toBeTruthy();
});

test('a runtime that dies under two windows comes back once, for both', async () => {
  const [first, second] = [openWindow(), openWindow()];
  await first.session.start(never());
  await second.session.start(never());
  const pid = await pidOf(first.session);
  const back = [first, second].map(({ session }) => new Promise<void>((resolve) => session.onRestarted(resolve)));
  process.kill(pid, 'SIGKILL');
  await Promise.all(back);
  expect(await pidOf(first.session)).not.toBe(pid);
  expect(second.session.connection?.api.server).toBe(first.session.connection?.api.server);
});

test('a runtime that cannot start says why, and a start can be given up', async () => {
  const broken = openWindow({ runtimeFile: path.join(folder, 'missing.js') });
  await expect(broken.session.start(never())).rejects.toThrow(RuntimeStartError);
  expect(broken.session.phase).toBe('stopped');
  const impatient = openWindow();
  await expect(impatient.session.start(AbortSignal.abort())).rejects.toThrow('aborted');
  expect(impatient.session.phase).toBe('stopped');
  expect(await findRuntime(impatient.session.stateFolder)).toBeUndefined();
});
