/** What one metric of an autoscaler asks for, or why it asks for nothing, in the words that conditions and events have. */
import { quantityFromMilli, quantityMilli } from '#common/api/quantity.ts';
import type { LabelSelector } from '#common/api/meta.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { PodValue } from './podGroups.ts';
import {
  type NoReplicas,
  replicasForAverage,
  replicasForShare,
  replicasForUtilization,
  replicasForValue,
  type Tolerance,
} from './replicasFor.ts';

/** What was read for a metric. A problem is in the words of whoever was asked. */
export type Reading =
  | { readonly type: 'pods'; readonly values: ReadonlyMap<string, PodValue> }
  | { readonly type: 'value'; readonly value: number }
  | { readonly type: 'problem'; readonly problem: string };

export interface MetricInput {
  readonly namespace: string;
  readonly specReplicas: number;
  readonly statusReplicas: number;
  readonly tolerance: Tolerance;
  /** All pods that the target's selector matches. */
  readonly pods: readonly api.Pod[];
  readonly now: number;
}

export type Proposal =
  | { readonly type: 'replicas'; readonly replicas: number; readonly name: string; readonly status: api.MetricStatus }
  /** `message` is for the condition and the event, `error` for the sum of all metrics' problems. */
  | { readonly type: 'failed'; readonly reason: string; readonly message: string; readonly error: string };

const amount = (milli: number): string => quantityFromMilli(milli).text;

export function planMetric(spec: api.MetricSpec, reading: Reading, input: MetricInput): Proposal {
  switch (spec.type) {
    case 'Resource':
      if (spec.resource) return planResource(spec.resource, '', reading, input);
      break;
    case 'ContainerResource':
      if (spec.containerResource) return planResource(spec.containerResource, spec.containerResource.container, reading, input);
      break;
    case 'Pods':
      if (spec.pods) return planPods(spec.pods, reading, input);
      break;
    case 'Object':
      if (spec.object) return planObject(spec.object, reading, input);
      break;
    case 'External':
      if (spec.external) return planExternal(spec.external, reading, input);
      break;
  }
  const text = `unknown metric source type ${JSON.stringify(spec.type)}`;
  return { type: 'failed', reason: 'InvalidMetricSourceType', message: text, error: text };
}

interface Failing {
  readonly reason: string;
  /** What the sum of problems puts before the metric's own. */
  readonly prefix: string;
}

const failed = ({ reason, prefix }: Failing, message: string): Proposal => ({
  type: 'failed',
  reason,
  message,
  error: `${prefix}: ${message}`,
});

function planResource(source: api.ResourceMetricSource, container: string, reading: Reading, input: MetricInput): Proposal {
  const { name, target } = source;
  const failing: Failing = container
    ? { reason: 'FailedGetContainerResourceMetric', prefix: `failed to get ${name} container metric value` }
    : { reason: 'FailedGetResourceMetric', prefix: `failed to get ${name} resource metric value` };
  const { averageValue, averageUtilization } = target;
  if (averageValue == null && averageUtilization == null) {
    const text =
      'invalid resource metric source: neither an average utilization target nor an average value (usage) target was set';
    return failed(failing, text);
  }
  const what = `failed to get ${name} ${averageValue == null ? 'utilization' : 'usage'}`;
  if (reading.type !== 'pods')
    return failed(failing, `${what}: unable to get metrics for resource ${name}: ${problemOf(reading)}`);
  const pods = { ...input, currentReplicas: input.specReplicas, values: reading.values, resource: name };
  const answer = (replicas: number, title: string, current: api.MetricValueStatus): Proposal => ({
    type: 'replicas',
    replicas,
    name: title,
    status: container
      ? { type: 'ContainerResource', containerResource: { name, container, current } }
      : { type: 'Resource', resource: { name, current } },
  });
  if (averageValue != null) {
    const result = replicasForAverage(pods, quantityMilli(averageValue));
    if ('problem' in result) return failed(failing, `${what}: ${result.problem}`);
    return answer(result.replicas, `${name} resource`, { averageValue: amount(result.average) });
  }
  const result = replicasForUtilization(pods, averageUtilization ?? 0, container);
  if ('problem' in result) return failed(failing, `${what}: ${result.problem}`);
  const { utilization, average, replicas } = result;
  const title = `${name} resource utilization (percentage of request)`;
  return answer(replicas, title, { averageUtilization: utilization, averageValue: amount(average) });
}

