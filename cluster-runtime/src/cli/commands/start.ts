/** `kube-playground start`: a cluster in this process until Ctrl-C, or with --detach in one of its own. */
import { connectWith } from '../apiConnection.ts';
import { useCodeCache, writeCodeCacheSoon } from '../codeCache.ts';
import type { RuntimeReady } from '#common/protocol/runtime.ts';
import { introduce } from '../introduce.ts';
import { readManifestGroups } from '../manifests.ts';
import { createReport, silentReport } from '../report.ts';
import type { RunOptions } from '../runCluster.ts';
import { startDetached } from '../startDetached.ts';

export interface StartOptions extends RunOptions {
  readonly apply?: readonly string[];
  readonly detach?: boolean;
  readonly json?: boolean;
}

export async function start(options: StartOptions): Promise<void> {
  const report = options.json ? silentReport(process.stderr) : createReport(process.stdout, process.stderr);
  // What is wrong with a manifest by itself is told before anything runs.
  const groups = await readManifestGroups(options.apply ?? []);
  if (options.detach && options.schedulerConfig !== undefined) await checkSchedulerConfig(options.schedulerConfig);
  if (options.detach) return startDetached(options, groups, report);

  const stopped = onStopSignal();
  // A cluster in memory leaves nothing behind, this neither.
  if (options.state !== 'memory') useCodeCache();
  // The cluster's code is loaded last: what can be refused without it is refused at once.
  const { runCluster } = await import('../runCluster.ts');
  const cluster = await runCluster(options, report.problem);
  const ready: RuntimeReady = {
    ready: true,
    ms: cluster.readyMs,
    server: cluster.server,
    kubeconfig: cluster.kubeconfig,
    pid: process.pid,
  };
  if (options.json) process.stdout.write(`${JSON.stringify(ready)}\n`);
  writeCodeCacheSoon();
  const api = connectWith(cluster.kubeconfigText);
  try {
    await introduce(api, ready, groups, report, stopped);
    if (!stopped.aborted)
      report.line(`Ctrl-C stops the cluster${options.state === 'memory' ? ' and forgets it' : '; it comes back as it was'}.`);
    await aborted(stopped);
    report.line();
  } finally {
    api.close();
    await cluster.close();
  }
  report.line('Stopped.');
}

async function checkSchedulerConfig(file: string): Promise<void> {
  await (await import('../schedulerConfigFile.ts')).readSchedulerConfigFile(file);
}

/** Aborts at the first Ctrl-C or SIGTERM; a second one ends the process at once, which loses nothing either. */
function onStopSignal(): AbortSignal {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  return controller.signal;
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
