/** What a pod asks of a node, computed once per revision of the pod. */
import { parseQuantity, quantityMilli, quantityValue } from '#common/api/quantity.ts';
import { controllerOf } from '#common/api/meta.ts';
import type { Container, Pod } from '#common/schema/generated/types.ts';

export interface Resources {
  /** Thousandths of a core. */
  milliCpu: number;
  /** Bytes. */
  memory: number;
  ephemeralStorage: number;
  /** Extended and huge-page resources by name, whole units. */
  readonly others: Map<string, number>;
}

export interface PodRequirements {
  readonly requests: Resources;
  /** `protocol/ip/port`, as far as asked for on the host. */
  readonly hostPorts: readonly HostPort[];
  /** The uid of the controller that made the pod; pods of one controller are spread. */
  readonly owner: string | undefined;
}

export interface HostPort {
  readonly ip: string;
  readonly protocol: string;
  readonly port: number;
}

export const noResources = (): Resources => ({ milliCpu: 0, memory: 0, ephemeralStorage: 0, others: new Map() });

/** Reads a resource list (`requests`, `capacity` …). Quantities that do not parse count as nothing. */
export function readResources(list: Readonly<Record<string, string>> | undefined): Resources {
  const out = noResources();
  for (const [name, text] of Object.entries(list ?? {})) {
    const quantity = parseQuantity(text);
    if (!quantity) continue;
    if (name === 'cpu') out.milliCpu = quantityMilli(quantity);
    else if (name === 'memory') out.memory = quantityValue(quantity);
    else if (name === 'ephemeral-storage') out.ephemeralStorage = quantityValue(quantity);
    else if (name !== 'pods') out.others.set(name, quantityValue(quantity));
  }
  return out;
}

export function addResources(to: Resources, more: Resources, sign: 1 | -1 = 1): void {
  to.milliCpu += sign * more.milliCpu;
  to.memory += sign * more.memory;
  to.ephemeralStorage += sign * more.ephemeralStorage;
  for (const [name, amount] of more.others) to.others.set(name, (to.others.get(name) ?? 0) + sign * amount);
}

function raiseTo(to: Resources, other: Resources): void {
  to.milliCpu = Math.max(to.milliCpu, other.milliCpu);
  to.memory = Math.max(to.memory, other.memory);
  to.ephemeralStorage = Math.max(to.ephemeralStorage, other.ephemeralStorage);
  for (const [name, amount] of other.others) to.others.set(name, Math.max(to.others.get(name) ?? 0, amount));
}

const cache = new WeakMap<object, PodRequirements>();

/** Keyed by the pod's spec, which revisions share as long as it does not change. */
export function requirementsOf(pod: Pod): PodRequirements {
  const { spec } = pod;
  if (!spec) return { requests: noResources(), hostPorts: [], owner: undefined };
  let found = cache.get(spec);
  if (!found) cache.set(spec, (found = compute(pod)));
  return found;
}

function compute(pod: Pod): PodRequirements {
  return { requests: podRequests(pod), hostPorts: hostPortsOf(pod), owner: controllerOf(pod)?.uid };
}

/**
 * The larger of what the containers need together and what the init containers need one after the other; sidecars
 * (restartable init containers) count from their start on. Pod-level requests win where they are given.
 */
function podRequests(pod: Pod): Resources {
  const { spec } = pod;
  const total = noResources();
  for (const container of spec?.containers ?? []) addResources(total, readResources(container.resources?.requests));
  const sidecars = noResources();
  const initPeak = noResources();
  for (const container of spec?.initContainers ?? []) {
    const own = readResources(container.resources?.requests);
    if (isSidecar(container)) {
      addResources(sidecars, own);
      addResources(total, own);
      raiseTo(initPeak, sidecars);
    } else {
      addResources(own, sidecars);
      raiseTo(initPeak, own);
    }
  }
  raiseTo(total, initPeak);
  if (spec?.overhead) addResources(total, readResources(spec.overhead));
  const podLevel = spec?.resources?.requests;
  if (podLevel) {
    const own = readResources(podLevel);
    if (podLevel['cpu'] !== undefined) total.milliCpu = own.milliCpu;
    if (podLevel['memory'] !== undefined) total.memory = own.memory;
  }
  return total;
}

const isSidecar = (container: Container): boolean => container.restartPolicy === 'Always';

function hostPortsOf(pod: Pod): HostPort[] {
  const containers = [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? []).filter(isSidecar)];
  return containers.flatMap((container) =>
    (container.ports ?? [])
      .filter((port) => port.hostPort !== undefined && port.hostPort > 0)
      .map((port) => ({ ip: port.hostIP || '0.0.0.0', protocol: port.protocol ?? 'TCP', port: port.hostPort ?? 0 })),
  );
}
