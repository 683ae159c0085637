/** Starts, finds and ends the process that runs a cluster. The state folder's record says which process that is. */
import { type ChildProcess, spawn } from 'node:child_process';
import { type FileHandle, mkdir, open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Clock, sleep } from '#common/base/clock.ts';
import {
  type LeaseOptions,
  parseRunningRecord,
  type RunningRecord,
  runningRecordFile,
  type RuntimeAnswer,
  type RuntimeOptions,
  type RuntimeReady,
} from '#common/protocol/runtime.ts';

export interface StartRequest {
  /** dist/runtime.js */
  readonly runtimeFile: string;
  readonly stateFolder: string;
  readonly nodes: number;
  /** Where the engine keeps what it has made of the runtime's code, for the next start. */
  readonly codeCache: string;
  readonly leases: LeaseOptions;
}

/** The runtime ended before it was ready; the message is its own explanation. */
export class RuntimeStartError extends Error {}

/**
 * Resolves when the cluster answers and its nodes are ready. Aborting ends the process. The process has no parent to
 * die with: other windows may be using it.
 */
export async function startRuntime(
  { runtimeFile, stateFolder, nodes, codeCache, leases }: StartRequest,
  signal: AbortSignal,
): Promise<RuntimeReady> {
  await mkdir(stateFolder, { recursive: true, mode: 0o700 });
  const options: Partial<RuntimeOptions> = { nodes, port: 0, state: stateFolder, speed: 1, latency: 'typical', leases };
  const logFile = path.join(stateFolder, 'cluster.log');
  const log = await open(logFile, 'a+', 0o600);
  const logBegin = (await log.stat()).size;
  try {
    const child = spawn(process.execPath, [runtimeFile, JSON.stringify(options)], {
      // The editor's own program is also a Node.
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '', NODE_COMPILE_CACHE: codeCache },
      stdio: ['ignore', 'pipe', log.fd],
      detached: true,
      windowsHide: true,
    });
    const onAbort = (): void => void child.kill();
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    try {
      const answer = await firstAnswer(child, signal);
      if (answer?.ready) return answer;
      throw new RuntimeStartError(answer?.problem ?? (await textFrom(log, logBegin)));
    } finally {
      signal.removeEventListener('abort', onAbort);
      child.removeAllListeners();
      child.stdout?.destroy();
      child.unref();
    }
  } finally {
    await log.close();
  }
}

/** Undefined when the process ends without one. */
function firstAnswer(child: ChildProcess, signal: AbortSignal): Promise<RuntimeAnswer | undefined> {
  return new Promise((resolve, reject) => {
    let out = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      const end = out.indexOf('\n');
      if (end >= 0) resolve(JSON.parse(out.slice(0, end)) as RuntimeAnswer);
    });
    child.on('error', reject);
    child.on('close', () => (signal.aborted ? reject(signal.reason as Error) : resolve(undefined)));
  });
}

async function textFrom(file: FileHandle, begin: number): Promise<string> {
  const { size } = await file.stat();
  const { buffer } = await file.read(Buffer.alloc(size - begin), 0, size - begin, begin);
  return buffer.toString().trim();
}

/** The record of the cluster's process if that is alive. Its number may by now be another program's: only its API proves it. */
export async function findRuntime(stateFolder: string): Promise<RunningRecord | undefined> {
  const record = await lastRuntime(stateFolder);
  return record && isAlive(record.pid) ? record : undefined;
}

/** The record of a process that runs, or that died; one that was told to end has taken its record along. */
export async function lastRuntime(stateFolder: string): Promise<RunningRecord | undefined> {
  let text: string;
  try {
    text = await readFile(path.join(stateFolder, runningRecordFile), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return parseRunningRecord(text);
}

const stepMs = 20;
const patienceMs = 10_000;

/** Asks the process to end and waits until it has. */
export async function endRuntime({ pid }: RunningRecord, clock: Clock): Promise<void> {
  if (!isAlive(pid)) return;
  process.kill(pid, 'SIGTERM');
  // It may be another window's child, so there is nothing to wait on but its end.
  for (let waited = 0; isAlive(pid) && waited < patienceMs; waited += stepMs) await sleep(clock, stepMs);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: somebody else's process has that number.
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ESRCH' || code === 'EPERM') return false;
    throw error;
  }
}
