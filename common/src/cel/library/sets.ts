/** Lists taken as sets: neither order nor repetition counts. */
import { type CelFunction, fn } from '../environment.ts';
import { type CelValue, equalValues } from '../values.ts';

type List = readonly CelValue[];

const has = (list: List, item: CelValue): boolean => list.some((each) => equalValues(each, item));
const contains = (all: List, some: List): boolean => some.every((item) => has(all, item));

export const setFunctions: readonly CelFunction[] = [
  fn('sets.contains(list(T), list(T)): bool', contains),
  fn('sets.equivalent(list(T), list(T)): bool', (a: List, b: List) => contains(a, b) && contains(b, a)),
  fn('sets.intersects(list(T), list(T)): bool', (a: List, b: List) => a.some((item) => has(b, item))),
];
