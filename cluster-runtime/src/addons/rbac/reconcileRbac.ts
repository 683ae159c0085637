/**
 * Keeps the bootstrap roles and bindings whole, at every start, as Kubernetes does: what is missing is made, rules and
 * subjects that were taken away come back, what somebody added stays. An object whose autoupdate annotation says
 * "false" is left alone.
 */
import { hasReason } from '#common/api/status.ts';
import { keyOf, type KubeObject } from '#common/api/meta.ts';
import { deepEqual } from '#common/base/freeze.ts';
import type * as api from '#common/schema/generated/types.ts';
import { missingRules } from '../../apiserver/authorization/ruleCoverage.ts';
import type { Cache, Client } from '../../client/client.ts';
import { autoUpdateAnnotation, type BootstrapRbac } from './bootstrapRbac.ts';

type Role = api.ClusterRole & KubeObject;
type Binding = api.ClusterRoleBinding & KubeObject;

export type RbacPlan = 'none' | 'create' | 'recreate' | { readonly update: KubeObject };

export function planRbac(wanted: KubeObject, stored: KubeObject | undefined): RbacPlan {
  if (!stored) return 'create';
  if (stored.metadata.annotations?.[autoUpdateAnnotation] === 'false') return 'none';
  const metadata = {
    ...stored.metadata,
    labels: { ...wanted.metadata.labels, ...stored.metadata.labels },
    annotations: { ...wanted.metadata.annotations, ...stored.metadata.annotations },
  };
  let update: KubeObject;
  if ('roleRef' in wanted) {
    const [binding, present] = [wanted as Binding, stored as Binding];
    // What a binding refers to cannot be changed.
    if (!deepEqual(binding.roleRef, present.roleRef)) return 'recreate';
    update = { ...present, metadata, ...withMissing('subjects', present.subjects ?? [], binding.subjects ?? []) } as KubeObject;
  } else {
    const [role, present] = [wanted as Role, stored as Role];
    update = { ...present, metadata, ...planRules(role, present) } as KubeObject;
  }
  return deepEqual(update, stored) ? 'none' : { update };
}

function planRules(wanted: Role, stored: Role): Partial<api.ClusterRole> {
  if (!wanted.aggregationRule) {
    const missing = (wanted.rules ?? []).filter((rule) => missingRules(stored.rules ?? [], [rule]).length > 0);
    return missing.length > 0 ? { rules: [...(stored.rules ?? []), ...missing] } : {};
  }
  // The rules of such a role are its controller's.
  const wantedSelectors = wanted.aggregationRule.clusterRoleSelectors ?? [];
  const selectors = stored.aggregationRule?.clusterRoleSelectors ?? [];
  const { selectors: all } = withMissing('selectors', selectors, wantedSelectors);
  return all ? { aggregationRule: { clusterRoleSelectors: all } } : {};
}

function withMissing<K extends string, T>(field: K, present: readonly T[], wanted: readonly T[]): Partial<Record<K, T[]>> {
  const missing = wanted.filter((item) => !present.some((other) => deepEqual(item, other)));
  return missing.length > 0 ? ({ [field]: [...present, ...missing] } as Record<K, T[]>) : {};
}

/** Starts every write at once, so that all of them come before whatever is asked for later. */
export async function reconcileRbac(client: Client, cache: Cache, all: readonly BootstrapRbac[]): Promise<void> {
  await Promise.all(
    all.map(async ({ kind, object }) => {
      const plan = planRbac(object, cache.get(kind, keyOf(object)));
      try {
        if (plan === 'recreate') await client.delete(kind, keyOf(object));
        if (plan === 'create' || plan === 'recreate') await client.create(kind, object);
        else if (plan !== 'none') await client.update(kind, plan.update);
      } catch (error) {
        // Somebody else was quicker, and theirs stands until the next start.
        if (!hasReason(error, 'AlreadyExists') && !hasReason(error, 'Conflict') && !hasReason(error, 'NotFound')) throw error;
      }
    }),
  );
}
