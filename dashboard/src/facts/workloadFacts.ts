/** Workloads and what scales or protects them: how many of the wanted are ready, and what keeps the rest. */
import type * as api from '#common/schema/generated/types.ts';
import type { TreeTexts } from '#common/protocol/treeTexts.ts';
import type { RowState } from '#common/protocol/webview.ts';
import { conditionOf, detailOf, reasonText, type RowFacts } from './rowFacts.ts';

const counted = (have: number | undefined, want: number): { ready: string; state: RowState } => ({
  ready: `${have ?? 0}/${want}`,
  state: (have ?? 0) >= want ? 'ok' : 'progressing',
});

const isObserved = (object: { metadata: api.ObjectMeta; status?: { observedGeneration?: number } }): boolean =>
  (object.status?.observedGeneration ?? 0) >= (object.metadata.generation ?? 0);

export function deploymentFacts(deployment: api.Deployment, texts: TreeTexts): RowFacts {
  const { spec, status } = deployment;
  const want = spec?.replicas ?? 1;
  const facts = { ...counted(status?.readyReplicas, want), ...(spec?.paused ? { detail: texts.paused } : {}) };
  const failure = conditionOf(status?.conditions, 'ReplicaFailure');
  if (failure?.status === 'True') return { ...facts, state: 'failed', why: reasonText(failure.reason, failure.message) };
  const progress = conditionOf(status?.conditions, 'Progressing');
  if (progress?.status === 'False') return { ...facts, state: 'failed', why: reasonText(progress.reason, progress.message) };
  const rolledOut = isObserved(deployment) && (status?.updatedReplicas ?? 0) >= want && (status?.replicas ?? 0) <= want;
  return rolledOut ? facts : { ...facts, state: 'progressing' };
}

export function replicaSetFacts(set: api.ReplicaSet | api.StatefulSet | api.ReplicationController): RowFacts {
  const facts = counted(set.status?.readyReplicas, set.spec?.replicas ?? 1);
  const failure = conditionOf(set.status?.conditions, 'ReplicaFailure');
  if (failure?.status === 'True') return { ...facts, state: 'failed', why: reasonText(failure.reason, failure.message) };
  return isObserved(set) ? facts : { ...facts, state: 'progressing' };
}

export const daemonSetFacts = (set: api.DaemonSet): RowFacts =>
  isObserved(set) ? counted(set.status?.numberReady, set.status?.desiredNumberScheduled ?? 0) : { state: 'progressing' };

export function jobFacts(job: api.Job, texts: TreeTexts): RowFacts {
  const facts = { ready: `${job.status?.succeeded ?? 0}/${job.spec?.completions ?? 1}` };
  const { conditions } = job.status ?? {};
  if (conditionOf(conditions, 'Complete')?.status === 'True') return { ...facts, state: 'done' };
  const failed = conditionOf(conditions, 'Failed');
  if (failed?.status === 'True') return { ...facts, state: 'failed', why: reasonText(failed.reason, failed.message) };
  return job.spec?.suspend ? { ...facts, state: 'none', detail: texts.suspended } : { ...facts, state: 'progressing' };
}

export const cronJobFacts = (cron: api.CronJob, texts: TreeTexts): RowFacts => ({
  state: 'ok',
  ...detailOf(cron.spec?.schedule, cron.spec?.timeZone, cron.spec?.suspend ? texts.suspended : undefined),
});

export function autoscalerFacts(autoscaler: api.HorizontalPodAutoscaler): RowFacts {
  const { scaleTargetRef, minReplicas = 1, maxReplicas = 0 } = autoscaler.spec ?? {};
  const { currentReplicas, desiredReplicas, conditions } = autoscaler.status ?? {};
  const facts = {
    ...detailOf(scaleTargetRef && `${scaleTargetRef.kind}/${scaleTargetRef.name}`, `${minReplicas}–${maxReplicas}`),
    ...(desiredReplicas === undefined ? {} : { ready: `${currentReplicas ?? 0}/${desiredReplicas}` }),
  };
  const problem = ['AbleToScale', 'ScalingActive']
    .map((type) => conditionOf(conditions, type))
    .find((each) => each?.status === 'False');
  return problem ? { ...facts, state: 'warning', why: reasonText(problem.reason, problem.message) } : { ...facts, state: 'ok' };
}

export function disruptionBudgetFacts(budget: api.PodDisruptionBudget): RowFacts {
  const { currentHealthy = 0, desiredHealthy = 0 } = budget.status ?? {};
  const { minAvailable, maxUnavailable } = budget.spec ?? {};
  return {
    ...counted(currentHealthy, desiredHealthy),
    ...detailOf(
      minAvailable === undefined ? undefined : `minAvailable ${minAvailable}`,
      maxUnavailable === undefined ? undefined : `maxUnavailable ${maxUnavailable}`,
    ),
  };
}
