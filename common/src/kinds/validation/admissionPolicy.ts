/** Admission policies that are written in CEL, and their bindings, in the order and words of Kubernetes 1.36. */
import { duplicate, type FieldError, invalid, notSupported, required } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { dns1123SubdomainErrors, qualifiedNameErrors } from '#common/api/names.ts';
import type { CelEnvironment } from '#common/cel/environment.ts';
import type * as api from '#common/schema/generated/types.ts';
import {
  aCondition,
  aJsonPatch,
  anApplyConfiguration,
  aText,
  aTextOrNull,
  compileExpression,
  policyEnvironment,
  PolicyVariables,
} from '../admission/policyExpressions.ts';
import {
  expressionProblem,
  failurePolicies,
  validateMatchConditions,
  validateMatchResources,
  validateParamKind,
  validateParamRef,
  validateVariables,
} from './admissionRules.ts';
import { goStructure, plain } from './goStructure.ts';
import { oneOf, problemsAt } from './values.ts';

const specPath = FieldPath.of('spec');
const maxAuditAnnotations = 20;
const mutatingOperations = ['*', 'CONNECT', 'CREATE', 'UPDATE'];
const blankText = 'must be non-empty if specified';

type PolicyParts = Pick<
  api.ValidatingAdmissionPolicySpec,
  'failurePolicy' | 'paramKind' | 'matchConstraints' | 'matchConditions' | 'variables'
>;

/** What both kinds of policy have, up to what they do. Their variables are in `variables` then. */
function validateCommon(
  spec: PolicyParts,
  variables: PolicyVariables,
  rulesErrors: (match: api.MatchResources) => FieldError[],
): FieldError[] {
  const errors: FieldError[] = [];
  const { failurePolicy, matchConstraints } = spec;
  if (failurePolicy === undefined) errors.push(required(specPath.child('failurePolicy')));
  else errors.push(...oneOf(specPath.child('failurePolicy'), failurePolicy, failurePolicies));
  errors.push(...validateParamKind(spec.paramKind, specPath.child('paramKind')));
  const matchPath = specPath.child('matchConstraints');
  if (!matchConstraints) errors.push(required(matchPath));
  else {
    errors.push(...validateMatchResources(matchConstraints, matchPath), ...rulesErrors(matchConstraints));
    if (!matchConstraints.resourceRules?.length) errors.push(required(matchPath.child('resourceRules')));
  }
  return [
    ...errors,
    ...validateMatchConditions(spec.matchConditions, specPath.child('matchConditions'), spec.paramKind !== undefined),
    ...validateVariables(spec.variables, specPath.child('variables'), variables),
  ];
}

export function validateValidatingPolicy(policy: api.ValidatingAdmissionPolicy): FieldError[] {
  const spec = policy.spec ?? {};
  const declared = new PolicyVariables(spec.paramKind !== undefined);
  const errors = validateCommon(spec, declared, () => []);
  const scope = { params: spec.paramKind !== undefined, variables: declared.type };
  const environment = policyEnvironment({ ...scope, authorizer: true });
  const { validations = [], auditAnnotations = [] } = spec;
  const annotationsPath = specPath.child('auditAnnotations');
  if (!validations.length && !auditAnnotations.length) {
    const text = 'validations or auditAnnotations must contain at least one item';
    return [...errors, required(specPath.child('validations'), text), required(annotationsPath, text)];
  }
  const messages = policyEnvironment({ ...scope, authorizer: false });
  validations.forEach((validation, i) => {
    errors.push(...validateValidation(validation, specPath.child('validations').index(i), environment, messages));
  });
  if (auditAnnotations.length > maxAuditAnnotations) {
    const quoted = auditAnnotations.map((annotation) =>
      goStructure([plain('Key', ''), plain('ValueExpression', '')], annotation),
    );
    return [...errors, invalid(annotationsPath, quoted, `must not have more than ${maxAuditAnnotations} auditAnnotations`)];
  }
  const keys = new Set<string>();
  auditAnnotations.forEach(({ key = '', valueExpression = '' }, i) => {
    const path = annotationsPath.index(i);
    const { name } = policy.metadata;
    if (name) errors.push(...problemsAt(path.child('key'), `${name}/${key}`, qualifiedNameErrors(`${name}/${key}`)));
    else errors.push(invalid(path.child('key'), key, 'requires metadata.name be non-empty'));
    const valuePath = path.child('valueExpression');
    if (!valueExpression.trim()) errors.push(required(valuePath, 'valueExpression is not specified'));
    else
      errors.push(...expressionProblem(valuePath, valueExpression, compileExpression(valueExpression, environment, aTextOrNull)));
    if (keys.has(key)) errors.push(duplicate(path.child('key'), key));
    keys.add(key);
  });
  return errors;
}

