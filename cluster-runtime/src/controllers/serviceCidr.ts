/**
 * Says of each ServiceCIDR that it is ready, and holds it by a finalizer while it is to go and Services have addresses
 * of it that no other range contains.
 */
import { deepEqual } from '#common/base/freeze.ts';
import { cidrContains, parseCidr, parseIp } from '#common/api/ipAddress.ts';
import { keyOf } from '#common/api/meta.ts';
import { formatTime } from '#common/api/time.ts';
import { Service } from '#common/kinds/service.ts';
import { ServiceCIDR } from '#common/kinds/serviceCidr.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Cache } from '../client/client.ts';
import { defineController, defineWatch, done } from '../controller/controller.ts';
import { withoutFinalizer } from './finalizers.ts';

const finalizer = 'networking.k8s.io/service-cidr-finalizer';

const leaving = (cache: Cache): { namespace: string; name: string }[] =>
  cache
    .list(ServiceCIDR)
    .filter(({ metadata }) => metadata.deletionTimestamp)
    .map(keyOf);

export const serviceCidrController = defineController<api.ServiceCIDR>({
  name: 'service-cidr-controller',
  account: 'service-cidrs-controller',
  for: ServiceCIDR,
  writes: [ServiceCIDR],
  watches: [
    defineWatch<api.Service>({
      kind: Service,
      keysFor: (event, cache) => (event.type === 'deleted' ? leaving(cache) : []),
    }),
    defineWatch<api.ServiceCIDR>({ kind: ServiceCIDR, keysFor: (_event, cache) => leaving(cache) }),
  ],
  async reconcile(ctx, key) {
    const range = ctx.cache.get(ServiceCIDR, key);
    if (!range) return done;
    const finalizers = range.metadata.finalizers ?? [];
    if (!range.metadata.deletionTimestamp) {
      if (!finalizers.includes(finalizer)) {
        const metadata = { ...range.metadata, finalizers: [...finalizers, finalizer] };
        // Its change brings the key back, and then the condition is written.
        await ctx.client.update(ServiceCIDR, { ...range, metadata });
        return done;
      }
    } else if (!finalizers.includes(finalizer)) return done;
    else if (!isNeeded(range, ctx.cache.list(ServiceCIDR), ctx.cache.list(Service))) {
      await ctx.client.update(ServiceCIDR, { ...range, metadata: withoutFinalizer(range.metadata, finalizer) });
      return done;
    }
    const status = planStatus(range, formatTime(ctx.clock.now()));
    if (!deepEqual(status, range.status)) await ctx.client.updateStatus(ServiceCIDR, { ...range, status });
    return done;
  },
});

/** Whether a Service has an address that would be left in no range. */
export function isNeeded(range: api.ServiceCIDR, ranges: readonly api.ServiceCIDR[], services: readonly api.Service[]): boolean {
  const cidrsOf = ({ spec }: api.ServiceCIDR): readonly string[] => spec?.cidrs ?? [];
  const inAny = (cidrs: readonly string[], address: string): boolean => {
    const ip = parseIp(address);
    return cidrs.some((text) => {
      const cidr = parseCidr(text);
      return ip !== undefined && cidr !== undefined && cidrContains(cidr, ip);
    });
  };
  const others = ranges
    .filter(({ metadata }) => metadata.name !== range.metadata.name && !metadata.deletionTimestamp)
    .flatMap(cidrsOf);
  return services.some(({ spec }) =>
    (spec?.clusterIPs ?? []).some((address) => inAny(cidrsOf(range), address) && !inAny(others, address)),
  );
}

export function planStatus({ metadata, status }: api.ServiceCIDR, now: string): api.ServiceCIDRStatus {
  const before = status?.conditions?.find(({ type }) => type === 'Ready');
  const state = metadata.deletionTimestamp
    ? {
        status: 'False',
        reason: 'Terminating',
        message: 'There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR',
      }
    : { status: 'True', reason: '', message: 'Kubernetes Service CIDR is ready' };
  const since = before && before.status === state.status ? before.lastTransitionTime : now;
  return { conditions: [{ type: 'Ready', ...state, lastTransitionTime: since }] };
}
