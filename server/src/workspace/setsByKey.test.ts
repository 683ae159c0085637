import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SetsByKey } from './setsByKey.ts';

test('is what a map of sets is', () => {
  const elements = [{ n: 0 }, { n: 1 }, { n: 2 }];
  const step = fc.record({
    add: fc.boolean(),
    key: fc.constantFrom('a', 'b', '__proto__'),
    element: fc.constantFrom(...elements),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const sets = new SetsByKey<object>();
      const model = new Map<string, Set<object>>();
      for (const { add, key, element } of steps) {
        const set = model.get(key) ?? new Set();
        model.set(key, set);
        if (add) {
          sets.add(key, element);
          set.add(element);
        } else {
          sets.delete(key, element);
          set.delete(element);
        }
        expect([...sets.get(key)]).toEqual([...set]);
        expect(sets.sizeOf(key)).toBe(set.size);
        expect(sets.isEmpty).toBe([...model.values()].every(({ size }) => size === 0));
      }
    }),
  );
});
