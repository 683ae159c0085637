/**
 * Regular expressions as Kubernetes has them, which are Go's: no look-around, no back references, and no pattern that takes
 * more than the length of the text times its own. Each pattern is compiled once.
 */
import { PatternProgram } from './goPatternProgram.ts';
import { parsePattern, PatternProblem } from './goPatternSyntax.ts';

const compiled = new Map<string, PatternProgram | PatternProblem>();
const mostCompiled = 1000;

function programOf(pattern: string): PatternProgram | PatternProblem {
  let program = compiled.get(pattern);
  if (program) return program;
  try {
    program = new PatternProgram(parsePattern(pattern), pattern);
  } catch (error) {
    if (!(error instanceof PatternProblem)) throw error;
    program = error;
  }
  if (compiled.size >= mostCompiled) compiled.clear();
  compiled.set(pattern, program);
  return program;
}

/** Why `pattern` is no regular expression, in Go's words. */
export function patternProblem(pattern: string): string | undefined {
  const program = programOf(pattern);
  return program instanceof PatternProblem ? `error parsing regexp: ${program.message}` : undefined;
}

const codePoints = (text: string): number[] => Array.from(text, (character) => character.codePointAt(0) ?? 0);

const textOf = (codes: readonly number[]): string => codes.map((code) => String.fromCodePoint(code)).join('');

/** Whether any part of `value` matches. What is no regular expression matches everything: `patternProblem` is asked before. */
export function matchesPattern(pattern: string, value: string): boolean {
  const program = programOf(pattern);
  return program instanceof PatternProblem || program.find(codePoints(value), 0, true) !== undefined;
}

/** The parts of `value` that match, from the left, at most `limit`; none where `pattern` is no regular expression. */
export function findPattern(pattern: string, value: string, limit = Infinity): string[] {
  const program = programOf(pattern);
  const found: string[] = [];
  if (program instanceof PatternProblem) return found;
  const text = codePoints(value);
  let previousEnd = -1;
  for (let at = 0; at <= text.length && found.length < limit;) {
    const match = program.find(text, at);
    if (!match) break;
    const { start, end } = match;
    // Nothing at all right behind a match is no match of its own.
    if (end > start || start !== previousEnd) found.push(textOf(text.slice(start, end)));
    previousEnd = end;
    at = end > start ? end : end + 1;
  }
  return found;
}
