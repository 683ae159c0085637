/** Counts what each ResourceQuota limits, by looking at what is there: the status that admission and people go by. */
import { deepEqual } from '#common/base/freeze.ts';
import { quantityFromValue, type Quantity } from '#common/api/quantity.ts';
import { keyOf, type KubeObject } from '#common/api/meta.ts';
import { ResourceQuota } from '#common/kinds/resourceQuota.ts';
import { isInScope } from '#common/kinds/quota/scopes.ts';
import { addUsage, usageOf } from '#common/kinds/quota/usage.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Cache } from '../client/client.ts';
import { defineController, done } from '../controller/controller.ts';

/** Changes of what is counted are looked at together. */
const batchPeriod = 20;

export const resourceQuotaController = defineController<api.ResourceQuota>({
  name: 'resourcequota-controller',
  for: ResourceQuota,
  concurrency: 5,
  delayOf: (_key, _event, kind) => (kind.kind === 'ResourceQuota' ? 0 : batchPeriod),
  keysForAny(event, kind, cache) {
    const { namespace } = event.object.metadata;
    if (!namespace || kind.kind === 'Event' || cache.informer(ResourceQuota).size === 0) return [];
    // Only these count for more than being there, so only their changes matter.
    if (event.type === 'updated' && !(kind.group === '' && ['Pod', 'Service', 'PersistentVolumeClaim'].includes(kind.kind)))
      return [];
    return cache.list(ResourceQuota, namespace).map(keyOf);
  },
  async reconcile(ctx, key) {
    const quota = ctx.cache.get(ResourceQuota, key);
    if (!quota || quota.metadata.deletionTimestamp) return done;
    const hard = quota.spec?.hard ?? {};
    const status: api.ResourceQuotaStatus = { hard, used: planUsed(ctx.cache, quota) };
    if (!deepEqual(status, quota.status)) await ctx.client.updateStatus(ResourceQuota, { ...quota, status });
    return done;
  },
});

/** How much of each limited resource is used. What no object can use is left out. */
function planUsed(cache: Cache, quota: api.ResourceQuota): Record<string, string> {
  const names = Object.keys(quota.spec?.hard ?? {});
  const total = new Map<string, Quantity>();
  const known = new Set<string>();
  for (const kind of cache.kinds()) {
    const counted = kind.namespaced ? names.filter((name) => isUsedBy(name, kind)) : [];
    if (counted.length === 0) continue;
    for (const name of counted) known.add(name);
    const objects: KubeObject[] = cache.list(kind, quota.metadata.namespace ?? '');
    for (const object of objects) if (isInScope(quota, kind, object)) addUsage(total, usageOf(kind, object));
  }
  const used = names.filter((name) => known.has(name)).map((name) => [name, (total.get(name) ?? quantityFromValue(0)).text]);
  return Object.fromEntries(used) as Record<string, string>;
}

/** Whether objects of the kind count for the resource of that name. */
function isUsedBy(name: string, { group, plural }: KindDefinition): boolean {
  if (name.startsWith('count/')) return name === `count/${plural}${group ? `.${group}` : ''}`;
  if (group) return false;
  const ofClaims =
    name === 'persistentvolumeclaims' || name === 'requests.storage' || name.includes('.storageclass.storage.k8s.io/');
  const ofServices = name === 'services' || name.startsWith('services.');
  if (plural === 'persistentvolumeclaims') return ofClaims;
  if (plural === 'services') return ofServices;
  if (['configmaps', 'replicationcontrollers', 'resourcequotas', 'secrets'].includes(name)) return plural === name;
  return plural === 'pods' && !ofClaims && !ofServices;
}
