/** The only list of the invariants. */
import { podAddresses, serviceAddresses } from './addresses.ts';
import { autoscaling } from './autoscaling.ts';
import { budgets } from './budgets.ts';
import { endings } from './endings.ts';
import { endpoints } from './endpoints.ts';
import { identities, indexes } from './identities.ts';
import type { Invariant } from './invariant.ts';
import { cronJobs, jobs } from './jobs.ts';
import { machines } from './machines.ts';
import { noBugs } from './noBugs.ts';
import { nodeRoom } from './nodeRoom.ts';
import { observedGenerations } from './observedGenerations.ts';
import { ownership } from './ownership.ts';
import { replicaCounts } from './replicaCounts.ts';
import { daemonSteps, statefulSteps } from './replacements.ts';
import { replicaSteps, rollouts } from './rollouts.ts';
import { volumes } from './volumes.ts';

export const allInvariants: readonly Invariant[] = [
  ownership,
  replicaCounts,
  replicaSteps,
  rollouts,
  statefulSteps,
  daemonSteps,
  autoscaling,
  machines,
  volumes,
  identities,
  indexes,
  jobs,
  cronJobs,
  budgets,
  endpoints,
  podAddresses,
  serviceAddresses,
  endings,
  nodeRoom,
  observedGenerations,
  noBugs,
];
