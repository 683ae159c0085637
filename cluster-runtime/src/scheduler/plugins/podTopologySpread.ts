/**
 * Spreads pods over zones, nodes or any other label's values: DoNotSchedule constraints keep the pod off nodes,
 * ScheduleAnyway ones make some better than others. Pods without constraints that belong to a Service or a controller
 * are spread over nodes and zones by the system's own.
 */
import type { Pod } from '#common/schema/generated/types.ts';
import { highestScore, largest, type Plugin, type Rejection, smallest } from '../plugin.ts';
import { inGroup } from '../podGroup.ts';
import { constraintsOf, type Constraint, countBy, hostname } from '../spreadConstraints.ts';

const tooMany: Rejection = { reasons: ["node(s) didn't match pod topology spread constraints"], unresolvable: false };
const noDomain: Rejection = {
  reasons: ["node(s) didn't match pod topology spread constraints (missing required label)"],
  unresolvable: true,
};
const noNamespaces = (): undefined => undefined;

export const podTopologySpread: Plugin = {
  name: 'PodTopologySpread',
  weight: 2,
  planFilter(pod, cluster) {
    if (!pod.spec?.topologySpreadConstraints?.length) return undefined;
    const constraints = constraintsOf(pod, 'DoNotSchedule');
    if (constraints.length === 0) return undefined;
    const checks = constraints.map((constraint) => {
      const { counts } = countBy(cluster, pod, constraint, constraints);
      let fewest = Infinity;
      for (const count of counts.values()) fewest = Math.min(fewest, count);
      // Domains that do not exist yet count as empty.
      if (counts.size < constraint.minDomains) fewest = 0;
      const self = constraint.group.selector.matches(pod.metadata.labels) ? 1 : 0;
      return { key: constraint.topologyKey, counts, most: constraint.maxSkew + fewest - self };
    });
    return {
      filter(node) {
        for (const { key, counts, most } of checks) {
          const domain = node.label(key);
          if (domain === undefined) return noDomain;
          if ((counts.get(domain) ?? 0) > most) return tooMany;
        }
        return undefined;
      },
    };
  },

  score(pod, nodes, cluster) {
    const { given, constraints } = scoredConstraints(pod, () => cluster.lookups.siblings(pod));
    if (constraints.length === 0) return undefined;
    // With constraints of the pod's own, a node must have all their labels to be compared at all.
    const compared = given
      ? nodes.map((node) => constraints.every(({ topologyKey }) => node.label(topologyKey) !== undefined))
      : [];
    const isCompared = (i: number): boolean => compared[i] ?? true;
    const sums = new Float64Array(nodes.length);
    for (const constraint of constraints) {
      const perNode = constraint.topologyKey === hostname;
      const { counts } = countBy(cluster, pod, constraint, given ? constraints : [], perNode);
      const domains = new Set<string>();
      let size = 0;
      nodes.forEach((node, i) => {
        if (!isCompared(i)) return;
        if (perNode) size++;
        else domains.add(node.label(constraint.topologyKey) ?? '');
      });
      // Few domains have more pods each: the weight makes constraints comparable.
      const weight = Math.log((perNode ? size : domains.size) + 2);
      nodes.forEach((node, i) => {
        const domain = node.label(constraint.topologyKey);
        if (domain === undefined) return;
        const count = counts.get(perNode ? node.name : domain) ?? 0;
        sums[i] = (sums[i] ?? 0) + count * weight + (constraint.maxSkew - 1);
      });
    }
    const rounded = sums.map(Math.round);
    const valid = rounded.filter((_, i) => isCompared(i));
    const most = largest(valid);
    const least = smallest(valid);
    return rounded.map((sum, i) => {
      if (!isCompared(i)) return 0;
      return most === 0 ? highestScore : Math.floor((highestScore * (most + least - sum)) / most);
    });
  },

  mayHelp(pod, change) {
    const concerns = (other: Pod): boolean =>
      constraintsOf(pod, 'DoNotSchedule').some(({ group }) => inGroup(other, group, noNamespaces));
    switch (change.type) {
      case 'node':
        return true;
      case 'podGone':
      case 'podPlaced':
        return concerns(change.pod);
      case 'podChanged':
        return concerns(change.pod) !== concerns(change.old);
      default:
        return false;
    }
  },
};

/** The pod's own constraints, or the system's where it has none at all. */
function scoredConstraints(
  pod: Pod,
  siblings: () => Constraint['group']['selector'] | undefined,
): { given: boolean; constraints: readonly Constraint[] } {
  if (pod.spec?.topologySpreadConstraints?.length) return { given: true, constraints: constraintsOf(pod, 'ScheduleAnyway') };
  const selector = siblings();
  if (!selector) return { given: false, constraints: [] };
  const group = { namespaces: [pod.metadata.namespace ?? ''], namespaceSelector: undefined, selector };
  const common = { group, minDomains: 0, honorsAffinity: true, honorsTaints: false };
  return {
    given: false,
    constraints: [
      { ...common, topologyKey: hostname, maxSkew: 3 },
      { ...common, topologyKey: 'topology.kubernetes.io/zone', maxSkew: 5 },
    ],
  };
}
