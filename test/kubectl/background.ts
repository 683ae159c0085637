/** A program that runs beside the test: what it writes can be waited for, and it can be stopped. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { RunResult } from '../support/run.ts';

const patience = 20_000;

/** Nothing may outlive the tests, even if they are broken off. */
const running = new Set<ChildProcess>();
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));

export class Background {
  readonly commandLine: string;
  /** Resolves when the program has ended, of itself or not. */
  readonly ended: Promise<RunResult>;
  readonly #child: ChildProcess;
  #stdout = '';
  #stderr = '';
  #waiting: (() => void)[] = [];

  constructor(file: string, args: readonly string[], env: Readonly<Record<string, string>>) {
    this.commandLine = [file, ...args].join(' ');
    this.#child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...env } });
    this.#child.stdout?.on('data', (chunk: Buffer) => this.#heard(() => (this.#stdout += chunk.toString())));
    this.#child.stderr?.on('data', (chunk: Buffer) => this.#heard(() => (this.#stderr += chunk.toString())));
    running.add(this.#child);
    // A program that ends before it has read everything is no problem of ours.
    this.#child.stdin?.on('error', () => undefined);
    this.ended = new Promise((resolve, reject) => {
      this.#child.on('error', reject);
      this.#child.on('close', (code, signal) => {
        running.delete(this.#child);
        resolve({ code: code ?? (signal ? 128 : 1), stdout: this.#stdout, stderr: this.#stderr });
        this.#heard(() => undefined);
      });
    });
  }

  write(text: string): void {
    this.#child.stdin?.write(text);
  }

  /** Resolves with the match as soon as standard output has it. */
  until(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const fail = (why: string): void =>
        reject(new Error(`${this.commandLine}: ${why} before ${String(pattern)}\n${this.#stdout}\n${this.#stderr}`));
      const timer = setTimeout(() => fail(`${patience} ms passed`), patience);
      const look = (): void => {
        const match = pattern.exec(this.#stdout);
        if (!match && this.#child.exitCode === null && this.#child.signalCode === null) {
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

  async stop(): Promise<RunResult> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGKILL');
    return this.ended;
  }

  #heard(add: () => void): void {
    add();
    for (const look of this.#waiting.splice(0)) look();
  }
}
