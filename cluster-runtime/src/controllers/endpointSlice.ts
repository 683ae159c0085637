/** Lists the addresses of the pods behind each Service in EndpointSlices of at most 100. */
import { deepEqual } from '#common/base/freeze.ts';
import { keyOf, keyText, type KubeObject, type ObjectKey } from '#common/api/meta.ts';
import { ApiError, hasReason } from '#common/api/status.ts';
import { EndpointSlice } from '#common/kinds/endpointSlice.ts';
import { Node } from '#common/kinds/node.ts';
import { Service } from '#common/kinds/service.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Cache } from '../client/client.ts';
import { ownerReference } from '../controller/adoption.ts';
import {
  type ControllerDefinition,
  defineController,
  defineWatch,
  done,
  type ReconcileContext,
} from '../controller/controller.ts';
import { isNamespaceTerminating } from '../controller/podControl.ts';
import { isReady } from '../controller/podState.ts';
import { type EndpointGroup, planSlices, portsKey } from './endpoints/planSlices.ts';
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
  zoneOf,
} from './endpoints/podEndpoint.ts';
import { planHints, topologyOf, wantsTopologyHints, zoneShares } from './endpoints/topologyHints.ts';

export const serviceNameLabel = 'kubernetes.io/service-name';
export const managedByLabel = 'endpointslice.kubernetes.io/managed-by';
const manager = 'endpointslice-controller.k8s.io';
const maxEndpoints = 100;
const byServiceIndex = 'service';

export const endpointSliceController = (): ControllerDefinition => {
  const triggers = new TriggerTimes();
  const made = new Map<string, MadeEndpoints>();
  /** What each Service was last told of its topology hints: why there are none, or nothing where there are. */
  const told = new Map<string, string>();
  return defineController<api.Service>({
    name: 'endpointslice-controller',
    writes: [EndpointSlice],
    for: Service,
    concurrency: 5,
    watches: [
      watchServicePods,
      defineWatch<api.EndpointSlice>({
        kind: EndpointSlice,
        keysFor: (event) => (event.type === 'added' ? [] : serviceKeys(event.object)),
      }),
      // Endpoints name their node's zone, and hints follow from what all zones have.
      defineWatch<api.Node>({
        kind: Node,
        keysFor(event, cache) {
          const zone = ({ metadata }: api.Node): string | undefined => metadata.labels?.['topology.kubernetes.io/zone'];
          const changed = event.type === 'updated' ? zone(event.old) !== zone(event.object) : zone(event.object) !== undefined;
          if (changed || event.type === 'added') return cache.list(Service).filter(selectorOf).map(keyOf);
          const sameTopology = event.type === 'updated' && topologyOf(event.old) === topologyOf(event.object);
          return sameTopology ? [] : cache.list(Service).filter(wantsTopologyHints).map(keyOf);
        },
      }),
    ],
    setup: (ctx) => indexSlices(ctx.cache),
    shareOfTime: 0.1,
    async reconcile(ctx, key) {
      const service = ctx.cache.get(Service, key);
      const text = keyText(key);
      if (!service) {
        triggers.forget(text);
        made.delete(text);
        told.delete(text);
      }
      if (!service || service.metadata.deletionTimestamp || !selectorOf(service)) return done;
      const pods = podsOf(ctx.cache, service);
      const trigger = triggers.next(text, service, pods);
      const existing = slicesOf(ctx.cache, key).filter(
        ({ metadata }) => metadata.labels?.[managedByLabel] === manager && !metadata.deletionTimestamp,
      );
      let endpoints = made.get(text);
      if (endpoints?.service !== service) made.set(text, (endpoints = new MadeEndpoints(ctx.cache, service)));
      const groups = hintGroups(ctx, service, groupsOf(ctx.cache, service, pods, endpoints), told);
      await applySlices(ctx, service, groups, existing, trigger);
      return done;
    },
  });
};

/** Adds the index that finds a Service's slices. */
function indexSlices(cache: Cache): void {
  cache.informer(EndpointSlice).addIndex(byServiceIndex, (slice) => serviceKeys(slice).map(keyText));
}

const slicesOf = (cache: Cache, key: ObjectKey): api.EndpointSlice[] =>
  cache.informer(EndpointSlice).byIndex(byServiceIndex, keyText(key));

function serviceKeys({ metadata }: api.EndpointSlice): ObjectKey[] {
  const name = metadata.labels?.[managedByLabel] === manager ? metadata.labels[serviceNameLabel] : undefined;
  return name === undefined ? [] : [{ namespace: metadata.namespace ?? '', name }];
}

