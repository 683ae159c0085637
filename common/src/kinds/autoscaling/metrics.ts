/** Validation of what a HorizontalPodAutoscaler looks at: each metric has one source, and each source one kind of target. */
import { type FieldError, forbidden, invalid, notSupported, required } from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';
import { dns1123LabelErrors, pathSegmentNameErrors } from '#common/api/names.ts';
import { parseQuantity } from '#common/api/quantity.ts';
import type * as api from '#common/schema/generated/types.ts';
import { containerResourceNameProblems } from '../podSpec/resourceNames.ts';
import { problemsAt } from '../validation/values.ts';
import { validateObjectReference } from './validation.ts';

type Source = 'object' | 'external' | 'pods' | 'resource' | 'containerResource';

const sources: readonly Source[] = ['object', 'external', 'pods', 'resource', 'containerResource'];
const sourceOfType: Readonly<Record<string, Source>> = {
  ContainerResource: 'containerResource',
  External: 'external',
  Object: 'object',
  Pods: 'pods',
  Resource: 'resource',
};
const types = Object.keys(sourceOfType);
const targetTypes = ['Utilization', 'Value', 'AverageValue'];

export function validateMetrics(
  metrics: readonly api.MetricSpec[],
  minReplicas: number | undefined,
  path: FieldPath,
  errors: FieldError[],
): void {
  metrics.forEach((metric, i) => validateMetric(metric, path.index(i), errors));
  const reachesZero = metrics.some(({ type }) => type === 'Object' || type === 'External');
  if (minReplicas === 0 && !reachesZero) {
    errors.push(forbidden(path, 'must specify at least one Object or External metric to support scaling to zero replicas'));
  }
}

function validateMetric(metric: api.MetricSpec, path: FieldPath, errors: FieldError[]): void {
  const { type = '' } = metric;
  if (!type) errors.push(required(path.child('type'), 'must specify a metric source type'));
  const expected = Object.hasOwn(sourceOfType, type) ? sourceOfType[type] : undefined;
  if (!expected) errors.push(notSupported(path.child('type'), type, types));
  const present = sources.filter((source) => metric[source]);
  if (present[0]) validateSource(metric, present[0], path.child(present[0]), errors);
  if (expected && !present.includes(expected)) {
    errors.push(required(path.child(expected), 'must populate information for the given metric source'));
  }
  if (present.length < 2) return;
  for (const source of present) {
    if (source !== expected) errors.push(forbidden(path.child(source), 'must populate the given metric source only'));
  }
}

function validateSource(metric: api.MetricSpec, source: Source, path: FieldPath, errors: FieldError[]): void {
  const { object, external, pods, resource, containerResource } = metric;
  const targetPath = path.child('target');
  if (source === 'object' && object) {
    validateObjectReference(object.describedObject, path.child('describedObject'), errors);
    validateIdentifier(object.metric, path.child('metric'), errors);
    validateTarget(object.target, targetPath, errors);
    needOne(object.target, ['value', 'averageValue'], targetPath, 'must set either a target value or averageValue', errors);
  } else if (source === 'external' && external) {
    validateIdentifier(external.metric, path.child('metric'), errors);
    validateTarget(external.target, targetPath, errors);
    if (external.target?.value != null && external.target.averageValue != null) {
      errors.push(forbidden(targetPath.child('value'), 'may not set both a target value for metric and a per-pod target'));
    }
    const text = 'must set either a target value for metric or a per-pod target';
    needOne(external.target, ['value', 'averageValue'], targetPath, text, errors);
  } else if (source === 'pods' && pods) {
    validateIdentifier(pods.metric, path.child('metric'), errors);
    validateTarget(pods.target, targetPath, errors);
    needOne(pods.target, ['averageValue'], targetPath, 'must specify a positive target averageValue', errors);
  } else if (source === 'resource' && resource) {
    if (!resource.name) errors.push(required(path.child('name'), 'must specify a resource name'));
    validateResourceTarget(resource.target, targetPath, errors);
  } else if (containerResource) {
    validateContainerResource(containerResource, path, errors);
  }
}

function validateContainerResource(source: api.ContainerResourceMetricSource, path: FieldPath, errors: FieldError[]): void {
  const { name, container } = source;
  if (!name) errors.push(required(path.child('name'), 'must specify a resource name'));
  else errors.push(...problemsAt(path.child('name'), name, containerResourceNameProblems(name)));
  if (!container) errors.push(required(path.child('container'), 'must specify a container'));
  else errors.push(...problemsAt(path.child('container'), container, dns1123LabelErrors(container)));
  validateResourceTarget(source.target, path.child('target'), errors);
}

function validateResourceTarget(target: api.MetricTarget | undefined, path: FieldPath, errors: FieldError[]): void {
  validateTarget(target, path, errors);
  const text = 'must set either a target raw value or a target utilization';
  needOne(target, ['averageValue', 'averageUtilization'], path, text, errors);
  if (target?.averageUtilization != null && target.averageValue != null) {
    errors.push(forbidden(path.child('averageValue'), 'may not set both a target raw value and a target utilization'));
  }
}

/** The last of the fields is the one that is said to be missing. */
function needOne(
  target: api.MetricTarget | undefined,
  fields: readonly (keyof api.MetricTarget)[],
  path: FieldPath,
  text: string,
  errors: FieldError[],
): void {
  if (!fields.some((field) => target?.[field] != null)) errors.push(required(path.child(fields.at(-1) ?? ''), text));
}

function validateIdentifier(metric: api.MetricIdentifier | undefined, path: FieldPath, errors: FieldError[]): void {
  if (!metric?.name) errors.push(required(path.child('name'), 'must specify a metric name'));
  else errors.push(...problemsAt(path.child('name'), metric.name, pathSegmentNameErrors(metric.name)));
}

function validateTarget(target: api.MetricTarget | undefined, path: FieldPath, errors: FieldError[]): void {
  const type = target?.type ?? '';
  if (!type) errors.push(required(path.child('type'), 'must specify a metric target type'));
  if (!targetTypes.includes(type)) {
    errors.push(invalid(path.child('type'), type, 'must be either Utilization, Value, or AverageValue'));
  }
  for (const field of ['value', 'averageValue'] as const) {
    const quantity = target?.[field] == null ? undefined : parseQuantity(target[field]);
    if (quantity && quantity.nano <= 0n) errors.push(invalid(path.child(field), quantity.text, 'must be positive'));
  }
  const utilization = target?.averageUtilization;
  if (utilization != null && utilization < 1) {
    errors.push(invalid(path.child('averageUtilization'), utilization, 'must be greater than 0'));
  }
}
