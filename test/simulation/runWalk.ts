/** Runs a walk and says what went wrong, if anything: at a step, or because the cluster does not come to rest right. */
import { DisposableStore } from '#common/base/disposable.ts';
import { allInvariants } from './invariants/allInvariants.ts';
import { lostServiceAddresses } from './invariants/addresses.ts';
import { calmDown, performOperation } from './performOperation.ts';
import { hash } from './faults.ts';
import { Livelock, seconds, type SimulatedCluster, startSimulation } from './simulatedCluster.ts';
import type { Walk } from './walk.ts';

export interface Failure {
  /** The invariant that does not hold; two failures are the same when this is. */
  readonly invariant: string;
  readonly violations: readonly string[];
  /** The writes of all components, in order. */
  readonly trace: readonly string[];
}

/** After the last operation the cluster has this long to come to rest. */
export const restWithinMs = 20 * 60_000;
/** At rest is what has not changed for this long. */
const quietMs = 60_000;
const stepMs = 20_000;

export async function runWalk(walk: Walk): Promise<Failure | undefined> {
  const cluster = await startSimulation({
    seed: walk.seed,
    nodes: walk.nodes,
    faultsOf: (component) => (hash(`${walk.seed}/${component}/faulty`) % 100 < walk.faulty ? walk.faults : undefined),
  });
  const watching = new DisposableStore();
  let failure: Failure | undefined;
  const fail = (invariant: string, violations: readonly string[]): void => {
    failure ??= { invariant, violations, trace: [...cluster.trace] };
  };
  for (const { name, watch } of allInvariants) {
    const subscription = watch?.(cluster, (violation) => fail(name, [`at ${seconds(cluster.elapsed())}: ${violation}`]));
    if (subscription) watching.add(subscription);
  }
  try {
    for (const operation of walk.operations) {
      const wait = operation.at * 1000 + 5000 - cluster.elapsed();
      if (wait > 0) await cluster.advance(wait);
      if (failure) break;
      await performOperation(cluster, operation);
    }
    if (!failure) await cluster.advance(1000);
    await calmDown(cluster);
    const problems = failure ? undefined : await comeToRest(cluster, () => failure !== undefined);
    if (problems) fail(problems.invariant, problems.violations);
    if (!failure) {
      const lost = await lostServiceAddresses(cluster);
      if (lost.length > 0) fail('cluster IPs and node ports are not lost', lost);
    }
    watching.dispose();
    const stuck = await cluster.stop();
    if (stuck.length > 0) fail('components end', stuck);
  } catch (error) {
    if (!(error instanceof Livelock)) throw error;
    for (const component of cluster.components.values()) component.stop();
    fail('work comes to an end', [error.message]);
  }
  return failure;
}

/** Undefined once everything holds; else what does not hold when the time is over. */
async function comeToRest(
  cluster: SimulatedCluster,
  hasFailed: () => boolean,
): Promise<{ invariant: string; violations: readonly string[] } | undefined> {
  const until = cluster.elapsed() + restWithinMs;
  for (;;) {
    await cluster.advance(stepMs);
    if (hasFailed()) return undefined;
    const restless = cluster.quietFor() < quietMs;
    const over = cluster.elapsed() >= until;
    if (restless && !over) continue;
    const found = firstViolation(cluster);
    if (!found && !restless) return undefined;
    if (over)
      return (
        found ?? {
          invariant: 'the cluster comes to rest',
          violations: cluster.trace.filter((line) => !line.includes('Lease')).slice(-10),
        }
      );
  }
}

function firstViolation(cluster: SimulatedCluster): { invariant: string; violations: readonly string[] } | undefined {
  for (const { name, atRest } of allInvariants) {
    const violations = [...(atRest?.(cluster) ?? [])];
    if (violations.length > 0) return { invariant: name, violations };
  }
  return undefined;
}