/** What pods give to one Service, kept as long as neither changes: of many pods few change between two looks. */
class MadeEndpoints {
  readonly service: api.Service;
  readonly #cache: Cache;
  readonly #byPod = new WeakMap<api.Pod, { readonly endpoint: api.Endpoint; readonly zone: string | undefined }>();
  readonly #fixed: { ports: ResolvedPort[]; key: string } | undefined;

  constructor(cache: Cache, service: api.Service) {
    this.#cache = cache;
    this.service = service;
    if (hasFixedPorts(service)) {
      const ports = portsOf(service, { metadata: {} });
      this.#fixed = { ports, key: portsKey(ports) };
    }
  }

  endpoint(pod: api.Pod): api.Endpoint {
    const zone = zoneOf(this.#cache, pod.spec?.nodeName);
    const known = this.#byPod.get(pod);
    if (known && known.zone === zone) return known.endpoint;
    const endpoint = endpointOf(this.service, pod, zone);
    this.#byPod.set(pod, { endpoint, zone });
    return endpoint;
  }

  ports(pod: api.Pod): { ports: ResolvedPort[]; key: string } {
    if (this.#fixed) return this.#fixed;
    const ports = portsOf(this.service, pod);
    return { ports, key: portsKey(ports) };
  }
}

/** Endpoints by the ports they have; one empty group when there are none. */
function groupsOf(cache: Cache, service: api.Service, pods: readonly api.Pod[], made: MadeEndpoints): EndpointGroup[] {
  const groups = new Map<string, { ports: api.DiscoveryV1EndpointPort[]; endpoints: api.Endpoint[] }>();
  for (const pod of pods) {
    if (!hasEndpoint(pod, true)) continue;
    const { nodeName } = pod.spec ?? {};
    const nodeKnown = !nodeName || cache.get(Node, { namespace: '', name: nodeName });
    if (!nodeKnown && !service.spec?.publishNotReadyAddresses) continue;
    const { ports, key } = made.ports(pod);
    let group = groups.get(key);
    if (!group) groups.set(key, (group = { ports, endpoints: [] }));
    group.endpoints.push(made.endpoint(pod));
  }
  return groups.size > 0 ? [...groups.values()] : [{ ports: [], endpoints: [] }];
}

function endpointOf(service: api.Service, pod: api.Pod, zone: string | undefined): api.Endpoint {
  const serving = isReady(pod);
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  const ready = service.spec?.publishNotReadyAddresses === true || (serving && !terminating);
  const { nodeName } = pod.spec ?? {};
  const hostname = hostnameOf(pod, service);
  const distribution = wantsTopologyHints(service) ? undefined : service.spec?.trafficDistribution;
  const hints = ready ? hintsFor(distribution, zone, nodeName) : undefined;
  return {
    addresses: [pod.status?.podIP ?? ''],
    conditions: { ready, serving, terminating },
    ...(hostname ? { hostname } : {}),
    targetRef: targetRefOf(pod),
    ...(nodeName ? { nodeName } : {}),
    ...(zone ? { zone } : {}),
    ...(hints ? { hints } : {}),
  };
}

/** Which traffic prefers this endpoint: that of its zone, and of its node where the Service asks for it. */
function hintsFor(
  distribution: string | undefined,
  zone: string | undefined,
  nodeName: string | undefined,
): api.EndpointHints | undefined {
  const sameNode = distribution === 'PreferSameNode';
  const forZones =
    zone && (sameNode || distribution === 'PreferClose' || distribution === 'PreferSameZone') ? [{ name: zone }] : undefined;
  const forNodes = sameNode && nodeName ? [{ name: nodeName }] : undefined;
  return forZones || forNodes ? { ...(forZones ? { forZones } : {}), ...(forNodes ? { forNodes } : {}) } : undefined;
}

/** The groups with the hints of `topology-mode: Auto`, where the Service asks for it and they are possible. */
function hintGroups(
  ctx: ReconcileContext,
  service: api.Service,
  groups: readonly EndpointGroup[],
  told: Map<string, string>,
): readonly EndpointGroup[] {
  const key = keyText(keyOf(service));
  const before = told.get(key);
  const tell = (type: 'Normal' | 'Warning', reason: string, message: string): void =>
    ctx.events.event(service, type, reason, `${message}, addressType: ${addressTypeOf(service)}`);
  if (!wantsTopologyHints(service)) {
    if (before === '') tell('Warning', 'TopologyAwareHintsDisabled', 'Topology Aware Hints has been disabled');
    told.delete(key);
    return groups;
  }
  const plan = planHints(
    groups.flatMap(({ endpoints }) => endpoints),
    zoneShares(ctx.cache.list(Node)),
  );
  const problem = 'problem' in plan ? plan.problem : '';
  if (problem !== before) {
    if (problem) tell('Warning', 'TopologyAwareHintsDisabled', problem);
    else tell('Normal', 'TopologyAwareHintsEnabled', 'Topology Aware Hints has been enabled');
    told.set(key, problem);
  }
  if ('problem' in plan) return groups;
  const hinted = (endpoint: api.Endpoint): api.Endpoint => {
    const zone = plan.zones.get(endpoint);
    return zone === undefined ? endpoint : { ...endpoint, hints: { forZones: [{ name: zone }] } };
  };
  return groups.map(({ ports, endpoints }) => ({ ports, endpoints: endpoints.map(hinted) }));
}

const addressTypeOf = ({ spec }: api.Service): string => spec?.ipFamilies?.[0] ?? 'IPv4';

async function applySlices(
  ctx: ReconcileContext,
  service: api.Service,
  groups: readonly EndpointGroup[],
  existing: readonly api.EndpointSlice[],
  trigger: string | undefined,
): Promise<void> {
  const { name = '', namespace = '' } = service.metadata;
  const labels = labelsFor(service, { [serviceNameLabel]: name, [managedByLabel]: manager }, [serviceNameLabel, managedByLabel]);
  const addressType = addressTypeOf(service);
  const plan = planSlices(
    groups,
    existing,
    maxEndpoints,
    (slice) => deepEqual(slice.metadata.labels, labels),
    (slice) => slice.addressType === addressType && isOwnedBy(slice, service),
  );
  const annotations = trigger ? { [triggerTimeAnnotation]: trigger } : undefined;
  try {
    await Promise.all([
      ...plan.create.map(({ ports, endpoints }) =>
        attempt('create EndpointSlice', () =>
          ctx.client.create(EndpointSlice, {
            apiVersion: 'discovery.k8s.io/v1',
            kind: 'EndpointSlice',
            metadata: {
              generateName: `${name}-`,
              namespace,
              labels,
              ...(annotations ? { annotations } : {}),
              ownerReferences: [ownerReference(Service, service)],
            },
            addressType,
            ...listsOf(endpoints, ports),
          }),
        ),
      ),
      ...plan.update.map(({ slice, endpoints, ports }) => {
        const { [triggerTimeAnnotation]: _, ...others } = slice.metadata.annotations ?? {};
        const metadata = { ...slice.metadata, labels, annotations: { ...others, ...annotations } };
        return attempt(`update ${slice.metadata.name} EndpointSlice`, () =>
          ctx.client.update(EndpointSlice, { ...slice, metadata, ...listsOf(endpoints, ports) }),
        );
      }),
      ...plan.delete.map((slice) => attempt(`delete ${slice.metadata.name} EndpointSlice`, () => deleteSlice(ctx, slice))),
    ]);
  } catch (error) {
    if (!isNamespaceTerminating(error)) throw error;
  }

  async function attempt(what: string, write: () => Promise<unknown>): Promise<void> {
    try {
      await write();
    } catch (error) {
      if (error instanceof ApiError && !isNamespaceTerminating(error)) {
        const problem = `failed to ${what} for Service ${namespace}/${name}: ${error.message}`;
        const message = `Error updating Endpoint Slices for Service ${namespace}/${name}: ${problem}`;
        ctx.events.event(service, 'Warning', 'FailedToUpdateEndpointSlices', message);
      }
      throw error;
    }
  }
}

export const isOwnedBy = (slice: api.EndpointSlice, { metadata: { uid } }: KubeObject): boolean =>
  slice.metadata.ownerReferences?.some((owner) => owner.uid === uid) ?? false;

/** The lists of a slice; the API gives empty ones as null. */
const listsOf = (
  endpoints: readonly api.Endpoint[],
  ports: readonly api.DiscoveryV1EndpointPort[],
): Pick<api.EndpointSlice, 'endpoints' | 'ports'> => ({
  endpoints: endpoints.length > 0 ? [...endpoints] : (null as unknown as api.Endpoint[]),
  ports: ports.length > 0 ? [...ports] : (null as unknown as api.DiscoveryV1EndpointPort[]),
});

export async function deleteSlice(ctx: ReconcileContext, slice: api.EndpointSlice): Promise<void> {
  try {
    await ctx.client.delete(EndpointSlice, keyOf(slice));
  } catch (error) {
    if (!hasReason(error, 'NotFound')) throw error;
  }
}
