/** Entry point of a detached cluster: options as JSON in the first argument, one line of JSON on stdout when ready. */
import type { RuntimeAnswer } from '#common/protocol/runtime.ts';
import { CliError } from './cli/cliError.ts';
import { type RunOptions, runCluster } from './cli/runCluster.ts';

const answer = (line: RuntimeAnswer): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

try {
  const cluster = await runCluster(JSON.parse(process.argv[2] ?? '{}') as RunOptions);
  const stop = (): void => void cluster.close().then(() => process.exit(0));
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, stop);
  const { server, kubeconfig, readyMs } = cluster;
  answer({ ready: true, ms: readyMs, server, kubeconfig, pid: process.pid });
} catch (error) {
  if (!(error instanceof CliError)) throw error;
  answer({ ready: false, problem: error.message });
  process.exit(1);
}
