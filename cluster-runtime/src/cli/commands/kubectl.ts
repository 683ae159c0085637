/** `kube-playground kubectl …`: the kubectl on PATH against this cluster, or the project's own where there is none. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { CliError } from '../cliError.ts';
import { openStateFolder } from '../stateFolder.ts';

export interface KubectlOptions {
  readonly state?: string;
  /** Even where there is another. */
  readonly own?: boolean;
  /** KUBECONFIG is left as it is: whoever runs this has a cluster already. */
  readonly anyCluster?: boolean;
}

export async function kubectl(args: readonly string[], options: KubectlOptions): Promise<void> {
  if (options.anyCluster) return runOwn(args, process.env);
  const folder = openStateFolder(options.state);
  if (!folder.running()) throw new CliError(`No cluster runs on ${folder.path}; start one with "kube-playground start".`);
  const env = { ...process.env, KUBECONFIG: folder.kubeconfig };
  if (options.own || !(await runInstalled(args, env))) await runOwn(args, env);
}

async function runOwn(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const { runOwnKubectl } = await import('../kubectl/processIo.ts');
  process.exitCode = await runOwnKubectl(args, env);
}

/** False when there is none on PATH. */
function runInstalled(args: readonly string[], env: NodeJS.ProcessEnv): Promise<boolean> {
  const child = spawn('kubectl', args, { stdio: 'inherit', env });
  // kubectl gets the terminal's signals itself and decides what they mean.
  const onInterrupt = (): void => undefined;
  process.on('SIGINT', onInterrupt);
  return new Promise((resolve, reject) => {
    child.on('error', (error: NodeJS.ErrnoException) => {
      process.off('SIGINT', onInterrupt);
      if (error.code === 'ENOENT') resolve(false);
      else reject(error);
    });
    child.on('exit', (code, signal) => {
      // A shell's way to say that a signal ended it.
      process.exitCode = code ?? 128 + (signal ? constants.signals[signal] : 0);
      resolve(true);
    });
  });
}
