/** Runs the shell's syntax tree: lists, pipelines and compound commands. */
import { Pipe } from '../process/byteStream.ts';
import { evaluate } from './arithmetic.ts';
import { evaluateConditional, TestError } from './conditions.ts';
import { expandToPattern, expandToText, expandWords } from './expand.ts';
import { ExitShell, LeaveLoop } from './flow.ts';
import { matchesPattern } from './pattern.ts';
import { withRedirections } from './redirections.ts';
import { Interrupted, type Shell } from './shell.ts';
import { runSimpleCommand } from './simpleCommand.ts';
import type { Command, CommandNode, PipelineNode, StatementNode } from './syntax.ts';
import { ShellError } from './variables.ts';

export async function runStatements(shell: Shell, statements: readonly StatementNode[]): Promise<number> {
  let status = 0;
  for (const statement of statements) {
    if (statement.background) {
      const job = shell.startJob((statement.sourceText ?? '').replace(/\s*&$/, ''), (copy) => runStatement(copy, statement));
      if (shell.interactive) await shell.error(`[${job.number}] ${job.process.pid}\n`);
      status = 0;
    } else status = await runStatement(shell, statement);
    shell.lastStatus = status;
  }
  return status;
}

async function runStatement(shell: Shell, { pipelines, operators }: StatementNode): Promise<number> {
  let status = 0;
  for (const [index, pipeline] of pipelines.entries()) {
    const operator = index === 0 ? ';' : operators[index - 1];
    if ((operator === '&&' && status !== 0) || (operator === '||' && status === 0)) continue;
    const isLast = index === pipelines.length - 1;
    // A failure counts for `set -e` only at the end of a list.
    const tolerant = !isLast || pipeline.negated;
    if (tolerant) shell.tolerance++;
    try {
      status = await runPipeline(shell, pipeline);
    } finally {
      if (tolerant) shell.tolerance--;
    }
    shell.lastStatus = status;
    await shell.runTraps();
    if (status !== 0 && isLast && !pipeline.negated && shell.tolerance === 0 && shell.options.has('e'))
      throw new ExitShell(status);
  }
  return status;
}

async function runPipeline(shell: Shell, pipeline: PipelineNode): Promise<number> {
  const { commands, negated, timed } = pipeline;
  const began = shell.process.container.clock.now();
  const status = commands.length === 1 ? await runCommand(shell, commands[0] as CommandNode) : await runPiped(shell, pipeline);
  if (timed) {
    const seconds = (shell.process.container.clock.now() - began) / 1000;
    await shell.error(`real\t${Math.floor(seconds / 60)}m ${(seconds % 60).toFixed(2)}s\nuser\t0m 0.00s\nsys\t0m 0.00s\n`);
  }
  return negated ? (status === 0 ? 1 : 0) : status;
}

/** Every command of a pipeline in a process of its own, all at the same time. */
async function runPiped(shell: Shell, { commands, pipeStderr }: PipelineNode): Promise<number> {
  let input = shell.streams.get(0) ?? {};
  const children = commands.map((command, index) => {
    const isLast = index === commands.length - 1;
    const pipe = isLast ? undefined : new Pipe();
    const streams = new Map([...shell.streams, [0, input] as const]);
    if (pipe) streams.set(1, { sink: pipe });
    if (pipe && pipeStderr?.[index]) streams.set(2, { sink: pipe });
    const source = index === 0 ? undefined : input.source;
    const child = shell.fork((copy) => runCommand(copy, command), streams);
    if (pipe) input = { source: pipe };
    return child.wait().then((end) => {
      pipe?.close();
      source?.breakOff?.();
      return end;
    });
  });
  const ends = await Promise.all(children);
  if (shell.interactive && ends.some(({ signal }) => signal === 'INT')) throw new Interrupted();
  const statuses = ends.map(({ code }) => code);
  return shell.options.has('pipefail') ? (statuses.findLast((status) => status !== 0) ?? 0) : (statuses.at(-1) ?? 0);
}

