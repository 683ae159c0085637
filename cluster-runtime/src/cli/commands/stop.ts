/** `kube-playground stop`: ends the process that runs a cluster; the cluster stays on disk. */
import { setTimeout as delay } from 'node:timers/promises';
import { CliError } from '../cliError.ts';
import { openStateFolder } from '../stateFolder.ts';

const patienceMs = 10_000;

export async function stop(options: { state?: string }): Promise<void> {
  const folder = openStateFolder(options.state);
  const running = folder.running();
  if (!running) throw new CliError(`No cluster runs on ${folder.path}.`);
  process.kill(running.pid, 'SIGTERM');
  // The process belongs to another parent, so there is nothing to wait on but its end.
  const deadline = performance.now() + patienceMs;
  while (folder.running()) {
    if (performance.now() > deadline)
      throw new CliError(`Process ${running.pid} does not end; "kill -9 ${running.pid}" loses nothing that was acknowledged.`);
    await delay(20);
  }
  process.stdout.write(`stopped  ${folder.path}\n`);
}
