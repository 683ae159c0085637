/** A cluster as the command runs it: with its state folder, its kubeconfig file and its record for other commands. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLog, type Log } from '#common/base/log.ts';
import { startCluster } from '../cluster.ts';
import { StateFileError } from '../store/journal/sqliteJournal.ts';
import { CliError } from './cliError.ts';
import { defaultStatePath, makeStateFolder, openStateFolder } from './stateFolder.ts';

export interface RunOptions {
  readonly nodes: number;
  readonly port: number;
  /** A folder, or `memory`; undefined: the user's data folder. */
  readonly state: string | undefined;
  readonly kubeconfig: string | undefined;
  readonly speed: number;
  readonly latency: 'typical' | 'none';
  readonly seed: number | undefined;
}

export interface RunningCluster {
  readonly server: string;
  readonly kubeconfig: string;
  /** From the start of the process until the API answered and every node was ready. */
  readonly readyMs: number;
  close(): Promise<void>;
}

export async function runCluster(options: RunOptions): Promise<RunningCluster> {
  const inMemory = options.state === 'memory';
  const folderPath = inMemory ? mkdtempSync(path.join(tmpdir(), 'kube-playground-')) : (options.state ?? defaultStatePath());
  makeStateFolder(folderPath);
  const folder = openStateFolder(folderPath);
  const running = folder.running();
  if (running && running.pid !== process.pid) {
    throw new CliError(`A cluster already runs on ${folder.path} (process ${running.pid}); stop it with "kube-playground stop --state ${folder.path}", or choose another --state.`);
  }
  const kubeconfig = options.kubeconfig ? path.resolve(options.kubeconfig) : folder.kubeconfig;
  try {
    const cluster = await startCluster({
      nodes: options.nodes,
      port: options.port,
      ...lastPort(folder.kubeconfig),
      folder: inMemory ? undefined : folder.path,
      speed: options.speed,
      latency: options.latency,
      ...(options.seed === undefined ? {} : { seed: options.seed }),
      log: stderrLog(),
    });
    for (const file of new Set([kubeconfig, folder.kubeconfig])) writePrivately(file, cluster.kubeconfig);
    folder.recordRunning({ pid: process.pid, server: cluster.server, kubeconfig, startedAt: new Date().toISOString() });
    return {
      server: cluster.server,
      kubeconfig,
      readyMs: Math.round(performance.now()),
      async close() {
        await cluster.close();
        if (inMemory) folder.remove();
        else folder.clearRunning();
      },
    };
  } catch (error) {
    if (inMemory) folder.remove();
    throw explained(error, options);
  }
}

/** The port of the API when this cluster last ran, so that terminals with its kubeconfig keep working. */
function lastPort(kubeconfigFile: string): { lastPort?: number } {
  if (!existsSync(kubeconfigFile)) return {};
  const port = /https:\/\/127\.0\.0\.1:(\d+)/.exec(readFileSync(kubeconfigFile, 'utf8'))?.[1];
  return port === undefined ? {} : { lastPort: Number(port) };
}

function explained(error: unknown, options: RunOptions): unknown {
  if (error instanceof StateFileError) return new CliError(error.message);
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return new CliError(`Port ${options.port} is taken; choose another with --port, or leave it out for any free one.`);
  if (code === 'EACCES') return new CliError(`Port ${options.port} needs more rights than you have; choose one above 1023 with --port.`);
  return error;
}

function writePrivately(file: string, text: string): void {
  try {
    writeFileSync(file, text, { mode: 0o600 });
    chmodSync(file, 0o600);
  } catch (error) {
    throw new CliError(`Cannot write the kubeconfig to ${file} (${(error as NodeJS.ErrnoException).code}).`);
  }
}

/** Warnings and errors go to stderr; more with KUBE_PLAYGROUND_LOG=debug. */
function stderrLog(): Log {
  const wanted = process.env['KUBE_PLAYGROUND_LOG'];
  return createLog('kube-playground', ({ level, component, message, fields }) => {
    if (wanted !== 'debug' && (level === 'debug' || level === 'info')) return;
    process.stderr.write(`${level} ${component}: ${message}${fields ? ` ${JSON.stringify(fields)}` : ''}\n`);
  });
}