function validateValidation(
  validation: api.Validation,
  path: FieldPath,
  environment: CelEnvironment,
  messages: CelEnvironment,
): FieldError[] {
  const { expression = '', message = '', messageExpression = '', reason } = validation;
  const errors: FieldError[] = [];
  if (!expression.trim()) errors.push(required(path.child('expression'), 'expression is not specified'));
  else {
    const compiled = compileExpression(expression, environment, aCondition);
    errors.push(...expressionProblem(path.child('expression'), expression, compiled));
  }
  const messagePath = path.child('messageExpression');
  if (messageExpression && !messageExpression.trim()) errors.push(invalid(messagePath, messageExpression, blankText));
  else if (messageExpression) {
    const compiled = compileExpression(messageExpression, messages, aText);
    errors.push(...expressionProblem(messagePath, messageExpression, compiled));
  }
  if (message && !message.trim()) errors.push(invalid(path.child('message'), message, blankText));
  else if (/[\n\r]/.test(message)) errors.push(invalid(path.child('message'), message, 'must not contain line breaks'));
  if (reason !== undefined) {
    errors.push(...oneOf(path.child('reason'), reason, ['Forbidden', 'Invalid', 'RequestEntityTooLarge']));
  }
  return errors;
}

export function validateMutatingPolicy(policy: api.MutatingAdmissionPolicy): FieldError[] {
  const spec = policy.spec ?? {};
  const variables = new PolicyVariables(spec.paramKind !== undefined);
  const errors = validateCommon(spec, variables, unsupportedOperations);
  const environment = policyEnvironment({
    params: spec.paramKind !== undefined,
    authorizer: true,
    variables: variables.type,
    mutates: true,
  });
  const mutationsPath = specPath.child('mutations');
  if (!spec.mutations?.length) errors.push(required(mutationsPath, 'mutations must contain at least one item'));
  spec.mutations?.forEach((mutation, i) => errors.push(...validateMutation(mutation, mutationsPath.index(i), environment)));
  const reinvocationPath = specPath.child('reinvocationPolicy');
  if (!spec.reinvocationPolicy) errors.push(required(reinvocationPath));
  else errors.push(...oneOf(reinvocationPath, spec.reinvocationPolicy, ['IfNeeded', 'Never']));
  return errors;
}

/** Nothing can be changed in what is being deleted. */
function unsupportedOperations(match: api.MatchResources): FieldError[] {
  const path = specPath.child('matchConstraints', 'resourceRules', 'operations');
  return (match.resourceRules ?? []).flatMap((rule) =>
    (rule.operations ?? [])
      .filter((operation) => operation === 'DELETE')
      .map((operation) => notSupported(path, operation, mutatingOperations)),
  );
}

function validateMutation(mutation: api.Mutation, path: FieldPath, environment: CelEnvironment): FieldError[] {
  const { patchType = '' } = mutation;
  const typePath = path.child('patchType');
  if (!patchType) return [required(typePath)];
  if (patchType !== 'ApplyConfiguration' && patchType !== 'JSONPatch') {
    return [notSupported(typePath, patchType, ['ApplyConfiguration', 'JSONPatch'])];
  }
  const [used, unused] =
    patchType === 'JSONPatch' ? (['jsonPatch', 'applyConfiguration'] as const) : (['applyConfiguration', 'jsonPatch'] as const);
  const errors: FieldError[] = [];
  const patch = mutation[used];
  if (!patch) errors.push(required(path.child(used), `must be specified when patchType is ${patchType}`));
  else if (!patch.expression?.trim()) errors.push(required(path.child(used, 'expression')));
  else {
    const wanted = used === 'jsonPatch' ? aJsonPatch : anApplyConfiguration;
    const compiled = compileExpression(patch.expression, environment, wanted);
    errors.push(...expressionProblem(path.child(used, 'expression'), patch.expression, compiled));
  }
  if (mutation[unused]) {
    errors.push(invalid(path.child(unused), `{${unused}}`, `must not be specified when patchType is ${patchType}`));
  }
  return errors;
}

type Binding = Partial<Pick<api.ValidatingAdmissionPolicyBindingSpec, 'policyName' | 'paramRef' | 'matchResources'>>;

export function validateBinding(spec: Binding): FieldError[] {
  const namePath = specPath.child('policyName');
  const { policyName } = spec;
  return [
    ...(policyName ? problemsAt(namePath, policyName, dns1123SubdomainErrors(policyName)) : [required(namePath)]),
    ...validateParamRef(spec.paramRef, specPath.child('paramRef')),
    ...(spec.matchResources ? validateMatchResources(spec.matchResources, specPath.child('matchResources')) : []),
  ];
}

export function validateValidationActions(actions: readonly string[]): FieldError[] {
  const path = specPath.child('validationActions');
  if (!actions.length) return [required(path, 'at least one validation action is required')];
  const errors: FieldError[] = [];
  actions.forEach((action, i) => {
    errors.push(...oneOf(path.index(i), action, ['Audit', 'Deny', 'Warn']));
    if (actions.indexOf(action) < i) errors.push(duplicate(path.index(i), action));
  });
  if (actions.includes('Deny') && actions.includes('Warn')) {
    const why = 'repeating the same validation failure information in the API response and headers serves no purpose';
    errors.push(invalid(path, actions, `must not contain both Deny and Warn (${why})`));
  }
  return errors;
}
