/** A cluster of the built command in a process of its own, for suites that look at it from outside. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const projectFolder = path.resolve(import.meta.dirname, '../..');
/** The built command; KUBE_PLAYGROUND_CLI names another build of it. */
export const cliFile = process.env['KUBE_PLAYGROUND_CLI'] ?? path.join(projectFolder, 'dist/cli.js');

export interface TestCluster {
  readonly server: string;
  readonly kubeconfig: string;
  /** What the process reported as its time from spawn to ready, in milliseconds. */
  readonly ms: number;
  readonly process: ChildProcess;
  readonly folder: string;
  /** Everything the process wrote to stderr so far. */
  stderr(): string;
  /** Sends the signal and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export interface TestClusterOptions {
  /** Where the cluster lives; a new folder, removed at the end, when absent. `memory` for none. */
  state?: string;
  args?: readonly string[];
}

/** Resolves when the cluster is ready. Rejects with the process' own words when it ends before. */
export async function startTestCluster(options: TestClusterOptions = {}): Promise<TestCluster> {
  if (!existsSync(cliFile)) throw new Error(`${cliFile} is missing; run "npm run build" first`);
  const folder = mkdtempSync(path.join(tmpdir(), 'kube-playground-test-'));
  const kubeconfig = path.join(folder, 'kubeconfig');
  const args = [
    cliFile,
    'start',
    '--json',
    '--state',
    options.state ?? 'memory',
    '--kubeconfig',
    kubeconfig,
    '--latency',
    'none',
    ...(options.args ?? []),
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let problems = '';
  child.stderr.on('data', (chunk: Buffer) => (problems += chunk.toString()));
  const ready = await new Promise<{ ms: number; server: string }>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      const end = out.indexOf('\n');
      if (end >= 0) resolve(JSON.parse(out.slice(0, end)) as { ms: number; server: string });
    });
    child.once('exit', (code) => reject(new Error(`the cluster ended with ${code}: ${problems}`)));
  });
  return {
    ...ready,
    kubeconfig,
    process: child,
    folder,
    stderr: () => problems,
    async stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, 'exit');
        child.kill(signal);
        await ended;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
