import { describe, expect, it } from 'vitest';
import type { KubeObject } from '#common/api/meta.ts';
import type { PolicyRule } from '#common/schema/generated/types.ts';
import type { User } from '../registry/registry.ts';
import { createFakeRegistry } from '../testing/fakeRegistry.ts';
import type { Attributes } from './authorizer.ts';
import { RbacAuthorizer, ruleAllows } from './rbac.ts';
import { missingRules } from './ruleCoverage.ts';

const group = 'rbac.authorization.k8s.io';
const account: User = { name: 'system:serviceaccount:ns:sa', groups: ['system:serviceaccounts'] };
const ask = (more: Partial<Attributes> = {}): Attributes => ({
  user: account,
  verb: 'get',
  isResource: true,
  namespace: 'ns',
  group: '',
  version: 'v1',
  resource: 'pods',
  subresource: '',
  name: '',
  path: '',
  ...more,
});

async function authorizerWith(objects: [string, string, object][]): Promise<RbacAuthorizer> {
  const { registry } = createFakeRegistry();
  const rbac = new RbacAuthorizer(registry);
  // Asked before anything is there: what comes later must count, too.
  expect(rbac.authorize(ask()).allowed).toBe(false);
  for (const [plural, namespace, object] of objects) {
    const options = { user: account, fieldManager: '', dryRun: false, fieldValidation: 'Ignore' as const, warn: () => undefined };
    const metadata = { ...(object as KubeObject).metadata, ...(namespace ? { namespace } : {}) };
    await registry.resource(group, 'v1', plural)?.create(namespace, { ...object, metadata }, options);
  }
  return rbac;
}

const role = (name: string, rules: PolicyRule[]): object => ({ metadata: { name }, rules });
const binding = (name: string, kind: string, roleName: string, subject: object): object => ({
  metadata: { name },
  roleRef: { apiGroup: group, kind, name: roleName },
  subjects: [subject],
});
const readPods: PolicyRule[] = [{ verbs: ['get'], apiGroups: [''], resources: ['pods'] }];

describe('RbacAuthorizer', () => {
  it('grants through a role binding, in its namespace only, and says why', async () => {
    const rbac = await authorizerWith([
      ['roles', 'ns', role('r', readPods)],
      ['rolebindings', 'ns', binding('b', 'Role', 'r', { kind: 'ServiceAccount', name: 'sa' })],
    ]);
    expect(rbac.authorize(ask())).toEqual({
      allowed: true,
      reason: 'RBAC: allowed by RoleBinding "b/ns" of Role "r" to ServiceAccount "sa/ns"',
    });
    expect(rbac.authorize(ask({ namespace: 'other' })).allowed).toBe(false);
    expect(rbac.authorize(ask({ verb: 'list' })).allowed).toBe(false);
    expect(rbac.authorize(ask({ user: { name: 'joe', groups: [] } })).allowed).toBe(false);
  });

  it('grants everywhere through a cluster role binding to a group', async () => {
    const rbac = await authorizerWith([
      ['clusterroles', '', role('c', readPods)],
      ['clusterrolebindings', '', binding('b', 'ClusterRole', 'c', { kind: 'Group', name: 'system:serviceaccounts' })],
    ]);
    expect(rbac.authorize(ask({ namespace: '' })).reason).toBe(
      'RBAC: allowed by ClusterRoleBinding "b" of ClusterRole "c" to Group "system:serviceaccounts"',
    );
  });

  it('tells of roles that do not exist', async () => {
    const rbac = await authorizerWith([
      ['rolebindings', 'ns', binding('b', 'Role', 'nope', { kind: 'ServiceAccount', name: 'sa' })],
    ]);
    expect(rbac.authorize(ask())).toEqual({ allowed: false, reason: 'RBAC: role.rbac.authorization.k8s.io "nope" not found' });
  });
});

describe('ruleAllows', () => {
  const cases: [string, PolicyRule, Partial<Attributes>, boolean][] = [
    [
      'a subresource is not its resource',
      { verbs: ['get'], apiGroups: [''], resources: ['pods'] },
      { subresource: 'log' },
      false,
    ],
    ['a subresource by name', { verbs: ['get'], apiGroups: [''], resources: ['pods/log'] }, { subresource: 'log' }, true],
    ['a subresource of everything', { verbs: ['get'], apiGroups: [''], resources: ['*/log'] }, { subresource: 'log' }, true],
    ['all resources', { verbs: ['get'], apiGroups: ['*'], resources: ['*'] }, { group: 'apps', subresource: 'scale' }, true],
    ['a name', { verbs: ['get'], apiGroups: [''], resources: ['pods'], resourceNames: ['one'] }, { name: 'one' }, true],
    ['another name', { verbs: ['get'], apiGroups: [''], resources: ['pods'], resourceNames: ['one'] }, { name: 'two' }, false],
    [
      'a list has no name',
      { verbs: ['*'], apiGroups: [''], resources: ['pods'], resourceNames: ['one'] },
      { verb: 'list' },
      false,
    ],
    ['a path', { verbs: ['get'], nonResourceURLs: ['/api/*'] }, { isResource: false, path: '/api/v1' }, true],
    ['a path is no resource', { verbs: ['*'], nonResourceURLs: ['*'] }, {}, false],
  ];
  it.each(cases)('%s', (_name, rule, attributes, allowed) => expect(ruleAllows(rule, ask(attributes))).toBe(allowed));
});

describe('missingRules', () => {
  it('tells what is not held, by resource', () => {
    const wanted: PolicyRule[] = [
      { verbs: ['get', 'delete'], apiGroups: [''], resources: ['pods'] },
      { verbs: ['*'], apiGroups: ['apps'], resources: ['deployments'] },
      { verbs: ['*'], nonResourceURLs: ['*'] },
    ];
    expect(missingRules(readPods, wanted)).toEqual([
      '{APIGroups:[""], Resources:["pods"], Verbs:["delete"]}',
      '{APIGroups:["apps"], Resources:["deployments"], Verbs:["*"]}',
      '{NonResourceURLs:["*"], Verbs:["*"]}',
    ]);
  });

  it('is content with wider rules', () => {
    const held: PolicyRule[] = [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }];
    expect(
      missingRules(held, [{ verbs: ['get'], apiGroups: ['apps'], resources: ['deployments/scale'], resourceNames: ['x'] }]),
    ).toEqual([]);
  });
});
