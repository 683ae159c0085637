/** How many pods of a budget may be away: a pure decision. */
import { resolveIntOrPercent } from '#common/api/intOrString.ts';
import { formatTime, parseTime } from '#common/api/time.ts';
import type * as api from '#common/schema/generated/types.ts';
import { isReady } from '../../controller/podState.ts';

/** How long an evicted pod may take to be deleted before it counts as staying. */
const deletionTimeout = 120_000;

export interface Expected {
  /** Pods that there should be: what their controllers ask for, or the pods themselves. */
  readonly pods: number;
  readonly healthy: number;
}

/** `scale` is asked where a share, or what may be missing, has to be reckoned from what the controllers ask for. */
export function planExpected({ spec }: api.PodDisruptionBudget, pods: number, scale: () => number): Expected {
  if (spec?.maxUnavailable !== undefined) {
    const expected = scale();
    return { pods: expected, healthy: Math.max(0, expected - (resolveIntOrPercent(spec.maxUnavailable, expected, 'up') ?? 0)) };
  }
  if (typeof spec?.minAvailable === 'number') return { pods, healthy: spec.minAvailable };
  if (spec?.minAvailable === undefined) return { pods: 0, healthy: 0 };
  const expected = scale();
  return { pods: expected, healthy: resolveIntOrPercent(spec.minAvailable, expected, 'up') ?? 0 };
}

export interface Disruption {
  readonly status: api.PodDisruptionBudgetStatus;
  /** When an evicted pod that is still there is to be counted again. */
  readonly nextCheck: number | undefined;
  /** Pods that were evicted and stayed. */
  readonly stayed: readonly api.Pod[];
}

export function planDisruption(
  budget: api.PodDisruptionBudget,
  pods: readonly api.Pod[],
  expected: Expected,
  now: number,
): Disruption {
  const disrupted = new Map<string, string>();
  const stayed: api.Pod[] = [];
  let nextCheck: number | undefined;
  const known = budget.status?.disruptedPods ?? {};
  for (const pod of pods) {
    const { name = '', deletionTimestamp } = pod.metadata;
    const since = Object.hasOwn(known, name) ? known[name] : undefined;
    if (since === undefined || deletionTimestamp) continue;
    const until = (parseTime(since) ?? 0) + deletionTimeout;
    if (until < now) stayed.push(pod);
    else {
      disrupted.set(name, since);
      nextCheck = Math.min(nextCheck ?? until, until);
    }
  }
  const healthy = pods.filter(
    (pod) => !pod.metadata.deletionTimestamp && !disrupted.has(pod.metadata.name ?? '') && isReady(pod),
  ).length;
  const allowed = expected.pods > 0 ? Math.max(0, healthy - expected.healthy) : 0;
  const { generation } = budget.metadata;
  return {
    status: {
      ...(disrupted.size > 0 ? { disruptedPods: Object.fromEntries(disrupted) } : {}),
      currentHealthy: healthy,
      desiredHealthy: expected.healthy,
      disruptionsAllowed: allowed,
      expectedPods: expected.pods,
      ...(generation === undefined ? {} : { observedGeneration: generation }),
      conditions: withAllowed(budget, allowed > 0 ? 'SufficientPods' : 'InsufficientPods', '', now),
    },
    nextCheck: nextCheck === undefined ? undefined : nextCheck + 1,
    stayed,
  };
}

/** The status after the expected number could not be told: nothing may be evicted. */
export const planFailed = (budget: api.PodDisruptionBudget, message: string, now: number): api.PodDisruptionBudgetStatus => ({
  ...budget.status,
  disruptionsAllowed: 0,
  conditions: withAllowed(budget, 'SyncFailed', message, now),
});

function withAllowed(
  { status, metadata }: api.PodDisruptionBudget,
  reason: string,
  message: string,
  now: number,
): api.Condition[] {
  const type = 'DisruptionAllowed';
  const value = reason === 'SufficientPods' ? 'True' : 'False';
  const old = status?.conditions?.find((condition) => condition.type === type);
  const condition: api.Condition = {
    type,
    status: value,
    reason,
    message,
    lastTransitionTime: old?.status === value && old.lastTransitionTime ? old.lastTransitionTime : formatTime(now),
    ...(metadata.generation === undefined ? {} : { observedGeneration: metadata.generation }),
  };
  const conditions = status?.conditions ?? [];
  return old ? conditions.map((one) => (one === old ? condition : one)) : [...conditions, condition];
}

/** A selector as Go prints it, which is how the event quotes it. */
export function selectorAsGo(selector: api.LabelSelector | undefined): string {
  if (!selector) return 'nil';
  const labels = Object.entries(selector.matchLabels ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}: ${value},`);
  const expressions = (selector.matchExpressions ?? []).map(
    ({ key, operator, values = [] }) =>
      `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(' ')}],},`,
  );
  return `&LabelSelector{MatchLabels:map[string]string{${labels.join('')}},MatchExpressions:[]LabelSelectorRequirement{${expressions.join('')}},}`;
}
