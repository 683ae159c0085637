/** What webhooks and admission policies share: which requests they look at. In the order and words of Kubernetes 1.36. */
import { duplicate, type FieldError, internalError, invalid, notSupported, required, tooMany } from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';
import { dns1035LabelErrors, dns1123SubdomainErrors, pathSegmentNameErrors, qualifiedNameErrors } from '#common/api/names.ts';
import type {
  MatchCondition,
  MatchResources,
  NamedRuleWithOperations,
  ParamKind,
  ParamRef,
  RuleWithOperations,
  Variable,
} from '#common/schema/generated/types.ts';
import {
  aCondition,
  type CompiledExpression,
  compileExpression,
  policyEnvironment,
  type PolicyVariables,
} from '../admission/policyExpressions.ts';
import { validateLabelSelector } from './labelSelector.ts';
import { oneOf, problemsAt } from './values.ts';

const operations = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'];
export const matchPolicies = ['Equivalent', 'Exact'];
export const failurePolicies = ['Fail', 'Ignore'];
const maxMatchConditions = 64;
const celIdentifier = /^[_a-zA-Z][_a-zA-Z0-9]*$/;
const celReserved = new Set([
  'true', 'false', 'null', 'in', 'as', 'break', 'const', 'continue', 'else', 'for', 'function', 'if', 'import', 'let', 'loop',
  'package', 'namespace', 'return', 'var', 'void', 'while',
]); // prettier-ignore

export function validateRule(rule: RuleWithOperations, path: FieldPath): FieldError[] {
  return [
    ...validateList(rule.operations, 'operations', 'operations', path, (operation, at) => oneOf(at, operation, operations)),
    ...validateList(rule.apiGroups, 'apiGroups', 'API groups', path, () => []),
    ...validateList(rule.apiVersions, 'apiVersions', 'API versions', path, (version, at) => (version ? [] : [required(at)])),
    ...validateResources(rule.resources ?? [], path.child('resources')),
    ...(rule.scope === undefined ? [] : oneOf(path.child('scope'), rule.scope, ['*', 'Cluster', 'Namespaced'])),
  ];
}

/** A list that is `*` alone, or names. */
function validateList(
  values: readonly string[] | undefined,
  field: string,
  what: string,
  parent: FieldPath,
  each: (value: string, path: FieldPath) => FieldError[],
): FieldError[] {
  const path = parent.child(field);
  if (!values?.length) return [required(path)];
  const errors: FieldError[] = [];
  if (values.length > 1 && values.includes('*')) {
    errors.push(invalid(path, values, `if '*' is present, must not specify other ${what}`));
  }
  return [...errors, ...values.flatMap((value, i) => each(value, path.index(i)))];
}

/** `pods`, `pods/status`, with `*` for either part; what an earlier wildcard covers must not be said again. */
function validateResources(resources: readonly string[], path: FieldPath): FieldError[] {
  if (!resources.length) return [required(path)];
  const errors: FieldError[] = [];
  const allSubresourcesOf = new Set<string>();
  const allResourcesWith = new Set<string>();
  resources.forEach((text, i) => {
    const at = path.index(i);
    if (!text) errors.push(required(at));
    const slash = text.indexOf('/');
    if (slash < 0) return;
    const [resource, subresource] = [text.slice(0, slash), text.slice(slash + 1)];
    if (allSubresourcesOf.has(resource)) {
      errors.push(invalid(at, text, `if '${resource}/*' is present, must not specify ${text}`));
    }
    if (allResourcesWith.has(subresource)) {
      errors.push(invalid(at, text, `if '*/${subresource}' is present, must not specify ${text}`));
    }
    if (subresource === '*') allSubresourcesOf.add(resource);
    if (resource === '*') allResourcesWith.add(subresource);
  });
  if (resources.length > 1 && resources.includes('*/*')) {
    errors.push(invalid(path, resources, "if '*/*' is present, must not specify other resources"));
  }
  if (resources.includes('*') && resources.some((text) => text && text !== '*' && !text.includes('/'))) {
    errors.push(invalid(path, resources, "if '*' is present, must not specify other resources without subresources"));
  }
  return errors;
}

/** The problem of an expression that does not compile, at its place. */
export function expressionProblem(path: FieldPath, source: string, compiled: CompiledExpression): FieldError[] {
  if (!('problem' in compiled)) return [];
  return [compiled.isInternal ? internalError(path, compiled.problem) : invalid(path, source, compiled.problem)];
}

/** `params`: whether there are any; webhooks have none. */
export function validateMatchConditions(
  conditions: readonly MatchCondition[] | undefined,
  path: FieldPath,
  params = false,
): FieldError[] {
  if (!conditions?.length) return [];
  if (conditions.length > maxMatchConditions) return [tooMany(path, conditions.length, maxMatchConditions)];
  const environment = policyEnvironment({ params, authorizer: true });
  const names = new Set<string>();
  return conditions.flatMap(({ name = '', expression = '' }, i) => {
    const at = path.index(i);
    const errors: FieldError[] = [];
    if (!expression.trim()) errors.push(required(at.child('expression')));
    else
      errors.push(
        ...expressionProblem(at.child('expression'), expression, compileExpression(expression, environment, aCondition)),
      );
    if (name) errors.push(...problemsAt(at.child('name'), name, qualifiedNameErrors(name)));
    else errors.push(required(at.child('name')));
    if (name && names.has(name)) errors.push(duplicate(at.child('name'), name));
    names.add(name);
    return errors;
  });
}

