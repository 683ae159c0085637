/**
 * What an autoscaler should do now: the size of its target, its conditions and what it shows of its metrics, from what
 * was read. Changes nothing; a rescale may still fail, and is noted by whoever does it.
 */
import type * as api from '#common/schema/generated/types.ts';
import { type ConditionChange, withCondition } from './conditions.ts';
import type { AutoscalerHistory } from './history.ts';
import { limitByBehavior } from './limitByBehavior.ts';
import { type Limited, limitReplicas } from './limitReplicas.ts';
import { type MetricInput, planMetric, type Proposal, type Reading } from './planMetric.ts';
import { toleranceOf } from './replicasFor.ts';

export interface AutoscalerInput {
  readonly autoscaler: api.HorizontalPodAutoscaler;
  readonly scale: { readonly replicas: number; readonly statusReplicas: number; readonly selector: string };
  readonly pods: readonly api.Pod[];
  /** One per metric of the spec. */
  readonly readings: readonly Reading[];
  /** Why the pods cannot be told: the selector is missing, or several autoscalers share them. */
  readonly selectorProblem?: SelectorProblem | undefined;
  readonly history: AutoscalerHistory;
  readonly now: number;
}

export interface SelectorProblem {
  readonly reason: string;
  /** Of the event, and of the condition unless that has its own words. */
  readonly message: string;
  readonly condition: { readonly reason: string; readonly message: string };
}

export interface AutoscalerPlan {
  /** With everything but the outcome of the rescale. */
  readonly status: api.HorizontalPodAutoscalerStatus;
  readonly rescale?: { readonly replicas: number; readonly reason: string };
  readonly warnings: readonly { readonly reason: string; readonly message: string }[];
  readonly history: AutoscalerHistory;
}

export const gotScale: ConditionChange = {
  type: 'AbleToScale',
  status: 'True',
  reason: 'SucceededGetScale',
  message: "the HPA controller was able to get the target's current scale",
};

export function planHorizontalPodAutoscaler(input: AutoscalerInput): AutoscalerPlan {
  const { autoscaler, scale, now, history } = input;
  const { spec } = autoscaler;
  const { minReplicas = 1, maxReplicas = 1 } = spec ?? {};
  const start = withCondition(autoscaler.status?.conditions ?? [], gotScale, now);
  const simply = (replicas: number, reason: string): AutoscalerPlan => ({
    status: statusOf(input, replicas, start, undefined),
    rescale: { replicas, reason },
    warnings: [],
    history,
  });
  if (scale.replicas === 0 && minReplicas !== 0) {
    const disabled: ConditionChange = {
      type: 'ScalingActive',
      status: 'False',
      reason: 'ScalingDisabled',
      message: 'scaling is disabled since the replica count of the target is zero',
    };
    return { status: statusOf(input, 0, withCondition(start, disabled, now), undefined), warnings: [], history };
  }
  if (scale.replicas > maxReplicas) return simply(maxReplicas, 'Current number of replicas above Spec.MaxReplicas');
  if (scale.replicas < minReplicas) return simply(minReplicas, 'Current number of replicas below Spec.MinReplicas');
  return byMetrics(input, start);
}

function byMetrics(input: AutoscalerInput, start: Conditions): AutoscalerPlan {
  const { autoscaler, scale, now, history } = input;
  const { spec } = autoscaler;
  const sum = sumOfMetrics(input);
  let conditions = withCondition(start, sum.condition, now);
  if (sum.replicas === undefined || !spec) {
    const status = statusOf(input, autoscaler.status?.desiredReplicas ?? 0, conditions, sum.metrics);
    return { status, warnings: sum.warnings, history };
  }
  const { behavior } = spec;
  const limits = { spec, currentReplicas: scale.replicas, wanted: sum.replicas, history, now };
  const limited: Limited = behavior ? limitByBehavior(limits, behavior) : limitReplicas(limits);
  for (const change of limited.conditions) conditions = withCondition(conditions, change, now);
  const { replicas } = limited;
  const reason = sum.replicas > scale.replicas ? `${sum.name} above target` : 'All metrics below target';
  return {
    status: statusOf(input, replicas, conditions, sum.metrics),
    ...(replicas === scale.replicas ? {} : { rescale: { replicas, reason: reasonOf(sum.replicas, scale.replicas, reason) } }),
    warnings: sum.warnings,
    history: limited.history,
  };
}

