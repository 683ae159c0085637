/** Tells the pods whose eviction a PodDisruptionBudget would not allow from the others. Pure. */
import { selectorFromLabelSelector } from '#common/api/labelSelector.ts';
import type { Pod, PodDisruptionBudget } from '#common/schema/generated/types.ts';

/** Both lists keep the order of `pods`; those that come first use up what the budgets allow. */
export function splitByBudgets(
  pods: readonly Pod[],
  budgetsOf: (namespace: string) => readonly PodDisruptionBudget[],
): { violating: Pod[]; others: Pod[] } {
  const left = new Map<PodDisruptionBudget, number>();
  const violating: Pod[] = [];
  const others: Pod[] = [];
  for (const pod of pods) {
    let isViolating = false;
    // A pod without labels belongs to no budget, whatever its selector says.
    const hasLabels = Object.keys(pod.metadata.labels ?? {}).length > 0;
    for (const budget of hasLabels ? budgetsOf(pod.metadata.namespace ?? '') : []) {
      const selector = selectorFromLabelSelector(budget.spec?.selector);
      if (selector.isEmpty || !selector.matches(pod.metadata.labels)) continue;
      // It is being evicted already, and counted.
      if (Object.hasOwn(budget.status?.disruptedPods ?? {}, pod.metadata.name ?? '')) continue;
      const allowed = (left.get(budget) ?? budget.status?.disruptionsAllowed ?? 0) - 1;
      left.set(budget, allowed);
      if (allowed < 0) isViolating = true;
    }
    (isViolating ? violating : others).push(pod);
  }
  return { violating, others };
}
