import { parseTime } from '#common/api/time.ts';
import type { Pod } from '#common/schema/generated/types.ts';

export const priorityOf = (pod: Pod): number => pod.spec?.priority ?? 0;

/** When the pod began to run, in ms; pods that have not begun yet come last. */
export const startOf = (pod: Pod): number => parseTime(pod.status?.startTime) ?? Infinity;

/** More important pods first: higher priority, then longer running. */
export const byImportance = (a: Pod, b: Pod): number => {
  if (priorityOf(a) !== priorityOf(b)) return priorityOf(b) - priorityOf(a);
  const [left, right] = [startOf(a), startOf(b)];
  return left === right ? 0 : left - right;
};
