/** Answers of Kubernetes 1.36.3. */
import { describe, expect, test } from 'vitest';
import { answer } from '../testing/answer.ts';

describe('sets', () => {
  test.each([
    ['sets.contains([1,2],[1])', 'true'],
    ['sets.contains([],[])', 'true'],
    ['sets.contains([],[1])', 'false'],
    ['sets.contains([1],[])', 'true'],
    ['sets.contains([1],[1.0,1u])', "1:24: expected type 'double' but found 'uint'"],
    ["sets.contains([1],['a'])", "1:14: found no matching overload for 'sets.contains' applied to '(list(int), list(string))'"],
    ["sets.contains([dyn(1)],['a'])", 'false'],
    ['sets.equivalent([1,1],[1])', 'true'],
    ['sets.equivalent([1,2],[2,1,1])', 'true'],
    ['sets.equivalent([1],[2])', 'false'],
    ['sets.equivalent([[1]],[[1]])', 'true'],
    ['sets.intersects([1,2],[2,3])', 'true'],
    ['sets.intersects([],[1])', 'false'],
    ['sets.intersects([1],[2])', 'false'],
    ['sets.intersects(1,[2])', "1:16: found no matching overload for 'sets.intersects' applied to '(int, list(int))'"],
    [
      'sets.foo([1])',
      "1:1: undeclared reference to 'sets' (in container ''); 1:9: undeclared reference to 'foo' (in container '')",
    ],
    ['[1].contains([1])', "1:13: found no matching overload for 'contains' applied to 'list(int).(list(int))'"],
  ])('%s', (expression, expected) => {
    expect(answer(expression)).toBe(expected);
  });
});
