/**
 * Entry point of a detached cluster: options as JSON in the first argument, one line of JSON on stdout when ready. Whoever
 * starts it may name a folder for compiled code in NODE_COMPILE_CACHE.
 */
import { RealClock } from '#common/base/clock.ts';
import type { RuntimeAnswer } from '#common/protocol/runtime.ts';
import { CliError } from './cli/cliError.ts';
import { writeCodeCacheSoon } from './cli/codeCache.ts';
import { followLeases } from './cli/followLeases.ts';
import { type RunOptions, runCluster } from './cli/runCluster.ts';

const answer = (line: RuntimeAnswer): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

async function main(): Promise<void> {
  try {
    const options = JSON.parse(process.argv[2] ?? '{}') as RunOptions;
    const cluster = await runCluster(options);
    const stop = (): void => void cluster.close().then(() => process.exit(0));
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, stop);
    const { server, kubeconfig, readyMs } = cluster;
    if (options.leases) followLeases(options.leases, new RealClock(), stop);
    answer({ ready: true, ms: readyMs, server, kubeconfig, pid: process.pid });
    writeCodeCacheSoon();
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    answer({ ready: false, problem: error.message });
    process.exit(1);
  }
}

// Awaited at the top, all of the bundle would lie in a function, and be read twice: when it is loaded and when that is called.
void main();