/** A size that only the windows or the bounds ask for has no reason of its own. */
const reasonOf = (wanted: number, current: number, reason: string): string => (wanted === current ? '' : reason);

type Conditions = readonly api.HorizontalPodAutoscalerCondition[];

function statusOf(
  { autoscaler, scale }: AutoscalerInput,
  desiredReplicas: number,
  conditions: Conditions,
  metrics: readonly api.MetricStatus[] | undefined,
): api.HorizontalPodAutoscalerStatus {
  const { lastScaleTime, observedGeneration } = autoscaler.status ?? {};
  return {
    ...(observedGeneration == null ? {} : { observedGeneration }),
    ...(lastScaleTime == null ? {} : { lastScaleTime }),
    ...(scale.replicas ? { currentReplicas: scale.replicas } : {}),
    desiredReplicas,
    currentMetrics: metrics ? [...metrics] : (null as unknown as api.MetricStatus[]),
    conditions: [...conditions],
  };
}

interface Sum {
  /** The largest of the proposals; undefined when there is none to trust. */
  readonly replicas?: number;
  readonly name?: string;
  readonly metrics: readonly api.MetricStatus[] | undefined;
  readonly condition: ConditionChange;
  readonly warnings: { readonly reason: string; readonly message: string }[];
}

const computeFailed = 'FailedComputeMetricsReplicas';

function sumOfMetrics({ autoscaler, scale, pods, readings, selectorProblem, now }: AutoscalerInput): Sum {
  const { spec, metadata } = autoscaler;
  if (selectorProblem) {
    const { reason, message, condition } = selectorProblem;
    return {
      metrics: undefined,
      condition: { type: 'ScalingActive', status: 'False', ...condition },
      warnings: [
        { reason, message },
        { reason: computeFailed, message },
      ],
    };
  }
  const metrics = spec?.metrics ?? [];
  const input: MetricInput = {
    namespace: metadata.namespace ?? '',
    specReplicas: scale.replicas,
    statusReplicas: scale.statusReplicas,
    tolerance: toleranceOf(spec?.behavior),
    pods,
    now,
  };
  const proposals = metrics.map((metric, i) =>
    planMetric(metric, readings[i] ?? { type: 'problem', problem: 'not read' }, input),
  );
  // A metric without a figure keeps its place, with nothing in it.
  const statuses = proposals.map((one): api.MetricStatus => (one.type === 'replicas' ? one.status : { type: '' }));
  const failures = proposals.filter((one): one is Failure => one.type === 'failed');
  let best: Extract<Proposal, { type: 'replicas' }> | undefined;
  for (const one of proposals) if (one.type === 'replicas' && (!best || one.replicas > best.replicas)) best = one;
  const warnings = failures.map(({ reason, message }) => ({ reason, message }));
  const [first] = failures;
  // A metric without a figure might ask for more than the others: nothing shrinks without it.
  if (first && (!best || best.replicas < scale.replicas)) {
    const error = `invalid metrics (${failures.length} invalid out of ${metrics.length}), first error is: ${first.error}`;
    return {
      metrics: statuses,
      condition: {
        type: 'ScalingActive',
        status: 'False',
        reason: first.reason,
        message: `the HPA was unable to compute the replica count: ${first.message}`,
      },
      warnings: [...warnings, { reason: computeFailed, message: error }],
    };
  }
  const { replicas = 0, name = '' } = best ?? {};
  const message = `the HPA was able to successfully calculate a replica count from ${name}`;
  return {
    replicas,
    name,
    metrics: statuses,
    condition: { type: 'ScalingActive', status: 'True', reason: 'ValidMetricFound', message },
    warnings,
  };
}

type Failure = Extract<Proposal, { type: 'failed' }>;
