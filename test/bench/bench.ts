/**
 * `npm run bench`: prints what the cluster costs and how fast it is, as a table and as one line of JSON. Nothing here is
 * asserted: machines differ. `docs/performance.md` keeps figures with the machine they were taken on.
 *
 *   node test/bench/bench.ts [start] [idle] [pods] [schedule] [rollout] [namespace] [cron] [languageServer] [api] [tree] [activation] [editor]      default: all of them
 *
 * `activation` and `editor` take dist/kube-playground.vsix, which `npm run package` makes.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { run } from '../support/run.ts';
import { projectFolder, startTestCluster, type TestCluster } from '../support/testCluster.ts';
import { simulateCronJob } from './cronJobYear.ts';
import { type Activation, activations, saves, type StartClick, startClicks } from './editorTimes.ts';
import { measureLanguageServer } from './languageServer.ts';
import { startLargeCluster } from './largeCluster.ts';
import { secondsToDeleteNamespace } from './namespaceDeletion.ts';
import { secondsToRollOver, secondsToScale } from './rollout.ts';
import { timeToSchedule } from './scheduling.ts';
import type { Elapsed } from './stopwatch.ts';
import { treeFrames } from './treeFrames.ts';

const wanted = new Set(process.argv.slice(2));
const asked = (name: string): boolean => wanted.size === 0 || wanted.has(name);
const rows: [what: string, figure: string][] = [];
const figures: Record<string, number> = {};
const loadBefore = loadavg()[0] ?? 0;
const note = (what: string, key: string, value: number, unit: string): void => {
  figures[key] = value;
  rows.push([what, `${value} ${unit}`]);
  process.stdout.write(`${what}: ${value} ${unit}\n`);
};
/** The value that this share of them does not exceed. */
const share = (values: readonly number[], of: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * of))] ?? 0;
const median = (values: readonly number[]): number => share(values, 0.5);
const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK']).toString());

/** Resident memory in bytes and processor seconds so far. Linux only. */
function usage(pid: number): { memory: number; cpu: number } {
  const memory = Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return { memory, cpu: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond };
}
const tenths = (value: number): number => Math.round(value * 10) / 10;
const megabytes = (bytes: number): number => Math.round(bytes / 1e6);

/** Of the code that the engine has compiled, a start after the first finds what the one before has left. */
async function start(): Promise<void> {
  const caches = mkdtempSync(path.join(tmpdir(), 'kube-playground-bench-'));
  process.env['XDG_CACHE_HOME'] = caches;
  for (const [kind, key] of [
    ['the first after installation', 'installedStart'],
    ['new cluster', 'firstStart'],
    ['cluster from disk', 'start'],
  ] as const) {
    const times: number[] = [];
    const processor: number[] = [];
    for (let i = 0; i < 5; i++) {
      const state = mkdtempSync(path.join(tmpdir(), 'kube-playground-bench-'));
      if (key === 'start') await (await startTestCluster({ state })).stop();
      if (key === 'installedStart') rmSync(caches, { recursive: true, force: true });
      const from = performance.now();
      const cluster = await startTestCluster({ state });
      times.push(performance.now() - from);
      processor.push(usage(cluster.process.pid ?? 0).cpu * 1000);
      await cluster.stop();
      rmSync(state, { recursive: true, force: true });
    }
    note(`spawn → API ready and 3 nodes Ready, ${kind} (median of 5)`, `${key}Ms`, Math.round(median(times)), 'ms');
    note('processor time of that', `${key}ProcessorMs`, Math.round(median(processor)), 'ms');
  }
  rmSync(caches, { recursive: true, force: true });
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
    const cluster = await startLargeCluster(20);
    const seconds = await secondsToScale(cluster.api, count);
    note(`Deployment of ${count} pods over 20 nodes to Ready`, `pods${count}PerSecond`, Math.round(count / seconds), 'pods/s');
    note(`resident memory with ${count} pods`, `pods${count}Megabytes`, megabytes(usage(cluster.process.pid ?? 0).memory), 'MB');
    await cluster.stop();
  }
}

async function schedule(): Promise<void> {
  const [pods, nodes] = [5_000, 1_000];
  // The first run is slower by what the compiler still has to learn; a cluster schedules for longer than that.
  const runs = [await timeToSchedule(pods, nodes), await timeToSchedule(pods, nodes), await timeToSchedule(pods, nodes)];
  const rate = (of: keyof Elapsed): number => Math.round(pods / median(runs.map((run) => run[of])));
  const what = `scheduling ${pods} pods with affinity and spread over ${nodes} nodes`;
  note(`${what} (median of 3)`, 'schedulePerSecond', rate('seconds'), 'pods/s');
  note(`${what}, per second of processor time`, 'schedulePerProcessorSecond', rate('processorSeconds'), 'pods/s');
}

async function rollout(): Promise<void> {
  const replicas = 10_000;
  const before = { cpu: 0 };
  const seconds = await secondsToRollOver(replicas, (pid) => (before.cpu = usage(pid).cpu - before.cpu));
  note(`Deployment of ${replicas} pods rolled over`, 'rolloutSeconds', tenths(seconds), 's');
  note(`processor time of that`, 'rolloutProcessorSeconds', tenths(before.cpu), 's');
}

async function namespace(): Promise<void> {
  const objects = 10_000;
  note(`namespace with ${objects} objects deleted`, 'namespaceSeconds', tenths(await secondsToDeleteNamespace(objects)), 's');
}

