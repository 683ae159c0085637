/**
 * From the size that the metrics ask for to the one that is allowed now, for an autoscaler with `behavior`: each
 * direction has a stabilization window and policies that say how much may change within a period.
 */
import type * as api from '#common/schema/generated/types.ts';
import { changeSince, withRecommendation } from './history.ts';
import {
  type Bound,
  bound,
  downscaleWindowMs,
  type Limited,
  limitedBy,
  type LimitInput,
  readyToScale,
  stabilized,
} from './limitReplicas.ts';

export function limitByBehavior(input: LimitInput, behavior: api.HorizontalPodAutoscalerBehavior): Limited {
  const { currentReplicas, wanted, history, now } = input;
  const upWindowMs = (behavior.scaleUp?.stabilizationWindowSeconds ?? 0) * 1000;
  const { stabilizationWindowSeconds: downSeconds } = behavior.scaleDown ?? {};
  const downWindowMs = downSeconds == null ? downscaleWindowMs : downSeconds * 1000;
  let lowest = wanted;
  let highest = wanted;
  for (const { replicas, at } of history.recommendations) {
    if (at > now - upWindowMs) lowest = Math.min(lowest, replicas);
    if (at > now - downWindowMs) highest = Math.max(highest, replicas);
  }
  const stable = Math.min(Math.max(currentReplicas, lowest), highest);
  const result = withinPolicies(input, behavior, stable);
  return {
    replicas: result.replicas,
    conditions: [
      stable === wanted ? readyToScale : stabilized(wanted >= currentReplicas ? 'up' : 'down'),
      limitedBy(result, stable),
    ],
    history: withRecommendation(history, wanted, now, Math.max(upWindowMs, downWindowMs)),
  };
}

function withinPolicies(input: LimitInput, behavior: api.HorizontalPodAutoscalerBehavior, stable: number): Bound {
  const { spec, currentReplicas } = input;
  if (stable > currentReplicas) {
    const fastest = Math.max(currentReplicas, furthest(input, behavior.scaleUp ?? {}, 'up'));
    const most = spec.maxReplicas > fastest ? bound(fastest, 'ScaleUpLimit') : bound(spec.maxReplicas, 'TooManyReplicas');
    if (stable > most.replicas) return most;
  } else if (stable < currentReplicas) {
    const fastest = Math.min(currentReplicas, furthest(input, behavior.scaleDown ?? {}, 'down'));
    const minReplicas = spec.minReplicas ?? 1;
    const least = minReplicas < fastest ? bound(fastest, 'ScaleDownLimit') : bound(minReplicas, 'TooFewReplicas');
    if (stable < least.replicas) return least;
  }
  return bound(stable, 'DesiredWithinRange');
}

/** The size that the policies of one direction allow at most (or, going down, at least). */
function furthest({ currentReplicas, history, now }: LimitInput, rules: api.HPAScalingRules, direction: 'up' | 'down'): number {
  if (rules.selectPolicy === 'Disabled') return currentReplicas;
  const sizes = (rules.policies ?? []).map(({ type, value, periodSeconds }) => {
    const cutoff = now - periodSeconds * 1000;
    const atStart = currentReplicas - changeSince(history.added, cutoff) + changeSince(history.removed, cutoff);
    const sign = direction === 'up' ? 1 : -1;
    if (type === 'Pods') return atStart + sign * value;
    const part = atStart * (1 + (sign * value) / 100);
    return direction === 'up' ? Math.ceil(part) : Math.trunc(part);
  });
  if (sizes.length === 0) return currentReplicas;
  const mostChange = rules.selectPolicy !== 'Min';
  return mostChange === (direction === 'up') ? Math.max(...sizes) : Math.min(...sizes);
}
