/** Entry point of a detached cluster: options as JSON in the first argument, one line of JSON on stdout when ready. */
import { CliError } from './cli/cliError.ts';
import { type RunOptions, runCluster } from './cli/runCluster.ts';

try {
  const options = JSON.parse(process.argv[2] ?? '{}') as RunOptions;
  const cluster = await runCluster(options);
  const stop = (): void => void cluster.close().then(() => process.exit(0));
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  const { server, kubeconfig, readyMs } = cluster;
  process.stdout.write(`${JSON.stringify({ ready: true, ms: readyMs, server, kubeconfig, pid: process.pid })}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof CliError ? error.message : String((error as Error).stack)}\n`);
  process.exit(1);
}
