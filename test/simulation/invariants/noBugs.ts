/** Nothing is logged as an error: what is refused is ordinary, what was not thought of is not. */
import type { Invariant } from './invariant.ts';

export const noBugs: Invariant = {
  name: 'nothing unexpected is thrown',
  *atRest({ problems }) {
    yield* new Set(problems);
  },
};
