/** `matchLabelKeys` and `mismatchLabelKeys`: a selector narrowed by the values that the incoming pod itself has. */
import type { LabelSelector, Pod } from '#common/schema/generated/types.ts';

/** Keys that the pod does not have are left out. What is in the selector already does no harm twice. */
export function withLabelKeys(
  selector: LabelSelector | undefined,
  pod: Pod,
  matching: readonly string[] = [],
  differing: readonly string[] = [],
): LabelSelector | undefined {
  if (!selector || matching.length + differing.length === 0) return selector;
  const labels = pod.metadata.labels ?? {};
  const requirements = (keys: readonly string[], operator: 'In' | 'NotIn') =>
    keys.filter((key) => Object.hasOwn(labels, key)).map((key) => ({ key, operator, values: [labels[key] ?? ''] }));
  return {
    ...selector,
    matchExpressions: [
      ...(selector.matchExpressions ?? []),
      ...requirements(matching, 'In'),
      ...requirements(differing, 'NotIn'),
    ],
  };
}
