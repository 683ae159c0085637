/** Where a pod wants to run: its node affinity, and its affinity and anti-affinity to other pods. */
import { forbidden, invalid, required } from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';
import type * as api from '#common/schema/generated/types.ts';
import { dns1123LabelErrors, labelKeyErrors } from '#common/api/names.ts';
import { validateLabelSelector } from '../validation/labelSelector.ts';
import { addFieldProblems, addProblems, type Errors } from './fieldRules.ts';
import { validateNodeSelector, validateNodeSelectorTerm } from './nodeSelector.ts';

const requiredRules = 'requiredDuringSchedulingIgnoredDuringExecution';
const preferredRules = 'preferredDuringSchedulingIgnoredDuringExecution';

export function validateAffinity(affinity: api.Affinity, path: FieldPath, errors: Errors): void {
  if (affinity.nodeAffinity) validateNodeAffinity(affinity.nodeAffinity, path.child('nodeAffinity'), errors);
  if (affinity.podAffinity) validatePodAffinity(affinity.podAffinity, path.child('podAffinity'), errors);
  if (affinity.podAntiAffinity) validatePodAffinity(affinity.podAntiAffinity, path.child('podAntiAffinity'), errors);
}

function validateNodeAffinity(affinity: api.NodeAffinity, path: FieldPath, errors: Errors): void {
  if (affinity[requiredRules]) validateNodeSelector(affinity[requiredRules], path.child(requiredRules), errors);
  affinity[preferredRules]?.forEach((term, i) => {
    const at = path.child(preferredRules).index(i);
    checkWeight(term.weight, at, errors);
    validateNodeSelectorTerm(term.preference ?? {}, at.child('preference'), errors);
  });
}

function validatePodAffinity(affinity: api.PodAffinity | api.PodAntiAffinity, path: FieldPath, errors: Errors): void {
  affinity[requiredRules]?.forEach((term, i) => validateTerm(term, path.child(requiredRules).index(i), errors));
  affinity[preferredRules]?.forEach((weighted, i) => {
    const at = path.child(preferredRules).index(i);
    checkWeight(weighted.weight, at, errors);
    validateTerm(weighted.podAffinityTerm ?? { topologyKey: '' }, at.child('podAffinityTerm'), errors);
  });
}

function checkWeight(weight: number | undefined, path: FieldPath, errors: Errors): void {
  const value = weight ?? 0;
  if (value < 1 || value > 100) errors.push(invalid(path.child('weight'), value, 'must be in the range 1-100'));
}

function validateTerm(term: api.PodAffinityTerm, path: FieldPath, errors: Errors): void {
  if (term.labelSelector) validateLabelSelector(term.labelSelector, path.child('labelSelector'), errors);
  if (term.namespaceSelector) validateLabelSelector(term.namespaceSelector, path.child('namespaceSelector'), errors);
  term.namespaces?.forEach((name) => addFieldProblems(name, dns1123LabelErrors(name), path, 'namespace', errors));
  validateLabelKeys(term, path, errors);
  if (!term.topologyKey) errors.push(required(path.child('topologyKey'), 'can not be empty'));
  addFieldProblems(term.topologyKey ?? '', labelKeyErrors(term.topologyKey ?? ''), path, 'topologyKey', errors);
}

/** Keys whose values are taken from the incoming pod. Kubernetes merges them into the selector, where they must be new. */
function validateLabelKeys(term: api.PodAffinityTerm, path: FieldPath, errors: Errors): void {
  const { matchLabelKeys = [], mismatchLabelKeys = [], labelSelector } = term;
  checkKeys(matchLabelKeys, labelSelector, path, 'matchLabelKeys', errors);
  checkKeys(mismatchLabelKeys, labelSelector, path, 'mismatchLabelKeys', errors);
  matchLabelKeys.forEach((key, i) => {
    if (!mismatchLabelKeys.includes(key)) return;
    errors.push(invalid(path.child('matchLabelKeys').index(i), key, 'exists in both matchLabelKeys and mismatchLabelKeys'));
  });
}

function checkKeys(
  keys: readonly string[],
  selector: api.LabelSelector | undefined,
  path: FieldPath,
  field: string,
  errors: Errors,
): void {
  if (!keys.length) return;
  if (!selector) {
    errors.push(forbidden(path.child(field), 'must not be specified when labelSelector is not set'));
    return;
  }
  keys.forEach((key, i) => addProblems(key, labelKeyErrors(key), path.child(field).index(i), errors));
}
