/** `kube-playground stop`: ends the process that runs a cluster; the cluster stays on disk. */
import { CliError } from '../cliError.ts';
import { openStateFolder } from '../stateFolder.ts';
import { stopRunning } from '../stopRunning.ts';

export async function stop(options: { state?: string }): Promise<void> {
  const folder = openStateFolder(options.state);
  if (!(await stopRunning(folder))) throw new CliError(`No cluster runs on ${folder.path}; there is nothing to stop.`);
  process.stdout.write(`stopped  ${folder.path}\n`);
}
