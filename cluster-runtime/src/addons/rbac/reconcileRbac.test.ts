import { describe, expect, it } from 'vitest';
import type { KubeObject } from '#common/api/meta.ts';
import type * as api from '#common/schema/generated/types.ts';
import { planAggregatedRules } from '../../controllers/clusterRoleAggregation.ts';
import { rbacForComponents, rbacForUsers } from './bootstrapRbac.ts';
import { planRbac } from './reconcileRbac.ts';
import { rulesOf } from './ruleText.ts';

const all = [...rbacForUsers(), ...rbacForComponents()];
const find = (kind: string, name: string): KubeObject => {
  const found = all.find(({ object }) => object.kind === kind && object.metadata.name === name);
  if (!found) throw new Error(`no ${kind} ${name}`);
  return found.object;
};
const role = (name: string): api.ClusterRole => find('ClusterRole', name) as api.ClusterRole;

describe('the bootstrap roles', () => {
  it('are as many as Kubernetes 1.36 has', () => {
    const count = (kind: string): number => all.filter(({ object }) => object.kind === kind).length;
    expect(['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'].map(count)).toEqual([69, 50, 7, 7]);
    expect(new Set(all.map(({ object: { kind, metadata } }) => `${kind} ${metadata.namespace} ${metadata.name}`)).size).toBe(133);
  });

  it.each(['view', 'edit', 'admin'])('%s has the rules that aggregation gives it', (name) => {
    const roles = all.flatMap(({ object }) => (object.kind === 'ClusterRole' ? [object as api.ClusterRole] : []));
    expect(role(name).rules).toEqual(planAggregatedRules(role(name), roles));
  });

  it('bind only roles that are there', () => {
    for (const { object } of all) {
      if (!('roleRef' in object)) continue;
      const { roleRef } = object as api.RoleBinding;
      expect(find(roleRef.kind, roleRef.name)).toBeDefined();
    }
  });
});

describe('the notation of rules', () => {
  it.each<[string, api.PolicyRule]>([
    ['read core:pods', { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] }],
    ['get,update apps,core:a,b/status', { apiGroups: ['apps', ''], resources: ['a', 'b/status'], verbs: ['get', 'update'] }],
    ['sign x.io:signers =a/b,c', { apiGroups: ['x.io'], resourceNames: ['a/b', 'c'], resources: ['signers'], verbs: ['sign'] }],
    ['get url:/a,/b/*', { nonResourceURLs: ['/a', '/b/*'], verbs: ['get'] }],
    ['record-events', { apiGroups: ['', 'events.k8s.io'], resources: ['events'], verbs: ['create', 'patch', 'update'] }],
  ])('%s', (text, rule) => {
    expect(rulesOf(text)).toEqual([rule]);
  });
});

describe('planRbac', () => {
  const wanted = role('system:node-problem-detector');
  const binding = find('ClusterRoleBinding', 'system:discovery') as api.ClusterRoleBinding & KubeObject;
  const updated = (plan: ReturnType<typeof planRbac>): KubeObject => {
    if (typeof plan === 'string') throw new Error(plan);
    return plan.update;
  };

  it('makes what is missing and leaves what is whole', () => {
    expect(planRbac(wanted, undefined)).toBe('create');
    expect(planRbac(wanted, wanted)).toBe('none');
    expect(planRbac(binding, binding)).toBe('none');
  });

  it('gives a role its rules back and keeps those that were added', () => {
    const added = { apiGroups: ['x'], resources: ['y'], verbs: ['get'] };
    const plan = planRbac(wanted, { ...wanted, rules: [added] } as KubeObject);
    expect((updated(plan) as api.ClusterRole).rules).toEqual([added, ...(wanted.rules ?? [])]);
    expect(planRbac(wanted, { ...wanted, rules: [...(wanted.rules ?? []), added] } as KubeObject)).toBe('none');
  });

  it('leaves alone what says that it wants no updates', () => {
    const metadata = { ...wanted.metadata, annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'false' } };
    expect(planRbac(wanted, { ...wanted, metadata, rules: [] } as KubeObject)).toBe('none');
  });

  it('gives a binding its subjects back, and makes it anew when it names another role', () => {
    const plan = planRbac(binding, { ...binding, subjects: [] } as KubeObject);
    expect((updated(plan) as api.ClusterRoleBinding).subjects).toEqual(binding.subjects);
    const other = { ...binding, roleRef: { ...binding.roleRef, name: 'view' } } as KubeObject;
    expect(planRbac(binding, other)).toBe('recreate');
  });

  it('leaves the rules of an aggregated role to its controller', () => {
    expect(planRbac(role('edit'), { ...role('edit'), rules: [] } as KubeObject)).toBe('none');
  });
});
