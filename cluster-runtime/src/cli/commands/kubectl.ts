/** `kube-playground kubectl …`: the kubectl on PATH against this cluster. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { CliError } from '../cliError.ts';
import { openStateFolder } from '../stateFolder.ts';

export function kubectl(args: readonly string[], options: { state?: string }): Promise<void> {
  const folder = openStateFolder(options.state);
  if (!folder.running()) throw new CliError(`No cluster runs on ${folder.path}; start one with "kube-playground start".`);
  const child = spawn('kubectl', args, { stdio: 'inherit', env: { ...process.env, KUBECONFIG: folder.kubeconfig } });
  // kubectl gets the terminal's signals itself and decides what they mean.
  process.on('SIGINT', () => undefined);
  return new Promise((resolve, reject) => {
    child.on('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'ENOENT'
          ? new CliError(
              'There is no kubectl on PATH; install it, or give any other client what "kube-playground kubeconfig" prints.',
            )
          : error,
      ),
    );
    child.on('exit', (code, signal) => {
      // A shell's way to say that a signal ended it.
      process.exitCode = code ?? 128 + (signal ? constants.signals[signal] : 0);
      resolve();
    });
  });
}
