/**
 * One shell: its variables, functions, options, open files, traps and jobs. The library `just-bash` parses what it runs
 * and lends the text tools; running is done here, because a container's shell must print while it works, wait by the
 * cluster's clock, keep jobs and traps, and die when it is told to, none of which a shell that runs a script as one
 * batch can do.
 */
import type { Process, Program } from '../process/process.ts';
import { type ByteSink, BufferSink, emptySource } from '../process/byteStream.ts';
import { type Signal, signalNumber } from '../process/signals.ts';
import { runStatements } from './execute.ts';
import { ExitShell } from './flow.ts';
import { sinkIn, sourceIn, standardStreams, type Stream, type Streams } from './streams.ts';
import type { Command, ScriptNode, StatementNode } from './syntax.ts';
import { parseScript } from './syntax.ts';
import { ShellError, Variables } from './variables.ts';

export type Flavour = 'ash' | 'dash' | 'bash';
/** `e` (exit on failure), `u`, `x`, `f`, `pipefail`, `i` (interactive) … */
export type ShellOption = 'e' | 'u' | 'x' | 'f' | 'n' | 'v' | 'a' | 'pipefail' | 'i' | 's' | 'm' | 'C' | 'b';

export interface Job {
  readonly number: number;
  readonly process: Process;
  readonly text: string;
}

interface ShellState {
  readonly flavour: Flavour;
  readonly variables: Variables;
  readonly functions: Map<string, Command<'FunctionDef'>>;
  readonly aliases: Map<string, string>;
  readonly options: Set<ShellOption>;
  positional: readonly string[];
  name: string;
  cwd: string;
  lastStatus: number;
}

const decoder = new TextDecoder();
const keptJobs = 100;

export class Shell implements ShellState {
  readonly process: Process;
  readonly flavour: Flavour;
  readonly variables: Variables;
  readonly functions: Map<string, Command<'FunctionDef'>>;
  readonly aliases: Map<string, string>;
  readonly options: Set<ShellOption>;
  positional: readonly string[];
  name: string;
  cwd: string;
  lastStatus: number;
  streams: Streams;
  readonly jobs: Job[] = [];
  readonly traps = new Map<Signal | 'EXIT', string>();
  /** Above zero where a failure is a question's answer: `if`, `&&`, `!`. */
  tolerance = 0;
  loopDepth = 0;
  /** What a bare `exit` in a trap ends with. */
  statusBeforeTrap: number | undefined;
  functionDepth = 0;
  /** The status of the last command substitution, for `x=$(false)`. */
  substitutionStatus: number | undefined;
  readonly #shellPid: number;
  #interrupt: { requested: boolean; wake: (() => void) | undefined } = { requested: false, wake: undefined };
  #lastJob: Process | undefined;
  #pending: Signal[] = [];
  #wake: (() => void) | undefined;

  constructor(process: Process, state: ShellState, streams: Streams, shellPid = process.pid) {
    this.process = process;
    this.flavour = state.flavour;
    this.variables = state.variables;
    this.functions = state.functions;
    this.aliases = state.aliases;
    this.options = state.options;
    this.positional = state.positional;
    this.name = state.name;
    this.cwd = state.cwd;
    this.lastStatus = state.lastStatus;
    this.streams = streams;
    this.#shellPid = shellPid;
  }

  static start(process: Process, flavour: Flavour): Shell {
    const state: ShellState = {
      flavour,
      variables: Variables.of(process.env),
      functions: new Map(),
      aliases: new Map(),
      options: new Set(),
      positional: [],
      name: process.argv[0] ?? 'sh',
      cwd: process.cwd,
      lastStatus: 0,
    };
    state.variables.set('PWD', process.cwd, true);
    if (!state.variables.get('IFS')) state.variables.set('IFS', ' \t\n');
    if (flavour === 'bash') state.variables.set('BASH_VERSION', '5.2.15(1)-release');
    return new Shell(process, state, standardStreams(process.stdin, process.stdout, process.stderr));
  }

  get interactive(): boolean {
    return this.options.has('i');
  }

