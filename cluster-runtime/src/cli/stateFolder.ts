/**
 * Where a cluster lives on disk: its file, its certificates, its kubeconfig, and the record of the process that runs it.
 * Only the owner can read any of it, and nothing else in the folder is ever touched.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseRunningRecord, type RunningRecord, runningRecordFile } from '#common/protocol/runtime.ts';
import { CliError } from './cliError.ts';
import { isAlive } from './isAlive.ts';

export interface StateFolder {
  readonly path: string;
  readonly kubeconfig: string;
  /** What a cluster in the background writes to stderr. */
  readonly log: string;
  /** Whether there is a cluster here, running or not. */
  exists(): boolean;
  /** Throws CliError when a new cluster here would overwrite files that are not a cluster's. */
  checkForeignFiles(): void;
  /** The process that runs this cluster now; undefined when none does. */
  running(): RunningRecord | undefined;
  recordRunning(record: RunningRecord): void;
  clearRunning(): void;
  /** Removes the cluster and everything of it; the folder too, if nothing else is in it. */
  remove(): void;
}

/** The cluster itself, what SQLite keeps beside it, and what this program adds. */
const ownFiles = [
  'running.json',
  'kubeconfig',
  'credentials.json',
  'credentials.json.new',
  'cluster.log',
  'cluster.sqlite-journal',
  'cluster.sqlite-shm',
  'cluster.sqlite-wal',
  'cluster.sqlite',
];

/** The files of the volumes; goes as a whole, before what makes the folder a cluster's. */
const volumesFolder = 'cluster.volumes';

/** `--state`, or the user's data folder. */
export function defaultStatePath(environment: NodeJS.ProcessEnv = process.env): string {
  const data =
    // The specification of the variable has relative and empty values ignored.
    (path.isAbsolute(environment['XDG_DATA_HOME'] ?? '') ? environment['XDG_DATA_HOME'] : undefined) ??
    (process.platform === 'win32'
      ? (environment['LOCALAPPDATA'] ?? path.join(homedir(), 'AppData', 'Local'))
      : process.platform === 'darwin'
        ? path.join(homedir(), 'Library', 'Application Support')
        : path.join(homedir(), '.local', 'share'));
  return path.join(data, 'kube-playground');
}

export function openStateFolder(folder: string | undefined): StateFolder {
  const location = path.resolve(folder ?? defaultStatePath());
  const inside = (name: string): string => path.join(location, name);
  const recordFile = inside(runningRecordFile);
  // The first file of a new cluster and the last of one that goes.
  const exists = (): boolean => existsSync(inside('cluster.sqlite'));
  return {
    path: location,
    kubeconfig: inside('kubeconfig'),
    log: inside('cluster.log'),
    exists,
    checkForeignFiles() {
      if (exists()) return;
      const foreign = ['credentials.json', 'kubeconfig', 'running.json', volumesFolder].find((name) => existsSync(inside(name)));
      if (foreign)
        throw new CliError(`${inside(foreign)} belongs to no cluster and is left as it is; choose another folder with --state.`);
    },
    running() {
      const record = readRecord(recordFile);
      // A process that was killed leaves its record, and its number may be another program's by now.
      return record && isAlive(record.pid) && isHeld(inside('cluster.sqlite')) ? record : undefined;
    },
    recordRunning(record) {
      writeFileSync(recordFile, `${JSON.stringify(record)}\n`, { mode: 0o600 });
    },
    clearRunning() {
      rmSync(recordFile, { force: true });
    },
    remove() {
      rmSync(inside(volumesFolder), { recursive: true, force: true });
      for (const name of ownFiles) rmSync(inside(name), { force: true });
      if (existsSync(location) && readdirSync(location).length === 0) rmdirSync(location);
    },
  };
}

/** Makes the folder; says what to do when that cannot be done. */
export function makeStateFolder(folder: string): void {
  try {
    if (statSync(folder, { throwIfNoEntry: false })?.isFile())
      throw new CliError(`${folder} is a file; give --state a folder for the cluster to live in.`);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(
      `Cannot make the state folder ${folder} (${(error as NodeJS.ErrnoException).code}); choose another with --state.`,
    );
  }
}

function readRecord(file: string): RunningRecord | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw new CliError(`Cannot read ${file} (${(error as NodeJS.ErrnoException).code}); choose another --state.`);
  }
  return parseRunningRecord(text);
}

/** Whether a process holds the cluster's file. Its lock ends with the process, however that ends. */
function isHeld(file: string): boolean {
  if (!existsSync(file)) return false;
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(file, { readOnly: true });
    db.prepare('SELECT count(*) FROM sqlite_schema').get();
    return false;
  } catch (error) {
    const code = (error as { errcode?: number }).errcode;
    if (code === undefined) throw error;
    return (code & 0xff) === sqliteBusy;
  } finally {
    db?.close();
  }
}

/** SQLite's primary result code for a file that another process has locked. */
const sqliteBusy = 5;
