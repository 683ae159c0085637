/** Lists the addresses of the pods behind each Service in an Endpoints object of its name: what EndpointSlices replace. */
import { deepEqual } from '#common/base/freeze.ts';
import { keyOf, keyText, type ObjectKey } from '#common/api/meta.ts';
import { ApiError, hasReason } from '#common/api/status.ts';
import { Endpoints } from '#common/kinds/endpoints.ts';
import { Service } from '#common/kinds/service.ts';
import type * as api from '#common/schema/generated/types.ts';
import {
  type ControllerDefinition,
  defineController,
  defineWatch,
  done,
  type ReconcileContext,
} from '../controller/controller.ts';
import { isNamespaceTerminating } from '../controller/podControl.ts';
import { isReady } from '../controller/podState.ts';
import {
  hasEndpoint,
  hasFixedPorts,
  hostnameOf,
  labelsFor,
  podsOf,
  portsOf,
  type ResolvedPort,
  selectorOf,
  targetRefOf,
  TriggerTimes,
  triggerTimeAnnotation,
  watchServicePods,
} from './endpoints/podEndpoint.ts';
import { planSubsets, type PodAddress, type Subsets } from './endpoints/planSubsets.ts';

const managedByLabel = 'endpoints.kubernetes.io/managed-by';
const manager = 'endpoint-controller';
const overCapacityAnnotation = 'endpoints.kubernetes.io/over-capacity';

export const endpointsController = (): ControllerDefinition => {
  const triggers = new TriggerTimes();
  return defineController<api.Service>({
    name: 'endpoint-controller',
    writes: [Endpoints],
    for: Service,
    concurrency: 5,
    watches: [
      watchServicePods,
      defineWatch<api.Endpoints>({
        kind: Endpoints,
        replay: true,
        keysFor({ type, object }, cache) {
          const key = keyOf(object);
          return type === 'added' && cache.get(Service, key) ? [] : [key];
        },
      }),
    ],
    shareOfTime: 0.05,
    async reconcile(ctx, key) {
      const service = ctx.cache.get(Service, key);
      if (!service) {
        triggers.forget(keyText(key));
        await deleteEndpoints(ctx, key);
        return done;
      }
      if (!selectorOf(service)) return done;
      const pods = podsOf(ctx.cache, service);
      const trigger = triggers.next(keyText(key), service, pods);
      await write(ctx, service, planSubsets(addressesOf(service, pods)), trigger);
      return done;
    },
  });
};

/** Those of a Service that has gone; Endpoints that somebody else keeps under that name are left alone. */
async function deleteEndpoints(ctx: ReconcileContext, key: ObjectKey): Promise<void> {
  if (ctx.cache.get(Endpoints, key)?.metadata.labels?.[managedByLabel] !== manager) return;
  try {
    await ctx.client.delete(Endpoints, key);
  } catch (error) {
    if (!hasReason(error, 'NotFound')) throw error;
  }
}

/** The addresses of as many pods as fit, ready ones first. */
function addressesOf(service: api.Service, pods: readonly api.Pod[]): PodAddress[] {
  const publishAll = service.spec?.publishNotReadyAddresses === true;
  const portless = !service.spec?.ports?.length && service.spec?.clusterIP === 'None';
  const fixed = hasFixedPorts(service) ? namedPorts(portsOf(service, { metadata: {} })) : undefined;
  const addresses: PodAddress[] = [];
  for (const pod of pods) {
    if (!hasEndpoint(pod, publishAll)) continue;
    const ports = fixed ?? namedPorts(portsOf(service, pod));
    if (ports.length === 0 && !portless) continue;
    const hostname = hostnameOf(pod, service);
    const { nodeName } = pod.spec ?? {};
    const address: api.EndpointAddress = {
      ip: pod.status?.podIP ?? '',
      ...(hostname ? { hostname } : {}),
      ...(nodeName ? { nodeName } : {}),
      targetRef: targetRefOf(pod),
    };
    addresses.push({ address, ready: publishAll || isReady(pod), ports });
  }
  return addresses;
}

const namedPorts = (ports: readonly ResolvedPort[]): api.EndpointPort[] =>
  ports.map(({ name, ...port }) => ({ ...(name ? { name } : {}), ...port }));

async function write(
  ctx: ReconcileContext,
  service: api.Service,
  { subsets, truncated }: Subsets,
  trigger: string | undefined,
): Promise<void> {
  const key = keyOf(service);
  const current = ctx.cache.get(Endpoints, key);
  const labels = labelsFor(service, { [managedByLabel]: manager }, [managedByLabel]);
  const noted = current?.metadata.annotations?.[overCapacityAnnotation] === 'truncated';
  if (
    current &&
    noted === truncated &&
    deepEqual(current.subsets ?? [], subsets) &&
    deepEqual(current.metadata.labels ?? {}, labels)
  )
    return;

  const { [triggerTimeAnnotation]: _, [overCapacityAnnotation]: __, ...others } = current?.metadata.annotations ?? {};
  const annotations = {
    ...others,
    ...(trigger ? { [triggerTimeAnnotation]: trigger } : {}),
    ...(truncated ? { [overCapacityAnnotation]: 'truncated' } : {}),
  };
  const metadata: api.ObjectMeta = { ...(current?.metadata ?? key), labels, annotations };
  const endpoints: api.Endpoints = { apiVersion: 'v1', kind: 'Endpoints', metadata, ...(subsets.length > 0 ? { subsets } : {}) };
  try {
    await (current ? ctx.client.update(Endpoints, endpoints) : ctx.client.create(Endpoints, endpoints));
  } catch (error) {
    if (isNamespaceTerminating(error)) return;
    if (error instanceof ApiError) tellFailure(ctx, endpoints, current !== undefined, error);
    throw error;
  }
}

function tellFailure(ctx: ReconcileContext, endpoints: api.Endpoints, exists: boolean, { message }: ApiError): void {
  const key = keyText(keyOf(endpoints));
  if (exists) ctx.events.event(endpoints, 'Warning', 'FailedToUpdateEndpoint', `Failed to update endpoint ${key}: ${message}`);
  else {
    const text = `Failed to create endpoint for service ${key}: ${message}`;
    ctx.events.event(endpoints, 'Warning', 'FailedToCreateEndpoint', text);
  }
}
