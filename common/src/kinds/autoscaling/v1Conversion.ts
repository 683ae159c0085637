/**
 * autoscaling/v1 over v2: v1 knows one metric, the cpu's utilization. Everything else of a v2 object travels in annotations,
 * so that whoever reads and writes v1 loses nothing.
 */
import type { ObjectMeta } from '#common/api/meta.ts';
import type * as api from '#common/schema/generated/types.ts';
import { internalForm } from '../podSpec/internalForm.ts';
import { applyAutoscalerDefaults } from './defaults.ts';
import { metricsFromV1, metricsToV1 } from './v1Metrics.ts';

type V1 = api.AutoscalingV1HorizontalPodAutoscaler;
type V2 = api.HorizontalPodAutoscaler;

const prefix = 'autoscaling.alpha.kubernetes.io/';
const carried = {
  metrics: `${prefix}metrics`,
  current: `${prefix}current-metrics`,
  conditions: `${prefix}conditions`,
  behavior: `${prefix}behavior`,
};

const isCpu = (metric: api.MetricSpec): boolean =>
  metric.resource?.name === 'cpu' && metric.resource.target?.averageUtilization != null;

export function toV1(object: V2): V1 {
  const { spec, status } = object;
  const annotations: Record<string, string> = { ...object.metadata.annotations };
  const cpu = spec?.metrics?.findIndex(isCpu) ?? -1;
  const others = (spec?.metrics ?? []).filter((_, i) => i !== cpu);
  if (others.length) annotations[carried.metrics] = JSON.stringify(metricsToV1(others, 'target'));
  if (status?.currentMetrics?.length)
    annotations[carried.current] = JSON.stringify(metricsToV1(status.currentMetrics, 'current'));
  if (status?.conditions?.length) annotations[carried.conditions] = JSON.stringify(status.conditions.map(orderedCondition));
  if (spec?.behavior) {
    annotations[carried.behavior] = JSON.stringify(internalForm('HorizontalPodAutoscalerBehavior', spec.behavior));
  }
  return {
    apiVersion: 'autoscaling/v1',
    kind: 'HorizontalPodAutoscaler',
    metadata: withAnnotations(object.metadata, annotations),
    spec: specToV1(spec, spec?.metrics?.[cpu]),
    ...(status ? { status: statusToV1(status) } : {}),
  };
}

function specToV1(spec: V2['spec'], cpu: api.MetricSpec | undefined): api.AutoscalingV1HorizontalPodAutoscalerSpec {
  const utilization = cpu?.resource?.target.averageUtilization;
  return {
    scaleTargetRef: spec?.scaleTargetRef ?? { kind: '', name: '' },
    maxReplicas: spec?.maxReplicas ?? 0,
    ...(spec?.minReplicas == null ? {} : { minReplicas: spec.minReplicas }),
    ...(utilization == null ? {} : { targetCPUUtilizationPercentage: utilization }),
  };
}

function statusToV1(status: api.HorizontalPodAutoscalerStatus): api.AutoscalingV1HorizontalPodAutoscalerStatus {
  const { observedGeneration, lastScaleTime, currentReplicas = 0, desiredReplicas = 0, currentMetrics } = status;
  const cpu = currentMetrics?.find((metric) => metric.resource?.name === 'cpu')?.resource?.current.averageUtilization;
  return {
    currentReplicas,
    desiredReplicas,
    ...(observedGeneration == null ? {} : { observedGeneration }),
    ...(lastScaleTime == null ? {} : { lastScaleTime }),
    ...(cpu == null ? {} : { currentCPUUtilizationPercentage: cpu }),
  };
}

const orderedCondition = ({
  type,
  status,
  lastTransitionTime,
  reason,
  message,
}: api.HorizontalPodAutoscalerCondition): object => ({
  type,
  status,
  ...(lastTransitionTime === undefined ? {} : { lastTransitionTime }),
  ...(reason ? { reason } : {}),
  ...(message ? { message } : {}),
});

export function fromV1(object: V1): V2 {
  const { spec, status } = object;
  const annotations: Record<string, string> = { ...object.metadata.annotations };
  const take = (key: string): unknown => {
    const text = annotations[key];
    delete annotations[key];
    return text === undefined ? undefined : parse(text);
  };
  const metrics = metricsFromV1(take(carried.metrics), 'target');
  const current = metricsFromV1(take(carried.current), 'current');
  const conditions = take(carried.conditions);
  const behavior = take(carried.behavior);
  const utilization = spec?.targetCPUUtilizationPercentage;
  if (utilization != null) {
    const target = { type: 'Utilization', averageUtilization: utilization };
    metrics.push({ type: 'Resource', resource: { name: 'cpu', target } });
  }
  const { targetCPUUtilizationPercentage: _, ...rest } = spec ?? { maxReplicas: 0, scaleTargetRef: { kind: '', name: '' } };
  const rules =
    behavior && typeof behavior === 'object' ? { behavior: fromInternal(behavior) as api.HorizontalPodAutoscalerBehavior } : {};
  const out: V2 = {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: withAnnotations(object.metadata, annotations),
    spec: { ...rest, metrics, ...rules },
  };
  if (status) out.status = statusFromV1(status, current, conditions);
  applyAutoscalerDefaults(out);
  return out;
}

function statusFromV1(
  status: api.AutoscalingV1HorizontalPodAutoscalerStatus,
  current: api.MetricStatus[],
  conditions: unknown,
): api.HorizontalPodAutoscalerStatus {
  const { currentCPUUtilizationPercentage: cpu, currentReplicas, ...rest } = status;
  if (cpu != null && !current.length) {
    current.push({ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: cpu } } });
  }
  return {
    ...rest,
    ...(currentReplicas ? { currentReplicas } : {}),
    currentMetrics: current.length ? current : (null as never),
    ...(Array.isArray(conditions) ? { conditions: conditions as api.HorizontalPodAutoscalerCondition[] } : {}),
  };
}

/** Keys of the internal form, `ScaleUp`, back to the API's, `scaleUp`; what is null is absent. */
function fromInternal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromInternal);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== null)
      .map(([key, inner]) => [key.charAt(0).toLowerCase() + key.slice(1), fromInternal(inner)]),
  );
}

/** An annotation that is no JSON carries nothing. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function withAnnotations(metadata: ObjectMeta, annotations: Record<string, string>): ObjectMeta {
  const { annotations: _, ...rest } = metadata;
  return Object.keys(annotations).length ? { ...rest, annotations } : rest;
}