function planPods({ metric, target }: api.PodsMetricSource, reading: Reading, input: MetricInput): Proposal {
  const failing: Failing = { reason: 'FailedGetPodsMetric', prefix: 'failed to get pods metric value' };
  if (reading.type !== 'pods') return failed(failing, `unable to get metric ${metric.name}: ${problemOf(reading)}`);
  const pods = { ...input, currentReplicas: input.specReplicas, values: reading.values, resource: '' };
  const result = replicasForAverage(pods, quantityMilli(target.averageValue));
  if ('problem' in result) return failed(failing, result.problem);
  return {
    type: 'replicas',
    replicas: result.replicas,
    name: `pods metric ${metric.name}`,
    status: { type: 'Pods', pods: { metric, current: { averageValue: amount(result.average) } } },
  };
}

function planObject({ metric, target, describedObject }: api.ObjectMetricSource, reading: Reading, input: MetricInput): Proposal {
  const failing: Failing = { reason: 'FailedGetObjectMetric', prefix: 'failed to get object metric value' };
  if (reading.type !== 'value') {
    // The places of object and problem are as Kubernetes prints them.
    const place = `${describedObject.kind} on ${input.namespace} ${describedObject.name}`;
    const text = `unable to get metric ${metric.name}: ${place}/${problemOf(reading)}`;
    return failed(failing, target.averageValue == null ? text : `failed to get ${metric.name} object metric: ${text}`);
  }
  const result = replicasOfOneValue(target, reading.value, input);
  if (!result) {
    return failed(failing, 'invalid object metric source: neither a value target nor an average value target was set');
  }
  if ('problem' in result) return failed(failing, result.problem);
  const title =
    target.averageValue == null
      ? `${describedObject.kind} metric ${metric.name}`
      : `external metric ${metric.name}(${selectorStructText(metric.selector)})`;
  const status: api.MetricStatus = { type: 'Object', object: { describedObject, metric, current: result.current } };
  return { type: 'replicas', replicas: result.replicas, name: title, status };
}

function planExternal({ metric, target }: api.ExternalMetricSource, reading: Reading, input: MetricInput): Proposal {
  const failing: Failing = {
    reason: 'FailedGetExternalMetric',
    prefix: `failed to get ${metric.name} external metric value`,
  };
  const selector = selectorStructText(metric.selector);
  if (reading.type !== 'value') {
    const text = `unable to get external metric ${input.namespace}/${metric.name}/${selector}: ${problemOf(reading)}`;
    const wrapped = { ...failing, prefix: `${failing.prefix}: failed to get ${metric.name} external metric` };
    return failed(wrapped, text);
  }
  const result = replicasOfOneValue(target, reading.value, input);
  if (!result) {
    return failed(failing, 'invalid external metric source: neither a value target nor an average value target was set');
  }
  if ('problem' in result) return failed(failing, result.problem);
  return {
    type: 'replicas',
    replicas: result.replicas,
    name: `external metric ${metric.name}(${selector})`,
    status: { type: 'External', external: { metric, current: result.current } },
  };
}

type OneValue = { readonly replicas: number; readonly current: api.MetricValueStatus } | NoReplicas | undefined;

function replicasOfOneValue(target: api.MetricTarget, value: number, input: MetricInput): OneValue {
  if (target.averageValue != null) {
    const { replicas, average } = replicasForShare(
      value,
      quantityMilli(target.averageValue),
      input.statusReplicas,
      input.tolerance,
    );
    return { replicas, current: { averageValue: amount(average) } };
  }
  if (target.value == null) return undefined;
  const result = replicasForValue({ ...input, currentReplicas: input.specReplicas }, value, quantityMilli(target.value));
  return 'problem' in result ? result : { replicas: result.replicas, current: { value: amount(value) } };
}

const problemOf = (reading: Reading): string => (reading.type === 'problem' ? reading.problem : 'no metrics returned');

/** A selector as Go prints the structure. */
function selectorStructText(selector: LabelSelector | undefined): string {
  if (!selector) return 'nil';
  const labels = Object.entries(selector.matchLabels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const requirements = (selector.matchExpressions ?? []).map(
    ({ key, operator, values = [] }) => `{${key} ${operator} [${values.join(' ')}]}`,
  );
  const matchLabels = `map[string]string{${labels.map(([key, value]) => `${key}: ${value},`).join('')}}`;
  return `&LabelSelector{MatchLabels:${matchLabels},MatchExpressions:[]LabelSelectorRequirement{${requirements.map((text) => `${text},`).join('')}},}`;
}
