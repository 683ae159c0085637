/**
 * Property tests draw the same values in each run, so that a change is what a new failure comes from. `SEED=random` draws others,
 * and prints the seed of what fails; `SEED=<number>` draws those again.
 */
import fc from 'fast-check';

const wanted = process.env.SEED ?? '1';
if (wanted !== 'random' && !/^-?\d+$/.test(wanted))
  throw new Error(`SEED is ${wanted}, which is neither "random" nor a whole number`);
if (wanted !== 'random') fc.configureGlobal({ seed: Number(wanted) });
