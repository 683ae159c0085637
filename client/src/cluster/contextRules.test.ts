import { expect, test } from 'vitest';
import { accessTo } from './contextRules.ts';

test.each<[string | undefined, unknown, string]>([
  [undefined, undefined, 'free'],
  [undefined, [], 'free'],
  ['work', undefined, 'readOnly'],
  ['work', [], 'readOnly'],
  ['work', ['work'], 'asks'],
  ['work', ['home', 'work'], 'asks'],
  ['work', ['Work', 'work '], 'readOnly'],
  ['work', ['wor*', '*'], 'readOnly'],
  ['work', 'work', 'readOnly'],
  ['work', true, 'readOnly'],
  ['', [''], 'asks'],
])('%j with %j: %s', (context, allowed, expected) => {
  expect(accessTo(context, allowed)).toBe(expected);
});
