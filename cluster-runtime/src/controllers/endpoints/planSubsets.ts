/** The subsets of an Endpoints object: addresses that have the same ports together, in one list each. */
import type * as api from '#common/schema/generated/types.ts';

export interface PodAddress {
  readonly address: api.EndpointAddress;
  readonly ready: boolean;
  readonly ports: readonly api.EndpointPort[];
}

/** Beyond this many addresses the rest is left out; ready ones go first. */
export const maxAddresses = 1000;

export interface Subsets {
  readonly subsets: api.EndpointSubset[];
  readonly truncated: boolean;
}

/** Ports that exactly the same addresses have form a subset. */
export function planSubsets(addresses: readonly PodAddress[]): Subsets {
  const kept = limit(addresses);
  const byPort = new Map<string, { readonly port: api.EndpointPort | undefined; readonly members: PodAddress[] }>();
  for (const entry of kept) {
    const ports = entry.ports.length > 0 ? entry.ports : [undefined];
    for (const port of ports) {
      const key = keyOf(port);
      const group = byPort.get(key);
      if (group) group.members.push(entry);
      else byPort.set(key, { port, members: [entry] });
    }
  }
  const byMembers = new Map<string, { readonly ports: api.EndpointPort[]; readonly members: readonly PodAddress[] }>();
  for (const { port, members } of byPort.values()) {
    const key = members.map(({ address, ready }) => `${address.ip}/${address.targetRef?.uid}/${ready}`).join();
    let subset = byMembers.get(key);
    if (!subset) byMembers.set(key, (subset = { ports: [], members }));
    if (port) subset.ports.push(port);
  }
  const subsets = [...byMembers.values()].map(({ ports, members }) => subsetOf(ports, members));
  return { subsets, truncated: kept.length < addresses.length };
}

const portKeys = new WeakMap<api.EndpointPort, string>();

function keyOf(port: api.EndpointPort | undefined): string {
  if (!port) return '';
  let key = portKeys.get(port);
  if (key === undefined) portKeys.set(port, (key = JSON.stringify(port)));
  return key;
}

function subsetOf(ports: api.EndpointPort[], members: readonly PodAddress[]): api.EndpointSubset {
  const ready = members.filter((member) => member.ready).map((member) => member.address);
  const notReady = members.filter((member) => !member.ready).map((member) => member.address);
  return {
    ...(ready.length > 0 ? { addresses: ready } : {}),
    ...(notReady.length > 0 ? { notReadyAddresses: notReady } : {}),
    ...(ports.length > 0 ? { ports } : {}),
  };
}

/** As many as are allowed, in order of their addresses. */
function limit(addresses: readonly PodAddress[]): readonly PodAddress[] {
  if (addresses.length <= maxAddresses) return [...addresses].sort(byAddress);
  const ready = addresses.filter((address) => address.ready).slice(0, maxAddresses);
  const others = addresses.filter((address) => !address.ready).slice(0, maxAddresses - ready.length);
  return [...ready, ...others].sort(byAddress);
}

const byAddress = (a: PodAddress, b: PodAddress): number =>
  compare(a.address.ip, b.address.ip) || compare(a.address.targetRef?.uid ?? '', b.address.targetRef?.uid ?? '');

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
