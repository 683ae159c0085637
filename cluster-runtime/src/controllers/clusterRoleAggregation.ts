/** Puts the rules of each ClusterRole with an aggregation rule together from the roles that its selectors match. */
import { deepEqual } from '#common/base/freeze.ts';
import { selectorFromLabelSelector } from '#common/api/labelSelector.ts';
import { keyOf } from '#common/api/meta.ts';
import { ClusterRole } from '#common/kinds/clusterRole.ts';
import type * as api from '#common/schema/generated/types.ts';
import { defineController, defineWatch, done } from '../controller/controller.ts';

const name = 'clusterrole-aggregation-controller';

export const clusterRoleAggregationController = defineController<api.ClusterRole>({
  name,
  for: ClusterRole,
  writes: [ClusterRole],
  watches: [
    defineWatch<api.ClusterRole>({
      kind: ClusterRole,
      keysFor: (_event, cache) =>
        cache
          .list(ClusterRole)
          .filter((role) => role.aggregationRule)
          .map(keyOf),
    }),
  ],
  async reconcile(ctx, key) {
    const role = ctx.cache.get(ClusterRole, key);
    if (!role?.aggregationRule || role.metadata.deletionTimestamp) return done;
    const rules = planAggregatedRules(role, ctx.cache.list(ClusterRole));
    if (deepEqual(rules, role.rules ?? [])) return done;
    const { apiVersion, kind } = role;
    const client = ctx.client.as(`system:serviceaccount:kube-system:${name}`, name);
    const patch = { apiVersion, kind, metadata: { name: key.name }, rules };
    await client.patch(ClusterRole, key, 'apply', patch, { force: true });
    return done;
  },
});

/** The rules of the matching roles by name, selector after selector, each once. */
export function planAggregatedRules(role: api.ClusterRole, roles: readonly api.ClusterRole[]): api.PolicyRule[] {
  const rules: api.PolicyRule[] = [];
  const others = roles.filter(({ metadata }) => metadata.name !== role.metadata.name);
  others.sort((a, b) => ((a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1));
  for (const labelSelector of role.aggregationRule?.clusterRoleSelectors ?? []) {
    const selector = selectorFromLabelSelector(labelSelector);
    for (const other of others) {
      if (!selector.matches(other.metadata.labels ?? {})) continue;
      for (const rule of other.rules ?? []) if (!rules.some((known) => deepEqual(known, rule))) rules.push(rule);
    }
  }
  return rules;
}
