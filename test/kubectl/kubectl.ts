/**
 * Drives one kubectl: commands are written as a person types them, in a namespace and with a home folder of its own.
 * `${…}` is passed on as it is, blanks and quotes included.
 */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { run, type RunResult } from '../support/run.ts';
import { Background } from './background.ts';
import type { KubectlFile } from './kubectls.ts';

/** A list is so many words. */
type Value = string | number | readonly string[];

interface Settings {
  readonly input?: string;
  readonly namespace?: string;
  readonly env: Readonly<Record<string, string>>;
}

export class Kubectl {
  /** For names that all versions share, such as those of namespaces and cluster roles: `v1-33-1`. */
  readonly id: string;
  readonly #program: KubectlFile;
  readonly #home: string;
  readonly #settings: Settings;
  readonly #started: Set<Background>;

  constructor(program: KubectlFile, home: string, settings: Settings = { env: {} }, started = new Set<Background>()) {
    this.id = program.version.replaceAll('.', '-');
    this.#program = program;
    this.#home = home;
    this.#settings = {
      ...settings,
      env: { ...settings.env, HOME: home, TMPDIR: home, KUBECONFIG: path.join(home, 'kubeconfig') },
    };
    this.#started = started;
  }

  get minor(): number {
    return this.#program.minor;
  }

  /** From here on the kubectl speaks to this cluster, in a new namespace. */
  async connect(kubeconfig: string): Promise<void> {
    mkdirSync(this.#home, { recursive: true });
    copyFileSync(kubeconfig, path.join(this.#home, 'kubeconfig'));
    await this.ok`create namespace ${this.id}`;
    await this.ok`config set-context --current --namespace=${this.id}`;
  }

  /** Its standard output; it has to end with 0. */
  async ok(command: TemplateStringsArray, ...values: readonly Value[]): Promise<string> {
    const args = split(command, values);
    const result = await this.#run(args);
    if (result.code !== 0)
      throw new Error(`kubectl ${args.join(' ')}: ended with ${result.code}\n${result.stdout}\n${result.stderr}`);
    return result.stdout;
  }

  /** Its standard error; it must not end with 0. */
  async fails(command: TemplateStringsArray, ...values: readonly Value[]): Promise<string> {
    const args = split(command, values);
    const result = await this.#run(args);
    if (result.code === 0) throw new Error(`kubectl ${args.join(' ')}: should have failed\n${result.stdout}`);
    return result.stderr;
  }

  run(command: TemplateStringsArray, ...values: readonly Value[]): Promise<RunResult> {
    return this.#run(split(command, values));
  }

  /** A command that goes on until it is stopped. */
  start(command: TemplateStringsArray, ...values: readonly Value[]): Background {
    const started = new Background(this.#program.file, this.#args(split(command, values)), this.#settings.env);
    this.#started.add(started);
    void started.ended.then(() => this.#started.delete(started));
    return started;
  }

  /** The same kubectl with something to read from standard input. */
  input(text: string): Kubectl {
    return this.#with({ input: text });
  }

  in(namespace: string): Kubectl {
    return this.#with({ namespace });
  }

  env(env: Readonly<Record<string, string>>): Kubectl {
    return this.#with({ env: { ...this.#settings.env, ...env } });
  }

  /** Runs it in a terminal, which `script` provides, and returns what is to be read there at the end. */
  async inTerminal(command: TemplateStringsArray, ...values: readonly Value[]): Promise<string> {
    const words = [this.#program.file, ...this.#args(split(command, values))];
    const line = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
    const { env, input = '' } = this.#settings;
    const { code, stdout, stderr } = await run('script', ['-qec', line, '/dev/null'], { env, input });
    if (code !== 0) throw new Error(`${line}: ended with ${code}\n${stdout}\n${stderr}`);
    return stdout.replaceAll(/\r+\n/g, '\n');
  }

  /** Writes files into a new folder and returns its path. */
  folder(name: string, files: Readonly<Record<string, string>>): string {
    const folder = path.join(this.#home, name);
    mkdirSync(folder, { recursive: true });
    for (const [file, text] of Object.entries(files)) writeFileSync(path.join(folder, file), text);
    return folder;
  }

  /** Ends what still runs, and returns its command lines: a test that leaves something behind has a fault. */
  async stopAll(): Promise<string[]> {
    const left = [...this.#started];
    await Promise.all(left.map((started) => started.stop()));
    return left.map((started) => started.commandLine);
  }

  #with(settings: Partial<Settings>): Kubectl {
    return new Kubectl(this.#program, this.#home, { ...this.#settings, ...settings }, this.#started);
  }

  #args(args: readonly string[]): string[] {
    const { namespace } = this.#settings;
    return namespace === undefined ? [...args] : [`--namespace=${namespace}`, ...args];
  }

  #run(args: readonly string[]): Promise<RunResult> {
    const { input, env } = this.#settings;
    return run(this.#program.file, this.#args(args), { env, timeoutMs: 45_000, ...(input === undefined ? {} : { input }) });
  }
}

/** Splits at blanks, but never inside a value. */
function split(command: TemplateStringsArray, values: readonly Value[]): string[] {
  const words: string[] = [];
  let word: string | undefined;
  command.forEach((text, i) => {
    text.split(/(\s+)/).forEach((piece) => {
      if (piece === '') return;
      if (/^\s/.test(piece)) {
        if (word !== undefined) words.push(word);
        word = undefined;
      } else {
        word = (word ?? '') + piece;
      }
    });
    const value = values[i];
    if (Array.isArray(value)) words.push(...(value as readonly string[]));
    else if (value !== undefined) word = (word ?? '') + String(value);
  });
  if (word !== undefined) words.push(word);
  return words;
}
