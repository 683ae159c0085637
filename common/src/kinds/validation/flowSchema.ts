/** What a FlowSchema may say, in the order and words of Kubernetes 1.36. */
import { type FieldError, forbidden, invalid, notSupported, required } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { dns1123LabelErrors, dns1123SubdomainErrors } from '#common/api/names.ts';
import type * as api from '#common/schema/generated/types.ts';
import { problemsAt } from './values.ts';

const specPath = FieldPath.of('spec');
const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'proxy', 'update', 'watch'];
const subjectFields = { User: 'user', Group: 'group', ServiceAccount: 'serviceAccount' } as const;

export function validateFlowSchema(schema: api.FlowSchema): FieldError[] {
  const spec = schema.spec;
  const name = schema.metadata.name ?? '';
  const errors: FieldError[] = [];
  const precedence = spec?.matchingPrecedence ?? 1000;
  const precedencePath = specPath.child('matchingPrecedence');
  if (precedence <= 0) errors.push(invalid(precedencePath, precedence, 'must be a positive value'));
  if (precedence > 10_000) errors.push(invalid(precedencePath, precedence, 'must not be greater than 10000'));
  if (precedence === 1 && name !== 'exempt') {
    errors.push(invalid(precedencePath, precedence, "only the schema named 'exempt' may have matchingPrecedence 1"));
  }
  const method = spec?.distinguisherMethod;
  if (method && method.type !== 'ByUser' && method.type !== 'ByNamespace') {
    errors.push(notSupported(specPath.child('distinguisherMethod', 'type'), { Type: method.type }, ['ByNamespace', 'ByUser']));
  }
  const levelPath = specPath.child('priorityLevelConfiguration', 'name');
  const level = spec?.priorityLevelConfiguration?.name;
  if (level) errors.push(...problemsAt(levelPath, level, dns1123SubdomainErrors(level)));
  else errors.push(required(levelPath, 'must reference a priority level'));
  spec?.rules?.forEach((rule, i) => errors.push(...validateRule(rule, specPath.child('rules').index(i))));
  return errors;
}

function validateRule(rule: api.PolicyRulesWithSubjects, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const { resourceRules = [], nonResourceRules = [] } = rule;
  const subjects = rule.subjects ?? [];
  if (!subjects.length) errors.push(required(path.child('subjects'), 'subjects must contain at least one value'));
  subjects.forEach((subject, i) => errors.push(...validateSubject(subject, path.child('subjects').index(i))));
  if (!resourceRules.length && !nonResourceRules.length) {
    errors.push(required(path, 'at least one of resourceRules and nonResourceRules has to be non-empty'));
  }
  resourceRules.forEach((resourceRule, i) =>
    errors.push(...validateResourceRule(resourceRule, path.child('resourceRules').index(i))),
  );
  nonResourceRules.forEach((urlRule, i) => errors.push(...validateUrlRule(urlRule, path.child('nonResourceRules').index(i))));
  return errors;
}

function validateSubject(subject: api.FlowcontrolV1Subject, path: FieldPath): FieldError[] {
  const { kind = '' } = subject;
  const kinds = ['Group', 'ServiceAccount', 'User'];
  if (!kinds.includes(kind)) return [notSupported(path.child('kind'), kind, kinds)];
  const errors: FieldError[] = [];
  const own = subjectFields[kind as keyof typeof subjectFields];
  const field = path.child(own);
  const { user, group, serviceAccount } = subject;
  if (!subject[own]) errors.push(required(field, `${own} is required when subject kind is '${kind}'`));
  else if (own === 'user' && !user?.name) errors.push(required(field.child('name')));
  else if (own === 'group' && !group?.name) errors.push(required(field.child('name')));
  else if (own === 'serviceAccount') errors.push(...validateServiceAccount(serviceAccount, field));
  for (const [otherKind, other] of Object.entries(subjectFields)) {
    if (other !== own && subject[other]) {
      errors.push(forbidden(path.child(other), `${other} is forbidden when subject kind is not '${otherKind}'`));
    }
  }
  return errors;
}

function validateServiceAccount(account: api.ServiceAccountSubject | undefined, path: FieldPath): FieldError[] {
  const { name = '', namespace = '' } = account ?? {};
  const errors: FieldError[] = [];
  if (!name) errors.push(required(path.child('name')));
  else if (name !== '*') errors.push(...problemsAt(path.child('name'), name, dns1123SubdomainErrors(name)));
  if (!namespace) errors.push(required(path.child('namespace'), 'must specify namespace for service account'));
  else errors.push(...problemsAt(path.child('namespace'), namespace, dns1123LabelErrors(namespace)));
  return errors;
}

/** A list that is `*` alone, or names; `each` judges the names. */
function validateList(
  values: readonly string[],
  path: FieldPath,
  missing: string,
  others: string,
  each: () => FieldError[],
): FieldError[] {
  if (!values.length) return [required(path, missing)];
  if (values.length > 1 && values.includes('*')) {
    return [invalid(path, values, `if '*' is present, must not specify other ${others}`)];
  }
  return values.includes('*') ? [] : each();
}

const validateVerbs = (values: readonly string[], path: FieldPath): FieldError[] =>
  validateList(values, path, 'verbs must contain at least one value', 'verbs', () =>
    values.every((verb) => verbs.includes(verb)) ? [] : [notSupported(path, values, verbs)],
  );

function validateResourceRule(rule: api.ResourcePolicyRule, path: FieldPath): FieldError[] {
  const namespaces = rule.namespaces ?? [];
  const namespacesPath = path.child('namespaces');
  const errors = [
    ...validateVerbs(rule.verbs ?? [], path.child('verbs')),
    ...validateList(
      rule.apiGroups ?? [],
      path.child('apiGroups'),
      'resource rules must supply at least one api group',
      'api groups',
      () => [],
    ),
    ...validateList(
      rule.resources ?? [],
      path.child('resources'),
      'resource rules must supply at least one resource',
      'resources',
      () => [],
    ),
  ];
  if (!namespaces.length && !rule.clusterScope) {
    return [...errors, required(namespacesPath, 'resource rules that are not cluster scoped must supply at least one namespace')];
  }
  if (!namespaces.length) return errors;
  return [
    ...errors,
    ...validateList(namespaces, namespacesPath, '', 'namespaces', () =>
      namespaces.flatMap((namespace, i) => problemsAt(namespacesPath.index(i), namespace, dns1123LabelErrors(namespace))),
    ),
  ];
}

function validateUrlRule(rule: api.NonResourcePolicyRule, path: FieldPath): FieldError[] {
  const urls = rule.nonResourceURLs ?? [];
  const urlsPath = path.child('nonResourceURLs');
  return [
    ...validateVerbs(rule.verbs ?? [], path.child('verbs')),
    ...validateList(urls, urlsPath, 'nonResourceURLs must contain at least one value', 'non-resource URLs', () =>
      urls.flatMap((url, i) => validateUrl(url, urlsPath.index(i))),
    ),
  ];
}

function validateUrl(url: string, path: FieldPath): FieldError[] {
  if (!url) return [required(path)];
  const star = url.indexOf('*');
  if (star >= 0 && star !== url.length - 1) return [invalid(path, url, 'wildcard can only do suffix matching')];
  if (star >= 0 && !url.endsWith('/*')) return [invalid(path, url, "wildcard must be preceded by '/'")];
  return url.startsWith('/') ? [] : [invalid(path, url, "must start with '/'")];
}
