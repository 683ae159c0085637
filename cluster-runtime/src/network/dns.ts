/**
 * Cluster DNS, as pods see it: search domains, services, headless services with the names of their pods, ExternalName,
 * addresses written as names. Answers from the informers at the moment of asking; keeps nothing.
 *
 * Differs from Kubernetes: there is no resolver beyond the cluster, so other names do not exist.
 */
import { isIP } from 'node:net';
import { EndpointSlice } from '#common/kinds/endpointSlice.ts';
import { Service } from '#common/kinds/service.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Cache } from '../client/client.ts';
import { serviceNameLabel } from './serviceTable.ts';

export const clusterDomain = 'cluster.local';
const sliceIndex = 'dns/service';
/** An ExternalName may point at another one; not forever. */
const longestChain = 8;
/** resolv.conf's ndots: a name with fewer dots goes through the search list first. */
const ndots = 5;

export type Resolver = (name: string, namespace: string) => readonly string[];

export function createResolver(cache: Cache): Resolver {
  const slices = cache.informer(EndpointSlice);
  slices.addIndex(sliceIndex, (slice) => {
    const service = slice.metadata.labels?.[serviceNameLabel];
    return service ? [`${slice.metadata.namespace ?? ''}/${service}`] : [];
  });

  /** Names of a headless service, or of one pod of any service. */
  const endpointAddresses = (service: api.Service, pod: string | undefined): string[] => {
    const found = new Set<string>();
    for (const slice of slices.byIndex(sliceIndex, `${service.metadata.namespace ?? ''}/${service.metadata.name ?? ''}`)) {
      for (const endpoint of slice.endpoints ?? []) {
        if (endpoint.conditions?.ready === false && !service.spec?.publishNotReadyAddresses) continue;
        for (const address of endpoint.addresses) {
          if (pod === undefined || endpoint.hostname === pod || (!endpoint.hostname && dashed(address) === pod))
            found.add(address);
        }
      }
    }
    return [...found];
  };

  const serviceRecord = (parts: readonly string[], depth: number): readonly string[] => {
    const [name, namespace] = parts.slice(-2);
    if (parts.length < 2 || parts.length > 3 || !name || !namespace) return [];
    const service = cache.get(Service, { namespace, name });
    if (!service) return [];
    const pod = parts.length === 3 ? parts[0] : undefined;
    if (service.spec?.type === 'ExternalName')
      return pod === undefined ? absolute(service.spec.externalName ?? '', depth + 1) : [];
    if (pod === undefined && service.spec?.clusterIP !== 'None')
      return service.spec?.clusterIPs ?? (service.spec?.clusterIP ? [service.spec.clusterIP] : []);
    return endpointAddresses(service, pod);
  };

  /** A fully qualified name, without its final dot. */
  const absolute = (name: string, depth: number): readonly string[] => {
    const lower = name.toLowerCase().replace(/\.$/, '');
    if (isIP(lower)) return [lower];
    if (lower === 'localhost') return ['127.0.0.1'];
    if (depth > longestChain || !lower.endsWith(`.${clusterDomain}`)) return [];
    const parts = lower.slice(0, -clusterDomain.length - 1).split('.');
    const zone = parts.pop();
    if (zone === 'svc') return serviceRecord(parts, depth);
    if (zone === 'pod' && parts.length === 2) {
      const ip = (parts[0] as string).replaceAll('-', '.');
      return isIP(ip) ? [ip] : [];
    }
    return [];
  };

  return (name, namespace) => {
    const asked = name.toLowerCase();
    if (isIP(asked)) return [asked];
    if (asked.endsWith('.')) return absolute(asked, 0);
    const searched = [`${namespace}.svc.${clusterDomain}`, `svc.${clusterDomain}`, clusterDomain].map(
      (domain) => `${asked}.${domain}`,
    );
    const order = asked.split('.').length - 1 < ndots ? [...searched, asked] : [asked, ...searched];
    if (asked === 'localhost') return ['127.0.0.1'];
    for (const candidate of order) {
      const found = absolute(candidate, 0);
      if (found.length > 0) return found;
    }
    return [];
  };
}

/** The name that an endpoint without a hostname has: its address with dashes. */
const dashed = (address: string): string => address.replaceAll('.', '-');
