/**
 * Cluster IPs and node ports. Both are derived from the stored Services when the server starts, and kept in step by
 * the writes that pass here.
 *
 * Differs from Kubernetes: allocations are not IPAddress objects or bitmaps in the store; only one address family, IPv4.
 */
import type { Random } from '#common/base/random.ts';
import { type FieldError, internalError, invalid } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { parseIp } from '#common/api/ipAddress.ts';
import type { KubeObject } from '#common/api/meta.ts';
import { invalidObject } from '#common/api/status.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import type { Service, ServicePort } from '#common/schema/generated/types.ts';
import { type Store, storagePrefix } from '../../store/store.ts';

export interface Allocation {
  /** Gives back what this write took. */
  release(): void;
}

export const serviceRange = { base: '10.96', size: 65_536, text: '10.96.0.0/16' };
export const nodePortRange = { first: 30_000, last: 32_767 };

const isService = (kind: KindDefinition): boolean => kind.kind === 'Service' && kind.group === '';
const needsIP = (service: Service): boolean => service.spec?.type !== 'ExternalName' && service.spec?.clusterIP !== 'None';
const needsNodePorts = (service: Service): boolean =>
  service.spec?.type === 'NodePort' ||
  (service.spec?.type === 'LoadBalancer' && service.spec.allocateLoadBalancerNodePorts !== false);

const ipOf = (offset: number): string => `${serviceRange.base}.${offset >> 8}.${offset & 255}`;
const offsetOf = (ip: string): number | undefined => {
  const match = /^10\.96\.(\d{1,3})\.(\d{1,3})$/.exec(ip);
  return match ? Number(match[1]) * 256 + Number(match[2]) : undefined;
};

export class ServiceAllocator {
  readonly #random: Random;
  readonly #ips = new Set<number>();
  /** Port and protocol, `30000/TCP`: one number may serve TCP and UDP. */
  readonly #ports = new Set<string>();

  constructor(store: Store, random: Random) {
    this.#random = random;
    for (const entry of store.list(storagePrefix('', 'services')).entries) this.#take(entry.object as Service);
  }

  /** A new Service without an address keeps none until it is stored. */
  prepareForCreate(kind: KindDefinition, object: KubeObject): void {
    if (isService(kind)) delete (object as Service).status?.loadBalancer?.ingress;
  }

  /** What the person left out of an update stays as it was allocated. */
  prepareForUpdate(kind: KindDefinition, object: KubeObject, old: KubeObject): void {
    if (!isService(kind)) return;
    const { spec } = object as Service;
    const before = (old as Service).spec;
    if (!spec || !before) return;
    if (needsIP(object as Service) && needsIP(old as Service)) {
      if (!spec.clusterIP && before.clusterIP) spec.clusterIP = before.clusterIP;
      if (!spec.clusterIPs?.length && before.clusterIPs && spec.clusterIP === before.clusterIP)
        spec.clusterIPs = [...before.clusterIPs];
      if (!spec.ipFamilies?.length && before.ipFamilies) spec.ipFamilies = [...before.ipFamilies];
      if (!spec.ipFamilyPolicy && before.ipFamilyPolicy) spec.ipFamilyPolicy = before.ipFamilyPolicy;
    }
    if (!needsIP(object as Service) && spec.type === 'ExternalName' && before.type !== 'ExternalName') {
      // An address that was merely left in is dropped with the change of type.
      if (spec.clusterIP === before.clusterIP) delete spec.clusterIP;
      if (spec.clusterIPs?.[0] === before.clusterIPs?.[0]) delete spec.clusterIPs;
    }
    if (needsNodePorts(object as Service) && needsNodePorts(old as Service)) {
      for (const port of spec.ports ?? []) {
        if (port.nodePort) continue;
        const same = before.ports?.find((p) => p.port === port.port && (p.protocol ?? 'TCP') === (port.protocol ?? 'TCP'));
        if (same?.nodePort && !spec.ports?.some((p) => p !== port && p.nodePort === same.nodePort)) port.nodePort = same.nodePort;
      }
    } else if (!needsNodePorts(object as Service) && needsNodePorts(old as Service)) {
      for (const port of spec.ports ?? []) {
        if (before.ports?.some((p) => p.nodePort === port.nodePort)) delete port.nodePort;
      }
    }
  }

