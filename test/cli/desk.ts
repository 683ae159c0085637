/**
 * A person's desk for the command: folders of their own for home, data, caches and temporary files, so that a suite sees
 * everything that the command leaves behind, and nobody else's.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cliFile } from '../support/testCluster.ts';
import { run, type RunOptions, type RunResult } from '../support/run.ts';

const patienceMs = 30_000;

export class Desk {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'kube-playground-desk-'));
  readonly env: Readonly<Record<string, string>>;
  readonly #started: Running[] = [];

  constructor() {
    const folders = { HOME: 'home', XDG_DATA_HOME: 'data', XDG_CACHE_HOME: 'caches', TMPDIR: 'tmp' };
    this.env = { ...Object.fromEntries(Object.entries(folders).map(([name, folder]) => [name, this.at(folder)])), NO_COLOR: '1' };
    for (const name of ['home', 'tmp']) mkdirSync(this.at(name));
  }

  at(...names: string[]): string {
    return path.join(this.folder, ...names);
  }

  /** Makes a file and gives its path. */
  file(name: string, text: string): string {
    const file = this.at(name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  /** Runs the command to its end, in the desk's folder. */
  run(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
    return run(process.execPath, [cliFile, ...args], {
      timeoutMs: patienceMs,
      cwd: this.folder,
      ...options,
      env: { ...this.env, ...options.env },
    });
  }

  /** What it printed; it has to end with 0. */
  async ok(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(args);
    if (code !== 0) throw new Error(`kube-playground ${args.join(' ')} ended with ${code}\n${stdout}\n${stderr}`);
    return stdout;
  }

  /** A cluster in the foreground. Resolves when it says that it is ready and everything was shown. */
  async start(...args: string[]): Promise<Running> {
    const running = this.spawn('start', ...args);
    await running.until(args.includes('--json') ? /^\{.*\}\n/ : /^Ctrl-C stops/m);
    return running;
  }

  spawn(...args: string[]): Running {
    const child = spawn(process.execPath, [cliFile, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: this.folder,
      env: { ...process.env, ...this.env },
    });
    const running = new Running(args.join(' '), child);
    this.#started.push(running);
    return running;
  }

  /** Ends what still runs and gives what is left in the temp folder. */
  async clear(): Promise<string[]> {
    await Promise.all(this.#started.map((running) => running.end('SIGKILL')));
    const left = readdirSync(this.at('tmp'));
    rmSync(this.folder, { recursive: true, force: true });
    return left;
  }
}

export class Running {
  readonly #name: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<RunResult>;
  stdout = '';
  stderr = '';
  #waiting: (() => void)[] = [];

  constructor(name: string, child: ChildProcess) {
    this.#name = name;
    this.#child = child;
    child.stdout?.on('data', (chunk: Buffer) => this.#heard((this.stdout += chunk.toString())));
    child.stderr?.on('data', (chunk: Buffer) => this.#heard((this.stderr += chunk.toString())));
    this.#ended = new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, signal) => {
        resolve({ code: code ?? (signal ? 128 : 1), stdout: this.stdout, stderr: this.stderr });
        this.#heard('');
      });
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Resolves as soon as standard output has the pattern. */
  until(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const fail = (why: string): void =>
        reject(new Error(`${this.#name}: ${why} before ${String(pattern)}\n${this.stdout}\n${this.stderr}`));
      const timer = setTimeout(() => fail(`${patienceMs} ms passed`), patienceMs);
      const look = (): void => {
        const match = pattern.exec(this.stdout);
        const over = this.#child.exitCode !== null || this.#child.signalCode !== null;
        if (!match && !over) {
          this.#waiting.push(look);
          return;
        }
        clearTimeout(timer);
        if (match) resolve(match);
        else fail('it ended');
      };
      look();
    });
  }

  /** Sends the signal and waits for the end. `ms` is how long that took. */
  async end(signal: NodeJS.Signals): Promise<RunResult & { ms: number }> {
    const from = performance.now();
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill(signal);
    const result = await this.#ended;
    return { ...result, ms: performance.now() - from };
  }

  #heard(_: string): void {
    for (const look of this.#waiting.splice(0)) look();
  }
}
