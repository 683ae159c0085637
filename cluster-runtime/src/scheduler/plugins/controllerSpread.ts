import { requirementsOf } from '../podRequirements.ts';
import type { Plugin } from '../plugin.ts';

/**
 * Spreads the pods of one controller over the nodes, as PodTopologySpread does by its system defaults.
 *
 * Differs from Kubernetes: counts pods of the same controller, not those that the Services and controllers of the pod
 * select, and knows no zones; the pod's own topologySpreadConstraints are not looked at yet.
 */
export const controllerSpread: Plugin = {
  name: 'PodTopologySpread',
  weight: 2,
  normalise: 'lowest',
  scores: (pod) => requirementsOf(pod).owner !== undefined,
  score: (pod, node) => node.perOwner.get(requirementsOf(pod).owner ?? '') ?? 0,
};