  /**
   * Fills in addresses and ports (changes `object`) and takes them. Throws 422 for what is taken or out of range.
   * A dry run takes nothing.
   */
  allocate(kind: KindDefinition, object: KubeObject, old: KubeObject | undefined, dryRun: boolean): Allocation | undefined {
    if (!isService(kind)) return undefined;
    const service = object as Service;
    const before = old as Service | undefined;
    const taken: (() => void)[] = [];
    const release = (): void => taken.forEach((undo) => undo());
    try {
      this.#settleFamilies(service);
      this.#allocateIP(service, before, taken);
      // A dry run does not look at the ports that were asked for by number.
      if (!dryRun) this.#takeChosenPorts(service, before, taken);
      this.#fillPorts(service, before, taken);
    } catch (error) {
      release();
      throw error;
    }
    if (dryRun) {
      release();
      return undefined;
    }
    if (before) this.#releaseUnused(service, before);
    return { release };
  }

  release(kind: KindDefinition, object: KubeObject): void {
    if (!isService(kind)) return;
    const { spec } = object as Service;
    const offset = offsetOf(spec?.clusterIP ?? '');
    if (offset !== undefined) this.#ips.delete(offset);
    for (const port of portsOf(object as Service)) this.#ports.delete(portKey(port));
  }

