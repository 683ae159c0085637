/**
 * A running container: its processes, streams, files and ports. What is not used is not made: a quiet server costs its
 * first process and nothing more.
 */
import { createHash } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { Clock } from '#common/base/clock.ts';
import type { Context } from '#common/base/context.ts';
import { type Disposable, toDisposable } from '#common/base/disposable.ts';
import type { Network } from '../../../network/network.ts';
import type { ContainerSpec, ExecIO, ExitStatus, RunningContainer } from '../../containerRuntime.ts';
import type { FileNode } from '../files/fileTree.ts';
import { ContainerFiles } from '../files/containerFiles.ts';
import { ImageTree } from '../files/imageTree.ts';
import { madeFiles } from '../files/madeFiles.ts';
import type { Image } from '../images/image.ts';
import type { KnownImage } from '../images/imageCatalogue.ts';
import { type ByteSink, type ByteSource, emptySource, nullSink, Pipe } from './byteStream.ts';
import { LineLog } from './containerLog.ts';
import { defaultPath, type Executable, ExecutableError, findExecutable } from './executables.ts';
import { pumpInput, writableSink } from './nodeStreams.ts';
import { Process, type ProcessOptions } from './process.ts';
import { signalNumber } from './signals.ts';
import { Terminal } from './terminal.ts';
import { Activity, type Occupation, presentUse } from './usage.ts';

/** A longer termination message is cut, as a kubelet does. */
const longestMessage = 4096;

const noPorts: readonly number[] = [];

/** What a pod needs of the cluster's network. */
export type PodNetwork = Pick<Network, 'listen' | 'connect' | 'resolve'>;

/** What containers share. */
export interface ContainerHost {
  readonly ctx: Context;
  readonly network: PodNetwork;
  /** False: what takes time in a real cluster takes none. */
  readonly takesTime: boolean;
}

export class SimulatedContainer implements RunningContainer {
  readonly spec: ContainerSpec;
  readonly known: KnownImage;
  readonly host: ContainerHost;
  readonly log: LineLog;
  readonly exited: Promise<ExitStatus>;
  readonly startedAt: number;
  readonly #resolveExited: (status: ExitStatus) => void;
  /** The first process; with it the container ends. */
  #main: Process | undefined;
  #others: Map<number, Process> | undefined;
  #nextPid = 1;
  #files: ContainerFiles | undefined;
  #ports: readonly number[] = noPorts;
  #stdin: Pipe | undefined;
  #terminal: Terminal | undefined;
  /** Streams of those who are attached. */
  #attached: Set<ExecIO> | undefined;
  #status: ExitStatus | undefined;
  #activity: Activity | undefined;
  #occupied: Set<Occupation> | undefined;
  #shared: Map<string, unknown> | undefined;

  constructor(spec: ContainerSpec, known: KnownImage, host: ContainerHost) {
    this.spec = spec;
    this.known = known;
    this.host = host;
    this.startedAt = host.ctx.clock.now();
    this.log = new LineLog(host.ctx.clock);
    const { promise, resolve } = Promise.withResolvers<ExitStatus>();
    this.exited = promise;
    this.#resolveExited = resolve;
  }

  /** What programs of one container share, by name: a running server that its control command looks for. */
  get shared(): Map<string, unknown> {
    return (this.#shared ??= new Map());
  }

  get id(): string {
    return this.spec.id;
  }

  get image(): Image {
    return this.known.image;
  }

  get unknownProgram(): boolean {
    return !this.known.simulated;
  }

  get standIn(): boolean {
    return !this.known.simulated && this.known.imageID !== '';
  }

  get clock(): Clock {
    return this.host.ctx.clock;
  }

  get files(): ContainerFiles {
    return (this.#files ??= new ContainerFiles(ImageTree.of(this.image), this.spec.mounts, madeFiles(this), () =>
      this.clock.now(),
    ));
  }

  /** The file at `path` when it is not the image's own: written by the container, or mounted. */
  ownFile(path: string): FileNode | undefined {
    const possible = this.#files !== undefined || this.spec.mounts.some((mount) => path.startsWith(mount.path));
    const node = possible ? this.files.find(path) : undefined;
    return node === ImageTree.of(this.image).get(path) ? undefined : node;
  }

