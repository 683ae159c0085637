/**
 * The JSONPath of `additionalPrinterColumns` and of kubectl: `.spec.replicas`, `.metadata.annotations['a\.b/c']`,
 * `.items[0]`, `[-1]`, `[0:2]`, `[*]`, `..name`, `[?(@.type=="Ready")]`. Fields that are missing give nothing; a path
 * that makes no sense for the value gives nothing either.
 */
import { deepEqual } from '../base/freeze.ts';
import { getOwn, isJsonObject } from './ownProperty.ts';

type Step =
  | { readonly type: 'field'; readonly name: string }
  | { readonly type: 'index'; readonly index: number }
  | { readonly type: 'slice'; readonly from: number | undefined; readonly to: number | undefined; readonly step: number }
  | { readonly type: 'all' }
  | { readonly type: 'deep' }
  | { readonly type: 'union'; readonly steps: readonly Step[] }
  | { readonly type: 'filter'; readonly left: Operand; readonly operator: string; readonly right: Operand | undefined };

type Operand = { readonly path: JsonPath } | { readonly value: unknown };

export type JsonPath = readonly Step[];

/** Undefined when the text is no path. */
export function parseJsonPath(text: string): JsonPath | undefined {
  const steps: Step[] = [];
  let rest = text.replace(/^\{(.*)\}$/s, '$1').replace(/^[$@]/, '');
  while (rest !== '') {
    if (rest.startsWith('..')) {
      steps.push({ type: 'deep' });
      rest = rest.slice(rest[2] === '[' ? 2 : 1);
      continue;
    }
    if (rest.startsWith('[')) {
      const end = closingBracket(rest);
      const step = end < 0 ? undefined : parseBracket(rest.slice(1, end).trim());
      if (!step) return undefined;
      steps.push(step);
      rest = rest.slice(end + 1);
      continue;
    }
    const [whole, name] = /^\.?((?:\\.|[^.[\]\\])+)/.exec(rest) ?? [];
    if (whole === undefined || name === undefined) return rest === '.' ? steps : undefined;
    steps.push(name === '*' ? { type: 'all' } : { type: 'field', name: name.replace(/\\(.)/g, '$1') });
    rest = rest.slice(whole.length);
  }
  return steps;
}

/** The index of the bracket that closes the first one; quotes hide brackets. */
function closingBracket(text: string): number {
  let depth = 0;
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const char = text[i] ?? '';
    if (quote) {
      if (char === '\\') i++;
      else if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if (char === '[') depth++;
    else if (char === ']' && --depth === 0) return i;
  }
  return -1;
}

function parseBracket(inner: string): Step | undefined {
  if (inner === '*') return { type: 'all' };
  const filter = /^\?\((.*)\)$/s.exec(inner)?.[1];
  if (filter !== undefined) return parseFilter(filter.trim());
  const quoted = /^'((?:\\.|[^'\\])*)'$/s.exec(inner) ?? /^"((?:\\.|[^"\\])*)"$/s.exec(inner);
  if (quoted) return { type: 'field', name: (quoted[1] ?? '').replace(/\\(.)/g, '$1') };
  if (/^-?\d+$/.test(inner)) return { type: 'index', index: Number(inner) };
  const slice = /^(-?\d+)?:(-?\d+)?(?::(\d+))?$/.exec(inner);
  if (slice) {
    const bound = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));
    return { type: 'slice', from: bound(slice[1]), to: bound(slice[2]), step: Math.max(1, bound(slice[3]) ?? 1) };
  }
  if (!inner.includes(',')) return undefined;
  const steps = inner.split(',').map((part) => parseBracket(part.trim()));
  return steps.every((step) => step !== undefined) ? { type: 'union', steps } : undefined;
}

function parseFilter(text: string): Step | undefined {
  const [, left = text, operator = 'exists', right] = /^(.*?)\s*(==|!=|<=|>=|<|>)\s*(.*)$/s.exec(text) ?? [];
  const leftOperand = parseOperand(left.trim());
  const rightOperand = right === undefined ? undefined : parseOperand(right.trim());
  if (!leftOperand || (right !== undefined && !rightOperand)) return undefined;
  return { type: 'filter', left: leftOperand, operator, right: rightOperand };
}

function parseOperand(text: string): Operand | undefined {
  if (/^[@$]/.test(text)) {
    const path = parseJsonPath(text);
    return path && { path };
  }
  const quoted = /^(["'])(.*)\1$/s.exec(text);
  if (quoted) return { value: (quoted[2] ?? '').replace(/\\(.)/g, '$1') };
  if (text === 'true' || text === 'false') return { value: text === 'true' };
  return text !== '' && !Number.isNaN(Number(text)) ? { value: Number(text) } : undefined;
}

/** Everything that the path finds, in order. */
export function findJsonPath(path: JsonPath, value: unknown): unknown[] {
  let found: unknown[] = [value];
  for (const step of path) found = found.flatMap((item) => follow(step, item));
  return found;
}

function follow(step: Step, value: unknown): unknown[] {
  switch (step.type) {
    case 'field': {
      const field = isJsonObject(value) ? getOwn(value, step.name) : undefined;
      return field === undefined ? [] : [field];
    }
    case 'index': {
      const item: unknown = Array.isArray(value) ? value.at(step.index) : undefined;
      return item === undefined ? [] : [item];
    }
    case 'slice':
      return Array.isArray(value) ? value.slice(step.from, step.to).filter((_, i) => i % step.step === 0) : [];
    case 'all':
      return children(value);
    case 'deep':
      return [value, ...children(value).flatMap((child) => follow(step, child))];
    case 'union':
      return step.steps.flatMap((part) => follow(part, value));
    case 'filter':
      return Array.isArray(value) ? value.filter((item) => matches(step, item)) : [];
  }
}

function children(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  if (!isJsonObject(value)) return [];
  return Object.keys(value)
    .sort()
    .map((key) => value[key]);
}

function matches({ left, operator, right }: Step & { type: 'filter' }, item: unknown): boolean {
  const read = (operand: Operand): unknown[] => ('path' in operand ? findJsonPath(operand.path, item) : [operand.value]);
  const [a] = read(left);
  if (!right) return a !== undefined;
  const [b] = read(right);
  if (a === undefined || b === undefined) return false;
  if (operator === '==') return deepEqual(a, b);
  if (operator === '!=') return !deepEqual(a, b);
  const comparable = (typeof a === 'number' && typeof b === 'number') || (typeof a === 'string' && typeof b === 'string');
  if (!comparable) return false;
  switch (operator) {
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    default:
      return a >= b;
  }
}