  #take(service: Service): void {
    const offset = offsetOf(service.spec?.clusterIP ?? '');
    if (offset !== undefined) this.#ips.add(offset);
    for (const port of portsOf(service)) this.#ports.add(portKey(port));
  }

  /** This cluster has IPv4 only. */
  #settleFamilies(service: Service): void {
    const { spec } = service;
    if (!spec || spec.type === 'ExternalName') return;
    const families = spec.ipFamilies ?? [];
    const refuse = (path: FieldPath, value: unknown, why: string): never => {
      throw this.#refusal(service, invalid(path, value, why));
    };
    const policyPath = FieldPath.of('spec', 'ipFamilyPolicy');
    // Who has no selector fills in the endpoints by hand, of whatever family.
    if (spec.clusterIP === 'None' && !spec.selector && families.length === 0 && spec.ipFamilyPolicy === undefined) {
      spec.ipFamilies = ['IPv4', 'IPv6'];
      spec.ipFamilyPolicy = 'RequireDualStack';
      return;
    }
    const byHand = spec.clusterIP === 'None' && !spec.selector;
    spec.ipFamilyPolicy ??= 'SingleStack';
    if (families.length > 1 && spec.ipFamilyPolicy === 'SingleStack') {
      refuse(
        policyPath,
        'SingleStack',
        "must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified",
      );
    }
    if (!byHand) {
      if (spec.ipFamilyPolicy === 'RequireDualStack')
        refuse(policyPath, spec.ipFamilyPolicy, 'this cluster is not configured for dual-stack services');
      const other = families.findIndex((family) => family === 'IPv6');
      if (other >= 0) refuse(FieldPath.of('spec', 'ipFamilies').index(other), 'IPv6', 'not configured on this cluster');
    }
    if (families.length === 0) spec.ipFamilies = ['IPv4'];
  }

  #allocateIP(service: Service, before: Service | undefined, taken: (() => void)[]): void {
    const { spec } = service;
    if (!spec || spec.type === 'ExternalName') return;
    if (spec.clusterIP === 'None') {
      spec.clusterIPs ??= ['None'];
      return;
    }
    if (before?.spec?.clusterIP && before.spec.clusterIP === spec.clusterIP) return;
    // Validation has better words for what is no address at all, or stands in the wrong field.
    if (spec.clusterIP ? !parseIp(spec.clusterIP) : spec.clusterIPs?.length) return;
    const path = FieldPath.of('spec', 'clusterIPs');
    if (spec.clusterIP) {
      const offset = offsetOf(spec.clusterIP);
      const refuse = (why: string): never => {
        throw this.#refusal(service, invalid(path, [spec.clusterIP], `failed to allocate IP ${spec.clusterIP}: ${why}`));
      };
      if (offset === undefined) refuse(`the provided network does not match the current range`);
      else if (offset === 0 || offset === serviceRange.size - 1) refuse('the provided network does not match the current range');
      else if (this.#ips.has(offset)) refuse('provided IP is already allocated');
      else this.#takeIP(offset, taken);
    } else {
      const offset = this.#freeOffset();
      if (offset === undefined)
        throw this.#refusal(service, internalError(path, 'failed to allocate a serviceIP: range is full'));
      this.#takeIP(offset, taken);
      spec.clusterIP = ipOf(offset);
    }
    spec.clusterIPs = [spec.clusterIP ?? ''];
  }

  #takeIP(offset: number, taken: (() => void)[]): void {
    this.#ips.add(offset);
    taken.push(() => this.#ips.delete(offset));
  }

  /** Addresses are handed out from the upper part of the range, so that the lower stays for those asked for by number. */
  #freeOffset(): number | undefined {
    const reserved = 256;
    const span = serviceRange.size - 1 - reserved;
    const start = this.#random.int(span);
    for (let i = 0; i < span; i++) {
      const offset = reserved + ((start + i) % span);
      if (!this.#ips.has(offset)) return offset;
    }
    for (let offset = 2; offset < reserved; offset++) if (!this.#ips.has(offset)) return offset;
    return undefined;
  }

  #takeChosenPorts(service: Service, before: Service | undefined, taken: (() => void)[]): void {
    if (!needsNodePorts(service)) return;
    const ports = service.spec?.ports ?? [];
    const kept = new Set((before?.spec?.ports ?? []).filter((p) => p.nodePort).map(portKey));
    ports.forEach((port, i) => {
      if (!port.nodePort) return;
      if (kept.has(portKey(port))) return;
      const path = FieldPath.of('spec', 'ports').index(i).child('nodePort');
      if (port.nodePort < nodePortRange.first || port.nodePort > nodePortRange.last) {
        throw this.#refusal(
          service,
          invalid(
            path,
            port.nodePort,
            `provided port is not in the valid range. The range of valid ports is ${nodePortRange.first}-${nodePortRange.last}`,
          ),
        );
      }
      if (this.#ports.has(portKey(port)))
        throw this.#refusal(service, invalid(path, port.nodePort, 'provided port is already allocated'));
      this.#takePort(port, taken);
    });
  }

  #fillPorts(service: Service, before: Service | undefined, taken: (() => void)[]): void {
    this.#allocateHealthCheckPort(service, before, taken);
    if (!needsNodePorts(service)) return;
    const ports = service.spec?.ports ?? [];
    for (const port of ports) {
      if (port.nodePort) continue;
      // One number for both protocols of the same port, as DNS over TCP and UDP expects.
      const twin = ports.find((p) => p.nodePort && p.port === port.port && p.protocol !== port.protocol);
      if (twin?.nodePort && !this.#ports.has(portKey({ ...port, nodePort: twin.nodePort }))) port.nodePort = twin.nodePort;
      else port.nodePort = this.#freePort(port) ?? 0;
      if (port.nodePort === 0) {
        delete port.nodePort;
        throw this.#refusal(
          service,
          internalError(FieldPath.of('spec', 'ports'), 'failed to allocate a nodePort: range is full'),
        );
      }
      this.#takePort(port, taken);
    }
  }

  /** Where a load balancer asks a node whether it has endpoints of its own. */
  #allocateHealthCheckPort({ spec }: Service, before: Service | undefined, taken: (() => void)[]): void {
    if (spec?.type !== 'LoadBalancer' || spec.externalTrafficPolicy !== 'Local') return;
    if (spec.healthCheckNodePort) {
      if (spec.healthCheckNodePort === before?.spec?.healthCheckNodePort) return;
    } else {
      const free = before?.spec?.healthCheckNodePort ?? this.#freePort({ port: 0, protocol: 'TCP' });
      if (free === undefined) return;
      spec.healthCheckNodePort = free;
      if (before?.spec?.healthCheckNodePort) return;
    }
    this.#takePort(healthCheckPort(spec.healthCheckNodePort), taken);
  }

  #takePort(port: ServicePort, taken: (() => void)[]): void {
    const key = portKey(port);
    this.#ports.add(key);
    taken.push(() => this.#ports.delete(key));
  }

  /** The lowest 86 are left to those who ask by number, while others are free. */
  #freePort(port: ServicePort): number | undefined {
    const reserved = 86;
    const size = nodePortRange.last - nodePortRange.first + 1;
    const start = this.#random.int(size - reserved);
    for (let i = 0; i < size; i++) {
      const nodePort = nodePortRange.first + ((reserved + start + i) % size);
      if (!this.#ports.has(portKey({ ...port, nodePort }))) return nodePort;
    }
    return undefined;
  }

  #releaseUnused(service: Service, before: Service): void {
    const offset = offsetOf(before.spec?.clusterIP ?? '');
    if (offset !== undefined && before.spec?.clusterIP !== service.spec?.clusterIP) this.#ips.delete(offset);
    const used = new Set(portsOf(service).map(portKey));
    for (const port of portsOf(before)) if (!used.has(portKey(port))) this.#ports.delete(portKey(port));
  }

  #refusal(service: Service, error: FieldError): Error {
    return invalidObject('', 'Service', service.metadata.name ?? '', [error]);
  }
}

const portKey = (port: ServicePort): string => `${port.nodePort}/${port.protocol ?? 'TCP'}`;

const healthCheckPort = (nodePort: number): ServicePort => ({ port: nodePort, protocol: 'TCP', nodePort });

/** Every port of the nodes that a Service holds. */
function portsOf({ spec }: Service): ServicePort[] {
  const ports = (spec?.ports ?? []).filter((port) => port.nodePort);
  return spec?.healthCheckNodePort ? [...ports, healthCheckPort(spec.healthCheckNodePort)] : ports;
}
