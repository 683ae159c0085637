/**
 * How many pods of a group run in each domain of a topology (zone, node …), kept up to date as pods come and go. A
 * count is made when a plugin first asks for it; what nobody asks for any more is dropped.
 */
import type { Pod } from '#common/schema/generated/types.ts';
import type { Labels } from '#common/api/labelSelector.ts';
import type { NodeInfo } from './nodeInfo.ts';
import { Buckets, inGroup, type PodGroup } from './podGroup.ts';
import { noDomain, type Topology } from './topology.ts';

export interface CountRequest {
  /** Requests with the same key count the same. */
  readonly key: string;
  /** The label that names a node's domain. Empty: each node is a domain of its own, by its name. */
  readonly topologyKey: string;
  /** A pod counts when it is in all of these. */
  readonly groups: readonly PodGroup[];
  /** Pods that are being deleted count too. */
  readonly countsTerminating: boolean;
  /** The nodes that are looked at. All, unless said. */
  readonly includes?: (node: NodeInfo) => boolean;
}

export interface DomainCounts {
  /** The domain of each node by its index; -1 for nodes in none, and for those that are not looked at. */
  readonly domainOf: Int32Array;
  /** By domain. */
  readonly counts: Int32Array;
  /** The domains that have a node that is looked at, empty ones too. */
  readonly domains: readonly number[];
  readonly total: number;
}

export interface Placement {
  readonly pod: Pod;
  readonly node: NodeInfo;
}

interface Counted extends DomainCounts {
  readonly request: CountRequest;
  total: number;
}

/** Where the model keeps what is counted. */
export interface CountSource {
  nodes(): readonly NodeInfo[];
  topology(key: string): Topology;
  placementsIn(namespaces: readonly string[] | undefined): Iterable<Placement>;
  namespaceLabels(namespace: string): Labels | undefined;
}

const limit = 4_096;
const none: DomainCounts = { domainOf: new Int32Array(), counts: new Int32Array(), domains: [], total: 0 };

export class DomainCounters {
  readonly #source: CountSource;
  /** In order of last use. */
  readonly #counted = new Map<string, Counted>();
  readonly #buckets = new Buckets<Counted>();

  constructor(source: CountSource) {
    this.#source = source;
  }

  get(request: CountRequest): DomainCounts {
    const [group] = request.groups;
    if (!group) return none;
    const known = this.#counted.get(request.key);
    if (known) {
      this.#counted.delete(request.key);
      this.#counted.set(request.key, known);
      return known;
    }
    const made = this.#count(request, group);
    this.#counted.set(request.key, made);
    this.#buckets.add(group, made);
    if (this.#counted.size > limit) this.#dropOldest();
    return made;
  }

  add(pod: Pod, node: NodeInfo): void {
    this.#buckets.forEach(pod, (counted) => this.#change(counted, pod, node, 1));
  }

  remove(pod: Pod, node: NodeInfo): void {
    this.#buckets.forEach(pod, (counted) => this.#change(counted, pod, node, -1));
  }

  /** After nodes or namespaces changed in what counts depend on. */
  clear(): void {
    this.#counted.clear();
    this.#buckets.clear();
  }

  #count(request: CountRequest, group: PodGroup): Counted {
    const topology = this.#source.topology(request.topologyKey);
    const domainOf = lookedAt(topology, request, this.#source.nodes());
    const made: Counted = {
      request,
      domainOf,
      counts: new Int32Array(topology.size),
      domains: domainsIn(domainOf, topology),
      total: 0,
    };
    const namespaces = group.namespaceSelector ? undefined : group.namespaces;
    for (const { pod, node } of this.#source.placementsIn(namespaces)) this.#change(made, pod, node, 1);
    return made;
  }

  #change(counted: Counted, pod: Pod, node: NodeInfo, by: 1 | -1): void {
    const { request } = counted;
    if (pod.metadata.deletionTimestamp && !request.countsTerminating) return;
    for (const group of request.groups) if (!inGroup(pod, group, (ns) => this.#source.namespaceLabels(ns))) return;
    const domain = node.index < 0 ? noDomain : (counted.domainOf[node.index] ?? noDomain);
    if (domain === noDomain) return;
    counted.counts[domain] = (counted.counts[domain] ?? 0) + by;
    counted.total += by;
  }

  #dropOldest(): void {
    for (const [key, counted] of this.#counted) {
      const [group] = counted.request.groups;
      this.#counted.delete(key);
      if (group) this.#buckets.delete(group, counted);
      return;
    }
  }
}

/** The topology without the nodes that the request leaves out. */
function lookedAt({ domainOf }: Topology, { includes }: CountRequest, nodes: readonly NodeInfo[]): Int32Array {
  return includes ? domainOf.map((domain, i) => (includes(nodes[i] as NodeInfo) ? domain : noDomain)) : domainOf;
}

function domainsIn(domainOf: Int32Array, { size }: Topology): number[] {
  const seen = new Uint8Array(size);
  for (const domain of domainOf) if (domain !== noDomain) seen[domain] = 1;
  return Array.from(seen.keys()).filter((domain) => seen[domain]);
}
