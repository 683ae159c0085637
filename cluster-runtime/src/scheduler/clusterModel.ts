/**
 * The scheduler's picture of the cluster: nodes, the pods on them (those whose binding is on its way included), and
 * what plugins count about them. Everything is kept in step as single pods come and go; a change of a node in what
 * counts depend on makes them anew when they are next asked for.
 */
import { deepEqual } from '#common/base/freeze.ts';
import type { Node, NodeSelectorTerm, Pod } from '#common/schema/generated/types.ts';
import { AffinityIndex } from './affinityIndex.ts';
import { type CountRequest, type DomainCounts, DomainCounters, type Placement } from './domainCounts.ts';
import { type Lookups, noLookups } from './lookups.ts';
import { NodeInfo } from './nodeInfo.ts';
import { nodesByZone } from './nodesByZone.ts';
import { NominatedPods } from './nominatedPods.ts';
import { matchesTerm } from './nodeSelection.ts';
import { requirementsOf } from './podRequirements.ts';
import { claimKeysOf } from './podVolumes.ts';
import { type Topology, topologyOf } from './topology.ts';

const matchingKept = 1_000;

const uidOf = (pod: Pod): string => pod.metadata.uid ?? '';

export class ClusterModel {
  readonly lookups: Lookups;
  readonly affinity: AffinityIndex;
  readonly nominated = new NominatedPods();
  /** Volumes that a pod on its way to a node will claim: name → `namespace/name` of the claim. */
  readonly assumedVolumes = new Map<string, string>();
  readonly #byName = new Map<string, NodeInfo>();
  readonly #placements = new Map<string, Placement>();
  readonly #byNamespace = new Map<string, Map<string, Placement>>();
  readonly #counters: DomainCounters;
  readonly #claimUsers = new Map<string, number>();
  readonly #imageNodes = new Map<string, number>();
  #hasCordoned: boolean | undefined;
  #hasTainted: boolean | undefined;
  readonly #matching = new Map<string, Uint8Array>();
  readonly #topologies = new Map<string, Topology>();
  #nodes: NodeInfo[] | undefined;

