/**
 * `sh`, `ash`, `dash` and `bash` as programs: `-c` scripts, script files, scripts on standard input, and a prompt on a
 * terminal.
 */
import { FileError } from '../files/fileError.ts';
import { resolvePath } from '../files/path.ts';
import { readTextLine } from '../process/lines.ts';
import type { Process, Program } from '../process/process.ts';
import { forgetEnded } from './builtins/jobs.ts';
import { runStatements } from './execute.ts';
import { ExitShell, LeaveLoop, ReturnFromFunction } from './flow.ts';
import { type Flavour, Interrupted, Shell, type ShellOption } from './shell.ts';
import { parseScript } from './syntax.ts';
import { ShellError } from './variables.ts';

export function shellProgram(name: string): Program {
  return async (process) => {
    const debian = process.container.image.userland === 'debian';
    const flavour: Flavour = name === 'bash' ? 'bash' : name === 'dash' || (name === 'sh' && debian) ? 'dash' : 'ash';
    const shell = Shell.start(process, flavour);
    const line = parseCommandLine(process.args);
    for (const option of line.options) shell.options.add(option);

    if (line.script !== undefined) {
      shell.name = line.operands[0] ?? shell.name;
      shell.positional = line.operands.slice(1);
      return shell.toTheEnd(() => runScript(shell, line.script as string));
    }
    const [file, args] = line.readsStdin ? [undefined, line.operands] : [line.operands[0], line.operands.slice(1)];
    if (file !== undefined) {
      shell.name = file;
      shell.positional = args;
      return shell.toTheEnd(() => runFile(shell, file));
    }
    shell.positional = args;
    if (process.terminal) shell.options.add('i');
    return shell.toTheEnd(() => readAndRun(shell));
  };
}

interface CommandLine {
  readonly script?: string;
  readonly readsStdin: boolean;
  readonly options: readonly ShellOption[];
  readonly operands: readonly string[];
}

function parseCommandLine(args: readonly string[]): CommandLine {
  const options: ShellOption[] = [];
  let takesScript = false;
  let readsStdin = false;
  let at = 0;
  for (; at < args.length; at++) {
    const arg = args[at] as string;
    if (arg === '--') {
      at++;
      break;
    }
    if (!/^[+-]./.test(arg)) break;
    if (arg.startsWith('--')) continue;
    for (const letter of arg.slice(1)) {
      if (letter === 'c') takesScript = true;
      else if (letter === 's') readsStdin = true;
      else if (letter === 'o') {
        if (args[++at] === 'pipefail') options.push('pipefail');
      } else if ('euxfi'.includes(letter)) options.push(letter as ShellOption);
    }
  }
  const operands = args.slice(at);
  return takesScript
    ? { script: operands[0] ?? '', readsStdin, options, operands: operands.slice(1) }
    : { readsStdin, options, operands };
}

async function runScript(shell: Shell, text: string): Promise<number> {
  const parsed = await parseScript(text);
  if (parsed.kind === 'script') return runTopLevel(shell, () => runStatements(shell, parsed.script.statements));
  const message = parsed.kind === 'error' ? parsed.message : 'syntax error: unexpected end of file';
  await shell.complain(message);
  return 2;
}

async function runFile(shell: Shell, file: string): Promise<number> {
  let text: string;
  try {
    text = shell.process.container.files.readText(resolvePath(shell.cwd, file));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const message = {
      ash: `can't open '${file}': ${error.message}`,
      dash: `0: cannot open ${file}: ${error.message}`,
      bash: `${file}: ${error.message}`,
    };
    await shell.error(`${shell.process.argv[0]}: ${message[shell.flavour]}\n`);
    return shell.flavour === 'bash' ? 127 : 2;
  }
  return runScript(shell, text);
}

/** `return` and `break` outside of what they belong to end a script, or do nothing. */
async function runTopLevel(shell: Shell, body: () => Promise<number>): Promise<number> {
  try {
    return await body();
  } catch (error) {
    if (error instanceof ReturnFromFunction) return error.status;
    if (error instanceof LeaveLoop) return 0;
    throw error;
  }
}

