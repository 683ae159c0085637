/** What a Job says about failed pods, about enough success, and about replacing pods that are going. */
import {
  duplicate,
  type FieldError,
  invalid,
  noValue,
  notSupported,
  required,
  tooLong,
  tooMany,
} from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';
import { byteLength, qualifiedNameErrors } from '#common/api/names.ts';
import type * as api from '#common/schema/generated/types.ts';
import { internalForm } from '../podSpec/internalForm.ts';
import { notNegativeText, problemsAt } from '../validation/values.ts';
import { countIndexes } from './jobIndexes.ts';

const actions = ['Count', 'FailIndex', 'FailJob', 'Ignore'];
const operators = ['In', 'NotIn'];
const statuses = ['False', 'True', 'Unknown'];
const maxRules = 20;
const maxConditions = 20;
const maxExitCodes = 255;
const maxIndexesText = 64 * 1024;
const choices = (values: readonly string[]): string =>
  `valid values: [${values.map((value) => JSON.stringify(value)).join(' ')}]`;

export function validatePodFailurePolicy(
  spec: api.JobSpec,
  policy: api.PodFailurePolicy,
  path: FieldPath,
  errors: FieldError[],
): void {
  const rules = policy.rules ?? [];
  const at = path.child('rules');
  if (rules.length > maxRules) errors.push(tooMany(at, rules.length, maxRules));
  const { containers = [], initContainers = [] } = spec.template?.spec ?? {};
  const names = new Set([...(containers ?? []), ...initContainers].map((container) => container.name));
  rules.forEach((rule, i) => validateFailureRule(rule, spec, names, at.index(i), errors));
}

function validateFailureRule(
  rule: api.PodFailurePolicyRule,
  spec: api.JobSpec,
  names: ReadonlySet<string>,
  path: FieldPath,
  errors: FieldError[],
): void {
  const { action = '', onExitCodes, onPodConditions = [] } = rule;
  if (!action) errors.push(required(path.child('action'), choices(actions)));
  else if (!actions.includes(action)) errors.push(notSupported(path.child('action'), action, actions));
  else if (action === 'FailIndex' && spec.backoffLimitPerIndex == null) {
    errors.push(invalid(path.child('action'), action, 'requires the backoffLimitPerIndex to be set'));
  }
  if (onExitCodes) validateExitCodes(onExitCodes, names, path.child('onExitCodes'), errors);
  if (onPodConditions.length) validatePodConditions(onPodConditions, path.child('onPodConditions'), errors);
  if (onExitCodes && onPodConditions.length) {
    errors.push(invalid(path, noValue, 'specifying both OnExitCodes and OnPodConditions is not supported'));
  }
  if (!onExitCodes && !onPodConditions.length) {
    errors.push(invalid(path, noValue, 'specifying one of OnExitCodes and OnPodConditions is required'));
  }
}

function validateExitCodes(
  rule: api.PodFailurePolicyOnExitCodesRequirement,
  names: ReadonlySet<string>,
  path: FieldPath,
  errors: FieldError[],
): void {
  const { operator = '', containerName, values } = rule;
  if (!operator) errors.push(required(path.child('operator'), choices(operators)));
  else if (!operators.includes(operator)) errors.push(notSupported(path.child('operator'), operator, operators));
  if (containerName != null && !names.has(containerName)) {
    const text = 'must be one of the container or initContainer names in the pod template';
    errors.push(invalid(path.child('containerName'), containerName, text));
  }
  const at = path.child('values');
  if (!values?.length) errors.push(invalid(at, values ?? null, 'at least one value is required'));
  else if (values.length > maxExitCodes) errors.push(tooMany(at, values.length, maxExitCodes));
  const seen = new Set<number>();
  let ordered = true;
  values?.forEach((value, i) => {
    if (operator === 'In' && value === 0) errors.push(invalid(at.index(i), value, 'must not be 0 for the In operator'));
    if (seen.has(value)) errors.push(duplicate(at.index(i), value));
    seen.add(value);
    ordered &&= i === 0 || value >= (values[i - 1] ?? 0);
  });
  if (!ordered) errors.push(invalid(at, values, 'must be ordered'));
}

function validatePodConditions(
  conditions: readonly api.PodFailurePolicyOnPodConditionsPattern[],
  path: FieldPath,
  errors: FieldError[],
): void {
  if (conditions.length > maxConditions) errors.push(tooMany(path, conditions.length, maxConditions));
  conditions.forEach(({ type = '', status = '' }, i) => {
    const at = path.index(i);
    errors.push(...problemsAt(at.child('type'), type, qualifiedNameErrors(type)));
    if (!status) errors.push(required(at.child('status'), choices(statuses)));
    else if (!statuses.includes(status)) errors.push(notSupported(at.child('status'), status, statuses));
  });
}

export function validateSuccessPolicy(spec: api.JobSpec, policy: api.SuccessPolicy, path: FieldPath, errors: FieldError[]): void {
  if (spec.completionMode !== 'Indexed') {
    errors.push(invalid(path, internalForm('SuccessPolicy', policy), 'requires indexed completion mode'));
    return;
  }
  const rules = policy.rules ?? [];
  const at = path.child('rules');
  if (!rules.length) {
    errors.push(required(at, 'at least one rules must be specified when the successPolicy is specified'));
    return;
  }
  if (rules.length > maxRules) errors.push(tooMany(at, rules.length, maxRules));
  rules.forEach((rule, i) => validateSuccessRule(rule, spec.completions, at.index(i), errors));
}

function validateSuccessRule(
  { succeededCount: count, succeededIndexes: indexes }: api.SuccessPolicyRule,
  completions: number | undefined,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (count == null && indexes == null) {
    errors.push(required(path, 'at least one of succeededCount or succeededIndexes must be specified'));
    return;
  }
  let total: number | undefined;
  if (indexes != null) {
    const at = path.child('succeededIndexes');
    if (byteLength(indexes) > maxIndexesText) errors.push(tooLong(at, maxIndexesText));
    const counted = countIndexes(indexes, completions ?? 0);
    if ('problem' in counted) errors.push(invalid(at, indexes, `error parsing succeededIndexes: ${counted.problem}`));
    else total = counted.count;
  }
  if (count == null) return;
  const at = path.child('succeededCount');
  const most = (limit: number | undefined, of: string): void => {
    if (limit == null || count <= limit) return;
    errors.push(invalid(at, count, `must be less than or equal to ${limit} (the number of ${of})`));
  };
  if (count < 0) errors.push(invalid(at, count, notNegativeText));
  most(completions, 'specified completions');
  most(total, 'indexes in the specified succeededIndexes field');
}

export function validateReplacementPolicy(spec: api.JobSpec, path: FieldPath, errors: FieldError[]): void {
  if (spec.podReplacementPolicy == null) return;
  const supported = spec.podFailurePolicy ? ['Failed'] : ['Failed', 'TerminatingOrFailed'];
  if (supported.includes(spec.podReplacementPolicy)) return;
  errors.push(notSupported(path.child('podReplacementPolicy'), spec.podReplacementPolicy, supported));
}
