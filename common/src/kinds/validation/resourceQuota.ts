/** What a ResourceQuota may say: countable resources, and scopes that make sense for them. */
import { type FieldError, invalid, required } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { parseQuantity } from '#common/api/quantity.ts';
import type { ResourceQuota, ResourceQuotaSpec } from '#common/schema/generated/types.ts';
import { isStandardResource, resourceNameProblems } from '../podSpec/resourceNames.ts';
import { quantityProblems } from '../podSpec/resources.ts';
import { goStructure, nested, plain, type Shape } from './goStructure.ts';
import { immutableText, problemsAt } from './values.ts';

const specPath = FieldPath.of('spec');
const podCompute = ['pods', 'cpu', 'memory', 'limits.cpu', 'limits.memory', 'requests.cpu', 'requests.memory'];
/** Which resources a scope can narrow. */
const scopeResources: Readonly<Record<string, readonly string[]>> = {
  Terminating: podCompute,
  NotTerminating: podCompute,
  NotBestEffort: podCompute,
  PriorityClass: podCompute,
  CrossNamespacePodAffinity: podCompute,
  BestEffort: ['pods'],
  VolumeAttributesClass: ['persistentvolumeclaims', 'requests.storage'],
};
const onlyExists = ['BestEffort', 'NotBestEffort', 'Terminating', 'NotTerminating', 'CrossNamespacePodAffinity'];
const conflicts = [
  ['BestEffort', 'NotBestEffort'],
  ['Terminating', 'NotTerminating'],
];

const isQuotaResource = (name: string): boolean => name !== 'storage' && isStandardResource(name);

export function validateQuota(quota: ResourceQuota): FieldError[] {
  const spec = quota.spec ?? {};
  return [
    ...validateAmounts(spec.hard, specPath.child('hard')),
    ...validateScopes(spec, specPath.child('scopes')),
    ...validateScopeSelector(spec, specPath.child('scopeSelector', 'matchExpressions')),
  ];
}

function validateAmounts(amounts: Readonly<Record<string, string>> | undefined, path: FieldPath): FieldError[] {
  return Object.keys(amounts ?? {})
    .sort()
    .flatMap((name) => {
      const problems = resourceNameProblems(name);
      if (!name.includes('/') && !isQuotaResource(name)) problems.push('must be a standard resource for quota');
      const quantity = parseQuantity(amounts?.[name] ?? '0');
      const at = path.key(name);
      return [
        ...problemsAt(at, name, problems),
        ...problemsAt(at, quantity?.text, quantity ? quantityProblems(name, quantity) : []),
      ];
    });
}

const fits = (scope: string, resource: string): boolean =>
  Object.hasOwn(scopeResources, scope) && (scopeResources[scope]?.includes(resource) ?? false);

const misfits = (scope: string, spec: ResourceQuotaSpec): string[] =>
  Object.keys(spec.hard ?? {}).filter((name) => isQuotaResource(name) && !fits(scope, name));

const hasConflict = (scopes: ReadonlySet<string>): boolean => conflicts.some((pair) => pair.every((scope) => scopes.has(scope)));

function validateScopes(spec: ResourceQuotaSpec, path: FieldPath): FieldError[] {
  const scopes = spec.scopes ?? [];
  const errors: FieldError[] = [];
  for (const scope of scopes) {
    if (!Object.hasOwn(scopeResources, scope)) {
      errors.push(invalid(path, scopes, 'unsupported scope'));
      continue;
    }
    for (const _ of misfits(scope, spec)) errors.push(invalid(path, scopes, 'unsupported scope applied to resource'));
  }
  if (hasConflict(new Set(scopes))) errors.push(invalid(path, scopes, 'conflicting scopes'));
  return errors;
}

const selectorShape: Shape = [
  nested('MatchExpressions', 'list', [plain('ScopeName', ''), plain('Operator', ''), plain('Values')]),
];

function validateScopeSelector(spec: ResourceQuotaSpec, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const rules = spec.scopeSelector?.matchExpressions ?? [];
  for (const { scopeName = '', operator = '', values = [] } of rules) {
    if (!Object.hasOwn(scopeResources, scopeName)) {
      errors.push(invalid(path.child('scopeName'), scopeName, 'unsupported scope'));
    } else {
      for (const _ of misfits(scopeName, spec)) {
        errors.push(invalid(path, goStructure(selectorShape, spec.scopeSelector), 'unsupported scope applied to resource'));
      }
    }
    if (onlyExists.includes(scopeName) && operator !== 'Exists') {
      const names = ['Terminating', 'NotTerminating', 'BestEffort', 'NotBestEffort'].map((name) => `ResourceQuotaScope${name}`);
      const text = `must be 'Exists' when scope is any of ${names.join(', ')} or ResourceQuotaScopeCrossNamespacePodAffinity`;
      errors.push(invalid(path.child('operator'), operator, text));
    }
    switch (operator) {
      case 'In':
      case 'NotIn':
        if (!values.length) {
          const text = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector";
          errors.push(required(path.child('values'), text));
        }
        break;
      case 'Exists':
      case 'DoesNotExist':
        if (values.length) {
          const text = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";
          errors.push(invalid(path.child('values'), values, text));
        }
        break;
      default:
        errors.push(invalid(path.child('operator'), operator, 'not a valid selector operator'));
    }
  }
  const scopes = rules.map((rule) => rule.scopeName);
  if (hasConflict(new Set(scopes))) errors.push(invalid(path, scopes, 'conflicting scopes'));
  return errors;
}

export function validateQuotaUpdate(quota: ResourceQuota, old: ResourceQuota): FieldError[] {
  const scopes = quota.spec?.scopes;
  const sorted = (list: readonly string[] = []): string => [...new Set(list)].sort().join();
  return sorted(scopes) === sorted(old.spec?.scopes) ? [] : [invalid(specPath.child('scopes'), scopes, immutableText)];
}

export function validateQuotaStatus(quota: ResourceQuota): FieldError[] {
  const path = FieldPath.of('status');
  return [...validateAmounts(quota.status?.hard, path.child('hard')), ...validateAmounts(quota.status?.used, path.child('used'))];
}
