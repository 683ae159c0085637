import { describe, expect, test } from 'vitest';
import { findPattern, matchesPattern, patternProblem } from './goPattern.ts';

describe('patternProblem', () => {
  // Answers of Kubernetes 1.36.3.
  test.each([
    ['a(', 'missing closing ): `a(`'],
    ['a)', 'unexpected ): `a)`'],
    ['[a', 'missing closing ]: `[a`'],
    ['[b-a]', 'invalid character class range: `b-a`'],
    ['[a-\\d]', 'invalid escape sequence: `\\d`'],
    ['[[:foo:]]', 'invalid character class range: `[:foo:]`'],
    ['\\1', 'invalid escape sequence: `\\1`'],
    ['\\', 'trailing backslash at end of expression: ``'],
    ['a**', 'invalid nested repetition operator: `**`'],
    ['*', 'missing argument to repetition operator: `*`'],
    ['a{1001}', 'invalid repeat count: `{1001}`'],
    ['a{2,1}', 'invalid repeat count: `{2,1}`'],
    ['(a{500}){3}', 'invalid repeat count: `{3}`'],
    ['(?=a)', 'invalid or unsupported Perl syntax: `(?=`'],
    ['(?<=a)', 'invalid named capture: `(?<=a)`'],
    ['\\pX', 'invalid character class range: `\\pX`'],
  ])('%s', (pattern, problem) => {
    expect(patternProblem(pattern)).toBe(`error parsing regexp: ${problem}`);
  });

  test.each(['', 'a{,5}', '[a-c-e]', '[]a]', '(?P<n>a)', '(?i:a)b', '\\x{1F600}', '\\Qa.b\\E', '[^[:^alpha:]]'])(
    'none: %s',
    (pattern) => {
      expect(patternProblem(pattern)).toBeUndefined();
    },
  );
});

test.each([
  ['b|bc', 'abc', ['b']],
  ['a*?', 'aa', ['', '', '']],
  ['x*', 'abc', ['', '', '', '']],
  ['a|ab', 'abab', ['a', 'a']],
  ['(?i)straße|K', 'STRAßE k', ['STRAßE', 'k']],
  ['\\b\\w', 'ab cd', ['a', 'c']],
  ['(?m)^.$', 'a\nbb\nc', ['a', 'c']],
  ['(ab){2,3}', 'abababab', ['ababab']],
  ['.', 'a😀', ['a', '😀']],
  ['(a*)*b', 'aab', ['aab']],
  ['\\p{Greek}+|\\PL', 'αβ1', ['αβ', '1']],
])('%s in %s', (pattern, text, found) => {
  expect(findPattern(pattern, text)).toEqual(found);
});

test('what takes other engines for ever', () => {
  const text = `${'a'.repeat(5000)}!`;
  for (const pattern of ['^(a+)+$', '^(a|a)*$', '^(.*a){20}$', '(a*)*c']) expect(matchesPattern(pattern, text)).toBe(false);
});