/** Adds the variables to `known`. */
export function validateVariables(
  variables: readonly Variable[] | undefined,
  path: FieldPath,
  known: PolicyVariables,
): FieldError[] {
  return (variables ?? []).flatMap(({ name = '', expression = '' }, i) => {
    const at = path.index(i);
    const errors: FieldError[] = [];
    if (!name) errors.push(required(at.child('name'), 'name is not specified'));
    else if (!celIdentifier.test(name) || celReserved.has(name))
      errors.push(invalid(at.child('name'), name, 'must be a valid CEL identifier'));
    if (!expression.trim()) errors.push(required(at.child('expression'), 'expression is not specified'));
    else errors.push(...expressionProblem(at.child('expression'), expression, known.add(name, expression)));
    return errors;
  });
}

export function validateParamKind(kind: ParamKind | undefined, path: FieldPath): FieldError[] {
  if (!kind) return [];
  const errors: FieldError[] = [];
  const { apiVersion = '' } = kind;
  const at = path.child('apiVersion');
  const parts = apiVersion.split('/');
  if (!apiVersion) errors.push(required(at));
  else if (parts.length > 2) errors.push(invalid(at, apiVersion, `unexpected GroupVersion string: ${apiVersion}`));
  else {
    const [group, version] = parts.length === 2 ? [parts[0] ?? '', parts[1] ?? ''] : ['', apiVersion];
    if (group) errors.push(...problemsAt(at, group, dns1123SubdomainErrors(group)));
    errors.push(...problemsAt(at, version, dns1035LabelErrors(version)));
  }
  if (!kind.kind) errors.push(required(path.child('kind')));
  else {
    for (const problem of dns1035LabelErrors(kind.kind.toLowerCase())) {
      errors.push(invalid(path.child('kind'), kind.kind, `may have mixed case, but should otherwise match: ${problem}`));
    }
  }
  return errors;
}

export function validateMatchResources(match: MatchResources, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  if (match.matchPolicy === undefined) errors.push(required(path.child('matchPolicy')));
  else errors.push(...oneOf(path.child('matchPolicy'), match.matchPolicy, matchPolicies));
  for (const field of ['namespaceSelector', 'objectSelector'] as const) {
    const selector = match[field];
    if (selector) validateLabelSelector(selector, path.child(field), errors);
    else errors.push(required(path.child(field)));
  }
  for (const field of ['resourceRules', 'excludeResourceRules'] as const) {
    match[field]?.forEach((rule, i) => errors.push(...validateNamedRule(rule, path.child(field).index(i))));
  }
  return errors;
}

function validateNamedRule(rule: NamedRuleWithOperations, path: FieldPath): FieldError[] {
  const errors = validateRule(rule, path);
  const names = rule.resourceNames ?? [];
  names.forEach((name, i) => {
    const at = path.child('resourceNames').index(i);
    errors.push(...problemsAt(at, name, pathSegmentNameErrors(name)));
    if (names.indexOf(name) < i) errors.push(duplicate(at, name));
  });
  return errors;
}

export function validateParamRef(ref: ParamRef | undefined, path: FieldPath): FieldError[] {
  if (!ref) return [];
  const errors: FieldError[] = [];
  const { name, selector, parameterNotFoundAction: action } = ref;
  const exclusive = 'name and selector are mutually exclusive';
  if (name) {
    errors.push(...problemsAt(path.child('name'), name, pathSegmentNameErrors(name)));
    if (selector) {
      for (const field of ['name', 'selector'])
        errors.push({ type: 'FieldValueForbidden', path: path.child(field), detail: exclusive });
    }
  } else if (selector) {
    validateLabelSelector(selector, path.child('selector'), errors);
  } else {
    errors.push(required(path, 'one of name or selector must be specified'));
  }
  const actionPath = path.child('parameterNotFoundAction');
  if (action === undefined) errors.push(required(actionPath));
  else if (action !== 'Deny' && action !== 'Allow') errors.push(notSupported(actionPath, action, ['Deny', 'Allow']));
  return errors;
}

/** Changes `match`. */
export function defaultMatchResources(match: MatchResources | undefined): void {
  if (!match) return;
  match.matchPolicy ??= 'Equivalent';
  match.namespaceSelector ??= {};
  match.objectSelector ??= {};
  defaultRules(match.resourceRules);
  defaultRules(match.excludeResourceRules);
}

/** Changes `rules`. */
export function defaultRules(rules: RuleWithOperations[] | undefined): void {
  for (const rule of rules ?? []) rule.scope ??= '*';
}
