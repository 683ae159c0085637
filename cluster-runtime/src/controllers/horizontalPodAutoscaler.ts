/**
 * Keeps the size of workloads at what their metrics ask for. Every autoscaler is looked at each 15 seconds of the
 * cluster's time, the first time that long after it was made; where there is none, nothing is due.
 *
 * Differs from Kubernetes: there is no VerticalPodAutoscaler; its kinds come with an add-on that is not part of this cluster.
 */
import { deepEqual } from '#common/base/freeze.ts';
import { keyOf, keyText } from '#common/api/meta.ts';
import { ApiError } from '#common/api/status.ts';
import { formatTime } from '#common/api/time.ts';
import { HorizontalPodAutoscaler } from '#common/kinds/horizontalPodAutoscaler.ts';
import { Pod } from '#common/kinds/pod.ts';
import type * as api from '#common/schema/generated/types.ts';
import { type ControllerDefinition, defineController, done, type ReconcileContext, requeueAt } from '../controller/controller.ts';
import { type ConditionChange, withCondition } from './horizontalPodAutoscaler/conditions.ts';
import { type AutoscalerHistory, newHistory, withRescale } from './horizontalPodAutoscaler/history.ts';
import { type AutoscalerPlan, planHorizontalPodAutoscaler } from './horizontalPodAutoscaler/planHorizontalPodAutoscaler.ts';
import { readMetrics } from './horizontalPodAutoscaler/readMetrics.ts';
import { findScaleTarget, rescale, type ScaleTarget } from './horizontalPodAutoscaler/scaleTarget.ts';
import { findSharedPods, type KnownSelectors, parseTargetSelector } from './horizontalPodAutoscaler/selectorProblem.ts';

type Autoscaler = api.HorizontalPodAutoscaler;

const syncMs = 15_000;

export function horizontalPodAutoscalerController(): ControllerDefinition {
  const histories = new Map<string, AutoscalerHistory>();
  const selectors: KnownSelectors = new Map();
  return defineController<Autoscaler>({
    name: 'horizontal-pod-autoscaler',
    writes: 'any',
    for: HorizontalPodAutoscaler,
    concurrency: 5,
    delayOf: () => syncMs,
    async reconcile(ctx, key) {
      const autoscaler = ctx.cache.get(HorizontalPodAutoscaler, key);
      if (!autoscaler) {
        histories.delete(keyText(key));
        selectors.get(key.namespace)?.delete(key.name);
        return done;
      }
      const next = requeueAt(ctx.clock.now() + syncMs);
      const target = findScaleTarget(ctx.cache, autoscaler);
      if (typeof target === 'string') {
        await reportNoScale(ctx, autoscaler, target);
        return next;
      }
      const history = histories.get(keyText(key)) ?? newHistory(target.replicas, ctx.clock.now());
      const plan = await look(ctx, autoscaler, target, history, selectors);
      histories.set(keyText(key), plan.history);
      for (const { reason, message } of plan.warnings) ctx.events.event(autoscaler, 'Warning', reason, message);
      const outcome = plan.rescale && (await carryOut(ctx, autoscaler, target, plan, plan.rescale));
      if (outcome) histories.set(keyText(key), outcome.history);
      await writeStatus(ctx, autoscaler, outcome?.status ?? plan.status);
      return next;
    },
  });
}

/** Reads what the plan needs; metrics are not asked for where only the bounds decide. */
async function look(
  ctx: ReconcileContext,
  autoscaler: Autoscaler,
  target: ScaleTarget,
  history: AutoscalerHistory,
  selectors: KnownSelectors,
): Promise<AutoscalerPlan> {
  const key = keyOf(autoscaler);
  const parsed = parseTargetSelector(target.selector);
  const selector = 'selector' in parsed ? parsed.selector : undefined;
  const pods = selector
    ? ctx.cache.list(Pod, key.namespace).filter(({ metadata }) => selector.matches(metadata.labels ?? {}))
    : [];
  const selectorProblem = 'problem' in parsed ? parsed.problem : findSharedPods(selectors, key, parsed.selector, pods);
  const { minReplicas = 1, maxReplicas = 1 } = autoscaler.spec ?? {};
  const byMetrics = target.replicas >= Math.max(minReplicas, 1) && target.replicas <= maxReplicas && !selectorProblem;
  const readings = byMetrics ? await readMetrics(ctx, autoscaler, target.selector, pods) : [];
  return planHorizontalPodAutoscaler({
    autoscaler,
    scale: target,
    pods,
    readings,
    selectorProblem,
    history,
    now: ctx.clock.now(),
  });
}

async function reportNoScale(ctx: ReconcileContext, autoscaler: Autoscaler, problem: string): Promise<void> {
  ctx.events.event(autoscaler, 'Warning', 'FailedGetScale', problem);
  const change: ConditionChange = {
    type: 'AbleToScale',
    status: 'False',
    reason: 'FailedGetScale',
    message: `the HPA controller was unable to get the target's current scale: ${problem}`,
  };
  const status = autoscaler.status ?? { desiredReplicas: 0 };
  const conditions = [...withCondition(status.conditions ?? [], change, ctx.clock.now())];
  await writeStatus(ctx, autoscaler, { ...status, conditions });
}

interface Outcome {
  readonly status: api.HorizontalPodAutoscalerStatus;
  readonly history: AutoscalerHistory;
}

/** Changes the target's size; the status says how it went. */
async function carryOut(
  ctx: ReconcileContext,
  autoscaler: Autoscaler,
  target: ScaleTarget,
  { status, history }: AutoscalerPlan,
  { replicas, reason }: NonNullable<AutoscalerPlan['rescale']>,
): Promise<Outcome> {
  const now = ctx.clock.now();
  const noted = (change: ConditionChange): api.HorizontalPodAutoscalerCondition[] => [
    ...withCondition(status.conditions ?? [], change, now),
  ];
  const change = `New size: ${replicas}; reason: ${reason}`;
  try {
    await rescale(ctx.client, target, replicas);
  } catch (error) {
    // A lost race is nothing to tell: the next attempt follows at once.
    if (!(error instanceof ApiError) || error.reason === 'Conflict') throw error;
    ctx.events.event(autoscaler, 'Warning', 'FailedRescale', `${change}; error: ${error.message}`);
    const conditions = noted({
      type: 'AbleToScale',
      status: 'False',
      reason: 'FailedUpdateScale',
      message: `the HPA controller was unable to update the target scale: ${error.message}`,
    });
    return { status: { ...status, conditions, desiredReplicas: autoscaler.status?.desiredReplicas ?? 0 }, history };
  }
  ctx.events.event(autoscaler, 'Normal', 'SuccessfulRescale', change);
  const conditions = noted({
    type: 'AbleToScale',
    status: 'True',
    reason: 'SucceededRescale',
    message: `the HPA controller was able to update the target scale to ${replicas}`,
  });
  return {
    status: { ...status, conditions, lastScaleTime: formatTime(now) },
    history: withRescale(history, autoscaler.spec?.behavior, target.replicas, replicas, now),
  };
}

async function writeStatus(
  ctx: ReconcileContext,
  autoscaler: Autoscaler,
  status: api.HorizontalPodAutoscalerStatus,
): Promise<void> {
  if (deepEqual(status, autoscaler.status)) return;
  await ctx.client.updateStatus(HorizontalPodAutoscaler, { ...autoscaler, status });
}
