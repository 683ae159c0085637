import type { Pod, Taint, Toleration } from '#common/schema/generated/types.ts';
import type { Plugin, Rejection } from '../plugin.ts';

const rejection: Rejection = { reasons: ['node(s) had untolerated taint(s)'], unresolvable: true };

/** NoSchedule and NoExecute taints must be tolerated; each PreferNoSchedule taint that is not counts against a node. */
export const taintToleration: Plugin = {
  name: 'TaintToleration',
  weight: 3,
  normalise: 'lowest',
  filter: (pod, { node }) =>
    node?.spec?.taints?.some((taint) => (taint.effect === 'NoSchedule' || taint.effect === 'NoExecute') && !tolerates(pod, taint))
      ? rejection
      : undefined,
  score: (pod, { node }) =>
    node?.spec?.taints?.filter((taint) => taint.effect === 'PreferNoSchedule' && !tolerates(pod, taint)).length ?? 0,
};

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
