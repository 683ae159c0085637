import { describe, expect, it } from 'vitest';
import { unifiedDiff } from './lineDiff.ts';

const lines = (text: string): string[] => text.split('');

describe('unifiedDiff', () => {
  it.each([
    ['abc', 'abc', ''],
    ['abcdefgh', 'abcdXfgh', '@@ -2,7 +2,7 @@\n b\n c\n d\n-e\n+X\n f\n g\n h\n'],
    ['ab', 'abc', '@@ -1,2 +1,3 @@\n a\n b\n+c\n'],
    ['abc', 'c', '@@ -1,3 +1 @@\n-a\n-b\n c\n'],
    ['a0123456789b', 'x0123456789y', '@@ -1,4 +1,4 @@\n-a\n+x\n 0\n 1\n 2\n@@ -9,4 +9,4 @@\n 7\n 8\n 9\n-b\n+y\n'],
    ['a012345b', 'x012345y', '@@ -1,8 +1,8 @@\n-a\n+x\n 0\n 1\n 2\n 3\n 4\n 5\n-b\n+y\n'],
  ])('%s → %s', (a, b, expected) => expect(unifiedDiff(lines(a), lines(b))).toBe(expected));
});
