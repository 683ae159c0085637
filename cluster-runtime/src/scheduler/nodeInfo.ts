/** What the scheduler knows of one node: its room, and what its pods take of it, the assumed ones included. */
import { parseQuantity, quantityValue } from '#common/api/quantity.ts';
import type { Node, Pod, Taint } from '#common/schema/generated/types.ts';
import { addResources, noResources, readResources, requirementsOf, type Resources } from './podRequirements.ts';

type Labels = Readonly<Record<string, string>>;

const noLabels: Labels = {};
const noTaints: readonly Taint[] = [];

export class NodeInfo {
  readonly name: string;
  /** Its place among the cluster's nodes, which topologies go by; -1 while it is not one of them. */
  index = -1;
  /** Undefined while pods name a node that does not exist (any more). */
  node: Node | undefined;
  allocatable: Resources = noResources();
  allowedPods = 0;
  /** Taints that keep pods away, and those that only speak against the node. */
  hardTaints = noTaints;
  softTaints = noTaints;
  readonly requested: Resources = noResources();
  /** The same for scoring, where pods that ask for nothing count as something. */
  countedMilliCpu = 0;
  countedMemory = 0;
  readonly pods = new Map<string, Pod>();
  /** Pods that use a host port, by uid: the only ones the port check has to look at. */
  readonly portUsers = new Map<string, Pod>();
  /** Pods with volumes that matter to where they run, by uid. */
  readonly volumeUsers = new Map<string, Pod>();
  /** Size in bytes by name. */
  images: ReadonlyMap<string, number> = new Map();

  constructor(name: string) {
    this.name = name;
  }

  get labels(): Labels {
    return this.node?.metadata.labels ?? noLabels;
  }

  label(key: string): string | undefined {
    const { labels } = this;
    return Object.hasOwn(labels, key) ? labels[key] : undefined;
  }

  setNode(node: Node | undefined): void {
    const before = this.node;
    this.node = node;
    if (before?.spec?.taints !== node?.spec?.taints) {
      const taints = node?.spec?.taints ?? noTaints;
      this.hardTaints = taints.filter((taint) => taint.effect === 'NoSchedule' || taint.effect === 'NoExecute');
      this.softTaints = taints.filter((taint) => taint.effect === 'PreferNoSchedule');
    }
    const room = node?.status?.allocatable ?? node?.status?.capacity;
    this.allocatable = readResources(room);
    const pods = parseQuantity(room?.['pods'] ?? '');
    this.allowedPods = pods ? quantityValue(pods) : 0;
    if (before?.status?.images !== node?.status?.images) this.images = readImages(node);
  }

  addPod(pod: Pod): void {
    const uid = pod.metadata.uid ?? '';
    if (this.pods.has(uid)) this.removePod(pod);
    this.pods.set(uid, pod);
    this.#count(pod, 1);
    const { hostPorts, usesVolumes } = requirementsOf(pod);
    if (hostPorts.length > 0) this.portUsers.set(uid, pod);
    if (usesVolumes) this.volumeUsers.set(uid, pod);
  }

  /** Takes away the pod's revision that is counted. */
  removePod(pod: Pod): void {
    const uid = pod.metadata.uid ?? '';
    const present = this.pods.get(uid);
    if (!present) return;
    this.pods.delete(uid);
    this.portUsers.delete(uid);
    this.volumeUsers.delete(uid);
    this.#count(present, -1);
  }

  #count(pod: Pod, sign: 1 | -1): void {
    const { requests, countedMilliCpu, countedMemory } = requirementsOf(pod);
    addResources(this.requested, requests, sign);
    this.countedMilliCpu += sign * countedMilliCpu;
    this.countedMemory += sign * countedMemory;
  }
}

function readImages(node: Node | undefined): ReadonlyMap<string, number> {
  const out = new Map<string, number>();
  for (const image of node?.status?.images ?? []) for (const name of image.names ?? []) out.set(name, image.sizeBytes ?? 0);
  return out;
}
