import { formatLabelSelector } from '#common/kinds/columnText.ts';
import type {
  HorizontalPodAutoscaler,
  HPAScalingRules,
  MetricSpec,
  MetricStatus,
  MetricTarget,
  PodDisruptionBudget,
  PriorityClass,
} from '#common/schema/generated/types.ts';
import { eventLines, headLines, timeText } from './common.ts';
import { type Describer, Page } from './describer.ts';

export const describePodDisruptionBudget: Describer = async (ctx, object) => {
  const { metadata, spec, status } = object as unknown as PodDisruptionBudget;
  const page = new Page();
  page.line(0, `Name:\t${metadata.name ?? ''}`);
  page.line(0, `Namespace:\t${metadata.namespace ?? ''}`);
  if (spec?.minAvailable !== undefined) page.line(0, `Min available:\t${spec.minAvailable}`);
  else if (spec?.maxUnavailable !== undefined) page.line(0, `Max unavailable:\t${spec.maxUnavailable}`);
  page.line(0, `Selector:\t${spec?.selector ? formatLabelSelector(spec.selector) : '<unset>'}`);
  page.line(0, 'Status:');
  page.line(2, `Allowed disruptions:\t${status?.disruptionsAllowed ?? 0}`);
  page.line(2, `Current:\t${status?.currentHealthy ?? 0}`);
  page.line(2, `Desired:\t${status?.desiredHealthy ?? 0}`);
  page.line(2, `Total:\t${status?.expectedPods ?? 0}`);
  await eventLines(ctx, page, object);
  return page.toString();
};

export const describeHorizontalPodAutoscaler: Describer = async (ctx, object) => {
  const { metadata, spec, status } = object as unknown as HorizontalPodAutoscaler;
  const page = new Page();
  headLines(page, object);
  page.line(0, `CreationTimestamp:\t${timeText(metadata.creationTimestamp)}`);
  page.line(0, `Reference:\t${spec?.scaleTargetRef.kind ?? ''}/${spec?.scaleTargetRef.name ?? ''}`);
  page.line(0, 'Metrics:\t( current / target )');
  (spec?.metrics ?? []).forEach((metric, i) => page.line(1, metricText(metric, status?.currentMetrics?.[i])));
  page.line(0, `Min replicas:\t${spec?.minReplicas ?? '<unset>'}`);
  page.line(0, `Max replicas:\t${spec?.maxReplicas ?? 0}`);
  if (spec?.behavior) {
    page.line(0, 'Behavior:');
    rules(page, 'Scale Up', spec.behavior.scaleUp);
    rules(page, 'Scale Down', spec.behavior.scaleDown);
  }
  page.line(
    0,
    `${spec?.scaleTargetRef.kind ?? ''} pods:\t${status?.currentReplicas ?? 0} current / ${status?.desiredReplicas ?? 0} desired`,
  );
  if (status?.conditions?.length) {
    page.lines(0, ['Conditions:', '  Type\tStatus\tReason\tMessage', '  ----\t------\t------\t-------']);
    for (const { type, status: value, reason = '', message = '' } of status.conditions)
      page.line(1, [type, value, reason, message].join('\t'));
  }
  await eventLines(ctx, page, object);
  return page.toString();
};

function metricText(metric: MetricSpec, now: MetricStatus | undefined): string {
  const { resource, containerResource, pods, object, external } = metric;
  if (resource) return resourceText(`resource ${resource.name} on pods`, resource.target, now?.resource?.current);
  if (containerResource)
    return resourceText(
      `resource ${containerResource.name} of container "${containerResource.container}" on pods`,
      containerResource.target,
      now?.containerResource?.current,
    );
  if (pods)
    return `"${pods.metric.name}" on pods:\t${now?.pods?.current.averageValue ?? '<unknown>'} / ${pods.target.averageValue ?? ''}`;
  if (object) {
    const what = `"${object.metric.name}" on ${object.describedObject.kind}/${object.describedObject.name}`;
    return object.target.type === 'AverageValue'
      ? `${what} (target average value):\t${now?.object?.current.averageValue ?? '<unknown>'} / ${object.target.averageValue ?? ''}`
      : `${what} (target value):\t${now?.object?.current.value ?? '<unknown>'} / ${object.target.value ?? ''}`;
  }
  if (external) {
    return external.target.averageValue === undefined
      ? `"${external.metric.name}" (target value):\t${now?.external?.current.value ?? '<unknown>'} / ${external.target.value ?? ''}`
      : `"${external.metric.name}" (target average value):\t${now?.external?.current.averageValue ?? '<unknown>'} / ${external.target.averageValue}`;
  }
  return '<unknown metric type>';
}

function resourceText(
  what: string,
  target: MetricTarget,
  now: { averageUtilization?: number; averageValue?: string } | undefined,
): string {
  if (target.averageValue !== undefined) return `${what}:\t${now?.averageValue ?? '<unknown>'} / ${target.averageValue}`;
  const current = now?.averageUtilization === undefined ? '<unknown>' : `${now.averageUtilization}% (${now.averageValue ?? ''})`;
  return `${what}  (as a percentage of request):\t${current} / ${target.averageUtilization === undefined ? '<auto>' : `${target.averageUtilization}%`}`;
}

function rules(page: Page, title: string, given: HPAScalingRules | undefined): void {
  if (!given) return;
  page.line(1, `${title}:`);
  if (given.stabilizationWindowSeconds !== undefined)
    page.line(2, `Stabilization Window: ${given.stabilizationWindowSeconds} seconds`);
  if (!given.policies?.length) return;
  page.line(2, `Select Policy: ${given.selectPolicy ?? 'Max'}`);
  page.line(2, 'Policies:');
  for (const { type, value, periodSeconds } of given.policies)
    page.line(3, `- Type: ${type}\tValue: ${value}\tPeriod: ${periodSeconds} seconds`);
}

export const describePriorityClass: Describer = async (ctx, object) => {
  const { metadata, value, globalDefault, preemptionPolicy, description } = object as unknown as PriorityClass;
  const page = new Page();
  page.line(0, `Name:\t${metadata.name ?? ''}`);
  page.line(0, `Value:\t${value}`);
  page.line(0, `GlobalDefault:\t${globalDefault ?? false}`);
  page.line(0, `PreemptionPolicy:\t${preemptionPolicy ?? 'PreemptLowerPriority'}`);
  page.line(0, `Description:\t${description ?? ''}`);
  const annotations = Object.entries(metadata.annotations ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  page.line(0, `Annotations:\t${annotations.map(([key, text]) => `${key}=${text}`).join(',') || '<none>'}`);
  await eventLines(ctx, page, object);
  return page.toString();
};
