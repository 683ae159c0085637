/** Autoscalers keep to their bounds at every step, and in the end have brought their targets to what the load asks for. */
import { selectorFromLabelSelector } from '#common/api/labelSelector.ts';
import { quantityMilli } from '#common/api/quantity.ts';
import { HorizontalPodAutoscaler } from '#common/kinds/horizontalPodAutoscaler.ts';
import { Pod } from '#common/kinds/pod.ts';
import type * as api from '#common/schema/generated/types.ts';
import { ns, type SimulatedCluster } from '../simulatedCluster.ts';
import { cpuAnnotation, keyFor, type WorkloadKind, workloadKinds } from '../workloads.ts';
import { type Invariant, isLive, isServing } from './invariant.ts';

/** A load this near to the target, as a share of it, is as it should be. */
const tolerance = 0.1;

const targetOf = ({ cache }: SimulatedCluster, { spec }: api.HorizontalPodAutoscaler): api.Deployment | undefined => {
  const { kind = '', name = '' } = spec?.scaleTargetRef ?? {};
  return cache.get(workloadKinds[kind as WorkloadKind], keyFor(kind as WorkloadKind, name)) as api.Deployment | undefined;
};

export const autoscaling: Invariant = {
  name: 'autoscalers follow the load within their bounds',
  watch(cluster, report) {
    return cluster.cache.informer(HorizontalPodAutoscaler).onChange(({ type, object }) => {
      if (type !== 'updated') return;
      const { metadata, spec, status } = object;
      if (status?.observedGeneration !== undefined && status.observedGeneration !== metadata.generation) return;
      const desired = status?.desiredReplicas ?? 0;
      // Nothing has been decided, or somebody has switched the scaling off.
      if (desired !== 0 && isActive(object) && (desired < (spec?.minReplicas ?? 1) || desired > (spec?.maxReplicas ?? 1)))
        report(`${metadata.name} asks for ${desired} pods, from ${spec?.minReplicas} to ${spec?.maxReplicas}`);
    });
  },
  *atRest(cluster) {
    for (const autoscaler of cluster.cache.list(HorizontalPodAutoscaler, ns)) {
      const target = targetOf(cluster, autoscaler);
      if (!target || target.metadata.deletionTimestamp || !isActive(autoscaler)) continue;
      yield* problemsOf(cluster, autoscaler, target);
    }
  },
};

const isActive = ({ status }: api.HorizontalPodAutoscaler): boolean =>
  status?.conditions?.some((one) => one.type === 'ScalingActive' && one.status === 'True') === true;

function* problemsOf(
  { cache }: SimulatedCluster,
  { metadata, spec, status }: api.HorizontalPodAutoscaler,
  target: api.Deployment,
): Iterable<string> {
  const replicas = target.spec?.replicas ?? 1;
  const { minReplicas = 1, maxReplicas = 1 } = spec ?? {};
  const what = `HorizontalPodAutoscaler ${metadata.name}`;
  if (replicas < minReplicas || replicas > maxReplicas)
    yield `${what} leaves ${replicas} pods, from ${minReplicas} to ${maxReplicas}`;
  if (status?.desiredReplicas !== replicas) yield `${what} asks for ${status?.desiredReplicas} pods, there are ${replicas}`;
  const selector = selectorFromLabelSelector(target.spec?.selector);
  const pods = cache.list(Pod, ns).filter((pod) => selector.matches(pod.metadata.labels ?? {}));
  // Pods that wait, or that only look as if they were the target's, are judged by finer rules.
  if (pods.length !== replicas || !pods.every((pod) => isLive(pod) && isServing(pod))) return;
  const used = pods.reduce((sum, pod) => sum + quantityMilli(pod.metadata.annotations?.[cpuAnnotation] ?? '0'), 0);
  const metric = spec?.metrics?.[0]?.resource?.target;
  const asked = pods.reduce((sum, pod) => sum + quantityMilli(pod.spec?.containers[0]?.resources?.requests?.['cpu'] ?? '0'), 0);
  const wanted =
    metric?.averageUtilization !== undefined
      ? (asked * metric.averageUtilization) / 100
      : quantityMilli(metric?.averageValue ?? '0') * replicas;
  const ratio = used / wanted;
  if (!Number.isFinite(ratio) || Math.abs(ratio - 1) <= tolerance + 0.01) return;
  const right = Math.min(maxReplicas, Math.max(minReplicas, Math.ceil(ratio * replicas)));
  if (right !== replicas) yield `${what} leaves ${replicas} pods with ${ratio.toFixed(2)} of the load; ${right} would be right`;
}
