/** Runs the walks of a range of seeds as tests; one that fails is told with the shortest history that fails alike. */
import { describe, expect, it } from 'vitest';
import { runWalk } from './runWalk.ts';
import { shrink } from './shrink.ts';
import { describeWalk, generateWalk } from './walk.ts';

/** The last writes that a failure tells of. */
const lastWrites = 30;

export function testSeeds(from: number, to: number): void {
  describe(`random walks ${from} to ${to - 1}`, () => {
    it.each(Array.from({ length: to - from }, (_, i) => from + i))('seed %i', { timeout: 300_000 }, async (seed) => {
      const walk = generateWalk(seed);
      const failure = await runWalk(walk);
      if (!failure) return;
      const shortest = await shrink(walk, failure);
      expect.fail(
        [
          failure.invariant,
          ...shortest.failure.violations.map((violation) => `  ${violation}`),
          describeWalk(shortest.walk),
          'the last writes:',
          ...shortest.failure.trace.slice(-lastWrites).map((line) => `  ${line}`),
          'as data:',
          JSON.stringify(shortest.walk),
        ].join('\n'),
      );
    });
  });
}
