/**
 * Spreads pods over zones, nodes or any other label's values: DoNotSchedule constraints keep the pod off nodes,
 * ScheduleAnyway ones make some better than others. Pods without constraints that belong to a Service or a controller
 * are spread over nodes and zones by the system's own, or as the scheduler's configuration says.
 */
import type { Pod, TopologySpreadConstraint } from '#common/schema/generated/types.ts';
import type { NodeInfo } from '../nodeInfo.ts';
import { highestScore, type Plugin, type Rejection } from '../plugin.ts';
import type { ClusterModel } from '../clusterModel.ts';
import { inGroup } from '../podGroup.ts';
import { noDomain, type Topology } from '../topology.ts';
import { constraintsOf, type Constraint, countBy, defaultConstraintsFor, hostname } from '../spreadConstraints.ts';

const tooMany: Rejection = { reasons: ["node(s) didn't match pod topology spread constraints"], unresolvable: false };
const lacksLabel: Rejection = {
  reasons: ["node(s) didn't match pod topology spread constraints (missing required label)"],
  unresolvable: true,
};
const noNamespaces = (): undefined => undefined;

/** Spreading for pods that say nothing of it themselves. */
export interface DefaultSpread {
  readonly constraints: readonly TopologySpreadConstraint[];
  /** The system's own, by which a node without the labels is compared all the same. */
  readonly isSystem: boolean;
}

export const systemSpread: DefaultSpread = {
  isSystem: true,
  constraints: [
    { topologyKey: hostname, maxSkew: 3, whenUnsatisfiable: 'ScheduleAnyway' },
    { topologyKey: 'topology.kubernetes.io/zone', maxSkew: 5, whenUnsatisfiable: 'ScheduleAnyway' },
  ],
};

export const createPodTopologySpread = (defaults: DefaultSpread = systemSpread): Plugin => ({
  name: 'PodTopologySpread',
  weight: 2,
  planFilter(pod, cluster) {
    const constraints = applying(pod, 'DoNotSchedule', defaults, cluster);
    if (constraints.length === 0) return undefined;
    const checks = constraints.map((constraint) => {
      const { counts, domains } = countBy(cluster, pod, constraint, constraints);
      let fewest = Infinity;
      for (const domain of domains) fewest = Math.min(fewest, counts[domain] ?? 0);
      // Domains that do not exist yet count as empty.
      if (domains.length < constraint.minDomains) fewest = 0;
      const self = constraint.group.selector.matches(pod.metadata.labels) ? 1 : 0;
      // Nodes that are not counted have a domain all the same.
      const { domainOf } = cluster.topology(constraint.topologyKey);
      return { domainOf, counts, most: constraint.maxSkew + fewest - self };
    });
    return {
      filter({ index }) {
        for (const { domainOf, counts, most } of checks) {
          const domain = domainOf[index] ?? noDomain;
          if (domain === noDomain) return lacksLabel;
          if ((counts[domain] ?? 0) > most) return tooMany;
        }
        return undefined;
      },
    };
  },

  score(pod, nodes, cluster) {
    const constraints = applying(pod, 'ScheduleAnyway', defaults, cluster);
    if (constraints.length === 0) return undefined;
    const topologies = constraints.map(({ topologyKey }) => cluster.topology(topologyKey));
    // But for the system's own constraints, a node must have all their labels to be compared at all.
    const needsAll = hasOwn(pod) || !defaults.isSystem;
    const compared = new Uint8Array(nodes.length).fill(1);
    let comparedCount = nodes.length;
    for (const { domainOf } of needsAll ? topologies : []) {
      for (let i = 0; i < nodes.length; i++) {
        if (!compared[i] || domainOf[(nodes[i] as NodeInfo).index] !== noDomain) continue;
        compared[i] = 0;
        comparedCount--;
      }
    }
    const sums = new Float64Array(nodes.length);
    constraints.forEach((constraint, at) => {
      const topology = topologies[at] as Topology;
      const { domainOf } = topology;
      const perNode = constraint.topologyKey === hostname;
      const { counts } = countBy(cluster, pod, constraint, needsAll ? constraints : [], perNode);
      // Few domains have more pods each: the weight makes constraints comparable.
      const domains = perNode ? comparedCount : domainsAmong(nodes, compared, topology);
      const weight = Math.log(domains + 2);
      for (let i = 0; i < nodes.length; i++) {
        const { index } = nodes[i] as NodeInfo;
        const domain = domainOf[index] ?? noDomain;
        if (domain === noDomain) continue;
        const count = counts[perNode ? index : domain] ?? 0;
        sums[i] = (sums[i] ?? 0) + count * weight + (constraint.maxSkew - 1);
      }
    });
    return scaled(sums, compared);
  },

  mayHelp(pod, change, cluster) {
    const constraints = applying(pod, 'DoNotSchedule', defaults, cluster);
    const concerns = (other: Pod): boolean => constraints.some(({ group }) => inGroup(other, group, noNamespaces));
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
});

export const podTopologySpread = createPodTopologySpread();

/** How many domains the nodes that are compared lie in; those without the label count as in the one without a name. */
function domainsAmong(nodes: readonly NodeInfo[], compared: Uint8Array, { domainOf, size, nameless }: Topology): number {
  const lacking = nameless === noDomain ? size : nameless;
  const seen = new Uint8Array(size + 1);
  let count = 0;
  for (let i = 0; i < nodes.length; i++) {
    if (!compared[i]) continue;
    const domain = domainOf[(nodes[i] as NodeInfo).index] ?? noDomain;
    const place = domain === noDomain ? lacking : domain;
    if (seen[place]) continue;
    seen[place] = 1;
    count++;
  }
  return count;
}

/** Makes scores of the sums, in their place: the fewer pods, the higher; nodes that are not compared have 0. */
function scaled(sums: Float64Array, compared: Uint8Array): Float64Array {
  let most = 0;
  let least = Infinity;
  for (let i = 0; i < sums.length; i++) {
    if (!compared[i]) continue;
    const sum = (sums[i] = Math.round(sums[i] ?? 0));
    most = Math.max(most, sum);
    least = Math.min(least, sum);
  }
  for (let i = 0; i < sums.length; i++) {
    if (!compared[i]) sums[i] = 0;
    else if (most === 0) sums[i] = highestScore;
    else sums[i] = Math.floor((highestScore * (most + least - (sums[i] ?? 0))) / most);
  }
  return sums;
}

const hasOwn = ({ spec }: Pod): boolean => (spec?.topologySpreadConstraints?.length ?? 0) > 0;

const nothing: readonly Constraint[] = [];

/** The pod's own constraints; the defaults where it has none at all and is one of a Service's or controller's pods. */
function applying(
  pod: Pod,
  effect: 'DoNotSchedule' | 'ScheduleAnyway',
  { constraints }: DefaultSpread,
  cluster: ClusterModel,
): readonly Constraint[] {
  if (hasOwn(pod)) return constraintsOf(pod, effect);
  if (!constraints.some(({ whenUnsatisfiable }) => whenUnsatisfiable === effect)) return nothing;
  const selector = cluster.lookups.siblings(pod);
  return selector ? defaultConstraintsFor(constraints, pod, effect, selector) : nothing;
}