async function cron(): Promise<void> {
  const year = 365 * 24 * 60;
  const hourly = await simulateCronJob('0 * * * *', year);
  note(`a year of an hourly CronJob, ${hourly.runs} runs`, 'cronYearSeconds', tenths(hourly.seconds), 's');
  note('processor time of that', 'cronYearProcessorSeconds', tenths(hourly.processorSeconds), 's');
  const waiting = await simulateCronJob('* * * * *', year, true);
  note(`a year of ${year} minutes, a CronJob due in each`, 'cronMinutesSeconds', tenths(waiting.seconds), 's');
  note('processor time of that', 'cronMinutesProcessorSeconds', tenths(waiting.processorSeconds), 's');
}

async function languageServer(): Promise<void> {
  const found = await measureLanguageServer(usage, 5_000, 10_000);
  const what = 'language server';
  note(`${what}: spawn → first answer (median of 9)`, 'lsp.startMs', Math.round(found.startMs), 'ms');
  note('processor time of that', 'lsp.startProcessorMs', Math.round(found.startProcessorMs), 'ms');
  note(`${what}: 5000 manifests indexed`, 'lsp.indexMs', Math.round(found.indexMs), 'ms');
  note('processor time of that', 'lsp.indexProcessorMs', Math.round(found.indexProcessorMs), 'ms');
  const spreads = {
    'keystroke in 2000 lines of many documents': found.keystroke.documents,
    'keystroke in 2000 lines of one object': found.keystroke['one object'],
    'selector and labels changed in 2000 lines': found.label,
    ...found.requests,
  };
  for (const [name, { median, p99, processor }] of Object.entries(spreads)) {
    const key = `lsp.${name.replaceAll(' ', '')}`;
    note(`${what}: ${name}, median`, `${key}.median`, tenths(median), 'ms');
    note(`${what}: ${name}, p99`, `${key}.p99`, tenths(p99), 'ms');
    note('processor time of each', `${key}.processor`, tenths(processor), 'ms');
  }
  note(`${what}: resident memory`, 'lsp.megabytes', megabytes(found.memory), 'MB');
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

async function tree(): Promise<void> {
  const pods = 20_000;
  const result = await treeFrames(pods, 20);
  const what = `tree of ${pods} pods, 200 changes/s`;
  note(`${what}: scripting per frame, median`, 'treeFrameMs', tenths(result.median), 'ms');
  note(`${what}: scripting per frame, 95 %`, 'treeFrameP95Ms', tenths(result.p95), 'ms');
  note(`${what}: scripting per frame, 99 %`, 'treeFrameP99Ms', tenths(result.p99), 'ms');
  note(`${what}: scripting per frame, longest of ${result.frames}`, 'treeFrameLongestMs', tenths(result.longest), 'ms');
  note(`${what}: the page’s heap`, 'treeHeapMegabytes', Math.round(result.heapMegabytes), 'MB');
  note(`tree of ${pods} pods: from opening to rows`, 'treeOpenMs', Math.round(result.openMs), 'ms');
}

async function activation(): Promise<void> {
  const vsix = path.join(projectFolder, 'dist', 'kube-playground.vsix');
  note('.vsix', 'vsixMegabytes', tenths(statSync(vsix).size / 1e6), 'MB');
  const activated = await activations(10);
  for (const [what, key, of] of [
    ['activation, bundle and call (median of 10)', 'activationMs', ({ load, call }) => load + call],
    ['of that, loading the bundle', 'activationLoadMs', ({ load }) => load],
    ['the same of the smallest extension of the editor’s own', 'smallestActivationMs', ({ smallest }) => smallest],
  ] satisfies [string, string, (each: Activation) => number][])
    note(what, key, Math.round(median(activated.map(of))), 'ms');
}

async function editor(): Promise<void> {
  const clicks = await startClicks(5);
  const click = (of: keyof StartClick): number => Math.round(median(clicks.map((each) => each[of])));
  note('click on Start → 3 nodes in the status bar (median of 5)', 'clickToNodesMs', click('toStatusBar'), 'ms');
  note('of that, until the process is started', 'clickToSpawnMs', click('toSpawn'), 'ms');
  note('of that, until the cluster is ready', 'spawnToReadyMs', click('spawnToReady'), 'ms');
  note('of that, until the status bar says so', 'readyToStatusBarMs', click('readyToStatusBar'), 'ms');
  const saved = await saves(30);
  for (const [what, key, of] of [
    ['save → applied', 'saveToApplied', 'toApplied'],
    ['save → the tree shows it', 'saveToTree', 'toTree'],
  ] as const) {
    const times = saved.map((each) => each[of]);
    note(`${what}, median of 30`, `${key}Ms`, Math.round(median(times)), 'ms');
    note(`${what}, 95 %`, `${key}P95Ms`, Math.round(share(times, 0.95)), 'ms');
  }
}

const parts: Record<string, () => Promise<void>> = {
  start,
  idle,
  pods,
  schedule,
  rollout,
  namespace,
  cron,
  languageServer,
  api,
  tree,
  activation,
  editor,
};
for (const [name, measure] of Object.entries(parts)) if (asked(name)) await measure();
const width = Math.max(...rows.map(([what]) => what.length));
process.stdout.write(
  `\n${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${new Date().toISOString().slice(0, 10)}, load ${loadBefore.toFixed(1)} before, ${(loadavg()[0] ?? 0).toFixed(1)} after\n`,
);
for (const [what, figure] of rows) process.stdout.write(`${what.padEnd(width)}  ${figure}\n`);
process.stdout.write(`${JSON.stringify(figures)}\n`);
