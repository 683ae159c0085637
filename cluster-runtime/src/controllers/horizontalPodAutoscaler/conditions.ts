/** The conditions of a HorizontalPodAutoscaler: each keeps its place in the list, and its time while its status stays. */
import { formatTime } from '#common/api/time.ts';
import type * as api from '#common/schema/generated/types.ts';

export interface ConditionChange {
  readonly type: 'AbleToScale' | 'ScalingActive' | 'ScalingLimited';
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
}

type Conditions = readonly api.HorizontalPodAutoscalerCondition[];

export function withCondition(conditions: Conditions, change: ConditionChange, now: number): Conditions {
  const { type, status, reason, message } = change;
  const at = conditions.findIndex((condition) => condition.type === type);
  const old = conditions[at];
  if (old?.status === status && old.reason === reason && old.message === message) return conditions;
  const lastTransitionTime = old?.status === status ? (old.lastTransitionTime ?? formatTime(now)) : formatTime(now);
  const changed = { type, status, lastTransitionTime, reason, message };
  return old ? conditions.with(at, changed) : [...conditions, changed];
}
