/** Whether nodes can take a pod: every plugin's plan for the pod, asked per node. Pure. */
import type { Pod } from '#common/schema/generated/types.ts';
import type { ClusterModel } from './clusterModel.ts';
import type { NodeInfo } from './nodeInfo.ts';
import type { NodeFilter, Plugin, Rejection } from './plugin.ts';

export interface PluginRejection extends Rejection {
  readonly plugin: string;
}

interface Step {
  readonly plugin: string;
  readonly filter: NodeFilter;
}

export interface FeasibilityPlan {
  readonly steps: readonly Step[];
  /** The names of the only nodes that come into question, and the plugins that say so. */
  readonly only: ReadonlySet<string> | undefined;
  readonly onlyBy: readonly string[];
}

export interface Refusal {
  readonly plugin: string;
  readonly message: string;
}

/** The plan for a pod, or which plugin says that no node at all can take it. */
export function planFeasibility(pod: Pod, plugins: readonly Plugin[], cluster: ClusterModel): FeasibilityPlan | Refusal {
  const steps: Step[] = [];
  let only: ReadonlySet<string> | undefined;
  const onlyBy: string[] = [];
  for (const plugin of plugins) {
    const plan = plugin.planFilter?.(pod, cluster);
    if (!plan) continue;
    if (plan.refused !== undefined) return { plugin: plugin.name, message: plan.refused };
    if (plan.only) {
      only = only ? new Set([...only].filter((name) => plan.only?.has(name))) : plan.only;
      onlyBy.push(plugin.name);
    }
    if (plan.filter) steps.push({ plugin: plugin.name, filter: plan.filter });
  }
  return { steps, only, onlyBy };
}

/** The first objection to the node. */
export function objection(steps: readonly Step[], node: NodeInfo): PluginRejection | undefined {
  for (const { plugin, filter } of steps) {
    const rejection = filter(node);
    if (rejection) return { plugin, ...rejection };
  }
  return undefined;
}

/** The same from scratch, after the model was changed for a question. */
export function objectionNow(
  pod: Pod,
  node: NodeInfo,
  plugins: readonly Plugin[],
  cluster: ClusterModel,
): PluginRejection | undefined {
  const plan = planFeasibility(pod, plugins, cluster);
  if ('message' in plan) return { plugin: plan.plugin, reasons: [plan.message], unresolvable: true };
  return objection(plan.steps, node);
}

/** Must fit with the pods that the node's room is meant for, and without them, should they not come. */
export function objectionWithNominated(
  pod: Pod,
  node: NodeInfo,
  plan: FeasibilityPlan,
  plugins: readonly Plugin[],
  cluster: ClusterModel,
): PluginRejection | undefined {
  const nominated = cluster.nominated.before(pod, node.name);
  if (nominated.length > 0) {
    const found = cluster.withPods(nominated, node, () => objectionNow(pod, node, plugins, cluster));
    if (found) return found;
  }
  return objection(plan.steps, node);
}

/** What every plugin has against the node, not only the first. */
export function everyObjection(
  pod: Pod,
  plugins: readonly Plugin[],
  cluster: ClusterModel,
): (node: NodeInfo) => PluginRejection[] {
  const plans = plugins.flatMap(({ name, planFilter }) => {
    const plan = planFilter?.(pod, cluster);
    return plan ? [{ plugin: name, plan }] : [];
  });
  return (node) =>
    plans.flatMap(({ plugin, plan: { refused, filter } }) => {
      if (refused !== undefined) return [{ plugin, reasons: [refused], unresolvable: true }];
      const rejection = filter?.(node);
      return rejection ? [{ plugin, ...rejection }] : [];
    });
}
