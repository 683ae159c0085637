/** No two pods have one address, and addresses and ports that nobody has any more can be had again. */
import { DisposableStore } from '#common/base/disposable.ts';
import { Node } from '#common/kinds/node.ts';
import { Pod } from '#common/kinds/pod.ts';
import { Service } from '#common/kinds/service.ts';
import type * as api from '#common/schema/generated/types.ts';
import { ns, type SimulatedCluster } from '../simulatedCluster.ts';
import { type Invariant, isLive } from './invariant.ts';

export const podAddresses: Invariant = {
  name: 'pod addresses are not shared and not lost',
  watch({ cache, hosts }, report) {
    return cache.informer(Pod).onChange((event) => {
      const { metadata, status } = event.object;
      // The statuses of a machine's pods may still tell of what they had before it booted; what answers is what counts.
      if (status?.podIP && (hosts.get(status.podIP) ?? 0) > 1) report(`${metadata.name} shares ${status.podIP}`);
    });
  },
  *atRest({ cache, hosts }) {
    const known = new Set<string | undefined>();
    for (const node of cache.list(Node)) for (const { address } of node.status?.addresses ?? []) known.add(address);
    for (const pod of cache.list(Pod)) if (isLive(pod)) known.add(pod.status?.podIP);
    for (const ip of hosts.keys()) if (!known.has(ip)) yield `${ip} answers in the network and is nobody's`;
    for (const pod of cache.list(Pod)) {
      const ip = pod.status?.podIP;
      const others = cache.list(Pod).filter((other) => other !== pod && isLive(other) && other.status?.podIP === ip);
      if (ip && isLive(pod)) for (const other of others) yield `${pod.metadata.name} and ${other.metadata.name} both have ${ip}`;
      if (ip && pod.status?.phase === 'Running' && !hosts.has(ip))
        yield `${pod.metadata.name} tells of ${ip}, which nobody answers at`;
    }
  },
};

/** Every cluster IP and node port that a Service of the walk ever had. */
const seen = new WeakMap<SimulatedCluster, { readonly ips: Set<string>; readonly ports: Set<number> }>();

export const serviceAddresses: Invariant = {
  name: 'cluster IPs and node ports are not lost',
  watch(cluster) {
    const had = { ips: new Set<string>(), ports: new Set<number>() };
    seen.set(cluster, had);
    const subscriptions = new DisposableStore();
    subscriptions.add(
      cluster.cache.informer(Service).onChange(({ object: { spec } }) => {
        if (spec?.clusterIP && spec.clusterIP !== 'None') had.ips.add(spec.clusterIP);
        for (const { nodePort } of spec?.ports ?? []) if (nodePort) had.ports.add(nodePort);
        if (spec?.healthCheckNodePort) had.ports.add(spec.healthCheckNodePort);
      }),
    );
    return subscriptions;
  },
};

/** What was had and is free by now is asked for by number: the API must be able to give it. Changes the cluster. */
export async function lostServiceAddresses(cluster: SimulatedCluster): Promise<string[]> {
  const had = seen.get(cluster);
  if (!had) return [];
  const ips = new Set(had.ips);
  const ports = new Set(had.ports);
  for (const { spec } of cluster.cache.list(Service)) {
    ips.delete(spec?.clusterIP ?? '');
    for (const { nodePort } of spec?.ports ?? []) ports.delete(nodePort ?? 0);
    ports.delete(spec?.healthCheckNodePort ?? 0);
  }
  const lost: string[] = [];
  const ask = async (spec: api.ServiceSpec, what: string): Promise<void> => {
    const name = `again-${lost.length}`;
    try {
      await cluster.client.create(Service, { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: ns }, spec });
      await cluster.client.delete(Service, { namespace: ns, name });
    } catch (error) {
      lost.push(`${what} cannot be had again: ${(error as Error).message}`);
    }
  };
  for (const clusterIP of ips) await ask({ clusterIP, ports: [{ port: 80 }] }, clusterIP);
  for (const nodePort of ports) await ask({ type: 'NodePort', ports: [{ port: 80, nodePort }] }, `node port ${nodePort}`);
  return lost;
}
