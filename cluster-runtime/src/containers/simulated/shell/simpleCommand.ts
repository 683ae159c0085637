/** Assignments, functions, builtins and programs: what a line of a script mostly is. */
import { ExecutableError, defaultPath, findExecutable } from '../process/executables.ts';
import { allBuiltins, specialBuiltins } from './builtins/allBuiltins.ts';
import { runCommand } from './execute.ts';
import { expandToText, expandWords } from './expand.ts';
import { ReturnFromFunction } from './flow.ts';
import { redirected, RedirectionError, withRedirections } from './redirections.ts';
import type { Shell } from './shell.ts';
import type { Assignment, Command, SimpleCommandNode } from './syntax.ts';

const deepestCalls = 500;

export async function runSimpleCommand(shell: Shell, command: SimpleCommandNode): Promise<number> {
  shell.substitutionStatus = undefined;
  const words = command.name ? [command.name, ...command.args] : command.args;
  const argv = withoutAlias(shell, await expandWords(shell, words));
  const [name] = argv;
  if (shell.options.has('x') && argv.length > 0) await trace(shell, argv);

  if (name === undefined) {
    return withRedirections(shell, command.redirections, async () => {
      for (const assignment of command.assignments) {
        await assign(shell, assignment);
        if (shell.options.has('x')) await trace(shell, [`${assignment.name}=${shell.variables.get(assignment.name) ?? ''}`]);
      }
      return shell.substitutionStatus ?? 0;
    });
  }
  if (name === 'exec') return runExec(shell, command, argv);
  return withRedirections(shell, command.redirections, () => runNamed(shell, argv, command.assignments));
}

async function runNamed(shell: Shell, argv: readonly string[], assignments: readonly Assignment[]): Promise<number> {
  const [name = ''] = argv;
  const definition = specialBuiltins.has(name) ? undefined : shell.functions.get(name);
  const builtin = allBuiltins.get(name);
  if (!definition && !builtin) return runExecutable(shell, argv, await temporary(shell, assignments));

  // Before a special builtin an assignment stays; before others it holds for the command.
  const saved = specialBuiltins.has(name)
    ? []
    : assignments.map((assignment) => [assignment.name, shell.variables.describe(assignment.name)] as const);
  for (const assignment of assignments) await assign(shell, assignment);
  try {
    return definition
      ? await callFunction(shell, definition, argv.slice(1))
      : ((await builtin?.(shell, argv.slice(1), name)) ?? 0);
  } finally {
    for (const [variable, before] of saved) {
      shell.variables.unset(variable);
      if (before) shell.variables.set(variable, before.value, before.exported);
    }
  }
}

export async function runExecutable(shell: Shell, argv: readonly string[], extra: ReadonlyMap<string, string>): Promise<number> {
  const env = shell.variables.environment(extra);
  try {
    const executable = await findExecutable(shell.process.container, argv[0] ?? '', {
      cwd: shell.cwd,
      path: env.get('PATH') ?? defaultPath,
    });
    return await shell.runProgram(executable.program, [...(executable.interpreter ?? argv.slice(0, 1)), ...argv.slice(1)], env);
  } catch (error) {
    if (!(error instanceof ExecutableError)) throw error;
    // A file that says nothing about its interpreter is a script of this shell.
    if (error.shellText === 'Exec format error')
      return runExecutable(shell, [shell.flavour === 'bash' ? 'bash' : 'sh', ...argv], extra);
    const text =
      shell.flavour === 'bash' && error.shellText === 'not found'
        ? argv[0]?.includes('/')
          ? 'No such file or directory'
          : 'command not found'
        : error.shellText;
    await shell.complain(`${argv[0] ?? ''}: ${text}`);
    return error.exitCode;
  }
}

async function callFunction(shell: Shell, definition: Command<'FunctionDef'>, args: readonly string[]): Promise<number> {
  if (shell.functionDepth >= deepestCalls) {
    await shell.complain(`${definition.name}: maximum function nesting level exceeded (${deepestCalls})`);
    return 1;
  }
  const positional = shell.positional;
  shell.positional = args;
  shell.functionDepth++;
  shell.variables.enterScope();
  try {
    return await withRedirections(shell, definition.redirections, () => runCommand(shell, definition.body));
  } catch (error) {
    if (error instanceof ReturnFromFunction) return error.status;
    throw error;
  } finally {
    shell.variables.leaveScope();
    shell.functionDepth--;
    shell.positional = positional;
  }
}

/** `exec program …` goes on as that program; `exec >file` changes the shell's own open files. */
async function runExec(shell: Shell, command: SimpleCommandNode, argv: readonly string[]): Promise<number> {
  try {
    shell.streams = await redirected(shell, command.redirections);
  } catch (error) {
    if (!(error instanceof RedirectionError)) throw error;
    await shell.complain(error.message);
    return 1;
  }
  if (argv.length === 1) return 0;
  const { replaceShell } = await import('./replaceShell.ts');
  return replaceShell(shell, argv.slice(1), await temporary(shell, command.assignments));
}

async function temporary(shell: Shell, assignments: readonly Assignment[]): Promise<Map<string, string>> {
  const env = new Map<string, string>();
  for (const { name, value } of assignments) env.set(name, value ? await expandToText(shell, value) : '');
  return env;
}

export async function assign(shell: Shell, { name, value, append, array }: Assignment): Promise<void> {
  const exportIt = shell.options.has('a');
  if (array) {
    const items = await expandWords(shell, array);
    shell.variables.set(name, append ? [...shell.variables.array(name), ...items] : items, exportIt);
    return;
  }
  const text = value ? await expandToText(shell, value) : '';
  const element = /^(\w+)\[(.+)\]$/.exec(name);
  if (element) {
    const [, base = '', index = '0'] = element;
    const at = /^-?\d+$/.test(index) ? Number(index) : Number(shell.variables.get(index.replace(/^\$/, '')) ?? 0);
    shell.variables.setElement(base, at, append ? (shell.variables.element(base, at) ?? '') + text : text);
    return;
  }
  shell.variables.set(name, append ? (shell.variables.get(name) ?? '') + text : text, exportIt);
}

/** Differs from Kubernetes: an alias can only stand for a command with arguments, not for any piece of text. */
function withoutAlias(shell: Shell, argv: string[]): string[] {
  const alias = argv[0] === undefined ? undefined : shell.aliases.get(argv[0]);
  return alias === undefined ? argv : [...alias.trim().split(/\s+/), ...argv.slice(1)];
}

async function trace(shell: Shell, argv: readonly string[]): Promise<void> {
  const shown = argv.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`));
  await shell.error(`${shell.variables.get('PS4') ?? '+ '}${shown.join(' ')}\n`);
}
