/** What every text, list and map has: size, and where texts begin, end and match. Sizes are counted in characters. */
import { matchesPattern, patternProblem } from '#common/api/goPattern.ts';
import { type CelFunction, fn, method } from '../environment.ts';
import { CelError, type CelValue, fieldsOf, isList } from '../values.ts';

function size(value: CelValue): bigint {
  if (typeof value === 'string') return BigInt([...value].length);
  if (isList(value) || value instanceof Uint8Array) return BigInt(value.length);
  return BigInt(fieldsOf(value)?.size ?? 0);
}

function matches(text: string, pattern: string): boolean {
  const problem = patternProblem(pattern);
  if (problem !== undefined) throw new CelError(problem);
  return matchesPattern(pattern, text);
}

export const textFunctions: readonly CelFunction[] = [
  ...['string', 'bytes', 'list(A)', 'map(A, B)'].flatMap((type) => [
    fn(`size(${type}): int`, size),
    method(type, 'size(): int', size),
  ]),
  method('string', 'startsWith(string): bool', (text: string, start: string) => text.startsWith(start)),
  method('string', 'endsWith(string): bool', (text: string, end: string) => text.endsWith(end)),
  method('string', 'contains(string): bool', (text: string, part: string) => text.includes(part)),
  method('string', 'matches(string): bool', matches),
  fn('matches(string, string): bool', matches),
];
