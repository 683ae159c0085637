/** One window that shows its playground or another cluster: whose rows are there, and what may be done. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { RealClock } from '#common/base/clock.ts';
import { silentLog } from '#common/base/log.ts';
import { treeTexts } from '#common/protocol/treeTexts.ts';
import { Dashboard } from '#dashboard/dashboard.ts';
import { ClusterSession } from '../../client/src/cluster/clusterSession.ts';
import { DashboardSwitch } from '../../client/src/cluster/dashboardSwitch.ts';
import { ShownCluster } from '../../client/src/cluster/shownCluster.ts';
import { cliFile, startTestCluster, type TestCluster } from '../support/testCluster.ts';

let other: TestCluster;
let context: string;
let folder: string;
let dashboard: Dashboard;
let session: ClusterSession;
let shown: ShownCluster;
let allowed: unknown;
const before = process.env['KUBECONFIG'];

beforeAll(async () => {
  other = await startTestCluster({ args: ['--nodes', '1'] });
  process.env['KUBECONFIG'] = other.kubeconfig;
});

afterAll(async () => {
  if (before === undefined) delete process.env['KUBECONFIG'];
  else process.env['KUBECONFIG'] = before;
  await other?.stop();
});

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'kube-playground-shown-'));
  allowed = undefined;
  const clock = new RealClock();
  dashboard = new Dashboard('playground', treeTexts);
  const dashboards = new DashboardSwitch(dashboard, 'playground');
  session = new ClusterSession({
    runtimeFile: path.join(path.dirname(cliFile), 'runtime.js'),
    codeCache: path.join(folder, 'code'),
    storageFolder: folder,
    clock,
    log: silentLog,
    dashboard: dashboards.playground,
    nodes: () => 3,
    keepRunning: () => false,
    lingerMs: 0,
  });
  shown = new ShownCluster({ session, dashboards, clock, allowedContexts: () => allowed });
  context = (await shown.contexts())[0]?.name ?? '';
});

afterEach(async () => {
  shown.dispose();
  await session.stop();
  rmSync(folder, { recursive: true, force: true });
});

const never = (): AbortSignal => new AbortController().signal;
const nodes = (): string[] => dashboard.model.nodes.map(({ metadata }) => metadata.name ?? '');

test('another context is shown read-only, without a playground', async () => {
  await shown.showContext(context, never());
  await expect.poll(nodes).toEqual(['node-1']);
  expect([shown.phase, shown.name, shown.access, session.phase]).toEqual(['running', context, 'readOnly', 'stopped']);
  expect(shown.target).toEqual({ kubeconfig: [other.kubeconfig], context });
  allowed = [context];
  expect(shown.access).toBe('asks');
});

test('rows of one cluster never stand among those of the other', async () => {
  await session.start(never());
  await expect.poll(() => nodes().length).toBe(3);
  const playground = shown.connection;
  await shown.showContext(context, never());
  await expect.poll(nodes).toEqual(['node-1']);
  expect(shown.connection).not.toBe(playground);
  const { connection } = shown;
  shown.showPlayground();
  await expect.poll(() => nodes().length).toBe(3);
  expect([shown.connection, shown.access]).toEqual([playground, 'free']);
  expect(connection?.signal.aborted).toBe(true);
});

test('the death of the playground is noticed while another cluster is shown', async () => {
  await session.start(never());
  await shown.showContext(context, never());
  const restarted = new Promise<void>((resolve) => session.onRestarted(resolve));
  const pid = await runtimePid();
  process.kill(pid, 'SIGKILL');
  await restarted;
  expect([session.phase, shown.name]).toEqual(['running', context]);
  expect(nodes()).toEqual(['node-1']);
});

test('a context that does not answer, or is not there, changes nothing', async () => {
  await session.start(never());
  await expect(shown.showContext('nowhere', never())).rejects.toThrow('has no context "nowhere"');
  expect([shown.name, shown.phase]).toEqual(['playground', 'running']);
});

async function runtimePid(): Promise<number> {
  const { findRuntime } = await import('../../client/src/cluster/runtimeProcess.ts');
  return (await findRuntime(session.stateFolder))?.pid ?? 0;
}
