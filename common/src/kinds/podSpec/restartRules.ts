/** A container's own restart policy and the rules by which its exit codes restart it or the pod. */
import { notSupported, required, tooMany } from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';
import type * as api from '#common/schema/generated/types.ts';
import { checkSupported, type Errors } from './fieldRules.ts';

const policies = ['Always', 'Never', 'OnFailure'];
const actions = ['Restart', 'RestartAllContainers'];
const operators = ['In', 'NotIn'];
const maxRules = 20;
const maxExitCodes = 255;

export function validateRestartRules(container: api.Container, path: FieldPath, errors: Errors): void {
  const { restartPolicy, restartPolicyRules: rules } = container;
  if (restartPolicy != null) checkSupported(restartPolicy, policies, path, 'restartPolicy', errors);
  if (!rules?.length) return;
  if (restartPolicy == null) {
    errors.push(required(path.child('restartPolicy'), 'must specify restartPolicy when restart rules are used'));
  }
  const at = path.child('restartPolicyRules');
  if (rules.length > maxRules) errors.push(tooMany(at, rules.length, maxRules));
  rules.forEach((rule, i) => validateRule(rule, at.index(i), errors));
}

function validateRule(rule: api.ContainerRestartRule, path: FieldPath, errors: Errors): void {
  checkSupported(rule.action, actions, path, 'action', errors);
  if (!rule.exitCodes) {
    errors.push(required(path.child('exitCodes'), 'must be specified'));
    return;
  }
  const { operator = '', values = [] } = rule.exitCodes;
  const at = path.child('exitCodes');
  if (!operators.includes(operator)) errors.push(notSupported(at.child('operator'), operator, operators));
  if (values.length > maxExitCodes) errors.push(tooMany(at.child('values'), values.length, maxExitCodes));
}
