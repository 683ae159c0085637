/** Copies Endpoints that people write for Services without selector into EndpointSlices, which is what traffic follows. */
import { deepEqual } from '#common/base/freeze.ts';
import { keyOf, keyText } from '#common/api/meta.ts';
import { Endpoints } from '#common/kinds/endpoints.ts';
import { EndpointSlice } from '#common/kinds/endpointSlice.ts';
import { Service } from '#common/kinds/service.ts';
import type * as api from '#common/schema/generated/types.ts';
import { ownerReference } from '../controller/adoption.ts';
import { defineController, defineWatch, done, type ReconcileContext } from '../controller/controller.ts';
import { isNamespaceTerminating } from '../controller/podControl.ts';
import { deleteSlice, isOwnedBy, managedByLabel, serviceNameLabel } from './endpointSlice.ts';
import { type EndpointGroup, planSlices, portsKey } from './endpoints/planSlices.ts';
import { triggerTimeAnnotation } from './endpoints/podEndpoint.ts';

const manager = 'endpointslicemirroring-controller.k8s.io';
const skipLabel = 'endpointslice.kubernetes.io/skip-mirror';
const leaderAnnotation = 'control-plane.alpha.kubernetes.io/leader';
const lastAppliedAnnotation = 'kubectl.kubernetes.io/last-applied-configuration';
/** Of one subset; what is beyond is not mirrored. */
const maxEndpoints = 1000;
const mirrorIndex = 'mirrorOf';

export const endpointSliceMirroringController = defineController<api.Endpoints>({
  name: 'endpointslicemirroring-controller',
  writes: [EndpointSlice],
  for: Endpoints,
  concurrency: 5,
  watches: [
    defineWatch<api.Service>({ kind: Service, keysFor: (event) => [keyOf(event.object)] }),
    defineWatch<api.EndpointSlice>({
      kind: EndpointSlice,
      keysFor: (event) =>
        event.type === 'added'
          ? []
          : mirrored(event.object).map((name) => ({ namespace: event.object.metadata.namespace ?? '', name })),
    }),
  ],
  setup(ctx) {
    ctx.cache
      .informer(EndpointSlice)
      .addIndex(mirrorIndex, (slice) =>
        mirrored(slice).map((name) => keyText({ namespace: slice.metadata.namespace ?? '', name })),
      );
  },
  async reconcile(ctx, key) {
    const endpoints = ctx.cache.get(Endpoints, key);
    const existing = ctx.cache.informer(EndpointSlice).byIndex(mirrorIndex, keyText(key));
    if (endpoints && shouldMirror(endpoints, ctx.cache.get(Service, key))) await mirror(ctx, endpoints, existing);
    else await Promise.all(existing.map((slice) => deleteSlice(ctx, slice)));
    return done;
  },
});

function mirrored({ metadata: { labels } }: api.EndpointSlice): string[] {
  const name = labels?.[managedByLabel] === manager ? labels[serviceNameLabel] : undefined;
  return name === undefined ? [] : [name];
}

const shouldMirror = ({ metadata: { labels, annotations } }: api.Endpoints, service: api.Service | undefined): boolean =>
  service !== undefined &&
  !service.spec?.selector &&
  labels?.[skipLabel] !== 'true' &&
  annotations?.[leaderAnnotation] === undefined;