  constructor(lookups: Lookups = noLookups) {
    this.lookups = lookups;
    this.affinity = new AffinityIndex(
      (namespace) => lookups.namespaceLabels(namespace),
      (key) => this.topology(key),
    );
    this.#counters = new DomainCounters({
      nodes: () => this.nodes,
      topology: (key) => this.topology(key),
      placementsIn: (namespaces) => this.#placementsIn(namespaces),
      namespaceLabels: (namespace) => lookups.namespaceLabels(namespace),
    });
  }

  /** The nodes that exist, in a stable order that takes from each zone in turn. */
  get nodes(): readonly NodeInfo[] {
    if (!this.#nodes) {
      this.#nodes = nodesByZone([...this.#byName.values()].filter((info) => info.node));
      this.#nodes.forEach((info, i) => (info.index = i));
    }
    return this.#nodes;
  }

  /** Whether there is any such node at all: mostly there is none, and then nobody has to look at each. */
  get hasCordonedNodes(): boolean {
    return (this.#hasCordoned ??= this.nodes.some(({ node }) => node?.spec?.unschedulable));
  }

  get hasTaintedNodes(): boolean {
    return (this.#hasTainted ??= this.nodes.some(({ hardTaints }) => hardTaints.length > 0));
  }

  /** Which nodes the term matches, by their index: 1 or 0. Good until the nodes change in their labels. */
  nodesMatching(term: NodeSelectorTerm): Uint8Array {
    const key = JSON.stringify(term);
    let found = this.#matching.get(key);
    if (!found) {
      if (this.#matching.size >= matchingKept) this.#matching.clear();
      found = Uint8Array.from(this.nodes, ({ node }) => (node && matchesTerm(term, node) ? 1 : 0));
      this.#matching.set(key, found);
    }
    return found;
  }

  /** Good until the nodes change. */
  topology(key: string): Topology {
    let found = this.#topologies.get(key);
    if (!found) this.#topologies.set(key, (found = topologyOf(key, this.nodes)));
    return found;
  }

  node(name: string): NodeInfo | undefined {
    const info = this.#byName.get(name);
    return info?.node ? info : undefined;
  }

  setNode(name: string, node: Node | undefined): void {
    const info = this.#info(name);
    const before = info.node;
    const imagesBefore = info.images;
    info.setNode(node);
    if (before?.spec !== node?.spec) this.#hasCordoned = this.#hasTainted = undefined;
    if (info.images !== imagesBefore) {
      for (const image of imagesBefore.keys()) this.#imageNodes.set(image, this.nodesWithImage(image) - 1);
      for (const image of info.images.keys()) this.#imageNodes.set(image, this.nodesWithImage(image) + 1);
    }
    if (!node && info.pods.size === 0) this.#byName.delete(name);
    if (before && node && sameTopology(before, node)) return;
    for (const known of this.#nodes ?? []) known.index = -1;
    this.#nodes = undefined;
    this.#topologies.clear();
    this.#matching.clear();
    this.#counters.clear();
    this.affinity.nodesChanged();
  }

  namespacesChanged(): void {
    this.#counters.clear();
  }

  /** Counts the pod on that node, and only there. */
  place(pod: Pod, nodeName: string): void {
    const before = this.#placements.get(uidOf(pod));
    if (before?.node.name === nodeName && sameForOthers(before.pod, pod)) {
      this.#setPlacement({ pod, node: before.node });
      before.node.pods.set(uidOf(pod), pod);
      return;
    }
    if (before) this.unplace(pod);
    const node = this.#info(nodeName);
    this.#setPlacement({ pod, node });
    node.addPod(pod);
    this.#counters.add(pod, node);
    this.affinity.add(pod, node);
    if (requirementsOf(pod).usesVolumes) this.#useClaims(pod, 1);
  }

  /** Whether the pod was counted anywhere. */
  unplace(pod: Pod): boolean {
    const uid = uidOf(pod);
    const placed = this.#placements.get(uid);
    if (!placed) return false;
    this.#placements.delete(uid);
    const namespace = placed.pod.metadata.namespace ?? '';
    const mates = this.#byNamespace.get(namespace);
    if (mates?.delete(uid) && mates.size === 0) this.#byNamespace.delete(namespace);
    const { node } = placed;
    node.removePod(placed.pod);
    this.#counters.remove(placed.pod, node);
    this.affinity.remove(placed.pod);
    if (requirementsOf(placed.pod).usesVolumes) this.#useClaims(placed.pod, -1);
    if (!node.node && node.pods.size === 0) this.#byName.delete(node.name);
    return true;
  }

  nodeOf(uid: string): NodeInfo | undefined {
    return this.#placements.get(uid)?.node;
  }

  placed(uid: string): Pod | undefined {
    return this.#placements.get(uid)?.pod;
  }

  count(request: CountRequest): DomainCounts {
    return this.#counters.get(request);
  }

  /** How many pods on nodes use the claim. */
  claimUsers(claimKey: string): number {
    return this.#claimUsers.get(claimKey) ?? 0;
  }

  nodesWithImage(image: string): number {
    return this.#imageNodes.get(image) ?? 0;
  }

  /** Answers `question` as if these pods were on the node as well. */
  withPods<T>(pods: readonly Pod[], node: NodeInfo, question: () => T): T {
    for (const pod of pods) this.place(pod, node.name);
    try {
      return question();
    } finally {
      for (const pod of pods) this.unplace(pod);
    }
  }

  #info(name: string): NodeInfo {
    let info = this.#byName.get(name);
    if (!info) this.#byName.set(name, (info = new NodeInfo(name)));
    return info;
  }

  #setPlacement(placement: Placement): void {
    const uid = uidOf(placement.pod);
    this.#placements.set(uid, placement);
    const namespace = placement.pod.metadata.namespace ?? '';
    const mates = this.#byNamespace.get(namespace);
    if (mates) mates.set(uid, placement);
    else this.#byNamespace.set(namespace, new Map([[uid, placement]]));
  }

  *#placementsIn(namespaces: readonly string[] | undefined): Iterable<Placement> {
    if (!namespaces) yield* this.#placements.values();
    else for (const namespace of new Set(namespaces)) yield* this.#byNamespace.get(namespace)?.values() ?? [];
  }

  #useClaims(pod: Pod, by: 1 | -1): void {
    for (const key of claimKeysOf(pod)) {
      const users = this.claimUsers(key) + by;
      if (users > 0) this.#claimUsers.set(key, users);
      else this.#claimUsers.delete(key);
    }
  }
}

/** Labels, taints and being there at all decide which domain a node is, and whether it counts. */
const sameTopology = (a: Node, b: Node): boolean =>
  (a.metadata.labels === b.metadata.labels || deepEqual(a.metadata.labels, b.metadata.labels)) &&
  (a.spec?.taints === b.spec?.taints || deepEqual(a.spec?.taints, b.spec?.taints));

/** Most revisions of a pod differ only in their status, which no other pod's placement depends on. */
const sameForOthers = (a: Pod, b: Pod): boolean =>
  a.metadata.deletionTimestamp === b.metadata.deletionTimestamp &&
  (a.metadata.labels === b.metadata.labels || deepEqual(a.metadata.labels, b.metadata.labels)) &&
  a.spec === b.spec;
