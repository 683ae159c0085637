/** A cluster as the command runs it: with its state folder, its kubeconfig file and its record for other commands. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLog, type Log } from '#common/base/log.ts';
import type { RuntimeOptions } from '#common/protocol/runtime.ts';
import { type Cluster, startCluster } from '../cluster.ts';
import type { SchedulerSettings } from '../scheduler/profile.ts';
import { StateFileError } from '../store/journal/sqliteJournal.ts';
import { CliError } from './cliError.ts';
import { checkKubeconfigFile, replaceKubeconfigFile, writeKubeconfigFile } from './kubeconfigFile.ts';
import { readSchedulerConfigFile } from './schedulerConfigFile.ts';
import { defaultStatePath, makeStateFolder, openStateFolder, type StateFolder } from './stateFolder.ts';

export type RunOptions = RuntimeOptions;

export interface RunningCluster {
  readonly server: string;
  /** The file that it was written to. */
  readonly kubeconfig: string;
  /** A kubeconfig with this cluster alone; the file may hold others as well. */
  readonly kubeconfigText: string;
  /** From the start of the process until the API answered and every node was ready. */
  readonly readyMs: number;
  close(): Promise<void>;
}

/** Writes a line that tells of a problem while the cluster runs. */
export type WriteProblem = (line: string) => void;

/** Throws CliError for everything that a person can mend; nothing of the state is lost then. */
export async function runCluster(options: RunOptions, writeProblem: WriteProblem = toStderr): Promise<RunningCluster> {
  const folder = options.state === 'memory' ? undefined : stateFolder(options.state);
  const kubeconfig = options.kubeconfig === undefined ? undefined : path.resolve(options.kubeconfig);
  if (kubeconfig !== undefined) await checkKubeconfigFile(kubeconfig);
  const { schedulerConfig } = options;
  const scheduler = schedulerConfig === undefined ? undefined : await readSchedulerConfigFile(schedulerConfig);
  const cluster = await start(options, folder, scheduler, clusterLog(writeProblem));
  try {
    if (folder) replaceKubeconfigFile(folder.kubeconfig, cluster.kubeconfig);
    const chosen = kubeconfig ?? folder?.kubeconfig ?? passingKubeconfig();
    if (chosen !== folder?.kubeconfig) await writeKubeconfigFile(chosen, cluster.kubeconfig);
    folder?.recordRunning({
      pid: process.pid,
      server: cluster.server,
      kubeconfig: chosen,
      startedAt: new Date().toISOString(),
    });
    return {
      server: cluster.server,
      kubeconfig: chosen,
      kubeconfigText: cluster.kubeconfig,
      readyMs: Math.round(performance.now()),
      async close() {
        await cluster.close();
        folder?.clearRunning();
      },
    };
  } catch (error) {
    await cluster.close();
    throw error;
  }
}

function stateFolder(given: string | undefined): StateFolder {
  const location = given ?? defaultStatePath();
  makeStateFolder(location);
  const folder = openStateFolder(location);
  folder.checkForeignFiles();
  return folder;
}

async function start(
  options: RunOptions,
  folder: StateFolder | undefined,
  scheduler: SchedulerSettings | undefined,
  log: Log,
): Promise<Cluster> {
  try {
    return await startCluster({
      nodes: options.nodes,
      port: options.port,
      ...(options.zones ? { zones: options.zones } : {}),
      nodeShape: { cpu: options.nodeCpu, memory: options.nodeMemory },
      ...(folder ? lastPort(folder.kubeconfig) : {}),
      folder: folder?.path,
      speed: options.speed,
      latency: options.latency,
      ...(options.seed === undefined ? {} : { seed: options.seed }),
      addons: !options.bare,
      ...(scheduler ? { scheduler } : {}),
      log,
    });
  } catch (error) {
    throw explained(error, options.port, folder);
  }
}

/** A cluster in memory leaves nothing behind, so its kubeconfig goes with the process. */
function passingKubeconfig(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'kube-playground-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return path.join(folder, 'kubeconfig');
}

/** The port of the API when this cluster last ran, so that terminals with its kubeconfig keep working. */
function lastPort(kubeconfigFile: string): { lastPort?: number } {
  if (!existsSync(kubeconfigFile)) return {};
  const port = /https:\/\/127\.0\.0\.1:(\d+)/.exec(readFileSync(kubeconfigFile, 'utf8'))?.[1];
  return port === undefined ? {} : { lastPort: Number(port) };
}

function explained(error: unknown, port: number, folder: StateFolder | undefined): unknown {
  if (error instanceof StateFileError) {
    const running = error.problem === 'inUse' ? folder?.running() : undefined;
    if (!running || !folder) return new CliError(error.message);
    return new CliError(
      `A cluster already runs on ${folder.path} (process ${running.pid}); stop it with "kube-playground stop --state ${folder.path}", or choose another --state.`,
    );
  }
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE')
    return new CliError(`Port ${port} is taken; choose another with --port, or leave it out for any free one.`);
  if (code === 'EACCES') return new CliError(`Port ${port} needs more rights than you have; choose one above 1023 with --port.`);
  return error;
}

const toStderr: WriteProblem = (line) => void process.stderr.write(`${line}\n`);

/** Warnings and errors are told; more with KUBE_PLAYGROUND_LOG=debug. */
function clusterLog(write: WriteProblem): Log {
  const wanted = process.env['KUBE_PLAYGROUND_LOG'];
  return createLog('kube-playground', ({ level, component, message, fields }) => {
    if (wanted !== 'debug' && (level === 'debug' || level === 'info')) return;
    write(`${level} ${component}: ${message}${fields ? ` ${JSON.stringify(fields)}` : ''}`);
  });
}
