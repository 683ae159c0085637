/**
 * `npm run bench`: prints what the cluster costs and how fast it is, as a table and as one line of JSON. Nothing here is
 * asserted: machines differ. `docs/performance.md` keeps figures with the machine they were taken on.
 *
 *   node test/bench/bench.ts [start] [idle] [pods] [api]      default: all of them
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type ApiConnection, connect } from '#runtime/cli/apiConnection.ts';
import type { Deployment } from '#common/schema/generated/types.ts';
import { run } from '../support/run.ts';
import { projectFolder, startTestCluster, type TestCluster } from '../support/testCluster.ts';

const wanted = new Set(process.argv.slice(2));
const asked = (name: string): boolean => wanted.size === 0 || wanted.has(name);
const rows: [what: string, figure: string][] = [];
const figures: Record<string, number> = {};
const note = (what: string, key: string, value: number, unit: string): void => {
  figures[key] = value;
  rows.push([what, `${value} ${unit}`]);
  process.stdout.write(`${what}: ${value} ${unit}\n`);
};
const median = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK']).toString());

/** Resident memory in bytes and processor seconds so far. Linux only. */
function usage(pid: number): { memory: number; cpu: number } {
  const memory = Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return { memory, cpu: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond };
}
const megabytes = (bytes: number): number => Math.round(bytes / 1e6);

async function start(): Promise<void> {
  for (const kind of ['first start', 'second start'] as const) {
    const times: number[] = [];
    for (let i = 0; i < 5; i++) {
      const state = mkdtempSync(path.join(tmpdir(), 'kube-playground-bench-'));
      if (kind === 'second start') await (await startTestCluster({ state })).stop();
      const from = performance.now();
      const cluster = await startTestCluster({ state });
      times.push(performance.now() - from);
      await cluster.stop();
      rmSync(state, { recursive: true, force: true });
    }
    note(
      `spawn → API ready and 3 nodes Ready, ${kind} (median of 5)`,
      kind === 'first start' ? 'firstStartMs' : 'startMs',
      Math.round(median(times)),
      'ms',
    );
  }
}

async function idle(): Promise<void> {
  const cluster = await startTestCluster();
  await delay(3_000);
  const pid = cluster.process.pid ?? 0;
  const before = usage(pid);
  await delay(30_000);
  const after = usage(pid);
  note('resident memory, idle, 3 nodes', 'idleMegabytes', megabytes(after.memory), 'MB');
  note('CPU over 30 s idle', 'idleCpuPercent', Number((((after.cpu - before.cpu) / 30) * 100).toFixed(2)), '% of a core');
  await cluster.stop();
}

async function pods(): Promise<void> {
  for (const count of [1_000, 5_000]) {
    const cluster = await startTestCluster({ args: ['--nodes', '0'] });
    const api = connect(cluster.kubeconfig);
    const room = { cpu: '64', memory: '256Gi', pods: '500' };
    for (let i = 1; i <= 20; i++)
      await api.send('POST', '/api/v1/nodes', { metadata: { name: `node-${i}` }, status: { capacity: room, allocatable: room } });
    await api.watch('/api/v1/nodes?watch=true', readyNodes(20), AbortSignal.timeout(60_000));
    const seconds = await scaled(api, count);
    note(`Deployment of ${count} pods over 20 nodes to Ready`, `pods${count}PerSecond`, Math.round(count / seconds), 'pods/s');
    note(`resident memory with ${count} pods`, `pods${count}Megabytes`, megabytes(usage(cluster.process.pid ?? 0).memory), 'MB');
    api.close();
    await cluster.stop();
  }
}

function readyNodes(count: number): (type: string, object: { metadata: { name?: string } }) => boolean {
  const ready = new Set<string>();
  return (_, object) => {
    const { status } = object as { status?: { conditions?: { type: string; status: string }[] } };
    if (status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True')) ready.add(object.metadata.name ?? '');
    return ready.size === count;
  };
}

/** Seconds from the Deployment's creation until all its replicas are ready. */
async function scaled(api: ApiConnection, replicas: number): Promise<number> {
  const from = performance.now();
  await api.send('POST', '/apis/apps/v1/namespaces/default/deployments', {
    metadata: { name: 'web' },
    spec: {
      replicas,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'registry.example/web:1' }] } },
    },
  });
  await api.watch(
    '/apis/apps/v1/namespaces/default/deployments?watch=true',
    (_, object) => (object as unknown as Deployment).status?.readyReplicas === replicas,
    AbortSignal.timeout(300_000),
  );
  return (performance.now() - from) / 1000;
}

async function api(): Promise<void> {
  const script = path.resolve(projectFolder, process.env['KUBE_PLAYGROUND_API_LOAD'] ?? '../shared/bench/apiLoad.mjs');
  if (!existsSync(script)) {
    process.stdout.write(`${script} is missing: the API's load is not measured\n`);
    return;
  }
  let cluster: TestCluster | undefined;
  try {
    cluster = await startTestCluster();
    const { stdout, stderr } = await run(process.execPath, [script, '--kubeconfig', cluster.kubeconfig], { timeoutMs: 300_000 });
    if (!stdout) throw new Error(stderr);
    const result = JSON.parse(stdout) as Record<string, { perSecond: number; p50ms: number }>;
    for (const [name, value] of Object.entries(result))
      if (typeof value === 'object') note(`API, 16 clients, 20 watchers: ${name}`, `api.${name}`, value.perSecond, '/s');
  } finally {
    await cluster?.stop();
  }
}

const parts: Record<string, () => Promise<void>> = { start, idle, pods, api };
for (const [name, measure] of Object.entries(parts)) if (asked(name)) await measure();
const width = Math.max(...rows.map(([what]) => what.length));
process.stdout.write(
  `\n${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${new Date().toISOString().slice(0, 10)}\n`,
);
for (const [what, figure] of rows) process.stdout.write(`${what.padEnd(width)}  ${figure}\n`);
process.stdout.write(`${JSON.stringify(figures)}\n`);
