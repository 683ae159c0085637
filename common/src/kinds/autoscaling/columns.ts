/** The columns of `kubectl get hpa`: above all what is measured against what is wanted. */
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn, textColumn } from '../columns.ts';
import type { Column } from '../defineKind.ts';

type Hpa = api.HorizontalPodAutoscaler;
const shown = 2;
const unknown = '<unknown>';

function targetsText({ spec, status }: Hpa): string {
  const metrics = spec?.metrics ?? [];
  if (!metrics.length) return '<none>';
  const texts = metrics.slice(0, shown).map((metric, i) => metricText(metric, status?.currentMetrics?.[i]));
  const more = metrics.length - shown;
  return more > 0 ? `${texts.join(', ')} + ${more} more...` : texts.join(', ');
}

function metricText(metric: api.MetricSpec, status: api.MetricStatus | undefined): string {
  switch (metric.type) {
    case 'External':
      return plainText(metric.external?.target, status?.external?.current);
    case 'Object':
      return plainText(metric.object?.target, status?.object?.current);
    case 'Pods':
      return `${status?.pods?.current?.averageValue ?? unknown}/${metric.pods?.target?.averageValue ?? ''}`;
    case 'Resource':
      return resourceText(metric.resource, status?.resource?.current);
    case 'ContainerResource':
      return resourceText(metric.containerResource, status?.containerResource?.current);
    default:
      return '<unknown type>';
  }
}

function plainText(target: api.MetricTarget | undefined, current: api.MetricValueStatus | undefined): string {
  if (target?.averageValue != null) return `${current?.averageValue ?? unknown}/${target.averageValue} (avg)`;
  return `${current?.value ?? unknown}/${target?.value ?? ''}`;
}

function resourceText(
  source: { name: string; target: api.MetricTarget } | undefined,
  current: api.MetricValueStatus | undefined,
): string {
  const name = source?.name ?? '';
  if (source?.target?.averageValue != null) return `${name}: ${current?.averageValue ?? unknown}/${source.target.averageValue}`;
  const percent = (value: number | undefined, missing: string): string => (value == null ? missing : `${value}%`);
  const wanted = percent(source?.target?.averageUtilization, '<auto>');
  return `${name}: ${percent(current?.averageUtilization, unknown)}/${wanted}`;
}

export const autoscalerColumns: readonly Column<Hpa>[] = [
  nameColumn,
  textColumn('Reference', ({ spec }) => `${spec?.scaleTargetRef?.kind ?? ''}/${spec?.scaleTargetRef?.name ?? ''}`),
  textColumn('Targets', targetsText),
  textColumn('MinPods', ({ spec }) => (spec?.minReplicas == null ? '<unset>' : String(spec.minReplicas))),
  { name: 'MaxPods', type: 'string', cell: ({ spec }) => spec?.maxReplicas ?? 0 },
  { name: 'Replicas', type: 'string', cell: ({ status }) => status?.currentReplicas ?? 0 },
  ageColumn,
];
