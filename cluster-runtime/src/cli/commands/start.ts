/** `kube-playground start`: a cluster in this process, or with --detach in one of its own. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { NodeList } from '#common/schema/generated/types.ts';
import { connect } from '../apiConnection.ts';
import { applyAndFollow } from '../applyAndFollow.ts';
import { CliError } from '../cliError.ts';
import { createReport, type Report, silentReport, table } from '../report.ts';
import { openStateFolder } from '../stateFolder.ts';
import { type RunOptions, type RunningCluster, runCluster } from '../runCluster.ts';

export interface StartOptions extends RunOptions {
  readonly apply: readonly string[];
  readonly detach: boolean;
  readonly json: boolean;
}

/** What `--json` prints, and what a detached process tells its parent. */
export interface ReadyLine {
  ready: true;
  ms: number;
  server: string;
  kubeconfig: string;
  pid: number;
}

export async function start(options: StartOptions): Promise<void> {
  const report = options.json ? silentReport : createReport(process.stdout);
  if (options.detach) {
    await startDetached(options, report);
    return;
  }
  const cluster = await runCluster(options);
  const stop = stopOnSignal(cluster, report);
  const ready: ReadyLine = {
    ready: true,
    ms: cluster.readyMs,
    server: cluster.server,
    kubeconfig: cluster.kubeconfig,
    pid: process.pid,
  };
  if (options.json) process.stdout.write(`${JSON.stringify(ready)}\n`);
  await introduce(ready, options.apply, report, stop.signal);
  if (!stop.signal.aborted)
    report.line(`Ctrl-C stops the cluster${options.state === 'memory' ? ' and forgets it' : '; it comes back as it was'}.`);
  await stop.done;
}

async function startDetached(options: StartOptions, report: Report): Promise<void> {
  if (options.state === 'memory')
    throw new CliError('--detach needs a state folder: a cluster in memory ends with its command.', 2);
  const runtime = path.join(path.dirname(fileURLToPath(import.meta.url)), 'runtime.js');
  if (!existsSync(runtime)) throw new CliError(`${runtime} is missing; run "npm run build" first.`);
  const { apply: _, detach: __, json: ___, ...run } = options;
  const child = spawn(process.execPath, [runtime, JSON.stringify(run)], { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const ready = await new Promise<ReadyLine>((resolve, reject) => {
    let out = '';
    let problems = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      const end = out.indexOf('\n');
      if (end >= 0) resolve(JSON.parse(out.slice(0, end)) as ReadyLine);
    });
    child.stderr.on('data', (chunk: Buffer) => (problems += chunk.toString()));
    child.on('exit', () => reject(new CliError(problems.trim() || 'The cluster ended before it was ready.')));
  });
  child.stdout.destroy();
  child.stderr.destroy();
  child.unref();
  if (options.json) process.stdout.write(`${JSON.stringify(ready)}\n`);
  await introduce(ready, options.apply, report, new AbortController().signal);
  report.line('The cluster runs in the background; "kube-playground stop" ends it.');
}

/** Says what runs and where to look, applies what was asked for, and how to go on. */
async function introduce(ready: ReadyLine, apply: readonly string[], report: Report, signal: AbortSignal): Promise<void> {
  const api = connect(ready.kubeconfig);
  try {
    report.line(`Kubernetes 1.36 is ready in ${ready.ms} ms`);
    report.line(`  API         ${ready.server}`);
    report.line(`  kubeconfig  ${ready.kubeconfig}`);
    report.line();
    const nodes = await api.get<NodeList>('/api/v1/nodes');
    const rows = nodes.items.map(({ metadata, status }) => [
      metadata.name ?? '',
      status?.conditions?.find((c) => c.type === 'Ready')?.status === 'True' ? 'Ready' : 'NotReady',
      status?.capacity?.['cpu'] ?? '',
      status?.capacity?.['memory'] ?? '',
      status?.capacity?.['pods'] ?? '',
    ]);
    for (const row of table([['NODE', 'STATUS', 'CPU', 'MEMORY', 'PODS'], ...rows])) report.line(`  ${row}`);
    report.line();
    await applyAndFollow(api, apply, report, signal);
    if (signal.aborted) return;
    report.line('Go on with:');
    report.line(`  export KUBECONFIG=${ready.kubeconfig}`);
    report.line('  kubectl get pods -A');
    report.line();
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    api.close();
  }
}

/** Ends the cluster at the first Ctrl-C or SIGTERM; a second one ends the process at once. */
function stopOnSignal(cluster: RunningCluster, report: Report): { signal: AbortSignal; done: Promise<void> } {
  const controller = new AbortController();
  const done = new Promise<void>((resolve, reject) => {
    const onSignal = (): void => {
      if (controller.signal.aborted) process.exit(130);
      controller.abort();
      report.line();
      cluster.close().then(() => {
        report.line('Stopped.');
        resolve();
      }, reject);
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
  });
  return { signal: controller.signal, done };
}