  /** `$?`, `$#`, `$$` …; undefined when `name` is no special parameter. */
  special(name: string): string | undefined {
    switch (name) {
      case '?':
        return String(this.lastStatus);
      case '#':
        return String(this.positional.length);
      case '$':
        return String(this.#shellPid);
      case '!':
        return this.#lastJob ? String(this.#lastJob.pid) : '';
      case '-':
        return [...this.options].filter((option) => option.length === 1).join('');
      case 'PPID':
        return String(this.process.parent?.pid ?? 0);
      case 'RANDOM':
        return this.variables.describe(name) ? undefined : String(this.process.container.host.ctx.random.int(32768));
      case 'SECONDS':
        return String(Math.floor((this.process.container.clock.now() - this.process.startedAt) / 1000));
      case 'LINENO':
        return '1';
      case 'UID':
      case 'EUID':
        return this.flavour === 'bash' ? String(this.process.container.image.user?.uid ?? 0) : undefined;
      default:
        return undefined;
    }
  }

  out(text: string): Promise<void> | undefined {
    return this.process.write(text, sinkIn(this.streams, 1));
  }

  error(text: string): Promise<void> | undefined {
    return this.process.write(text, sinkIn(this.streams, 2));
  }

  /** A message as this shell words it: `sh: nope: not found`. */
  complain(message: string): Promise<void> | undefined {
    const place = this.flavour === 'ash' || this.interactive ? '' : this.flavour === 'dash' ? '1: ' : 'line 1: ';
    const name = this.name.slice(this.name.lastIndexOf('/') + 1);
    return this.error(`${name}: ${place}${message}\n`);
  }

  /** Runs `program` as a child and waits for it. */
  async runProgram(program: Program, argv: readonly string[], env: ReadonlyMap<string, string>): Promise<number> {
    const child = this.process.container.spawn({
      argv,
      env,
      cwd: this.cwd,
      stdin: sourceIn(this.streams),
      stdout: sinkIn(this.streams, 1),
      stderr: sinkIn(this.streams, 2),
      terminal: this.process.terminal,
      parent: this.process,
      background: this.process.background,
    });
    child.run(program);
    const { code, signal } = await child.wait();
    if (this.process.ended) return new Promise(() => undefined);
    if (signal === 'INT' && this.interactive) throw new Interrupted();
    if (signal === 'KILL' || signal === 'TERM' || signal === 'SEGV')
      await this.error(`${signal === 'TERM' ? 'Terminated' : signal === 'KILL' ? 'Killed' : 'Segmentation fault'}\n`);
    return code;
  }

  /** A child that is a copy of this shell. */
  fork(body: (shell: Shell) => Promise<number>, streams: Streams, background = false): Process {
    const child = this.process.container.spawn({
      argv: this.process.argv,
      env: this.process.env,
      cwd: this.cwd,
      stdin: sourceIn(streams),
      stdout: sinkIn(streams, 1),
      stderr: sinkIn(streams, 2),
      terminal: this.process.terminal,
      parent: this.process,
      background: background || this.process.background,
    });
    const copy = new Shell(
      child,
      {
        flavour: this.flavour,
        variables: this.variables.clone(),
        functions: new Map(this.functions),
        aliases: this.aliases,
        options: new Set([...this.options].filter((option) => option !== 'i')),
        positional: this.positional,
        name: this.name,
        cwd: this.cwd,
        lastStatus: this.lastStatus,
      },
      streams,
      this.#shellPid,
    );
    copy.functionDepth = this.functionDepth;
    copy.tolerance = this.tolerance;
    // A subshell keeps ignoring what its parent ignores.
    for (const [signal, action] of this.traps) if (action === '') copy.setTrap(signal, '');
    child.run(() => copy.toTheEnd(() => body(copy)));
    return child;
  }

  async runSubshell(body: readonly StatementNode[]): Promise<number> {
    const child = this.fork((shell) => runStatements(shell, body), this.streams);
    const { code, signal } = await child.wait();
    if (signal === 'INT' && this.interactive) throw new Interrupted();
    return code;
  }

  startJob(text: string, body: (shell: Shell) => Promise<number>): Job {
    const stdin: Stream = this.interactive ? (this.streams.get(0) ?? {}) : { source: emptySource };
    const child = this.fork(body, new Map([...this.streams, [0, stdin]]), this.interactive);
    const job = { number: (this.jobs.at(-1)?.number ?? 0) + 1, process: child, text };
    // Those that ended long ago are forgotten; a script that starts jobs for ever must not grow.
    if (this.jobs.length >= keptJobs) this.jobs.splice(0, this.jobs.length, ...this.jobs.filter((each) => !each.process.ended));
    this.jobs.push(job);
    this.#lastJob = child;
    return job;
  }

  /** The output of `$(…)`. */
  async substitute(script: ScriptNode): Promise<string> {
    const output = new BufferSink();
    const child = this.fork(
      (shell) => runStatements(shell, script.statements),
      new Map([...this.streams, [1, { sink: output }]]),
    );
    const { code, signal } = await child.wait();
    if (signal === 'INT' && this.interactive) throw new Interrupted();
    this.substitutionStatus = code;
    this.lastStatus = code;
    return output.text().replaceAll('\0', '').replace(/\n+$/, '');
  }

  /** `<(…)`: the output in a file of its own. */
  async substituteProcess(script: ScriptNode): Promise<string> {
    const output = new BufferSink();
    const child = this.fork(
      (shell) => runStatements(shell, script.statements),
      new Map([...this.streams, [1, { sink: output }]]),
    );
    await child.wait();
    const path = `/tmp/.fd-${child.pid}`;
    this.process.container.files.write(path, output.bytes());
    return path;
  }

  /** Runs `body` as all that this shell does: with what an exit means and the EXIT trap. */
  async toTheEnd(body: () => Promise<number>): Promise<number> {
    let status: number;
    try {
      status = await body();
    } catch (error) {
      status = await this.statusOf(error);
    }
    const trap = this.traps.get('EXIT');
    if (trap) {
      this.traps.delete('EXIT');
      this.lastStatus = status;
      try {
        await this.#runTrap(trap);
      } catch (error) {
        status = await this.statusOf(error);
      }
    }
    return status;
  }

  /** What an error that left a command means for the status; rethrows bugs. */
  async statusOf(error: unknown): Promise<number> {
    if (error instanceof ExitShell) return error.status;
    if (error instanceof Interrupted) return 130;
    if (!(error instanceof ShellError)) throw error;
    await this.complain(error.message);
    return error.status;
  }

  /** `eval`, `.`, traps. */
  async runText(text: string): Promise<number> {
    const parsed = await parseScript(text);
    if (parsed.kind !== 'script') {
      const message = parsed.kind === 'error' ? parsed.message : 'syntax error: unexpected end of file';
      throw new ShellError(message, 2);
    }
    return runStatements(this, parsed.script.statements);
  }

  setTrap(signal: Signal | 'EXIT', action: string | undefined): void {
    if (action === undefined) this.traps.delete(signal);
    else this.traps.set(signal, action);
    if (signal === 'EXIT') return;
    if (action === undefined) this.process.onSignal(signal, undefined);
    else
      this.process.onSignal(signal, () => {
        if (action === '') return;
        this.#pending.push(signal);
        this.#wake?.();
      });
  }

  /** Runs the traps of signals that have come. Called between commands. */
  async runTraps(): Promise<void> {
    for (let signal = this.#pending.shift(); signal; signal = this.#pending.shift()) {
      const status = this.lastStatus;
      await this.#runTrap(this.traps.get(signal) ?? '');
      this.lastStatus = status;
    }
  }

  async #runTrap(action: string): Promise<void> {
    this.statusBeforeTrap = this.lastStatus;
    try {
      await this.runText(action);
    } finally {
      this.statusBeforeTrap = undefined;
    }
  }

