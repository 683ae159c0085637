/** Ends the process that runs a cluster, and waits for its end. */
import { setTimeout as delay } from 'node:timers/promises';
import { CliError } from './cliError.ts';
import type { StateFolder } from './stateFolder.ts';

const patienceMs = 10_000;

/** Whether there was one to end. */
export async function stopRunning(folder: StateFolder): Promise<boolean> {
  const running = folder.running();
  if (!running) return false;
  process.kill(running.pid, 'SIGTERM');
  // The process belongs to another parent, so there is nothing to wait on but its end.
  const deadline = performance.now() + patienceMs;
  while (folder.running()) {
    if (performance.now() > deadline)
      throw new CliError(`Process ${running.pid} does not end; "kill -9 ${running.pid}" loses nothing that was acknowledged.`);
    await delay(20);
  }
  return true;
}
