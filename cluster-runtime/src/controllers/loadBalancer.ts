/**
 * The cloud's part for Services of type LoadBalancer: an address and listeners from whoever provides them, the address in
 * the status, and a finalizer so that nothing is left behind. Services with a loadBalancerClass are somebody else's.
 *
 * Differs from Kubernetes: a Service gets its load balancer when its first endpoint is ready, where clouds make it at
 * once; until then it is pending, as on a cluster without a cloud.
 */
import { deepEqual } from '#common/base/freeze.ts';
import type { ObjectKey } from '#common/api/meta.ts';
import { EndpointSlice } from '#common/kinds/endpointSlice.ts';
import { Service } from '#common/kinds/service.ts';
import type * as api from '#common/schema/generated/types.ts';
import {
  type ControllerDefinition,
  defineController,
  defineWatch,
  done,
  type ReconcileContext,
} from '../controller/controller.ts';
import { withoutFinalizer } from './finalizers.ts';

/** Where load balancers come from. */
export interface LoadBalancerProvider {
  ensure(service: api.Service): Promise<{
    readonly ip: string;
    readonly problems: readonly { readonly port: number; readonly error: string; readonly message: string }[];
  }>;
  release(uid: string): Promise<void>;
}

export const loadBalancerFinalizer = 'service.kubernetes.io/load-balancer-cleanup';
const serviceNameLabel = 'kubernetes.io/service-name';
const errorPrefix = 'playground.kube/';

export const loadBalancerController = (provider: LoadBalancerProvider): ControllerDefinition => {
  /** The spec that each Service's balancer was last made for, by uid. */
  const ensured = new Map<string, api.ServiceSpec | undefined>();
  /** What is to be given back once the object has gone without its finalizer. */
  const uids = new Map<string, string>();

  const release = async (key: ObjectKey, uid: string): Promise<void> => {
    uids.delete(textOf(key));
    ensured.delete(uid);
    await provider.release(uid);
  };

  return defineController<api.Service>({
    name: 'service-controller',
    for: Service,
    writes: [Service],
    watches: [
      defineWatch<api.EndpointSlice>({
        kind: EndpointSlice,
        keysFor({ object }, cache) {
          const key = { namespace: object.metadata.namespace ?? '', name: object.metadata.labels?.[serviceNameLabel] ?? '' };
          const service = cache.get(Service, key);
          return service && isOurs(service) && !hasFinalizer(service) ? [key] : [];
        },
      }),
    ],
    async reconcile(ctx, key) {
      const service = ctx.cache.get(Service, key);
      const uid = service?.metadata.uid ?? '';
      const former = uids.get(textOf(key));
      if (former !== undefined && former !== uid) await release(key, former);
      if (!service) return done;
      const wanted = isOurs(service) && !service.metadata.deletionTimestamp;
      if (!wanted) {
        if (!hasFinalizer(service)) return done;
        ctx.events.event(service, 'Normal', 'DeletingLoadBalancer', 'Deleting load balancer');
        await release(key, uid);
        await withoutBalancer(ctx, service);
        ctx.events.event(service, 'Normal', 'DeletedLoadBalancer', 'Deleted load balancer');
        return done;
      }
      if (!hasFinalizer(service) && !hasReadyEndpoint(ctx, key)) return done;
      if (ensured.has(uid) && deepEqual(ensured.get(uid), service.spec) && hasFinalizer(service)) return done;
      ctx.events.event(service, 'Normal', 'EnsuringLoadBalancer', 'Ensuring load balancer');
      const held = hasFinalizer(service) ? service : await ctx.client.update(Service, withFinalizer(service));
      uids.set(textOf(key), uid);
      const balanced = await ensure(ctx, held);
      const loadBalancer = planStatus(held, balanced);
      if (!deepEqual(loadBalancer, held.status?.loadBalancer))
        await ctx.client.updateStatus(Service, { ...held, status: { ...held.status, loadBalancer } });
      ensured.set(uid, service.spec);
      for (const { message } of balanced.problems) ctx.events.event(service, 'Warning', 'LoadBalancerPortUnavailable', message);
      ctx.events.event(service, 'Normal', 'EnsuredLoadBalancer', 'Ensured load balancer');
      return done;
    },
  });

  async function ensure(ctx: ReconcileContext, service: api.Service): ReturnType<LoadBalancerProvider['ensure']> {
    try {
      return await provider.ensure(service);
    } catch (error) {
      const message = `Error syncing load balancer: failed to ensure load balancer: ${(error as Error).message}`;
      ctx.events.event(service, 'Warning', 'SyncLoadBalancerFailed', message);
      throw error;
    }
  }
};

const textOf = ({ namespace, name }: ObjectKey): string => `${namespace}/${name}`;
const isOurs = ({ spec }: api.Service): boolean => spec?.type === 'LoadBalancer' && !spec.loadBalancerClass;
const hasFinalizer = ({ metadata }: api.Service): boolean => metadata.finalizers?.includes(loadBalancerFinalizer) ?? false;

const withFinalizer = (service: api.Service): api.Service => ({
  ...service,
  metadata: { ...service.metadata, finalizers: [...(service.metadata.finalizers ?? []), loadBalancerFinalizer] },
});

function hasReadyEndpoint(ctx: ReconcileContext, key: ObjectKey): boolean {
  const slices = ctx.cache.informer(EndpointSlice).select(key.namespace, { matchLabels: { [serviceNameLabel]: key.name } });
  return slices.some(({ endpoints }) => endpoints?.some(({ conditions }) => conditions?.ready !== false));
}

/** First the address, then the finalizer, which lets a Service that is being deleted go. */
async function withoutBalancer(ctx: ReconcileContext, service: api.Service): Promise<void> {
  let present = service;
  if (service.status?.loadBalancer?.ingress)
    present = await ctx.client.updateStatus(Service, { ...service, status: { ...service.status, loadBalancer: {} } });
  await ctx.client.update(Service, { ...present, metadata: withoutFinalizer(present.metadata, loadBalancerFinalizer) });
}

/** What a Service's status says of its balancer: where it is, and what became of each port where one has a problem. */
export function planStatus(
  { spec }: api.Service,
  { ip, problems }: { ip: string; problems: readonly { port: number; error: string }[] },
): api.LoadBalancerStatus {
  const errors = new Map(problems.map(({ port, error }) => [port, `${errorPrefix}${error}`]));
  const ports = (spec?.ports ?? []).map(({ port, protocol = 'TCP' }) => {
    const error = errors.get(port);
    return { port, protocol, ...(error ? { error } : {}) };
  });
  return { ingress: [{ ip, ipMode: 'Proxy', ...(problems.length > 0 ? { ports } : {}) }] };
}
