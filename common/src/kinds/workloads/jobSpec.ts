/** Validation of a Job's spec, in a Job and in a CronJob's template. */
import { type FieldError, invalid, notSupported, required, tooLong } from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';
import { byteLength, domainPrefixedPathErrors } from '#common/api/names.ts';
import type * as api from '#common/schema/generated/types.ts';
import { validatePodTemplate } from '../podSpec/template.ts';
import { notNegative, problemsAt } from '../validation/values.ts';
import { validatePodFailurePolicy, validateReplacementPolicy, validateSuccessPolicy } from './jobPolicies.ts';

const completionModes = ['NonIndexed', 'Indexed'];
const restartPolicies = ['OnFailure', 'Never'];
const maxManagedBy = 63;
/** Beyond so many indexes, what is kept of each must stay small. */
const manyIndexes = 100_000;
const fewWithManyIndexes = 10_000;
const withManyIndexes = `must be less than or equal to ${fewWithManyIndexes} when completions are above ${manyIndexes} and used with backoff limit per index`;

/** Everything but the selector. */
export function validateJobSpec(spec: api.JobSpec, path: FieldPath, errors: FieldError[]): void {
  for (const field of [
    'parallelism',
    'completions',
    'activeDeadlineSeconds',
    'backoffLimit',
    'ttlSecondsAfterFinished',
    'backoffLimitPerIndex',
    'maxFailedIndexes',
  ] as const) {
    errors.push(...notNegative(path.child(field), spec[field]));
  }
  if (spec.maxFailedIndexes != null && spec.backoffLimitPerIndex == null) {
    errors.push(required(path.child('backoffLimitPerIndex'), 'when maxFailedIndexes is specified'));
  }
  validateManagedBy(spec.managedBy, path.child('managedBy'), errors);
  validateCompletionMode(spec, path, errors);
  if (spec.podFailurePolicy) validatePodFailurePolicy(spec, spec.podFailurePolicy, path.child('podFailurePolicy'), errors);
  if (spec.successPolicy) validateSuccessPolicy(spec, spec.successPolicy, path.child('successPolicy'), errors);
  validateReplacementPolicy(spec, path, errors);
  validatePodTemplate(spec.template, path.child('template'), errors);
  validateRestartPolicy(spec, path.child('template', 'spec', 'restartPolicy'), errors);
}

function validateManagedBy(manager: string | undefined, path: FieldPath, errors: FieldError[]): void {
  if (manager == null) return;
  errors.push(...problemsAt(path, manager, domainPrefixedPathErrors(manager)));
  if (byteLength(manager) > maxManagedBy) errors.push(tooLong(path, maxManagedBy));
}

function validateCompletionMode(spec: api.JobSpec, path: FieldPath, errors: FieldError[]): void {
  const { completionMode: mode, backoffLimitPerIndex, maxFailedIndexes } = spec;
  if (mode == null) return;
  if (!completionModes.includes(mode)) errors.push(notSupported(path.child('completionMode'), mode, completionModes));
  if (mode === 'Indexed') validateIndexed(spec, path, errors);
  if (mode !== 'NonIndexed') return;
  const text = 'requires indexed completion mode';
  if (backoffLimitPerIndex != null) errors.push(invalid(path.child('backoffLimitPerIndex'), backoffLimitPerIndex, text));
  if (maxFailedIndexes != null) errors.push(invalid(path.child('maxFailedIndexes'), maxFailedIndexes, text));
}

function validateIndexed(spec: api.JobSpec, path: FieldPath, errors: FieldError[]): void {
  const { completions, parallelism, maxFailedIndexes: failed, backoffLimitPerIndex } = spec;
  const failedPath = path.child('maxFailedIndexes');
  if (completions == null) errors.push(required(path.child('completions'), 'when completion mode is Indexed'));
  if (parallelism != null && parallelism > manyIndexes) {
    const text = `must be less than or equal to ${manyIndexes} when completion mode is Indexed`;
    errors.push(invalid(path.child('parallelism'), parallelism, text));
  }
  if (completions != null && failed != null && failed > completions) {
    errors.push(invalid(failedPath, failed, 'must be less than or equal to completions'));
  }
  if (failed != null && failed > manyIndexes)
    errors.push(invalid(failedPath, failed, `must be less than or equal to ${manyIndexes}`));
  if (completions == null || completions <= manyIndexes || backoffLimitPerIndex == null) return;
  if (failed == null) errors.push(required(failedPath, `must be specified when completions is above ${manyIndexes}`));
  if (parallelism != null && parallelism > fewWithManyIndexes) {
    errors.push(invalid(path.child('parallelism'), parallelism, withManyIndexes));
  }
  if (failed != null && failed > fewWithManyIndexes) errors.push(invalid(failedPath, failed, withManyIndexes));
}

/** Pods of a Job end; the default of pods, Always, counts as not given. */
function validateRestartPolicy(spec: api.JobSpec, path: FieldPath, errors: FieldError[]): void {
  const policy = spec.template?.spec?.restartPolicy;
  if (!policy || policy === 'Always') {
    errors.push(required(path, `valid values: ${restartPolicies.map((value) => JSON.stringify(value)).join(', ')}`));
  } else if (!restartPolicies.includes(policy)) {
    errors.push(notSupported(path, policy, restartPolicies));
  } else if (spec.podFailurePolicy && policy !== 'Never') {
    errors.push(invalid(path, policy, 'only "Never" is supported when podFailurePolicy is specified'));
  }
}
