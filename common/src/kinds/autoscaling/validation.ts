/** Validation of a HorizontalPodAutoscaler: bounds, target, behavior. Metrics are in metrics.ts. */
import { type FieldError, invalid, notSupported, required } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { parseApiVersion } from '#common/api/groupVersion.ts';
import { pathSegmentNameErrors } from '#common/api/names.ts';
import { parseQuantity } from '#common/api/quantity.ts';
import type * as api from '#common/schema/generated/types.ts';
import { notNegativeText, problemsAt } from '../validation/values.ts';
import { validateMetrics } from './metrics.ts';

const specPath = FieldPath.of('spec');
const selectPolicies = ['Disabled', 'Max', 'Min'];
const policyTypes = ['Percent', 'Pods'];
const longestWindow = 3600;
const longestPeriod = 1800;

export function validateAutoscaler({ spec }: api.HorizontalPodAutoscaler): FieldError[] {
  const errors: FieldError[] = [];
  if (!spec) return errors;
  const { minReplicas, maxReplicas = 0 } = spec;
  const atLeastOne = 'must be greater than or equal to 1';
  if (minReplicas != null && minReplicas < 1) errors.push(invalid(specPath.child('minReplicas'), minReplicas, atLeastOne));
  const maxPath = specPath.child('maxReplicas');
  if (maxReplicas === 0) errors.push(required(maxPath, 'must be set and greater than 0'));
  else if (maxReplicas < 1) errors.push(invalid(maxPath, maxReplicas, atLeastOne));
  if (minReplicas != null && maxReplicas < minReplicas) {
    errors.push(invalid(maxPath, maxReplicas, 'must be greater than or equal to `minReplicas`'));
  }
  validateTarget(spec.scaleTargetRef, specPath.child('scaleTargetRef'), errors);
  validateMetrics(spec.metrics ?? [], minReplicas, specPath.child('metrics'), errors);
  const path = specPath.child('behavior');
  if (spec.behavior?.scaleUp) validateRules(spec.behavior.scaleUp, path.child('scaleUp'), errors);
  if (spec.behavior?.scaleDown) validateRules(spec.behavior.scaleDown, path.child('scaleDown'), errors);
  return errors;
}

/** What to scale needs a group, but for the one kind of the core group that can be scaled. */
function validateTarget(ref: api.CrossVersionObjectReference | undefined, path: FieldPath, errors: FieldError[]): void {
  validateObjectReference(ref, path, errors);
  const { apiVersion = '', kind = '' } = ref ?? {};
  const at = path.child('apiVersion');
  if (apiVersion.split('/').length > 2) errors.push(invalid(at, apiVersion, `unexpected GroupVersion string: ${apiVersion}`));
  else if (!parseApiVersion(apiVersion).group && !(apiVersion === 'v1' && kind === 'ReplicationController')) {
    errors.push(invalid(at, apiVersion, 'apiVersion must specify API group'));
  }
}

export function validateObjectReference(
  ref: api.CrossVersionObjectReference | undefined,
  path: FieldPath,
  errors: FieldError[],
): void {
  for (const field of ['kind', 'name'] as const) {
    const value = ref?.[field];
    if (!value) errors.push(required(path.child(field)));
    else errors.push(...problemsAt(path.child(field), value, pathSegmentNameErrors(value)));
  }
}

function validateRules(rules: api.HPAScalingRules, path: FieldPath, errors: FieldError[]): void {
  const { stabilizationWindowSeconds: window, selectPolicy, policies = [], tolerance } = rules;
  const windowPath = path.child('stabilizationWindowSeconds');
  if (window != null && window < 0) errors.push(invalid(windowPath, window, 'must be greater than or equal to zero'));
  if (window != null && window > longestWindow) {
    errors.push(invalid(windowPath, window, `must be less than or equal to ${longestWindow}`));
  }
  if (selectPolicy != null && !selectPolicies.includes(selectPolicy)) {
    errors.push(notSupported(path.child('selectPolicy'), selectPolicy, selectPolicies));
  }
  const at = path.child('policies');
  if (!policies.length) errors.push(required(at, 'must specify at least one Policy'));
  policies.forEach((policy, i) => validatePolicy(policy, at.index(i), errors));
  const quantity = tolerance == null ? undefined : parseQuantity(tolerance);
  if (quantity && quantity.nano < 0n) errors.push(invalid(path.child('tolerance'), quantity.text, notNegativeText));
}

function validatePolicy(
  { type = '', value = 0, periodSeconds = 0 }: api.HPAScalingPolicy,
  path: FieldPath,
  errors: FieldError[],
): void {
  const periodPath = path.child('periodSeconds');
  if (!policyTypes.includes(type)) errors.push(notSupported(path.child('type'), type, policyTypes));
  if (value <= 0) errors.push(invalid(path.child('value'), value, 'must be greater than zero'));
  if (periodSeconds <= 0) errors.push(invalid(periodPath, periodSeconds, 'must be greater than zero'));
  if (periodSeconds > longestPeriod) {
    errors.push(invalid(periodPath, periodSeconds, `must be less than or equal to ${longestPeriod}`));
  }
}
