/**
 * Reads what an autoscaler's metrics say: cpu and memory through the metrics API, everything else from annotations.
 *
 * Differs from Kubernetes: there are no custom.metrics.k8s.io and external.metrics.k8s.io APIs. A pod's metric is what its
 * annotation `playground.kube/metric.<name>` says, an object's what the object's says, and an external one what the
 * namespace's says; the selector of a metric is not looked at. Without any such annotation the metric is unavailable,
 * with the words of a cluster that lacks those APIs.
 */
import { parseApiVersion } from '#common/api/groupVersion.ts';
import { parseDuration } from '#common/api/duration.ts';
import type { KubeObject } from '#common/api/meta.ts';
import { getOwn } from '#common/api/ownProperty.ts';
import { parseQuantity, quantityMilli } from '#common/api/quantity.ts';
import { ApiError, hasReason } from '#common/api/status.ts';
import { parseTime } from '#common/api/time.ts';
import { PodMetrics } from '#common/kinds/metrics/podMetrics.ts';
import { Namespace } from '#common/kinds/namespace.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { ReconcileContext } from '../../controller/controller.ts';
import type { PodValue } from './podGroups.ts';
import type { Reading } from './planMetric.ts';

/** The annotation's prefix; the metric's name follows. */
export const metricAnnotation = 'playground.kube/metric.';

const annotationWindowMs = 60_000;

export async function readMetrics(
  ctx: ReconcileContext,
  autoscaler: api.HorizontalPodAutoscaler,
  selector: string,
  pods: readonly api.Pod[],
): Promise<Reading[]> {
  const namespace = autoscaler.metadata.namespace ?? '';
  // One list serves all metrics of one look.
  let resources: Promise<PodMetrics[] | string> | undefined;
  const readings: Reading[] = [];
  for (const metric of autoscaler.spec?.metrics ?? []) {
    const source = metric.resource ?? metric.containerResource;
    if (source) {
      resources ??= listPodMetrics(ctx, namespace, selector);
      readings.push(resourceReading(await resources, source.name, metric.containerResource?.container ?? ''));
    } else {
      readings.push(annotatedReading(ctx, metric, namespace, pods));
    }
  }
  return readings;
}

const problem = (text: string): Reading => ({ type: 'problem', problem: text });

/** The pods' figures, or why there are none. */
async function listPodMetrics(ctx: ReconcileContext, namespace: string, labelSelector: string): Promise<PodMetrics[] | string> {
  try {
    const items = await ctx.client.list(PodMetrics, { namespace, labelSelector });
    return items.length > 0 ? items : 'no metrics returned from resource metrics API';
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const asked = hasReason(error, 'NotFound') ? ' (get pods.metrics.k8s.io)' : '';
    return `unable to fetch metrics from resource metrics API: ${error.message}${asked}`;
  }
}

function resourceReading(metrics: PodMetrics[] | string, resource: string, container: string): Reading {
  if (typeof metrics === 'string') return problem(metrics);
  const values = new Map<string, PodValue>();
  for (const { metadata, timestamp, window, containers } of metrics) {
    const counted = container ? containers.filter(({ name }) => name === container) : containers;
    if (container && counted.length === 0) {
      const pod = `${metadata.namespace}/${metadata.name}`;
      return problem(`failed to get container metrics: container ${container} not present in metrics for pod ${pod}`);
    }
    let value = 0;
    let known = counted.length > 0;
    for (const { usage } of counted) {
      const used = getOwn(usage, resource);
      if (typeof used === 'string') value += quantityMilli(used);
      else known = false;
    }
    if (known) values.set(metadata.name ?? '', { value, at: parseTime(timestamp) ?? 0, windowMs: parseDuration(window) ?? 0 });
  }
  return { type: 'pods', values };
}

const noCustom = 'unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered';

function annotatedReading(
  ctx: ReconcileContext,
  { pods: podsSource, object, external }: api.MetricSpec,
  namespace: string,
  pods: readonly api.Pod[],
): Reading {
  if (podsSource) {
    const values = new Map<string, PodValue>();
    for (const pod of pods) {
      const value = annotated(pod, podsSource.metric.name);
      if (value !== undefined) values.set(pod.metadata.name ?? '', { value, at: ctx.clock.now(), windowMs: annotationWindowMs });
    }
    return values.size > 0 ? { type: 'pods', values } : problem(noCustom);
  }
  if (object) {
    const value = annotated(describedObject(ctx, object.describedObject, namespace), object.metric.name);
    return value === undefined ? problem(noCustom) : { type: 'value', value };
  }
  const name = external?.metric.name ?? '';
  const value = annotated(ctx.cache.get(Namespace, { namespace: '', name: namespace }), name);
  if (value !== undefined) return { type: 'value', value };
  const missing = 'the server could not find the requested resource';
  return problem(`unable to fetch metrics from external metrics API: ${missing} (get ${name}.external.metrics.k8s.io)`);
}

function describedObject(
  { cache }: ReconcileContext,
  { apiVersion = '', kind: kindName, name }: api.CrossVersionObjectReference,
  namespace: string,
): KubeObject | undefined {
  const { group } = parseApiVersion(apiVersion);
  const kind = cache.kinds().find((one) => one.group === group && one.kind === kindName);
  return kind && cache.get(kind, { namespace: kind.namespaced ? namespace : '', name });
}

/** In thousandths; undefined where nothing is said, or no amount. */
function annotated(object: KubeObject | undefined, metric: string): number | undefined {
  const text = getOwn(object?.metadata.annotations ?? {}, `${metricAnnotation}${metric}`);
  const quantity = typeof text === 'string' ? parseQuantity(text) : undefined;
  return quantity && quantityMilli(quantity);
}