  /** Waits for `promise`, or for a signal that is trapped: then resolves with 128 + its number. */
  async waitInterruptibly(promise: Promise<number>): Promise<number> {
    if (this.#pending.length > 0) return 128 + signalNumber(this.#pending[0] as Signal);
    const signalled = new Promise<number>((resolve) => {
      this.#wake = () => resolve(128 + signalNumber(this.#pending[0] ?? 'TERM'));
    });
    const status = await this.orInterrupted(Promise.race([promise, signalled]));
    this.#wake = undefined;
    return status;
  }

  decode(bytes: Uint8Array): string {
    return decoder.decode(bytes);
  }

  /** Ctrl-C, for a shell with a prompt. */
  interrupt(): void {
    this.#interrupt.requested = true;
    this.#interrupt.wake?.();
  }

  clearInterrupt(): void {
    this.#interrupt.requested = false;
  }

  /** Called before each command. Throws Interrupted after Ctrl-C. */
  async checkpoint(): Promise<void> {
    const wait = this.process.step();
    if (wait) await this.orInterrupted(wait);
    if (this.#interrupt.requested) throw new Interrupted();
  }

  /** `promise`, or Interrupted when Ctrl-C comes first. */
  async orInterrupted<T>(promise: Promise<T>): Promise<T> {
    if (!this.interactive) return promise;
    const interrupted = new Promise<never>((_, reject) => {
      this.#interrupt.wake = () => reject(new Interrupted());
    });
    try {
      return await Promise.race([promise, interrupted]);
    } finally {
      this.#interrupt.wake = undefined;
    }
  }

  isTerminal(number: number): boolean {
    const stream = this.streams.get(number);
    const { terminal } = this.process;
    return terminal !== undefined && (stream?.source === terminal.source || (stream?.sink as ByteSink | undefined) === terminal);
  }

  isSet(name: string): boolean {
    return this.variables.get(name) !== undefined;
  }
}

/** Ctrl-C in an interactive shell: back to the prompt. */
export class Interrupted extends Error {}
