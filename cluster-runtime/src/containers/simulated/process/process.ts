/**
 * A simulated process: arguments, environment, three streams, signals and an end. A process that is killed simply never
 * continues: what it waits for stays unresolved and is collected, and what it owns (timers, listeners) is disposed.
 */
import type { Duplex } from 'node:stream';
import type { Disposable } from '#common/base/disposable.ts';
import type { SimulatedContainer } from './container.ts';
import type { ByteSink, ByteSource, Mortal } from './byteStream.ts';
import { ignoredByDefault, type Signal, signalNumber } from './signals.ts';
import type { Terminal } from './terminal.ts';
import type { Occupation } from './usage.ts';

/** What an executable does; resolves with the exit code. */
export type Program = (process: Process) => Promise<number> | number;

export interface ProcessOptions {
  readonly argv: readonly string[];
  /** A function where making it can wait until somebody looks. */
  readonly env: ReadonlyMap<string, string> | (() => ReadonlyMap<string, string>);
  readonly cwd: string;
  readonly stdin: ByteSource;
  readonly stdout: ByteSink;
  readonly stderr: ByteSink;
  readonly terminal?: Terminal | undefined;
  readonly parent?: Process | undefined;
  /** Started with `&` from an interactive shell: Ctrl-C passes it by. */
  readonly background?: boolean;
}

export interface ProcessEnd {
  readonly code: number;
  readonly signal?: Signal;
}

const encoder = new TextEncoder();

/** A process may do this much at once … */
const burst = 2000;
/** … and then this much in each slice of the cluster's time. */
const stepsPerSlice = 25;
const sliceMs = 10;
/** A program that never waits seems to fill a core. */
const stepCpuMs = sliceMs / stepsPerSlice;

export class Process implements Mortal {
  readonly container: SimulatedContainer;
  readonly pid: number;
  argv: readonly string[];
  #env: ProcessOptions['env'];
  cwd: string;
  stdin: ByteSource;
  stdout: ByteSink;
  stderr: ByteSink;
  readonly terminal: Terminal | undefined;
  readonly parent: Process | undefined;
  readonly background: boolean;
  readonly startedAt: number;
  end: ProcessEnd | undefined;
  #handlers: Map<Signal, () => void> | undefined;
  #awaited: { readonly signals: readonly Signal[]; readonly resolve: (signal: Signal) => void } | undefined;
  #owned: Set<Disposable> | undefined;
  #whenEnded: ((end: ProcessEnd) => void)[] | undefined;
  #steps = 0;

  constructor(container: SimulatedContainer, pid: number, options: ProcessOptions) {
    this.container = container;
    this.pid = pid;
    this.argv = options.argv;
    this.#env = options.env;
    this.cwd = options.cwd;
    this.stdin = options.stdin;
    this.stdout = options.stdout;
    this.stderr = options.stderr;
    this.terminal = options.terminal;
    this.parent = options.parent;
    this.background = options.background ?? false;
    this.startedAt = container.clock.now();
  }

