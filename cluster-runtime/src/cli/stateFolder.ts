/**
 * Where a cluster lives on disk: its file, its certificates, its kubeconfig, and the record of the process that runs it.
 * Only the owner can read any of it.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { CliError } from './cliError.ts';

/** The process that runs the cluster of a folder. */
export interface RunningRecord {
  readonly pid: number;
  readonly server: string;
  readonly kubeconfig: string;
  /** RFC 3339. */
  readonly startedAt: string;
}

export interface StateFolder {
  readonly path: string;
  readonly kubeconfig: string;
  /** The process that runs this cluster now; undefined when none does. */
  running(): RunningRecord | undefined;
  recordRunning(record: RunningRecord): void;
  clearRunning(): void;
  /** Removes the cluster and everything of it. */
  remove(): void;
}

/** `--state`, or the user's data folder. */
export function defaultStatePath(environment: NodeJS.ProcessEnv = process.env): string {
  const data =
    environment['XDG_DATA_HOME'] ??
    (process.platform === 'win32'
      ? (environment['LOCALAPPDATA'] ?? path.join(homedir(), 'AppData', 'Local'))
      : process.platform === 'darwin'
        ? path.join(homedir(), 'Library', 'Application Support')
        : path.join(homedir(), '.local', 'share'));
  return path.join(data, 'kube-playground');
}

export function openStateFolder(folder: string | undefined): StateFolder {
  const location = path.resolve(folder ?? defaultStatePath());
  const recordFile = path.join(location, 'running.json');
  return {
    path: location,
    kubeconfig: path.join(location, 'kubeconfig'),
    running() {
      if (!existsSync(recordFile)) return undefined;
      try {
        const record = JSON.parse(readFileSync(recordFile, 'utf8')) as RunningRecord;
        return isAlive(record.pid) ? record : undefined;
      } catch (error) {
        // Half-written by a process that was killed: nobody runs.
        if (error instanceof SyntaxError) return undefined;
        throw error;
      }
    },
    recordRunning(record) {
      writeFileSync(recordFile, `${JSON.stringify(record)}\n`, { mode: 0o600 });
    },
    clearRunning() {
      rmSync(recordFile, { force: true });
    },
    remove() {
      rmSync(location, { recursive: true, force: true });
    },
  };
}

/** Makes the folder; says what to do when that cannot be done. */
export function makeStateFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new CliError(`Cannot make the state folder ${folder} (${(error as NodeJS.ErrnoException).code}); choose another with --state.`);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process with that number is alive as well, but ours it is not.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH' || (error as NodeJS.ErrnoException).code === 'EPERM') return false;
    throw error;
  }
}
