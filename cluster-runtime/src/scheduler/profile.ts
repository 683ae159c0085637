/** How a scheduler of one name decides: its plugins, and what else its configuration may change. */
import { allPlugins } from './plugins/allPlugins.ts';
import type { Plugin } from './plugin.ts';

export interface PreemptionSettings {
  /** At least so many of the nodes that preemption might help are looked at, by share and by number. */
  readonly minCandidateNodesPercentage: number;
  readonly minCandidateNodesAbsolute: number;
}

export interface Profile {
  readonly schedulerName: string;
  /** In the order in which their filters run. */
  readonly plugins: readonly Plugin[];
  /** Of the nodes of a large cluster, how many are enough; 0: the larger the cluster, the less. */
  readonly percentageOfNodesToScore: number;
  /** Pods with scheduling gates are not tried. */
  readonly honorsGates: boolean;
  /** Claims that wait for their consumer are bound, or provisioned, before the pod is. */
  readonly bindsVolumes: boolean;
  /** The plugin of resource claims takes its turn when no node was found, and says so. */
  readonly looksAtClaims: boolean;
  /** Undefined: pods of this profile preempt nobody. */
  readonly preemption: PreemptionSettings | undefined;
}

export interface SchedulerSettings {
  readonly profiles: readonly Profile[];
  /** Seconds. */
  readonly podInitialBackoff: number;
  readonly podMaxBackoff: number;
}

export const defaultPreemption: PreemptionSettings = { minCandidateNodesPercentage: 10, minCandidateNodesAbsolute: 100 };

export const defaultProfile: Profile = {
  schedulerName: 'default-scheduler',
  plugins: allPlugins,
  percentageOfNodesToScore: 0,
  honorsGates: true,
  bindsVolumes: true,
  looksAtClaims: true,
  preemption: defaultPreemption,
};

export const defaultSettings: SchedulerSettings = { profiles: [defaultProfile], podInitialBackoff: 1, podMaxBackoff: 10 };