  get processes(): readonly Process[] {
    return [...(this.#main ? [this.#main] : []), ...(this.#others?.values() ?? [])];
  }

  process(pid: number): Process | undefined {
    return pid === 1 ? this.#main : this.#others?.get(pid);
  }

  get workingDir(): string {
    return this.spec.workingDir || this.image.workingDir || '/';
  }

  environment(terminal: boolean): Map<string, string> {
    const env = new Map([['PATH', defaultPath]]);
    for (const [name, value] of Object.entries(this.image.env ?? {})) env.set(name, value);
    env.set('HOSTNAME', this.spec.pod.hostname);
    if (terminal) env.set('TERM', 'xterm');
    for (const name of Object.keys(this.spec.env)) env.set(name, this.spec.env[name] ?? '');
    if (!env.has('HOME')) env.set('HOME', (this.image.user?.uid ?? 0) === 0 ? '/root' : '/');
    return env;
  }

  /** The command line: the manifest's, else the image's. A `command` also replaces the image's arguments. */
  commandLine(): readonly string[] {
    const { command, args } = this.spec;
    if (command && command.length > 0) return [...command, ...(args ?? [])];
    return [...(this.image.entrypoint ?? []), ...(args && args.length > 0 ? args : (this.image.cmd ?? []))];
  }

  /** Runs the first process. */
  boot(argv: readonly string[], executable: Executable): void {
    const { stdin, tty } = this.spec;
    const outputs = { stdout: this.#output('stdout'), stderr: this.#output('stderr') };
    if (tty) {
      this.#terminal = this.#newTerminal();
      this.#terminal.addOutput(outputs.stdout);
    } else if (stdin) {
      this.#stdin = new Pipe();
    }
    const source: ByteSource = (stdin ? (this.#terminal?.source ?? this.#stdin) : undefined) ?? emptySource;
    const process = this.spawn({
      argv: [...(executable.interpreter ?? argv.slice(0, 1)), ...argv.slice(1)],
      env: () => this.environment(tty),
      cwd: this.workingDir,
      stdin: source,
      stdout: this.#terminal ?? outputs.stdout,
      stderr: this.#terminal ?? outputs.stderr,
      terminal: this.#terminal,
    });
    process.run(executable.program);
  }

  spawn(options: ProcessOptions): Process {
    const process = new Process(this, this.#nextPid++, options);
    if (this.#status) process.exit(137);
    else if (process.pid === 1) this.#main = process;
    else (this.#others ??= new Map()).set(process.pid, process);
    return process;
  }

  /** Called by a process at its end; with the first one the container ends. */
  processEnded(process: Process): void {
    this.#others?.delete(process.pid);
    if (process.pid === 1) this.#main = undefined;
    if (process.pid !== 1 || this.#status || !process.end) return;
    const { code, signal } = process.end;
    this.#status = {
      exitCode: code,
      reason: code === 0 ? 'Completed' : 'Error',
      ...(signal ? { signal: signalNumber(signal) } : {}),
      ...this.#terminationMessage(),
    };
    for (const other of this.processes) other.kill('KILL');
    this.log.end();
    this.#resolveExited(this.#status);
  }

  /** A program broke an assumption of ours; its container sees an ordinary failure. */
  reportCrash(process: Process, error: unknown): void {
    this.host.ctx.log.warn('a simulated program failed', {
      program: process.argv[0],
      error: String((error as Error)?.stack ?? error),
    });
    void process.error(`${process.argv[0] ?? '?'}: ${String((error as Error)?.message ?? error)}\n`);
  }

  /** Something was computed: shows in the usage figures. */
  countWork(cpuMs: number): void {
    (this.#activity ??= new Activity()).add(this.clock.now(), cpuMs);
  }

  /** Counts as used until it is disposed. */
  occupy(occupation: Occupation): Disposable {
    const occupied = (this.#occupied ??= new Set());
    occupied.add(occupation);
    return toDisposable(() => occupied.delete(occupation));
  }

  /** Accepts connections until the process ends. Throws when another container of the pod has the port. */
  listen(process: Process, port: number, handler: (socket: Duplex, from: string) => void): Disposable {
    const listener = this.host.network.listen(this.spec.pod.ip, port, handler);
    this.#ports = [...this.#ports, port];
    return process.own(
      toDisposable(() => {
        this.#ports = this.#ports.filter((other) => other !== port);
        listener.dispose();
      }),
    );
  }

  listensOn(port: number): boolean {
    return this.#ports.includes(port);
  }

  get listeningPorts(): readonly number[] {
    return this.#ports.toSorted((a, b) => a - b);
  }

  async stop(graceSeconds: number): Promise<ExitStatus> {
    if (this.#status) return this.#status;
    if (graceSeconds <= 0) {
      this.process(1)?.kill('KILL');
      return this.exited;
    }
    this.process(1)?.kill(this.image.stopSignal ?? 'TERM');
    const killer = this.clock.setTimeout(() => this.process(1)?.kill('KILL'), this.host.takesTime ? graceSeconds * 1000 : 0);
    try {
      return await this.exited;
    } finally {
      killer.dispose();
    }
  }

  async exec(command: readonly string[], io: ExecIO): Promise<number> {
    if (this.#status) throw new Error(`failed to exec in container: container ${this.id} is not running`);
    const env = this.environment(io.tty);
    const executable = await this.#executableForExec(command[0] ?? '', env);
    const [stdout, stderr] = [writableSink(io.stdout), writableSink(io.stderr)];
    const terminal = io.tty ? this.#newTerminal() : undefined;
    const pipe = terminal || !io.stdin ? undefined : new Pipe();
    terminal?.addOutput(stdout);
    if (terminal) io.onResize?.((size) => (terminal.size = size));
    const process = this.spawn({
      argv: [...(executable.interpreter ?? command.slice(0, 1)), ...command.slice(1)],
      env,
      cwd: this.workingDir,
      stdin: terminal?.source ?? pipe ?? emptySource,
      stdout: terminal ?? stdout,
      stderr: terminal ?? stderr,
      terminal,
    });
    if (io.stdin) process.own(pumpInput(io.stdin, terminal ?? (pipe as Pipe)));
    const onAbort = (): void => {
      for (const member of this.#sessionOf(process)) member.kill('KILL');
    };
    io.signal.addEventListener('abort', onAbort, { once: true });
    if (io.signal.aborted) onAbort();
    process.run(executable.program);
    const { code } = await process.wait();
    io.signal.removeEventListener('abort', onAbort);
    return code;
  }

  async attach(io: ExecIO): Promise<void> {
    if (this.#status) return;
    const attached = (this.#attached ??= new Set());
    attached.add(io);
    const input = io.stdin && this.spec.stdin ? (this.#terminal ?? this.#stdin) : undefined;
    if (this.#terminal) io.onResize?.((size) => void (this.#terminal && (this.#terminal.size = size)));
    const pump = input && io.stdin ? pumpInput(io.stdin, input, this.spec.stdinOnce === true) : undefined;
    const aborted = Promise.withResolvers<void>();
    const onAbort = (): void => aborted.resolve();
    io.signal.addEventListener('abort', onAbort, { once: true });
    if (io.signal.aborted) onAbort();
    await Promise.race([this.exited, aborted.promise]);
    io.signal.removeEventListener('abort', onAbort);
    attached.delete(io);
    pump?.dispose();
    // Kubernetes closes the input of a `stdinOnce` container when the one who was attached goes.
    if (input && this.spec.stdinOnce) this.#closeInput();
  }

  usage(): { cpuNanoCores: number; memoryBytes: number } {
    return presentUse(this, this.processes.length, this.#activity, this.#occupied);
  }

  async #executableForExec(name: string, env: ReadonlyMap<string, string>): Promise<Executable> {
    try {
      return await findExecutable(this, name, { cwd: this.workingDir, path: env.get('PATH') ?? '' });
    } catch (error) {
      if (!(error instanceof ExecutableError)) throw error;
      const id = createHash('sha256').update(`${this.id}/${this.#nextPid++}`).digest('hex');
      throw new ExecutableError(
        `failed to exec in container: failed to start exec "${id}": OCI runtime exec failed: exec failed: unable to start container process: ${error.message}`,
        error.exitCode,
        error.shellText,
      );
    }
  }

  /** What a program has left for the one who asks why it ended. */
  #terminationMessage(): { message?: string } {
    const path = this.spec.terminationMessagePath ?? '/dev/termination-log';
    // Nothing is written in files that nobody has touched.
    const node = this.ownFile(path);
    if (node?.kind !== 'file' || node.size === 0) return {};
    return { message: new TextDecoder().decode(node.read().subarray(0, longestMessage)) };
  }

  #closeInput(): void {
    this.#terminal?.hangUp();
    this.#stdin?.close();
  }

  #newTerminal(): Terminal {
    const terminal = new Terminal();
    terminal.onInterrupt = (signal) => {
      for (const process of this.processes) {
        if (process.terminal === terminal && !process.background) process.kill(signal);
      }
    };
    return terminal;
  }

  /** A process and all it has started. */
  #sessionOf(root: Process): Process[] {
    const isInside = (process: Process | undefined): boolean =>
      process !== undefined && (process === root || isInside(process.parent));
    return this.processes.filter(isInside);
  }

  #output(stream: 'stdout' | 'stderr'): ByteSink {
    return {
      broken: nullSink.broken,
      write: (bytes) => {
        this.log.write(stream, bytes);
        for (const io of this.#attached ?? []) void writableSink(io[stream]).write(bytes);
        return undefined;
      },
    };
  }
}
