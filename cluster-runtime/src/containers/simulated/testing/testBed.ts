/** Starts containers for tests, under a stepped clock and on a fake network. */
import { PassThrough } from 'node:stream';
import { SteppedClock } from '#common/base/clock.ts';
import type { Context } from '#common/base/context.ts';
import { createLog, type LogRecord } from '#common/base/log.ts';
import { Random } from '#common/base/random.ts';
import type { ContainerRuntime, ContainerSpec, Mount, RunningContainer } from '../../containerRuntime.ts';
import { FakeNetwork } from './fakeNetwork.ts';
import { createSimulatedRuntime } from '../simulatedRuntime.ts';

export interface ExecResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Lets everything that can happen without time passing happen, including Node's streams and lazy imports. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 30; i++) await new Promise((resolve) => setImmediate(resolve));
}

export class TestBed {
  readonly clock = new SteppedClock(Date.UTC(2026, 0, 1));
  readonly network = new FakeNetwork();
  readonly records: LogRecord[] = [];
  readonly ctx: Context;
  readonly runtime: ContainerRuntime;
  #pods = 0;

  constructor(latency: 'typical' | 'none' = 'none') {
    this.ctx = {
      signal: new AbortController().signal,
      clock: this.clock,
      random: new Random(1),
      log: createLog('test', (record) => this.records.push(record)),
      tasks: new Set(),
    };
    this.runtime = createSimulatedRuntime(this.ctx, { network: this.network, latency });
  }

  spec(image: string, rest: Partial<ContainerSpec> = {}): ContainerSpec {
    const n = ++this.#pods;
    return {
      id: `${n}`.padStart(64, 'c'),
      pod: { namespace: 'default', name: `pod-${n}`, uid: `uid-${n}`, ip: `10.244.0.${n}`, hostname: `pod-${n}`, node: 'node-1' },
      name: 'main',
      image,
      env: {},
      ports: [],
      mounts: [],
      tty: false,
      stdin: false,
      runsToCompletion: false,
      ...rest,
    };
  }

  /** Loads what is loaded on first use, so that no test waits for it while its clock stands still. */
  static async warmUp(): Promise<void> {
    await Promise.all([
      import('just-bash'),
      import('node:http'),
      import('../commands/allCommands.ts'),
      import('../commands/textTool.ts'),
    ]);
  }

  async start(image: string, rest: Partial<ContainerSpec> = {}): Promise<RunningContainer & { ip: string }> {
    await TestBed.warmUp();
    const spec = this.spec(image, rest);
    if (spec.name !== 'main') this.network.names.set(spec.name, spec.pod.ip);
    const container = await this.runtime.start(spec);
    await settle();
    return Object.assign(container, { ip: spec.pod.ip });
  }

  async exec(container: RunningContainer, command: readonly string[], input?: string | Uint8Array): Promise<ExecResult> {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const chunks: { out: Buffer[]; err: Buffer[] } = { out: [], err: [] };
    stdout.on('data', (chunk: Buffer) => chunks.out.push(chunk));
    stderr.on('data', (chunk: Buffer) => chunks.err.push(chunk));
    const stdin = input === undefined ? undefined : new PassThrough();
    stdin?.end(input);
    const running = container.exec(command, { ...(stdin ? { stdin } : {}), stdout, stderr, tty: false, signal: this.ctx.signal });
    const code = await this.finish(running);
    await settle();
    return { code, stdout: Buffer.concat(chunks.out).toString(), stderr: Buffer.concat(chunks.err).toString() };
  }

  /** Runs `script` with the container's shell. */
  sh(container: RunningContainer, script: string, input?: string | Uint8Array): Promise<ExecResult> {
    return this.exec(container, ['sh', '-c', script], input);
  }

  /** Moves time on, as far as needed, until `promise` is settled. */
  async finish<T>(promise: Promise<T>): Promise<T> {
    let done = false;
    promise.then(
      () => (done = true),
      () => (done = true),
    );
    const deadline = performance.now() + 5000;
    while (!done && performance.now() < deadline) {
      await settle();
      if (done) break;
      const due = this.clock.nextDue;
      if (due !== undefined) await this.clock.advance(due - this.clock.now(), settle);
    }
    if (!done) throw new Error('nothing more happens, and it is not finished');
    return promise;
  }

  async advance(ms: number): Promise<void> {
    await this.clock.advance(ms, settle);
    await settle();
  }
}

/** A volume with text files. */
export function volume(files: Readonly<Record<string, string>>): Mount['volume'] {
  return { files: new Map(Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)])) };
}

/** A container's log as `kubectl logs` shows it. */
export function logText(container: RunningContainer): string {
  return container.log
    .lines()
    .map(({ text, partial }) => (partial ? text : `${text}\n`))
    .join('');
}
