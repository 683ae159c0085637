/**
 * What kube-proxy keeps: for every address and port of a Service, the endpoints behind it. Kept up with Service and
 * EndpointSlice changes; a service's targets are worked out again only when somebody connects to it.
 */
import type { Random } from '#common/base/random.ts';
import { type Disposable, DisposableStore } from '#common/base/disposable.ts';
import type { ObjectKey } from '#common/api/meta.ts';
import { EndpointSlice } from '#common/kinds/endpointSlice.ts';
import { Service } from '#common/kinds/service.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Cache } from '../client/client.ts';
import { type Choice, chooseTargets, type Target, targetsOf } from './endpointChoice.ts';

export const serviceNameLabel = 'kubernetes.io/service-name';

/** One port of one Service, with what is behind it. */
export interface ServicePortEntry {
  readonly service: api.Service;
  readonly port: api.ServicePort;
  /** Where a connection counts as coming from outside: a node port, a load balancer's or an external address. */
  readonly external: boolean;
}

export interface Origin {
  readonly ip: string;
  readonly node: string | undefined;
  readonly zone: string | undefined;
}

export type Routing = { readonly target: Target } | { readonly none: 'refuse' | 'drop' };

interface Known {
  service: api.Service | undefined;
  readonly slices: Map<string, api.EndpointSlice>;
  /** Targets by port name; forgotten whenever a slice changes. */
  targets: Map<string, Target[]> | undefined;
  /** ClientIP affinity, by port name and client. */
  sticky: Map<string, { readonly target: string; lastUsed: number }> | undefined;
  /** The keys under which the service's addresses are in the tables. */
  addresses: string[];
  nodePorts: number[];
}

const isTcp = (protocol: string | undefined): boolean => protocol === undefined || protocol === 'TCP';
const addressKey = (ip: string, port: number): string => `${ip}:${port}`;
const defaultAffinitySeconds = 10_800;

export class ServiceTable implements Disposable {
  readonly #services = new Map<string, Known>();
  readonly #byAddress = new Map<string, ServicePortEntry>();
  readonly #byNodePort = new Map<number, ServicePortEntry>();
  /** How many entries each service address has, to tell a wrong port from an unknown address. */
  readonly #addressUse = new Map<string, number>();
  readonly #random: Random;
  readonly #now: () => number;
  readonly #changed: () => void;
  readonly #disposables = new DisposableStore();

