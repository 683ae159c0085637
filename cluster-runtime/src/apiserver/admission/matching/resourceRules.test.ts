import { expect, it } from 'vitest';
import { type Rule, ruleMatches, type RuleTarget } from './resourceRules.ts';

const everything: Rule = { operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*/*'], scope: '*' };
const pod: RuleTarget = {
  operation: 'CREATE',
  group: '',
  version: 'v1',
  resource: 'pods',
  subresource: '',
  namespace: 'ns',
  name: 'p',
};
const status = { ...pod, operation: 'UPDATE', subresource: 'status' };
const node = { ...pod, resource: 'nodes', namespace: '' };
const namespace = { ...pod, resource: 'namespaces', namespace: 'ns', name: 'ns' };

it.each<[string, Partial<Rule>, RuleTarget, boolean]>([
  ['everything', {}, pod, true],
  ['one of several operations', { operations: ['DELETE', 'CREATE'] }, pod, true],
  ['another operation', { operations: ['DELETE'] }, pod, false],
  ['no operation at all', { operations: [] }, pod, false],
  ['the core group', { apiGroups: [''] }, pod, true],
  ['another group', { apiGroups: ['apps'] }, pod, false],
  ['another version', { apiVersions: ['v1beta1'] }, pod, false],
  ['the resource', { resources: ['pods'] }, pod, true],
  ['the resource is not its subresources', { resources: ['pods'] }, status, false],
  ['any resource is no subresource', { resources: ['*'] }, status, false],
  ['one subresource', { resources: ['pods/status'] }, status, true],
  ['one subresource is not the resource', { resources: ['pods/status'] }, pod, false],
  ['the subresources of one resource', { resources: ['pods/*'] }, status, true],
  ['the subresources of one resource, and itself', { resources: ['pods/*'] }, pod, true],
  ['one subresource of anything', { resources: ['*/status'] }, status, true],
  ['one subresource of anything is not the resource', { resources: ['*/status'] }, pod, false],
  ['in namespaces', { scope: 'Namespaced' }, pod, true],
  ['in namespaces, a node', { scope: 'Namespaced' }, node, false],
  ['in the cluster, a node', { scope: 'Cluster' }, node, true],
  ['in the cluster, a pod', { scope: 'Cluster' }, pod, false],
  ['a Namespace belongs to the cluster', { scope: 'Cluster' }, namespace, true],
  ['a Namespace is in none', { scope: 'Namespaced' }, namespace, false],
  ['one name', { resourceNames: ['p'] }, pod, true],
  ['another name', { resourceNames: ['q'] }, pod, false],
  ['no names are all', { resourceNames: [] }, pod, true],
])('%s', (_name, rule, target, expected) => {
  expect(ruleMatches({ ...everything, ...rule }, target)).toBe(expected);
});
