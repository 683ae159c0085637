/** Makes a failing walk as short as it gets: operations and kinds of faults are left out while it fails in the same way. */
import { type FaultPlan, noFaults } from './faults.ts';
import { type Failure, runWalk } from './runWalk.ts';
import type { Walk } from './walk.ts';

export interface Shrunk {
  readonly walk: Walk;
  readonly failure: Failure;
}

/** `runs` bounds the effort: how many walks are tried. */
export async function shrink(walk: Walk, failure: Failure, runs = 80): Promise<Shrunk> {
  let best: Shrunk = { walk, failure };
  let left = runs;
  const attempt = async (candidate: Walk): Promise<boolean> => {
    if (left-- <= 0) return false;
    const found = await runWalk(candidate);
    if (found?.invariant !== failure.invariant) return false;
    best = { walk: candidate, failure: found };
    return true;
  };

  await attempt({ ...best.walk, faults: noFaults, faulty: 0 });
  for (const fault of Object.keys(noFaults) as (keyof FaultPlan)[]) {
    if (best.walk.faults[fault] > 0) await attempt({ ...best.walk, faults: { ...best.walk.faults, [fault]: 0 } });
  }
  // Halves, quarters … and at last one by one, from the end: what comes late is rarely the cause of what comes early.
  for (
    let size = Math.ceil(best.walk.operations.length / 2);
    size >= 1 && left > 0;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let end = best.walk.operations.length; end > 0 && left > 0; end -= size) {
      const { operations } = best.walk;
      await attempt({ ...best.walk, operations: operations.filter((_, i) => i < end - size || i >= end) });
    }
  }
  return best;
}
