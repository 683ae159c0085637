/** A pod's topology spread constraints, compiled, and what they count. */
import { type Selector, selectorFromLabelSelector } from '#common/api/labelSelector.ts';
import type { Pod, TopologySpreadConstraint } from '#common/schema/generated/types.ts';
import type { ClusterModel } from './clusterModel.ts';
import type { DomainCounts } from './domainCounts.ts';
import type { NodeInfo } from './nodeInfo.ts';
import { groupText, type PodGroup } from './podGroup.ts';
import { matchesRequired } from './nodeSelection.ts';
import { tolerates } from './plugins/taintToleration.ts';
import { withLabelKeys } from './withLabelKeys.ts';

export const hostname = 'kubernetes.io/hostname';

export interface Constraint {
  readonly topologyKey: string;
  readonly maxSkew: number;
  readonly minDomains: number;
  readonly group: PodGroup;
  /** Whether nodes that the pod's selector and affinity, or its tolerations, rule out are left out of the count. */
  readonly honorsAffinity: boolean;
  readonly honorsTaints: boolean;
}

type Effect = 'DoNotSchedule' | 'ScheduleAnyway';

/** The pod's own constraints of that effect. */
export const constraintsOf = (pod: Pod, effect: Effect): Constraint[] =>
  (pod.spec?.topologySpreadConstraints ?? [])
    .filter(({ whenUnsatisfiable }) => whenUnsatisfiable === effect)
    .map((constraint) => {
      const selector = withLabelKeys(constraint.labelSelector, pod, constraint.matchLabelKeys);
      return compile(constraint, pod, selectorFromLabelSelector(selector));
    });

/** A scheduler's own constraints of that effect, for the pods that the selector means. */
export const defaultConstraintsFor = (
  defaults: readonly TopologySpreadConstraint[],
  pod: Pod,
  effect: Effect,
  selector: Selector,
): Constraint[] =>
  defaults
    .filter(({ whenUnsatisfiable }) => whenUnsatisfiable === effect)
    .map((constraint) => compile(constraint, pod, selector));

const compile = (constraint: TopologySpreadConstraint, pod: Pod, selector: Selector): Constraint => ({
  topologyKey: constraint.topologyKey,
  maxSkew: constraint.maxSkew,
  minDomains: constraint.minDomains ?? 1,
  group: { namespaces: [pod.metadata.namespace ?? ''], namespaceSelector: undefined, selector },
  honorsAffinity: (constraint.nodeAffinityPolicy ?? 'Honor') === 'Honor',
  honorsTaints: constraint.nodeTaintsPolicy === 'Honor',
});

/**
 * Counts the constraint's pods by domain. Nodes that lack a label of any of `together` are left out, as are those the
 * constraint's policies say; `perNode` counts every node for itself.
 */
export function countBy(
  cluster: ClusterModel,
  pod: Pod,
  constraint: Constraint,
  together: readonly Constraint[],
  perNode = false,
): DomainCounts {
  const groups = [constraint.group];
  const text = groupText(constraint.group);
  if (perNode) return cluster.count({ key: `spread ${text}`, topologyKey: '', groups, countsTerminating: false });

  const { topologyKey } = constraint;
  const otherKeys = together.map((c) => c.topologyKey).filter((key) => key !== topologyKey);
  const { nodeSelector, affinity, tolerations = [] } = pod.spec ?? {};
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const byAffinity = constraint.honorsAffinity && (nodeSelector !== undefined || required !== undefined);
  const parts = [topologyKey, otherKeys, byAffinity && [nodeSelector, required], constraint.honorsTaints && tolerations];
  const includes = (node: NodeInfo): boolean =>
    otherKeys.every((key) => node.label(key) !== undefined) &&
    (!byAffinity || (node.node !== undefined && matchesRequired(pod, node.node))) &&
    (!constraint.honorsTaints || node.hardTaints.every((taint) => tolerates(pod, taint)));
  return cluster.count({
    key: `spread ${JSON.stringify(parts)} ${text}`,
    topologyKey,
    groups,
    countsTerminating: false,
    includes,
  });
}
