/** What a parameter expansion gives: `$x`, `$1`, `${x:-y}`, `${x%.*}`, `${#x}`, `${x[@]}` … */
import { evaluate } from './arithmetic.ts';
import type { Shell } from './shell.ts';
import { matchesPattern, patternSource } from './pattern.ts';
import type { ParameterOperation, Part, WordNode } from './syntax.ts';
import { ShellError } from './variables.ts';
import { expandToPattern, expandToText } from './expand.ts';

/** A list stays apart in `"$@"`; everything else is one text. `undefined`: not set. */
export type ParameterValue = string | readonly string[] | undefined;

export function parameterValue(shell: Shell, name: string): ParameterValue {
  if (name === '@' || name === '*') return shell.positional;
  if (/^\d+$/.test(name)) return name === '0' ? shell.name : shell.positional[Number(name) - 1];
  const special = shell.special(name);
  if (special !== undefined) return special;
  const element = /^(\w+)\[(.*)\]$/.exec(name);
  if (!element) return shell.variables.get(name);
  const [, array = '', index = ''] = element;
  if (index === '@' || index === '*') return shell.variables.array(array);
  return shell.variables.element(
    array,
    Number(/^-?\d+$/.test(index) ? index : (shell.variables.get(index.replace(/^\$/, '')) ?? 0)),
  );
}

export async function expandParameter(shell: Shell, part: Part<'ParameterExpansion'>): Promise<ParameterValue> {
  const { parameter, operation } = part;
  const value = parameterValue(shell, parameter);
  if (!operation) {
    if (value === undefined && shell.options.has('u'))
      throw new ShellError(`${parameter}: parameter not set`, shell.flavour === 'bash' ? 1 : 2);
    return value;
  }
  return applyOperation(shell, parameter, value, operation);
}

const textOf = (value: ParameterValue): string => (typeof value === 'object' ? value.join(' ') : (value ?? ''));

async function applyOperation(
  shell: Shell,
  name: string,
  value: ParameterValue,
  operation: ParameterOperation,
): Promise<ParameterValue> {
  const isMissing = (checkEmpty: boolean): boolean =>
    value === undefined || (checkEmpty && textOf(value) === '') || (typeof value === 'object' && value.length === 0);
  const word = (node: WordNode | null): Promise<string> => (node ? expandToText(shell, node) : Promise.resolve(''));
  switch (operation.type) {
    case 'DefaultValue':
      return isMissing(operation.checkEmpty) ? word(operation.word) : value;
    case 'AssignDefault': {
      if (!isMissing(operation.checkEmpty)) return value;
      const text = await word(operation.word);
      shell.variables.set(name, text);
      return text;
    }
    case 'UseAlternative':
      return isMissing(operation.checkEmpty) ? '' : word(operation.word);
    case 'ErrorIfUnset': {
      if (!isMissing(operation.checkEmpty)) return value;
      const text = await word(operation.word);
      throw new ShellError(
        `${name}: ${text || `parameter ${operation.checkEmpty ? 'null or ' : ''}not set`}`,
        shell.flavour === 'bash' ? 1 : 2,
      );
    }
    case 'Length':
      return String(typeof value === 'object' ? value.length : [...(value ?? '')].length);
    case 'Substring': {
      const offset = await evaluate(shell, operation.offset.expression);
      const length = operation.length ? await evaluate(shell, operation.length.expression) : undefined;
      return substring(value, offset, length, name);
    }
    case 'PatternRemoval': {
      const pattern = await expandToPattern(shell, operation.pattern);
      return mapText(value, (text) => removePattern(text, pattern, operation.side, operation.greedy));
    }
    case 'PatternReplacement': {
      const source = patternSource(await expandToPattern(shell, operation.pattern));
      const replacement = await word(operation.replacement);
      const anchored = `${operation.anchor === 'start' ? '^' : ''}(?:${source})${operation.anchor === 'end' ? '$' : ''}`;
      const regex = new RegExp(anchored, operation.all ? 'gu' : 'u');
      return mapText(value, (text) => text.replace(regex, () => replacement));
    }
    case 'CaseModification': {
      const change = (text: string): string => (operation.direction === 'upper' ? text.toUpperCase() : text.toLowerCase());
      return mapText(value, (text) => (operation.all ? change(text) : change(text.slice(0, 1)) + text.slice(1)));
    }
    case 'Transform':
      return mapText(value, (text) => transform(text, operation.operator));
    case 'Indirection': {
      const target = textOf(value);
      const found = parameterValue(shell, target);
      return operation.innerOp ? applyOperation(shell, target, found, operation.innerOp) : found;
    }
    case 'ArrayKeys':
      return shell.variables.array(operation.array).map((_, index) => String(index));
    case 'VarNamePrefix':
      return shell.variables.names().filter((candidate) => candidate.startsWith(operation.prefix));
    default:
      throw new ShellError('bad substitution', 2);
  }
}

function mapText(value: ParameterValue, change: (text: string) => string): ParameterValue {
  return typeof value === 'object' ? value.map(change) : change(value ?? '');
}

function substring(value: ParameterValue, offset: number, length: number | undefined, name: string): ParameterValue {
  if (typeof value === 'object') {
    // Positional parameters count from 1.
    const start = name === '@' || name === '*' ? Math.max(0, offset - 1) : offset;
    return value.slice(start, length === undefined ? undefined : start + length);
  }
  const text = [...(value ?? '')];
  const start = offset < 0 ? Math.max(0, text.length + offset) : offset;
  const end = length === undefined ? text.length : length < 0 ? text.length + length : start + length;
  return text.slice(start, end).join('');
}

function removePattern(text: string, pattern: string, side: 'prefix' | 'suffix', greedy: boolean): string {
  const lengths = Array.from({ length: text.length + 1 }, (_, i) => (greedy ? text.length - i : i));
  for (const length of lengths) {
    const piece = side === 'prefix' ? text.slice(0, length) : text.slice(text.length - length);
    if (matchesPattern(piece, pattern)) return side === 'prefix' ? text.slice(length) : text.slice(0, text.length - length);
  }
  return text;
}

function transform(text: string, operator: string): string {
  if (operator === 'U') return text.toUpperCase();
  if (operator === 'L') return text.toLowerCase();
  if (operator === 'u') return text.slice(0, 1).toUpperCase() + text.slice(1);
  if (operator === 'Q') return `'${text.replaceAll("'", "'\\''")}'`;
  return text;
}
