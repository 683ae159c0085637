/**
 * What the controller remembers of one autoscaler between two looks: recommendations for the stabilization windows, and
 * what was scaled, for the policies. It is kept in memory only, as in Kubernetes: after a restart the windows begin anew.
 */
import type * as api from '#common/schema/generated/types.ts';

export interface Recommendation {
  readonly replicas: number;
  readonly at: number;
}

/** How many replicas a rescale added, or took away. */
export interface ScaleEvent {
  readonly change: number;
  readonly at: number;
}

export interface AutoscalerHistory {
  readonly recommendations: readonly Recommendation[];
  readonly added: readonly ScaleEvent[];
  readonly removed: readonly ScaleEvent[];
}

/** A first look counts the present size as a recommendation, so that nothing shrinks right after a start. */
export const newHistory = (replicas: number, now: number): AutoscalerHistory => ({
  recommendations: [{ replicas, at: now }],
  added: [],
  removed: [],
});

/** With the recommendation of this look, and without those that no window reaches back to. */
export function withRecommendation(
  history: AutoscalerHistory,
  replicas: number,
  now: number,
  windowMs: number,
): AutoscalerHistory {
  const kept = history.recommendations.filter(({ at }) => at >= now - windowMs);
  return { ...history, recommendations: [...kept, { replicas, at: now }] };
}

/** Only policies look back at what was scaled: without any, nothing is remembered. */
export function withRescale(
  history: AutoscalerHistory,
  behavior: api.HorizontalPodAutoscalerBehavior | undefined,
  from: number,
  to: number,
  now: number,
): AutoscalerHistory {
  if (!behavior || from === to) return history;
  const grows = to > from;
  const rules = grows ? behavior.scaleUp : behavior.scaleDown;
  const longest = Math.max(0, ...(rules?.policies ?? []).map(({ periodSeconds }) => periodSeconds * 1000));
  const list = grows ? history.added : history.removed;
  const next = [...list.filter(({ at }) => at > now - longest), { change: Math.abs(to - from), at: now }];
  return grows ? { ...history, added: next } : { ...history, removed: next };
}

export const changeSince = (events: readonly ScaleEvent[], cutoff: number): number =>
  events.reduce((sum, { at, change }) => (at > cutoff ? sum + change : sum), 0);