async function mirror(ctx: ReconcileContext, endpoints: api.Endpoints, existing: readonly api.EndpointSlice[]): Promise<void> {
  const { name = '', namespace = '' } = endpoints.metadata;
  const labels = { ...endpoints.metadata.labels, [serviceNameLabel]: name, [managedByLabel]: manager };
  const { [lastAppliedAnnotation]: _, [triggerTimeAnnotation]: __, ...annotations } = endpoints.metadata.annotations ?? {};
  const isCurrent = ({ metadata }: api.EndpointSlice): boolean =>
    deepEqual(metadata.labels, labels) && deepEqual(metadata.annotations ?? {}, annotations);
  const { subsets, skipped } = limitSubsets(endpoints.subsets ?? []);
  const families = new Map<string, api.EndpointSubset[]>([
    ['IPv4', subsets.map((subset) => ofFamily(subset, false))],
    ['IPv6', subsets.map((subset) => ofFamily(subset, true))],
  ]);
  if (skipped > 0) {
    const limit = `A max of ${maxEndpoints} addresses can be mirrored to EndpointSlices per Endpoints subset.`;
    ctx.events.event(endpoints, 'Warning', 'TooManyAddressesToMirror', `${limit} ${skipped} addresses were skipped`);
  }
  try {
    for (const [addressType, ofType] of families) {
      const slices = existing.filter((slice) => slice.addressType === addressType);
      const plan = planSlices(groupsOf(ofType), slices, maxEndpoints, isCurrent, (slice) => isOwnedBy(slice, endpoints));
      await Promise.all([
        ...plan.create.map(({ ports, endpoints: list }) =>
          ctx.client.create(EndpointSlice, {
            apiVersion: 'discovery.k8s.io/v1',
            kind: 'EndpointSlice',
            metadata: {
              generateName: `${name}-`,
              namespace,
              labels,
              annotations,
              ownerReferences: [ownerReference(Endpoints, endpoints)],
            },
            addressType,
            endpoints: [...list],
            ports: [...ports],
          }),
        ),
        ...plan.update.map(({ slice, endpoints: list, ports }) =>
          ctx.client.update(EndpointSlice, {
            ...slice,
            metadata: { ...slice.metadata, labels, annotations },
            endpoints: [...list],
            ports: [...ports],
          }),
        ),
        ...plan.delete.map((slice) => deleteSlice(ctx, slice)),
      ]);
    }
  } catch (error) {
    if (!isNamespaceTerminating(error)) throw error;
  }
}

/** As many addresses of each subset as are mirrored, ready ones first. */
function limitSubsets(all: readonly api.EndpointSubset[]): { subsets: api.EndpointSubset[]; skipped: number } {
  let skipped = 0;
  const subsets = all.map((subset) => {
    const { addresses = [], notReadyAddresses = [] } = subset;
    const beyond = addresses.length + notReadyAddresses.length - maxEndpoints;
    if (beyond <= 0) return subset;
    skipped += beyond;
    const kept = addresses.slice(0, maxEndpoints);
    return { ...subset, addresses: kept, notReadyAddresses: notReadyAddresses.slice(0, maxEndpoints - kept.length) };
  });
  return { subsets, skipped };
}

function ofFamily(subset: api.EndpointSubset, v6: boolean): api.EndpointSubset {
  const inFamily = (addresses: api.EndpointAddress[] = []): api.EndpointAddress[] =>
    addresses.filter(({ ip }) => ip.includes(':') === v6);
  return { ...subset, addresses: inFamily(subset.addresses), notReadyAddresses: inFamily(subset.notReadyAddresses) };
}

/** Subsets with the same ports together; those without addresses give nothing. */
function groupsOf(subsets: readonly api.EndpointSubset[]): EndpointGroup[] {
  const groups = new Map<string, { ports: api.DiscoveryV1EndpointPort[]; endpoints: api.Endpoint[] }>();
  for (const { addresses = [], notReadyAddresses = [], ports = [] } of subsets) {
    if (addresses.length + notReadyAddresses.length === 0) continue;
    const named = ports.map((port) => ({ ...port, name: port.name ?? '' }));
    const key = portsKey(named);
    let group = groups.get(key);
    if (!group) groups.set(key, (group = { ports: named, endpoints: [] }));
    group.endpoints.push(
      ...addresses.map((address) => endpointOf(address, true)),
      ...notReadyAddresses.map((address) => endpointOf(address, false)),
    );
  }
  return [...groups.values()];
}

function endpointOf({ ip, hostname, nodeName, targetRef }: api.EndpointAddress, ready: boolean): api.Endpoint {
  return {
    addresses: [ip],
    conditions: { ready },
    ...(hostname ? { hostname } : {}),
    ...(nodeName ? { nodeName } : {}),
    ...(targetRef ? { targetRef } : {}),
  };
}
