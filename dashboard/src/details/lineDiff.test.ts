import { describe, expect, test } from 'vitest';
import { diffHunks, diffLines } from './lineDiff.ts';

const marks = { same: ' ', added: '+', removed: '-' } as const;
const shown = (a: string, b: string): string =>
  diffLines([...a], [...b])
    .map(({ kind, text }) => `${marks[kind]}${text}`)
    .join('');

describe('lines', () => {
  test.each([
    ['abc', 'abc', ' a b c'],
    ['abc', 'axc', ' a-b+x c'],
    ['', 'ab', '+a+b'],
    ['ab', '', '-a-b'],
    ['abc', 'abxc', ' a b+x c'],
    ['abcabba', 'cbabac', '-a-b c+b a b-b a+c'],
  ])('%s → %s', (a, b, expected) => {
    const lines = diffLines([...a], [...b]);
    expect(lines.flatMap(({ kind, text }) => (kind === 'added' ? [] : [text])).join('')).toBe(a);
    expect(lines.flatMap(({ kind, text }) => (kind === 'removed' ? [] : [text])).join('')).toBe(b);
    expect(shown(a, b)).toBe(expected);
  });

  test('texts with nothing in common, larger than is worth comparing', () => {
    const a = Array.from({ length: 1_500 }, (_, i) => `a${i}`);
    const b = Array.from({ length: 1_500 }, (_, i) => `b${i}`);
    expect(diffLines(a, b)).toHaveLength(3_000);
  });
});

test('hunks keep three lines around a change, and leave out the rest', () => {
  const lines = Array.from({ length: 40 }, (_, i) => `line ${i}`);
  const after = lines.with(5, 'changed').with(30, 'also changed');
  const hunks = diffHunks(`${lines.join('\n')}\n`, `${after.join('\n')}\n`);
  expect(hunks.map((hunk) => [hunk[0]?.text, hunk.at(-1)?.text, hunk.length])).toEqual([
    ['line 2', 'line 8', 8],
    ['line 27', 'line 33', 8],
  ]);
  expect(diffHunks('a\n', 'a\n')).toEqual([]);
});
