/** What in a text matches a regular expression. Whether it does is `matches`, which stands with the texts. */
import { findPattern, patternProblem } from '#common/api/goPattern.ts';
import { type CelFunction, method } from '../environment.ts';
import { CelError } from '../values.ts';

function found(text: string, pattern: string, limit: number): string[] {
  const problem = patternProblem(pattern);
  if (problem !== undefined) throw new CelError(`Illegal regex: ${problem}`);
  return findPattern(pattern, text, limit);
}

export const regularExpressionFunctions: readonly CelFunction[] = [
  method('string', 'find(string): string', (text: string, pattern: string) => found(text, pattern, 1)[0] ?? ''),
  method('string', 'findAll(string): list(string)', (text: string, pattern: string) => found(text, pattern, Infinity)),
  method('string', 'findAll(string, int): list(string)', (text: string, pattern: string, limit: bigint) =>
    found(text, pattern, limit < 0n ? Infinity : Number(limit)),
  ),
];