async function readAndRun(shell: Shell): Promise<number> {
  const input = new PromptInput(shell);
  let text = '';
  for (;;) {
    if (shell.interactive) {
      forgetEnded(shell);
      await shell.runTraps();
      await shell.error(prompt(shell, text !== ''));
    }
    if (shell.process.terminal) shell.process.terminal.atPrompt = true;
    const line = await input.next();
    if (shell.process.terminal) shell.process.terminal.atPrompt = false;
    shell.clearInterrupt();
    if (line === 'interrupted') {
      text = '';
      continue;
    }
    if (line === undefined) {
      if (text !== '') await shell.complain('syntax error: unexpected end of file');
      if (shell.interactive && shell.flavour === 'bash') await shell.error('exit\n');
      return text === '' ? shell.lastStatus : 2;
    }
    text += `${line}\n`;
    const parsed = await parseScript(text);
    if (parsed.kind === 'incomplete') continue;
    text = '';
    if (parsed.kind === 'error') {
      await shell.complain(parsed.message);
      shell.lastStatus = 2;
      if (!shell.interactive) return 2;
      continue;
    }
    try {
      await runTopLevel(shell, () => runStatements(shell, parsed.script.statements));
    } catch (error) {
      if (error instanceof ExitShell || !shell.interactive || !(error instanceof ShellError || error instanceof Interrupted))
        throw error;
      shell.clearInterrupt();
      shell.lastStatus = await shell.statusOf(error);
      if (error instanceof Interrupted) await shell.error('\n');
    }
  }
}

/** Lines for the prompt. A pending read outlives Ctrl-C, so that no line is lost between two readers. */
class PromptInput {
  readonly #process: Process;
  #reading: Promise<string | undefined> | undefined;
  #interrupt: (() => void) | undefined;

  constructor(shell: Shell) {
    this.#process = shell.process;
    if (!shell.interactive) return;
    shell.process.onSignal('INT', () => (this.#interrupt ? this.#interrupt() : shell.interrupt()));
    shell.process.onSignal('QUIT', () => undefined);
    shell.process.onSignal('TERM', () => undefined);
  }

  async next(): Promise<string | undefined | 'interrupted'> {
    this.#reading ??= readTextLine(this.#process);
    const interrupted = new Promise<'interrupted'>((resolve) => (this.#interrupt = () => resolve('interrupted')));
    const line = await Promise.race([this.#reading, interrupted]);
    this.#interrupt = undefined;
    if (line !== 'interrupted') this.#reading = undefined;
    return line;
  }
}

function prompt(shell: Shell, continues: boolean): string {
  if (continues) return shell.variables.get('PS2') ?? '> ';
  const defaults: Record<Flavour, string> = { ash: '\\w \\$ ', dash: '\\$ ', bash: '\\u@\\h:\\w\\$ ' };
  const { user } = shell.process.container.image;
  const home = shell.variables.get('HOME');
  const inHome = home !== undefined && home !== '/' && (shell.cwd === home || shell.cwd.startsWith(`${home}/`));
  const folder = inHome ? `~${shell.cwd.slice(home.length)}` : shell.cwd;
  const values: Record<string, string> = {
    w: folder,
    W: folder === '/' ? '/' : folder.slice(folder.lastIndexOf('/') + 1),
    u: user?.name ?? 'root',
    h: shell.process.container.spec.pod.hostname,
    H: shell.process.container.spec.pod.hostname,
    $: (user?.uid ?? 0) === 0 ? '#' : '$',
    n: '\n',
    '[': '',
    ']': '',
    e: '\x1b',
  };
  return (shell.variables.get('PS1') ?? defaults[shell.flavour]).replaceAll(
    /\\(.)/gs,
    (whole, letter: string) => values[letter] ?? whole,
  );
}
