/** What a pod asks of a node, computed once per revision of the pod. */
import { parseQuantity, quantityMilli, quantityValue } from '#common/api/quantity.ts';
import type { Container, Pod, PodSpec, Volume } from '#common/schema/generated/types.ts';

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
  readonly hostPorts: readonly HostPort[];
  /** For scoring, containers that ask for nothing count as 100m and 200Mi. */
  readonly countedMilliCpu: number;
  readonly countedMemory: number;
  /** Whether it has volumes that may keep it off a node, or keep others off its own. */
  readonly usesVolumes: boolean;
  readonly isBestEffort: boolean;
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

const none: PodRequirements = {
  requests: noResources(),
  hostPorts: [],
  countedMilliCpu: 0,
  countedMemory: 0,
  usesVolumes: false,
  isBestEffort: true,
};

const cache = new WeakMap<object, PodRequirements>();

/** Keyed by the pod's spec, which revisions share as long as it does not change. */
export function requirementsOf({ spec }: Pod): PodRequirements {
  if (!spec) return none;
  let found = cache.get(spec);
  if (!found) cache.set(spec, (found = compute(spec)));
  return found;
}

function compute(spec: PodSpec): PodRequirements {
  const requests = podRequests(spec, noResources());
  const counted = podRequests(spec, { ...noResources(), milliCpu: 100, memory: 200 * 1024 * 1024 });
  return {
    requests,
    hostPorts: hostPortsOf(spec),
    countedMilliCpu: counted.milliCpu,
    countedMemory: counted.memory,
    usesVolumes: spec.volumes?.some(mattersToPlacement) ?? false,
    isBestEffort: requests.milliCpu === 0 && requests.memory === 0,
  };
}

const mattersToPlacement = (volume: Volume): boolean =>
  Boolean(
    volume.persistentVolumeClaim ||
    volume.ephemeral ||
    volume.gcePersistentDisk ||
    volume.awsElasticBlockStore ||
    volume.rbd ||
    volume.iscsi,
  );

/**
 * The larger of what the containers need together and what the init containers need one after the other; sidecars
 * (restartable init containers) count from their start on. Pod-level requests win where they are given. `least` is
 * what a container counts as that says nothing about cpu or memory.
 */
function podRequests(spec: PodSpec, least: Resources): Resources {
  const requestsOf = ({ resources }: Container): Resources => {
    const out = readResources(resources?.requests);
    if (resources?.requests?.['cpu'] === undefined) out.milliCpu = least.milliCpu;
    if (resources?.requests?.['memory'] === undefined) out.memory = least.memory;
    return out;
  };
  const total = noResources();
  for (const container of spec.containers ?? []) addResources(total, requestsOf(container));
  const sidecars = noResources();
  const initPeak = noResources();
  for (const container of spec.initContainers ?? []) {
    const own = requestsOf(container);
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
  const podLevel = spec.resources?.requests;
  if (podLevel) {
    const own = readResources(podLevel);
    if (podLevel['cpu'] !== undefined) total.milliCpu = own.milliCpu;
    if (podLevel['memory'] !== undefined) total.memory = own.memory;
    for (const [name, amount] of own.others) if (name.startsWith('hugepages-')) total.others.set(name, amount);
  }
  // What the runtime class costs comes on top of either.
  if (spec.overhead) addResources(total, readResources(spec.overhead));
  return total;
}

const isSidecar = (container: Container): boolean => container.restartPolicy === 'Always';

function hostPortsOf(spec: PodSpec): HostPort[] {
  const containers = [...(spec.containers ?? []), ...(spec.initContainers ?? []).filter(isSidecar)];
  return containers.flatMap((container) =>
    (container.ports ?? [])
      .filter((port) => port.hostPort !== undefined && port.hostPort > 0)
      .map((port) => ({ ip: port.hostIP || '0.0.0.0', protocol: port.protocol ?? 'TCP', port: port.hostPort ?? 0 })),
  );
}
