/**
 * Counts what each ResourceQuota limits, by looking at what is there: at first, when its limits change, and when
 * something has gone or finished. What comes is booked by admission as it comes.
 *
 * Differs from Kubernetes: quotas are not counted anew every five minutes besides.
 */
import { deepEqual } from '#common/base/freeze.ts';
import { quantityFromValue, type Quantity } from '#common/api/quantity.ts';
import { keyOf, keyText, type KubeObject } from '#common/api/meta.ts';
import { ResourceQuota } from '#common/kinds/resourceQuota.ts';
import { isInScope } from '#common/kinds/quota/scopes.ts';
import { addUsage, usageOf } from '#common/kinds/quota/usage.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Cache } from '../client/client.ts';
import { type ControllerDefinition, defineController, done } from '../controller/controller.ts';

/** Changes of what is counted are looked at together, within so many milliseconds. */
const batchPeriod = 20;

export const resourceQuotaController = (): ControllerDefinition => {
  /** Quotas whose last count is no longer good. */
  const stale = new Set<string>();
  const counted = new Set<string>();
  return defineController<api.ResourceQuota>({
    name: 'resourcequota-controller',
    for: ResourceQuota,
    writes: [ResourceQuota],
    concurrency: 5,
    delayOf: (_key, _event, kind) => (kind.kind === 'ResourceQuota' ? 0 : batchPeriod),
    keysForAny(event, kind, cache) {
      const { namespace } = event.object.metadata;
      if (!namespace || kind.kind === 'Event' || cache.informer(ResourceQuota).size === 0) return [];
      if (event.type === 'updated' && !countsForMore(kind)) return [];
      // What is new is in the books already, unless the quota had none then.
      const quotas = cache.list(ResourceQuota, namespace).filter((quota) => event.type !== 'added' || !isCounted(quota));
      const keys = quotas.map(keyOf);
      for (const key of keys) stale.add(keyText(key));
      return keys;
    },
    async reconcile(ctx, key) {
      const quota = ctx.cache.get(ResourceQuota, key);
      const uid = quota?.metadata.uid ?? '';
      if (!quota || quota.metadata.deletionTimestamp) {
        stale.delete(keyText(key));
        return done;
      }
      const isStale = stale.delete(keyText(key)) || !counted.has(uid) || !isCounted(quota);
      if (!isStale) return done;
      const status: api.ResourceQuotaStatus = { hard: quota.spec?.hard ?? {}, used: planUsed(ctx.cache, quota) };
      try {
        if (!deepEqual(status, quota.status)) await ctx.client.updateStatus(ResourceQuota, { ...quota, status });
      } catch (error) {
        stale.add(keyText(key));
        throw error;
      }
      counted.add(uid);
      return done;
    },
  });
};

const isCounted = ({ spec, status }: api.ResourceQuota): boolean =>
  status?.used !== undefined && deepEqual(status.hard, spec?.hard ?? {});

/** Only these count for more than being there, so only their changes matter. */
const countsForMore = ({ group, kind }: KindDefinition): boolean =>
  group === '' && ['Pod', 'Service', 'PersistentVolumeClaim'].includes(kind);

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

/** Extended resources are limited by their requests only, so that a plain `example.com/gpu` is nobody's. */
const ofPods = /^(?:pods|cpu|memory|ephemeral-storage|hugepages-.+|requests\..+|limits\.(?:cpu|memory|ephemeral-storage))$/;

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
  return plural === 'pods' && !ofClaims && ofPods.test(name);
}
