/**
 * From the size that the metrics ask for to the one that is allowed now, for an autoscaler without `behavior`: the
 * highest recommendation of five minutes, at most twice the present size (or four), within the bounds.
 */
import type * as api from '#common/schema/generated/types.ts';
import type { ConditionChange } from './conditions.ts';
import { type AutoscalerHistory, withRecommendation } from './history.ts';

/** How long recommendations hold a workload back from shrinking, where nothing else is said. */
export const downscaleWindowMs = 300_000;

export interface LimitInput {
  readonly spec: api.HorizontalPodAutoscalerSpec;
  readonly currentReplicas: number;
  /** What the metrics ask for. */
  readonly wanted: number;
  readonly history: AutoscalerHistory;
  readonly now: number;
}

export interface Limited {
  readonly replicas: number;
  readonly conditions: readonly ConditionChange[];
  readonly history: AutoscalerHistory;
}

/** One bound that stopped a change, in the words of the ScalingLimited condition. */
export interface Bound {
  readonly replicas: number;
  readonly reason: string;
  readonly message: string;
}

const texts = {
  TooManyReplicas: 'the desired replica count is more than the maximum replica count',
  TooFewReplicas: 'the desired replica count is less than the minimum replica count',
  ScaleUpLimit: 'the desired replica count is increasing faster than the maximum scale rate',
  ScaleDownLimit: 'the desired replica count is decreasing faster than the maximum scale rate',
  DesiredWithinRange: 'the desired count is within the acceptable range',
} as const;

export const bound = (replicas: number, reason: keyof typeof texts): Bound => ({ replicas, reason, message: texts[reason] });

export const readyToScale: ConditionChange = {
  type: 'AbleToScale',
  status: 'True',
  reason: 'ReadyForNewScale',
  message: 'recommended size matches current size',
};

export const stabilized = (direction: 'up' | 'down'): ConditionChange => {
  const [past, chosen] = direction === 'up' ? ['lower', 'lowest'] : ['higher', 'highest'];
  return {
    type: 'AbleToScale',
    status: 'True',
    reason: direction === 'up' ? 'ScaleUpStabilized' : 'ScaleDownStabilized',
    message: `recent recommendations were ${past} than current one, applying the ${chosen} recent recommendation`,
  };
};

export const limitedBy = ({ reason, message, replicas }: Bound, stable: number): ConditionChange => ({
  type: 'ScalingLimited',
  status: replicas === stable ? 'False' : 'True',
  reason,
  message,
});

export function limitReplicas({ spec, currentReplicas, wanted, history, now }: LimitInput): Limited {
  const recent = history.recommendations.filter(({ at }) => at >= now - downscaleWindowMs);
  const stable = Math.max(wanted, ...recent.map(({ replicas }) => replicas));
  const result = withinBounds(spec, currentReplicas, stable);
  return {
    replicas: result.replicas,
    conditions: [stable === wanted ? readyToScale : stabilized('down'), limitedBy(result, stable)],
    history: withRecommendation(history, wanted, now, downscaleWindowMs),
  };
}

function withinBounds(spec: api.HorizontalPodAutoscalerSpec, current: number, stable: number): Bound {
  const fastest = Math.max(2 * current, 4);
  const least = spec.minReplicas ?? 1;
  if (stable < least) return bound(least, 'TooFewReplicas');
  const most = spec.maxReplicas > fastest ? bound(fastest, 'ScaleUpLimit') : bound(spec.maxReplicas, 'TooManyReplicas');
  return stable > most.replicas ? most : bound(stable, 'DesiredWithinRange');
}
