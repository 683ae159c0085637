/** A Service's Endpoints and EndpointSlices name its ready pods, and nobody else's are left. */
import { selectorFromMap } from '#common/api/labelSelector.ts';
import { Endpoints } from '#common/kinds/endpoints.ts';
import { EndpointSlice } from '#common/kinds/endpointSlice.ts';
import { Pod } from '#common/kinds/pod.ts';
import { Service } from '#common/kinds/service.ts';
import { ns } from '../simulatedCluster.ts';
import { type Invariant, isServing } from './invariant.ts';

export const endpoints: Invariant = {
  name: 'endpoints are the ready pods',
  *atRest({ cache }) {
    const services = new Set(cache.list(Service, ns).map(({ metadata }) => metadata.name));
    const slices = cache.list(EndpointSlice, ns);
    for (const service of cache.list(Service, ns)) {
      const name = service.metadata.name ?? '';
      const selector = selectorFromMap(service.spec?.selector);
      const ready = cache.list(Pod, ns).filter((pod) => isServing(pod) && selector.matches(pod.metadata.labels ?? {}));
      const ips = ready
        .map((pod) => pod.status?.podIP ?? '')
        .sort()
        .join();
      const sliced = slices
        .filter((slice) => slice.metadata.labels?.['kubernetes.io/service-name'] === name)
        .flatMap((slice) => slice.endpoints ?? [])
        .flatMap(({ conditions, addresses }) => (conditions?.ready ? addresses : []))
        .sort()
        .join();
      if (sliced !== ips) yield `the slices of ${name} name ${sliced || 'nobody'}, ready are ${ips || 'none'}`;
      const subsets = cache.get(Endpoints, { namespace: ns, name })?.subsets ?? [];
      const listed = subsets
        .flatMap((subset) => (subset.addresses ?? []).map(({ ip }) => ip))
        .sort()
        .join();
      if (listed !== ips) yield `the Endpoints of ${name} name ${listed || 'nobody'}, ready are ${ips || 'none'}`;
    }
    for (const slice of slices) {
      const name = slice.metadata.labels?.['kubernetes.io/service-name'];
      // Who deletes a Service and orphans what it owns gets to keep its slices.
      if (!services.has(name) && slice.metadata.ownerReferences) yield `EndpointSlice ${slice.metadata.name} is left of ${name}`;
    }
    for (const { metadata } of cache.list(Endpoints, ns))
      if (!services.has(metadata.name)) yield `Endpoints ${metadata.name} are left`;
  },
};
