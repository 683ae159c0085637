/**
 * The terms of pods that have a node, seen from the other side: which of them concern an incoming pod, and where.
 * Equal terms of many pods are one entry.
 */
import type { Labels } from '#common/api/labelSelector.ts';
import type { Pod } from '#common/schema/generated/types.ts';
import { type AffinityTerm, affinityTermsOf } from './affinityTerms.ts';
import type { NodeInfo } from './nodeInfo.ts';
import { Buckets, groupText, inGroup } from './podGroup.ts';
import { noDomain, type Topology } from './topology.ts';

/** `keepsOff`: required anti-affinity. `attracts`: preferred terms. `needs`: required affinity. The last two add to scores. */
type Effect = 'keepsOff' | 'attracts' | 'needs';

export interface AffinityEntry {
  readonly term: AffinityTerm;
  readonly effect: Effect;
  /** Domain of the term's topology → how many pods have the term, or for `attracts` the sum of its weights. */
  readonly domains: Map<number, number>;
}

export class AffinityIndex {
  readonly #namespaceLabels: (namespace: string) => Labels | undefined;
  readonly #topology: (key: string) => Topology;
  readonly #placements = new Map<string, { pod: Pod; node: NodeInfo }>();
  readonly #entries = new Map<string, AffinityEntry>();
  readonly #buckets = new Buckets<AffinityEntry>();
  #stale = false;

  constructor(namespaceLabels: (namespace: string) => Labels | undefined, topology: (key: string) => Topology) {
    this.#namespaceLabels = namespaceLabels;
    this.#topology = topology;
  }

  add(pod: Pod, node: NodeInfo): void {
    if (!affinityTermsOf(pod)) return;
    this.#placements.set(pod.metadata.uid ?? '', { pod, node });
    if (!this.#stale) this.#change(pod, node, 1);
  }

  remove(pod: Pod): void {
    const uid = pod.metadata.uid ?? '';
    const placed = this.#placements.get(uid);
    if (!placed) return;
    this.#placements.delete(uid);
    if (!this.#stale) this.#change(placed.pod, placed.node, -1);
  }

  /** After nodes changed in their labels, came or went. */
  nodesChanged(): void {
    this.#stale = true;
  }

  /** The entries of that effect whose terms mean the pod. */
  concerning(pod: Pod, effect: Effect): AffinityEntry[] {
    if (this.#placements.size === 0) return [];
    if (this.#stale) this.#rebuild();
    const out: AffinityEntry[] = [];
    this.#buckets.forEach(pod, (entry) => {
      if (entry.effect === effect && entry.domains.size > 0 && inGroup(pod, entry.term, this.#namespaceLabels)) out.push(entry);
    });
    return out;
  }

  #rebuild(): void {
    this.#stale = false;
    this.#entries.clear();
    this.#buckets.clear();
    for (const { pod, node } of this.#placements.values()) this.#change(pod, node, 1);
  }

  #change(pod: Pod, node: NodeInfo, sign: 1 | -1): void {
    const terms = affinityTermsOf(pod);
    if (!terms || !node.node) return;
    for (const term of terms.requiredAntiAffinity) this.#changeEntry(term, 'keepsOff', node, sign);
    for (const term of terms.requiredAffinity) this.#changeEntry(term, 'needs', node, sign);
    for (const term of terms.preferred) this.#changeEntry(term, 'attracts', node, sign * term.weight);
  }

  #changeEntry(term: AffinityTerm, effect: Effect, node: NodeInfo, by: number): void {
    const domain = this.#topology(term.topologyKey).domainOf[node.index] ?? noDomain;
    if (domain === noDomain) return;
    const key = JSON.stringify([effect, term.topologyKey, groupText(term)]);
    let entry = this.#entries.get(key);
    if (!entry) {
      this.#entries.set(key, (entry = { term, effect, domains: new Map() }));
      this.#buckets.add(term, entry);
    }
    const sum = (entry.domains.get(domain) ?? 0) + by;
    if (sum !== 0) entry.domains.set(domain, sum);
    else entry.domains.delete(domain);
    if (entry.domains.size > 0) return;
    this.#entries.delete(key);
    this.#buckets.delete(entry.term, entry);
  }
}
