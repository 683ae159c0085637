import type { Pod, Taint, Toleration } from '#common/schema/generated/types.ts';
import { type Plugin, type Rejection, scaledToLowest } from '../plugin.ts';

const rejection: Rejection = { reasons: ['node(s) had untolerated taint(s)'], unresolvable: true };

/** NoSchedule and NoExecute taints must be tolerated; each PreferNoSchedule taint that is not counts against a node. */
export const taintToleration: Plugin = {
  name: 'TaintToleration',
  weight: 3,
  planFilter(pod, cluster) {
    if (!cluster.hasTaintedNodes) return undefined;
    return {
      filter({ hardTaints }) {
        for (const taint of hardTaints) if (!tolerates(pod, taint)) return rejection;
        return undefined;
      },
    };
  },
  score(pod, nodes) {
    if (!nodes.some(({ softTaints }) => softTaints.length > 0)) return undefined;
    const counts = Float64Array.from(nodes, ({ softTaints }) => softTaints.filter((taint) => !tolerates(pod, taint)).length);
    return scaledToLowest(counts);
  },
  mayHelp: (pod, change) =>
    change.type === 'node' && !(change.node.spec?.taints ?? []).some((taint) => isHard(taint) && !tolerates(pod, taint)),
};

const isHard = ({ effect }: Taint): boolean => effect === 'NoSchedule' || effect === 'NoExecute';

export const tolerates = (pod: Pod, taint: Pick<Taint, 'key' | 'value' | 'effect'>): boolean =>
  pod.spec?.tolerations?.some((toleration) => matches(toleration, taint)) ?? false;

function matches(toleration: Toleration, taint: Pick<Taint, 'key' | 'value' | 'effect'>): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false;
  if (toleration.key && toleration.key !== taint.key) return false;
  const operator = toleration.operator || 'Equal';
  if (operator === 'Exists') return true;
  if (operator === 'Equal') return Boolean(toleration.key) && (toleration.value ?? '') === (taint.value ?? '');
  const left = Number(taint.value);
  const right = Number(toleration.value);
  if (!Number.isInteger(left) || !Number.isInteger(right)) return false;
  return operator === 'Lt' ? left < right : operator === 'Gt' ? left > right : false;
}
