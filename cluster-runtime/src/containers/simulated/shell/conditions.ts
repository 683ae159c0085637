/** Questions: `test`, `[ … ]` and `[[ … ]]`. */
import { FileError } from '../files/fileError.ts';
import type { FileNode } from '../files/fileTree.ts';
import { resolvePath } from '../files/path.ts';
import type { Process } from '../process/process.ts';
import { expandToPattern, expandToText } from './expand.ts';
import { matchesPattern } from './pattern.ts';
import type { Shell } from './shell.ts';
import type { Conditional } from './syntax.ts';

/** What the questions are about besides their words. */
export interface Asker {
  readonly process: Process;
  readonly cwd: string;
  isSet?(name: string): boolean;
  isTerminal?(number: number): boolean;
}

export class TestError extends Error {}

export function unaryTest(asker: Asker, operator: string, operand: string): boolean {
  switch (operator) {
    case '-z':
      return operand === '';
    case '-n':
      return operand !== '';
    case '-v':
      return asker.isSet?.(operand) ?? false;
    case '-t':
      return asker.isTerminal?.(Number(operand)) ?? asker.process.terminal !== undefined;
    case '-h':
    case '-L':
      return node(asker, operand, false)?.kind === 'link';
  }
  const found = node(asker, operand, true);
  switch (operator) {
    case '-e':
    case '-a':
    case '-r':
    case '-w':
      return found !== undefined;
    case '-f':
      return found?.kind === 'file';
    case '-d':
      return found?.kind === 'folder';
    case '-s':
      return found?.kind === 'file' ? found.size > 0 : found !== undefined;
    case '-x':
      return found?.kind === 'folder' || (found?.kind === 'file' && (found.mode & 0o111) !== 0);
    case '-c':
      return operand.startsWith('/dev/') && found !== undefined;
    case '-O':
    case '-G':
      return found !== undefined;
    case '-b':
    case '-g':
    case '-k':
    case '-p':
    case '-u':
    case '-S':
    case '-N':
      return false;
    default:
      throw new TestError(`${operator}: unknown operand`);
  }
}

export function binaryTest(asker: Asker, left: string, operator: string, right: string): boolean {
  switch (operator) {
    case '=':
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '>':
      return left > right;
    case '-nt':
      return mtime(asker, left) > mtime(asker, right);
    case '-ot':
      return mtime(asker, left) < mtime(asker, right);
    case '-ef':
      return resolvePath(asker.cwd, left) === resolvePath(asker.cwd, right);
  }
  const [a, b] = [wholeNumber(left), wholeNumber(right)];
  switch (operator) {
    case '-eq':
      return a === b;
    case '-ne':
      return a !== b;
    case '-lt':
      return a < b;
    case '-le':
      return a <= b;
    case '-gt':
      return a > b;
    case '-ge':
      return a >= b;
    default:
      throw new TestError(`${operator}: unknown operand`);
  }
}

const binaryOperators = new Set(['=', '==', '!=', '<', '>', '-nt', '-ot', '-ef', '-eq', '-ne', '-lt', '-le', '-gt', '-ge']);

/** The words between `[` and `]`. Throws TestError. */
export function evaluateTest(asker: Asker, words: readonly string[]): boolean {
  let at = 0;
  const either = (): boolean => {
    let value = both();
    while (words[at] === '-o') {
      at++;
      value = both() || value;
    }
    return value;
  };
  const both = (): boolean => {
    let value = single();
    while (words[at] === '-a') {
      at++;
      value = single() && value;
    }
    return value;
  };
  const single = (): boolean => {
    const [first, second, third] = words.slice(at);
    if (first === undefined) throw new TestError('argument expected');
    if (second !== undefined && third !== undefined && binaryOperators.has(second)) {
      at += 3;
      return binaryTest(asker, first, second, third);
    }
    if (first === '!') {
      at++;
      return !single();
    }
    if (first === '(') {
      at++;
      const value = either();
      if (words[at++] !== ')') throw new TestError('closing paren expected');
      return value;
    }
    if (/^-[a-zA-Z]$/.test(first) && second !== undefined) {
      at += 2;
      return unaryTest(asker, first, second);
    }
    at++;
    return first !== '';
  };
  if (words.length === 0) return false;
  const value = either();
  if (at < words.length) throw new TestError(`${words[at]}: unknown operand`);
  return value;
}

/** `[[ … ]]`: patterns and regular expressions besides. */
export async function evaluateConditional(shell: Shell, node: Conditional): Promise<boolean> {
  switch (node.type) {
    case 'CondNot':
      return !(await evaluateConditional(shell, node.operand));
    case 'CondAnd':
      return (await evaluateConditional(shell, node.left)) && evaluateConditional(shell, node.right);
    case 'CondOr':
      return (await evaluateConditional(shell, node.left)) || evaluateConditional(shell, node.right);
    case 'CondGroup':
      return evaluateConditional(shell, node.expression);
    case 'CondWord':
      return (await expandToText(shell, node.word)) !== '';
    case 'CondUnary':
      return unaryTest(shell, node.operator, await expandToText(shell, node.operand));
    case 'CondBinary': {
      const left = await expandToText(shell, node.left);
      if (node.operator === '=~') return matchesRegex(shell, left, await expandToText(shell, node.right));
      if (node.operator === '=' || node.operator === '==') return matchesPattern(left, await expandToPattern(shell, node.right));
      if (node.operator === '!=') return !matchesPattern(left, await expandToPattern(shell, node.right));
      return binaryTest(shell, left, node.operator, await expandToText(shell, node.right));
    }
  }
}

function matchesRegex(shell: Shell, text: string, source: string): boolean {
  try {
    const match = new RegExp(source).exec(text);
    shell.variables.set('BASH_REMATCH', match ? match.map((group) => group ?? '') : []);
    return match !== null;
  } catch (error) {
    if (error instanceof SyntaxError) throw new TestError(`invalid regular expression: ${source}`);
    throw error;
  }
}

function wholeNumber(text: string): number {
  if (!/^\s*[+-]?\d+\s*$/.test(text)) throw new TestError(`invalid number '${text}'`);
  return Number(text);
}

function mtime(asker: Asker, path: string): number {
  return node(asker, path, true)?.mtime ?? -1;
}

function node(asker: Asker, path: string, follow: boolean): FileNode | undefined {
  const { files } = asker.process.container;
  if (path === '') return undefined;
  const full = resolvePath(asker.cwd, path);
  try {
    return follow ? files.find(full) : files.findLink(full);
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}