export async function runCommand(shell: Shell, command: CommandNode): Promise<number> {
  await shell.checkpoint();
  if (command.type === 'SimpleCommand') return runSimpleCommand(shell, command);
  if (command.type === 'FunctionDef') {
    shell.functions.set(command.name, command);
    return 0;
  }
  return withRedirections(shell, command.redirections, () => runCompound(shell, command));
}

async function runCompound(
  shell: Shell,
  command: Exclude<CommandNode, { type: 'SimpleCommand' | 'FunctionDef' }>,
): Promise<number> {
  switch (command.type) {
    case 'Group':
      return runStatements(shell, command.body);
    case 'Subshell':
      return shell.runSubshell(command.body);
    case 'If':
      for (const { condition, body } of command.clauses) {
        if ((await asQuestion(shell, condition)) === 0) return runStatements(shell, body);
      }
      return command.elseBody ? runStatements(shell, command.elseBody) : 0;
    case 'While':
    case 'Until': {
      const wanted = command.type === 'While';
      return loop(shell, async () => ((await asQuestion(shell, command.condition)) === 0) === wanted, command.body);
    }
    case 'For': {
      const values = command.words ? await expandWords(shell, command.words) : [...shell.positional];
      const next = values.values();
      return loop(
        shell,
        () => {
          const { value, done } = next.next();
          if (!done) shell.variables.set(command.variable, value);
          return Promise.resolve(!done);
        },
        command.body,
      );
    }
    case 'CStyleFor': {
      if (command.init) await evaluate(shell, command.init.expression);
      const holds = async (): Promise<boolean> =>
        !command.condition || (await evaluate(shell, command.condition.expression)) !== 0;
      return loop(shell, holds, command.body, async () => {
        if (command.update) await evaluate(shell, command.update.expression);
      });
    }
    case 'Case':
      return runCase(shell, command);
    case 'ArithmeticCommand':
      return (await evaluate(shell, command.expression.expression)) !== 0 ? 0 : 1;
    case 'ConditionalCommand':
      try {
        return (await evaluateConditional(shell, command.expression)) ? 0 : 1;
      } catch (error) {
        if (error instanceof TestError) throw new ShellError(error.message, 2);
        throw error;
      }
  }
}

async function asQuestion(shell: Shell, statements: readonly StatementNode[]): Promise<number> {
  shell.tolerance++;
  try {
    return await runStatements(shell, statements);
  } finally {
    shell.tolerance--;
  }
}

async function loop(
  shell: Shell,
  goesOn: () => Promise<boolean>,
  body: readonly StatementNode[],
  after: () => Promise<void> = () => Promise.resolve(),
): Promise<number> {
  let status = 0;
  shell.loopDepth++;
  try {
    while (await leavable(goesOn)) {
      // A loop of builtins alone must be rationed as well.
      await shell.checkpoint();
      const left = await inLoop(async () => {
        status = await runStatements(shell, body);
      });
      if (left === 'break') break;
      await after();
    }
  } finally {
    shell.loopDepth--;
  }
  return status;
}

/** A `break` in the condition leaves the loop too. */
async function leavable(goesOn: () => Promise<boolean>): Promise<boolean> {
  let result = false;
  const left = await inLoop(async () => {
    result = await goesOn();
  });
  return left !== 'break' && (result || left === 'continue');
}

async function inLoop(body: () => Promise<void>): Promise<'break' | 'continue' | undefined> {
  try {
    await body();
    return undefined;
  } catch (error) {
    if (!(error instanceof LeaveLoop)) throw error;
    if (--error.levels > 0) throw error;
    return error.kind;
  }
}

async function runCase(shell: Shell, command: Command<'Case'>): Promise<number> {
  const word = await expandToText(shell, command.word);
  let status = 0;
  let fallThrough = false;
  for (const { patterns, body, terminator } of command.items) {
    let matches = fallThrough;
    for (const pattern of patterns) matches ||= matchesPattern(word, await expandToPattern(shell, pattern));
    if (!matches) continue;
    status = await runStatements(shell, body);
    if (terminator === ';;') return status;
    fallThrough = terminator === ';&';
  }
  return status;
}
