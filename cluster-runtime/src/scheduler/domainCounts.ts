/**
 * How many pods of a group run in each domain of a topology (zone, node …), kept up to date as pods come and go. A
 * count is made when a plugin first asks for it; what nobody asks for any more is dropped.
 */
import type { Pod } from '#common/schema/generated/types.ts';
import type { Labels } from '#common/api/labelSelector.ts';
import type { NodeInfo } from './nodeInfo.ts';
import { Buckets, inGroup, type PodGroup } from './podGroup.ts';

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
  /** Every domain of the nodes looked at, empty ones too. */
  readonly counts: ReadonlyMap<string, number>;
  readonly total: number;
}

export interface Placement {
  readonly pod: Pod;
  readonly node: NodeInfo;
}

interface Counted extends DomainCounts {
  readonly request: CountRequest;
  readonly counts: Map<string, number>;
  total: number;
}

/** Where the model keeps what is counted. */
export interface CountSource {
  nodes(): readonly NodeInfo[];
  placementsIn(namespaces: readonly string[] | undefined): Iterable<Placement>;
  namespaceLabels(namespace: string): Labels | undefined;
}

const limit = 4_096;
const none: DomainCounts = { counts: new Map(), total: 0 };

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
    const made: Counted = { request, counts: new Map(), total: 0 };
    for (const node of this.#source.nodes()) {
      const domain = domainOf(request, node);
      if (domain !== undefined) made.counts.set(domain, 0);
    }
    const namespaces = group.namespaceSelector ? undefined : group.namespaces;
    for (const { pod, node } of this.#source.placementsIn(namespaces)) this.#change(made, pod, node, 1);
    return made;
  }

  #change(counted: Counted, pod: Pod, node: NodeInfo, by: 1 | -1): void {
    const { request } = counted;
    if (pod.metadata.deletionTimestamp && !request.countsTerminating) return;
    for (const group of request.groups) if (!inGroup(pod, group, (ns) => this.#source.namespaceLabels(ns))) return;
    const domain = domainOf(request, node);
    if (domain === undefined) return;
    counted.counts.set(domain, (counted.counts.get(domain) ?? 0) + by);
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

function domainOf({ topologyKey, includes }: CountRequest, node: NodeInfo): string | undefined {
  if (!node.node) return undefined;
  const domain = topologyKey === '' ? node.name : node.label(topologyKey);
  return domain === undefined || (includes && !includes(node)) ? undefined : domain;
}
