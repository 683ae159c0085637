/** `kube-playground kubeconfig`: prints the kubeconfig, for scripts. */
import { existsSync, readFileSync } from 'node:fs';
import { CliError } from '../cliError.ts';
import { openStateFolder } from '../stateFolder.ts';

export function kubeconfig(options: { state?: string }): void {
  const folder = openStateFolder(options.state);
  if (!existsSync(folder.kubeconfig))
    throw new CliError(`There is no cluster in ${folder.path}; start one with "kube-playground start".`);
  process.stdout.write(readFileSync(folder.kubeconfig));
}
