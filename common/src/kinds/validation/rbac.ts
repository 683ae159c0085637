/** The rules of RBAC's four kinds, in the order and words of Kubernetes 1.36. */
import { type FieldError, invalid, notSupported, required } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { dns1123SubdomainErrors, pathSegmentNameErrors } from '#common/api/names.ts';
import type { PolicyRule, RbacV1Subject, RoleRef } from '#common/schema/generated/types.ts';
import { goStructure, plain } from './goStructure.ts';
import { problemsAt, sameValue } from './values.ts';

export const rbacGroup = 'rbac.authorization.k8s.io';
const rulesPath = FieldPath.of('rules');
const roleRefPath = FieldPath.of('roleRef');
const roleRefShape = [plain('APIGroup', '', 'apiGroup'), plain('Kind', ''), plain('Name', '')];

/** No rules are written as null, however they came. */
export function nullEmptyRules(role: { rules?: PolicyRule[] | null }): void {
  if (role.rules?.length === 0) role.rules = null;
}

export function validateRules(rules: readonly PolicyRule[] | null | undefined, namespaced: boolean): FieldError[] {
  return (rules ?? []).flatMap((rule, i) => validateRule(rule, namespaced, rulesPath.index(i)));
}

function validateRule(rule: PolicyRule, namespaced: boolean, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const urls = rule.nonResourceURLs ?? [];
  if (!rule.verbs?.length) errors.push(required(path.child('verbs'), 'verbs must contain at least one value'));
  if (urls.length) {
    const at = path.child('nonResourceURLs');
    if (namespaced) errors.push(invalid(at, urls, 'namespaced rules cannot apply to non-resource URLs'));
    if (rule.apiGroups?.length || rule.resources?.length || rule.resourceNames?.length) {
      errors.push(invalid(at, urls, 'rules cannot apply to both regular resources and non-resource URLs'));
    }
    return errors;
  }
  if (!rule.apiGroups?.length)
    errors.push(required(path.child('apiGroups'), 'resource rules must supply at least one api group'));
  if (!rule.resources?.length) errors.push(required(path.child('resources'), 'resource rules must supply at least one resource'));
  return errors;
}

export function validateRoleRef(ref: RoleRef | undefined, kinds: readonly string[]): FieldError[] {
  const { apiGroup = '', kind = '', name = '' } = ref ?? { apiGroup: rbacGroup };
  const errors: FieldError[] = [];
  if (apiGroup !== rbacGroup) errors.push(notSupported(roleRefPath.child('apiGroup'), apiGroup, [rbacGroup]));
  if (!kinds.includes(kind)) errors.push(notSupported(roleRefPath.child('kind'), kind, kinds));
  const namePath = roleRefPath.child('name');
  return [...errors, ...(name ? problemsAt(namePath, name, pathSegmentNameErrors(name)) : [required(namePath)])];
}

/** A ServiceAccount's namespace may be left out where the binding has one. */
export function validateSubjects(subjects: readonly RbacV1Subject[] | undefined, namespaced: boolean): FieldError[] {
  return (subjects ?? []).flatMap((subject, i) => validateSubject(subject, namespaced, FieldPath.of('subjects').index(i)));
}

function validateSubject(subject: RbacV1Subject, namespaced: boolean, path: FieldPath): FieldError[] {
  const { kind = '', name = '', apiGroup = '', namespace } = subject;
  const errors: FieldError[] = [];
  if (!name) errors.push(required(path.child('name')));
  switch (kind) {
    case 'ServiceAccount':
      if (name) errors.push(...problemsAt(path.child('name'), name, dns1123SubdomainErrors(name)));
      if (apiGroup) errors.push(notSupported(path.child('apiGroup'), apiGroup, ['']));
      if (!namespaced && !namespace) errors.push(required(path.child('namespace')));
      break;
    case 'User':
    case 'Group':
      if (apiGroup !== rbacGroup) errors.push(notSupported(path.child('apiGroup'), apiGroup, [rbacGroup]));
      break;
    default:
      errors.push(notSupported(path.child('kind'), kind, ['ServiceAccount', 'User', 'Group']));
  }
  return errors;
}

export function validateRoleRefUpdate(ref: RoleRef | undefined, old: RoleRef | undefined): FieldError[] {
  return sameValue(ref, old) ? [] : [invalid(roleRefPath, goStructure(roleRefShape, ref), 'cannot change roleRef')];
}

/** Changes `binding`: groups may be left out, and mean RBAC's own. */
export function defaultBinding(binding: { roleRef?: RoleRef; subjects?: RbacV1Subject[] }): void {
  if (binding.roleRef) binding.roleRef.apiGroup ||= rbacGroup;
  for (const subject of binding.subjects ?? []) {
    if ((subject.kind === 'User' || subject.kind === 'Group') && !subject.apiGroup) subject.apiGroup = rbacGroup;
  }
}
