/** A cluster in a process of its own, which goes on when the command has ended. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, realpathSync } from 'node:fs';
import path from 'node:path';
import type { RuntimeAnswer, RuntimeReady } from '#common/protocol/runtime.ts';
import { connect } from './apiConnection.ts';
import { CliError } from './cliError.ts';
import { codeCacheFolder } from './codeCache.ts';
import { introduce } from './introduce.ts';
import type { ManifestGroup } from './manifests.ts';
import type { Report } from './report.ts';
import type { StartOptions } from './commands/start.ts';
import type { RunOptions } from './runCluster.ts';
import { makeStateFolder, openStateFolder } from './stateFolder.ts';
import { stopRunning } from './stopRunning.ts';

export async function startDetached(options: StartOptions, groups: readonly ManifestGroup[], report: Report): Promise<void> {
  if (options.state === 'memory')
    throw new CliError(
      '--detach needs a state folder, since a cluster in memory ends with its command; leave out "--state memory".',
      2,
    );
  const folder = openStateFolder(options.state);
  makeStateFolder(folder.path);
  const ready = await spawnCluster(options, folder.log);
  if (options.json) process.stdout.write(`${JSON.stringify(ready)}\n`);
  const api = connect(folder.kubeconfig);
  try {
    await introduce(api, ready, groups, report, new AbortController().signal);
  } catch (error) {
    // As in the foreground: a start that failed leaves nothing running.
    await stopRunning(folder);
    throw error;
  } finally {
    api.close();
  }
  const state = options.state === undefined ? '' : ` --state ${options.state}`;
  report.line(`The cluster runs in the background; "kube-playground stop${state}" ends it.`);
}

async function spawnCluster(
  { nodes, zones, nodeCpu, nodeMemory, port, state, kubeconfig, speed, latency, seed, bare, schedulerConfig }: StartOptions,
  logFile: string,
): Promise<RuntimeReady> {
  const run: RunOptions = {
    nodes,
    zones,
    nodeCpu,
    nodeMemory,
    port,
    state,
    kubeconfig,
    speed,
    latency,
    seed,
    bare,
    schedulerConfig,
  };
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(process.execPath, [runtimeFile(), JSON.stringify(run)], {
    detached: true,
    stdio: ['ignore', 'pipe', log],
    env: { ...process.env, NODE_COMPILE_CACHE: codeCacheFolder() },
  });
  closeSync(log);
  const answer = await firstAnswer(child, logFile);
  child.stdout?.destroy();
  child.unref();
  if (!answer.ready) throw new CliError(answer.problem);
  return answer;
}

function firstAnswer(child: ChildProcess, logFile: string): Promise<RuntimeAnswer> {
  return new Promise((resolve, reject) => {
    let out = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      const end = out.indexOf('\n');
      if (end >= 0) resolve(JSON.parse(out.slice(0, end)) as RuntimeAnswer);
    });
    child.on('error', reject);
    child.on('close', () => reject(new CliError(`The cluster ended before it was ready; ${logFile} says why.`)));
  });
}

/** The bundle beside this command's, or the source when the command runs from its source. */
function runtimeFile(): string {
  const command = realpathSync(process.argv[1] ?? '');
  const file = path.resolve(path.dirname(command), path.extname(command) === '.ts' ? '../main.ts' : 'runtime.js');
  if (!existsSync(file)) throw new CliError(`${file} is missing; run "npm run build" first.`);
  return file;
}
