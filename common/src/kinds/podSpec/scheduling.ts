/** How a pod lets itself be scheduled besides affinity: tolerations, spreading over topologies, scheduling gates. */
import { duplicate, forbidden, invalid, notSupported, required } from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';
import { labelKeyErrors, labelValueErrors, qualifiedNameErrors } from '#common/api/names.ts';
import type * as api from '#common/schema/generated/types.ts';
import { validateLabelSelector } from '../validation/labelSelector.ts';
import { addFieldProblems, addProblems, checkSupported, type Errors } from './fieldRules.ts';

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];
const operators = ['Equal', 'Exists'];
/** Comparisons are behind a feature that is off, yet a refusal names them. */
const comparisons = ['Lt', 'Gt'];
const whenUnsatisfiable = ['DoNotSchedule', 'ScheduleAnyway'];
const inclusionPolicies = ['Honor', 'Ignore'];

export function validateTolerations(tolerations: readonly api.Toleration[], path: FieldPath, errors: Errors): void {
  for (let i = 0; i < tolerations.length; i++) validateToleration(tolerations[i] as api.Toleration, path, i, errors);
}

function validateToleration(toleration: api.Toleration, list: FieldPath, i: number, errors: Errors): void {
  const { key = '', operator = '', value = '', effect = '', tolerationSeconds } = toleration;
  if (key) {
    const problems = labelKeyErrors(key);
    if (problems.length) addFieldProblems(key, problems, list.index(i), 'key', errors);
  } else if (operator !== 'Exists') {
    const text = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';
    errors.push(invalid(list.index(i).child('operator'), operator, text));
  }
  if (tolerationSeconds != null && effect !== 'NoExecute') {
    const text = "effect must be 'NoExecute' when `tolerationSeconds` is set";
    errors.push(invalid(list.index(i).child('effect'), effect, text));
  }
  if (operator === 'Equal' || operator === '') {
    const problems = labelValueErrors(value);
    if (problems.length) addProblems(value, problems, list.index(i).child('operator'), errors);
  } else if (operator === 'Exists') {
    if (value) errors.push(invalid(list.index(i).child('operator'), value, "value must be empty when `operator` is 'Exists'"));
  } else {
    const supported = comparisons.includes(operator) ? [...operators, ...comparisons] : operators;
    errors.push(notSupported(list.index(i).child('operator'), operator, supported));
  }
  if (effect && !effects.includes(effect)) errors.push(notSupported(list.index(i).child('effect'), effect, effects));
}

export function validateTopologySpread(
  constraints: readonly api.TopologySpreadConstraint[],
  path: FieldPath,
  errors: Errors,
): void {
  constraints.forEach((constraint, i) => {
    const at = path.index(i);
    const { maxSkew = 0, topologyKey = '', whenUnsatisfiable: action = '', minDomains } = constraint;
    if (maxSkew <= 0) errors.push(invalid(at.child('maxSkew'), maxSkew, 'must be greater than zero'));
    if (!topologyKey) errors.push(required(at.child('topologyKey'), 'can not be empty'));
    checkSupported(action, whenUnsatisfiable, at, 'whenUnsatisfiable', errors);
    checkUnique(constraint, constraints, i, at, errors);
    if (minDomains != null) validateMinDomains(minDomains, action, at, errors);
    for (const field of ['nodeAffinityPolicy', 'nodeTaintsPolicy'] as const) {
      if (constraint[field] != null) checkSupported(constraint[field], inclusionPolicies, at, field, errors);
    }
    if (constraint.matchLabelKeys?.length) validateMatchLabelKeys(constraint, constraint.matchLabelKeys, at, errors);
    if (constraint.labelSelector) validateLabelSelector(constraint.labelSelector, at.child('labelSelector'), errors);
  });
}

/** The earlier of two constraints on the same topology with the same action is told. */
function checkUnique(
  constraint: api.TopologySpreadConstraint,
  all: readonly api.TopologySpreadConstraint[],
  i: number,
  at: FieldPath,
  errors: Errors,
): void {
  const { topologyKey = '', whenUnsatisfiable: action = '' } = constraint;
  const repeated = all.some(
    (other, j) => j > i && (other.topologyKey ?? '') === topologyKey && (other.whenUnsatisfiable ?? '') === action,
  );
  if (repeated) errors.push(duplicate(at.child('{topologyKey, whenUnsatisfiable}'), `{${topologyKey}, ${action}}`));
}

function validateMinDomains(minDomains: number, action: string, path: FieldPath, errors: Errors): void {
  const at = path.child('minDomains');
  if (minDomains <= 0) errors.push(invalid(at, minDomains, 'must be greater than zero'));
  if (action !== 'DoNotSchedule') {
    const text = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${action}`;
    errors.push(invalid(at, minDomains, text));
  }
}

function validateMatchLabelKeys(
  constraint: api.TopologySpreadConstraint,
  keys: readonly string[],
  path: FieldPath,
  errors: Errors,
): void {
  const at = path.child('matchLabelKeys');
  if (!constraint.labelSelector) {
    errors.push(forbidden(at, 'must not be specified when labelSelector is not set'));
    return;
  }
  keys.forEach((key, i) => addProblems(key, labelKeyErrors(key), at.index(i), errors));
}

export function validateSchedulingGates(gates: readonly api.PodSchedulingGate[], path: FieldPath, errors: Errors): void {
  const seen = new Set<string>();
  gates.forEach(({ name = '' }, i) => {
    addProblems(name, qualifiedNameErrors(name), path.index(i), errors);
    if (seen.has(name)) errors.push(duplicate(path.index(i), name));
    seen.add(name);
  });
}