  /** `changed` is called after anything that may concern node ports. */
  constructor(cache: Cache, random: Random, now: () => number, changed: () => void) {
    this.#random = random;
    this.#now = now;
    this.#changed = changed;
    this.#disposables.add(
      cache.informer(Service).onChange((event) => {
        this.#setService(event.object, event.type === 'deleted' ? undefined : event.object);
      }, true),
    );
    this.#disposables.add(
      cache.informer(EndpointSlice).onChange((event) => {
        if (
          event.type === 'updated' &&
          event.old.metadata.labels?.[serviceNameLabel] !== event.object.metadata.labels?.[serviceNameLabel]
        ) {
          this.#setSlice(event.old, false);
        }
        this.#setSlice(event.object, event.type !== 'deleted');
      }, true),
    );
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  /** True for an address that some Service has. */
  has(ip: string): boolean {
    return this.#addressUse.has(ip);
  }

  at(ip: string, port: number): ServicePortEntry | undefined {
    return this.#byAddress.get(addressKey(ip, port));
  }

  atNodePort(nodePort: number): ServicePortEntry | undefined {
    return this.#byNodePort.get(nodePort);
  }

  /** A port of a Service as a load balancer reaches it, whether it has a node port or not. */
  fromOutside({ namespace, name }: ObjectKey, number: number): ServicePortEntry | undefined {
    const service = this.#services.get(`${namespace}/${name}`)?.service;
    const port = service?.spec?.ports?.find((candidate) => candidate.port === number && isTcp(candidate.protocol));
    return service && port ? { service, port, external: true } : undefined;
  }

  nodePortEntries(): IterableIterator<[number, ServicePortEntry]> {
    return this.#byNodePort.entries();
  }

  /** The endpoint that takes a connection of `from`. */
  route(entry: ServicePortEntry, from: Origin): Routing {
    const known = this.#services.get(keyOfService(entry.service));
    const choice = this.#choose(entry, known, from);
    if ('none' in choice) return choice;
    if (entry.service.spec?.sessionAffinity !== 'ClientIP' || !known) return { target: this.#pick(choice.targets) };
    return { target: this.#stickyPick(known, entry, from.ip, choice.targets) };
  }

  /** True while `route` would find an endpoint. */
  reachable(entry: ServicePortEntry, from: Origin): boolean {
    return 'targets' in this.#choose(entry, this.#services.get(keyOfService(entry.service)), from);
  }

  #choose(entry: ServicePortEntry, known: Known | undefined, from: Origin): Choice {
    const spec = entry.service.spec;
    const policy = (entry.external ? spec?.externalTrafficPolicy : spec?.internalTrafficPolicy) === 'Local' ? 'Local' : 'Cluster';
    const all = known ? this.#targets(known, entry.port.name ?? '') : [];
    return chooseTargets(all, { node: from.node, zone: from.zone, policy });
  }

  #pick(targets: readonly Target[]): Target {
    return (targets.length === 1 ? targets[0] : targets[this.#random.int(targets.length)]) as Target;
  }

  #stickyPick(known: Known, entry: ServicePortEntry, client: string, targets: readonly Target[]): Target {
    const seconds = entry.service.spec?.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? defaultAffinitySeconds;
    const now = this.#now();
    const sticky = (known.sticky ??= new Map());
    const key = `${entry.port.name ?? ''}/${client}`;
    const last = sticky.get(key);
    const kept = last && now - last.lastUsed < seconds * 1000 ? targets.find((target) => target.ip === last.target) : undefined;
    const target = kept ?? this.#pick(targets);
    for (const [other, use] of sticky) if (now - use.lastUsed >= seconds * 1000) sticky.delete(other);
    sticky.set(key, { target: target.ip, lastUsed: now });
    return target;
  }

  #targets(known: Known, portName: string): Target[] {
    const cached = known.targets?.get(portName);
    if (cached) return cached;
    const seen = new Set<string>();
    const targets: Target[] = [];
    for (const slice of known.slices.values()) {
      for (const port of slice.ports ?? []) {
        if ((port.name ?? '') !== portName || port.port === undefined || !isTcp(port.protocol)) continue;
        for (const endpoint of slice.endpoints ?? []) {
          for (const target of targetsOf(endpoint, port.port)) {
            // During a slice's reshuffle an endpoint may be in two of them.
            const key = addressKey(target.ip, target.port);
            if (!seen.has(key)) targets.push(target);
            seen.add(key);
          }
        }
      }
    }
    (known.targets ??= new Map()).set(portName, targets);
    return targets;
  }

  #known(key: string): Known {
    let known = this.#services.get(key);
    if (!known) {
      known = { service: undefined, slices: new Map(), targets: undefined, sticky: undefined, addresses: [], nodePorts: [] };
      this.#services.set(key, known);
    }
    return known;
  }

  #setService(object: api.Service, service: api.Service | undefined): void {
    const key = keyOfService(object);
    const known = this.#known(key);
    const hadNodePorts = known.nodePorts.length > 0;
    this.#withdraw(known);
    known.service = service;
    if (service && service.spec?.type !== 'ExternalName') this.#publish(known, service);
    else known.sticky = undefined;
    this.#forgetIfEmpty(key, known);
    if (hadNodePorts || known.nodePorts.length > 0) this.#changed();
  }

  #setSlice(slice: api.EndpointSlice, present: boolean): void {
    const service = slice.metadata.labels?.[serviceNameLabel];
    if (!service) return;
    const key = `${slice.metadata.namespace ?? ''}/${service}`;
    const known = this.#known(key);
    const name = slice.metadata.name ?? '';
    if (present) known.slices.set(name, slice);
    else known.slices.delete(name);
    known.targets = undefined;
    this.#forgetIfEmpty(key, known);
    if (known.nodePorts.length > 0) this.#changed();
  }

  #publish(known: Known, service: api.Service): void {
    const spec = service.spec;
    const inside = (spec?.clusterIPs ?? (spec?.clusterIP ? [spec.clusterIP] : [])).filter((ip) => ip !== 'None' && ip !== '');
    const ingress = (service.status?.loadBalancer?.ingress ?? []).flatMap((at) =>
      at.ip && at.ipMode !== 'Proxy' ? [at.ip] : [],
    );
    const outside = [...(spec?.externalIPs ?? []), ...ingress];
    for (const port of spec?.ports ?? []) {
      if (!isTcp(port.protocol)) continue;
      for (const ip of inside) this.#setAddress(known, ip, port.port, { service, port, external: false });
      for (const ip of outside) this.#setAddress(known, ip, port.port, { service, port, external: true });
      if (!port.nodePort) continue;
      this.#byNodePort.set(port.nodePort, { service, port, external: true });
      known.nodePorts.push(port.nodePort);
    }
  }

  #setAddress(known: Known, ip: string, port: number, entry: ServicePortEntry): void {
    const key = addressKey(ip, port);
    this.#byAddress.set(key, entry);
    this.#addressUse.set(ip, (this.#addressUse.get(ip) ?? 0) + 1);
    known.addresses.push(key);
  }

  #withdraw(known: Known): void {
    for (const key of known.addresses) {
      this.#byAddress.delete(key);
      const ip = key.slice(0, key.lastIndexOf(':'));
      const use = (this.#addressUse.get(ip) ?? 1) - 1;
      if (use === 0) this.#addressUse.delete(ip);
      else this.#addressUse.set(ip, use);
    }
    for (const port of known.nodePorts) this.#byNodePort.delete(port);
    known.addresses = [];
    known.nodePorts = [];
  }

  #forgetIfEmpty(key: string, known: Known): void {
    if (!known.service && known.slices.size === 0) this.#services.delete(key);
  }
}

const keyOfService = (service: api.Service): string => `${service.metadata.namespace ?? ''}/${service.metadata.name ?? ''}`;
