/** What is told of a HorizontalPodAutoscaler: what it scales between which bounds, and each metric beside its target. */
import type * as api from '#common/schema/generated/types.ts';
import { cell, facts, link, section, table, text, texts, time } from '../blocks.ts';
import type { Describe } from '../describeContext.ts';

export const describeAutoscaler: Describe<api.HorizontalPodAutoscaler> = ({ spec, status, metadata }, { texts: t }) => {
  const target = spec?.scaleTargetRef;
  return section(
    'facts',
    'HorizontalPodAutoscaler',
    facts(
      [
        t.target,
        target && link(target.apiVersion ?? 'v1', target.kind, metadata.namespace, target.name, `${target.kind} ${target.name}`),
      ],
      [t.bounds, text(`${spec?.minReplicas ?? 1} – ${spec?.maxReplicas ?? ''}`)],
      [t.replicas, text(`${status?.currentReplicas ?? 0} ${t.current} · ${status?.desiredReplicas ?? 0} ${t.desired}`)],
      [t.lastScale, time(status?.lastScaleTime)],
      [t.scaleUp, texts(rules(spec?.behavior?.scaleUp))],
      [t.scaleDown, texts(rules(spec?.behavior?.scaleDown))],
    ),
    table(
      [t.metric, t.current, t.target],
      (spec?.metrics ?? []).map((metric, i) => {
        const current = status?.currentMetrics?.[i];
        return [cell(metricName(metric)), cell(valueText(currentOf(current)) ?? t.notKnown), cell(valueText(targetOf(metric)))];
      }),
    ),
  );
};

function metricName({ type, resource, containerResource, pods, object, external }: api.MetricSpec): string {
  if (resource) return resource.name;
  if (containerResource) return `${containerResource.container}: ${containerResource.name}`;
  if (object) return `${object.metric.name} (${object.describedObject.kind} ${object.describedObject.name})`;
  return pods?.metric.name ?? external?.metric.name ?? type;
}

type Amount = { averageUtilization?: number; averageValue?: string; value?: string };

const targetOf = (metric: api.MetricSpec): Amount | undefined =>
  (metric.resource ?? metric.containerResource ?? metric.pods ?? metric.object ?? metric.external)?.target;

const currentOf = (metric: api.MetricStatus | undefined): Amount | undefined =>
  (metric?.resource ?? metric?.containerResource ?? metric?.pods ?? metric?.object ?? metric?.external)?.current;

function valueText(amount: Amount | undefined): string | undefined {
  if (!amount) return undefined;
  if (amount.averageUtilization !== undefined) return `${amount.averageUtilization}%`;
  return amount.averageValue ?? amount.value;
}

const rules = (scaling: api.HPAScalingRules | undefined): string[] =>
  (scaling?.policies ?? []).map(({ type, value, periodSeconds }) => `${value} ${type} / ${periodSeconds}s`);
