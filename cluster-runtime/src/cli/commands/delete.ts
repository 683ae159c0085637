/** `kube-playground delete`: stops a cluster and removes everything of it. */
import { existsSync } from 'node:fs';
import { CliError } from '../cliError.ts';
import { openStateFolder } from '../stateFolder.ts';
import { stop } from './stop.ts';

export async function deleteCluster(options: { state?: string }): Promise<void> {
  const folder = openStateFolder(options.state);
  if (folder.running()) await stop(options);
  // Only what this program made is removed: a folder without a cluster may hold anything.
  if (!existsSync(folder.kubeconfig)) throw new CliError(`There is no cluster in ${folder.path}.`);
  folder.remove();
  process.stdout.write(`deleted  ${folder.path}\n`);
}
