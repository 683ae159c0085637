/** `kube-playground delete`: stops a cluster and removes everything of it. */
import { CliError } from '../cliError.ts';
import { openStateFolder } from '../stateFolder.ts';
import { stopRunning } from '../stopRunning.ts';

export async function deleteCluster(options: { state?: string }): Promise<void> {
  const folder = openStateFolder(options.state);
  if (!folder.exists()) throw new CliError(`There is no cluster in ${folder.path}; name another folder with --state.`);
  await stopRunning(folder);
  folder.remove();
  process.stdout.write(`deleted  ${folder.path}\n`);
}