  get env(): ReadonlyMap<string, string> {
    if (typeof this.#env === 'function') this.#env = this.#env();
    return this.#env;
  }

  get ended(): boolean {
    return this.end !== undefined;
  }

  get args(): readonly string[] {
    return this.argv.slice(1);
  }

  /** Runs `program` as this process. */
  run(program: Program): void {
    let result: Promise<number> | number;
    try {
      result = program(this);
    } catch (error) {
      this.#crash(error);
      return;
    }
    if (typeof result === 'number') this.exit(result);
    else
      result.then(
        (code) => this.exit(code),
        (error: unknown) => this.#crash(error),
      );
  }

  /** Goes on as another program, under the same pid. */
  become(
    program: Program,
    changes: Partial<Pick<Process, 'argv' | 'env' | 'cwd' | 'stdin' | 'stdout' | 'stderr'>>,
  ): Promise<number> | number {
    const { env, ...rest } = changes;
    Object.assign(this, rest);
    if (env) this.#env = env;
    this.#handlers = undefined;
    this.#awaited = undefined;
    return program(this);
  }

  exit(code: number): void {
    this.#finish({ code: code & 0xff });
  }

  kill(signal: Signal): void {
    if (this.ended) return;
    const handler = signal === 'KILL' ? undefined : this.#handlers?.get(signal);
    if (handler) handler();
    else if (signal !== 'KILL' && this.#awaited?.signals.includes(signal)) this.#awaited.resolve(signal);
    // The kernel drops signals to a container's first process that it has no handler for.
    else if (signal === 'KILL' || (this.pid !== 1 && !ignoredByDefault(signal))) {
      this.#finish({ code: 128 + signalNumber(signal), signal });
    }
  }

  /** Without a handler the default applies: the end, except for a container's first process. */
  onSignal(signal: Signal, handler: (() => void) | undefined): void {
    if (handler) (this.#handlers ??= new Map()).set(signal, handler);
    else this.#handlers?.delete(signal);
  }

  /** Resolves on the first of `signals`: how a server waits for its end. */
  untilSignal(...signals: readonly Signal[]): Promise<Signal> {
    return new Promise((resolve) => (this.#awaited = { signals, resolve }));
  }

  /** Disposed with the process, unless it is released before. */
  own<T extends Disposable>(item: T): T {
    if (this.ended) item.dispose();
    else (this.#owned ??= new Set()).add(item);
    return item;
  }

  release(item: Disposable): void {
    this.#owned?.delete(item);
  }

  /** Closes `socket` with the process. */
  ownSocket<T extends Duplex>(socket: T): T {
    const item = this.own({ dispose: () => void socket.destroy() });
    socket.once('close', () => this.release(item));
    return socket;
  }

  wait(): Promise<ProcessEnd> {
    if (this.end) return Promise.resolve(this.end);
    return new Promise((resolve) => (this.#whenEnded ??= []).push(resolve));
  }

  /** Counts as using so much, as long as it lives. */
  occupy(occupation: Occupation): void {
    this.own(this.container.occupy(occupation));
  }

  sleep(ms: number): Promise<void> {
    this.#steps = 0;
    return new Promise((resolve) => {
      if (this.ended) return;
      const timer = this.own(
        this.container.clock.setTimeout(() => {
          this.release(timer);
          if (!this.ended) resolve();
        }, ms),
      );
    });
  }

  /**
   * Called before each command and each round of output. Undefined: go on.
   *
   * Differs from Kubernetes: a program that never waits is not given a whole processor. After a burst it is rationed by
   * the cluster's clock, so that an endless loop can neither hang the cluster nor outrun a paused clock.
   */
  step(): Promise<void> | undefined {
    if (this.ended) return new Promise(() => undefined);
    this.container.countWork(stepCpuMs);
    if (++this.#steps < burst) return undefined;
    if ((this.#steps - burst) % stepsPerSlice !== 0) return undefined;
    const steps = this.#steps;
    return this.sleep(sliceMs).then(() => {
      this.#steps = steps;
    });
  }

  async read(source: ByteSource = this.stdin): Promise<Uint8Array | undefined> {
    const chunk = await source.read(this);
    return this.ended ? new Promise(() => undefined) : chunk;
  }

  /** Everything up to the end of standard input. */
  async readAll(source: ByteSource = this.stdin): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    for (let chunk = await this.read(source); chunk; chunk = await this.read(source)) chunks.push(chunk);
    return chunks.length === 0 ? new Uint8Array(0) : Buffer.concat(chunks);
  }

  write(data: string | Uint8Array, sink: ByteSink = this.stdout): Promise<void> | undefined {
    if (this.ended) return new Promise(() => undefined);
    if (sink.broken) {
      this.kill('PIPE');
      if (this.ended) return new Promise(() => undefined);
      return undefined;
    }
    const wait = sink.write(typeof data === 'string' ? encoder.encode(data) : data);
    return wait ?? this.step();
  }

  out(text: string): Promise<void> | undefined {
    return this.write(text);
  }

  error(text: string): Promise<void> | undefined {
    return this.write(text, this.stderr);
  }

  #finish(end: ProcessEnd): void {
    if (this.ended) return;
    this.end = end;
    for (const item of this.#owned ?? []) item.dispose();
    this.#owned = undefined;
    this.#handlers = undefined;
    this.#awaited = undefined;
    for (const resolve of this.#whenEnded?.splice(0) ?? []) resolve(end);
    this.container.processEnded(this);
  }

  #crash(error: unknown): void {
    if (this.ended) return;
    this.container.reportCrash(this, error);
    this.exit(1);
  }
}
