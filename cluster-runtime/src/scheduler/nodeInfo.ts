/** What the scheduler knows of one node: its room, and what its pods take of it, the assumed ones included. */
import type { Node, Pod } from '#common/schema/generated/types.ts';
import { parseQuantity, quantityValue } from '#common/api/quantity.ts';
import { addResources, noResources, readResources, requirementsOf, type Resources } from './podRequirements.ts';

export class NodeInfo {
  readonly name: string;
  /** Undefined while pods name a node that does not exist (any more). */
  node: Node | undefined;
  allocatable: Resources = noResources();
  allowedPods = 0;
  readonly requested: Resources = noResources();
  readonly pods = new Map<string, Pod>();
  /** How many pods of each controller run here, for spreading. */
  readonly perOwner = new Map<string, number>();
  /** Pods that use a host port, by uid: the only ones the port check has to look at. */
  readonly portUsers = new Map<string, Pod>();

  constructor(name: string) {
    this.name = name;
  }

  setNode(node: Node | undefined): void {
    this.node = node;
    const room = node?.status?.allocatable ?? node?.status?.capacity;
    this.allocatable = readResources(room);
    const pods = parseQuantity(room?.['pods'] ?? '');
    this.allowedPods = pods ? quantityValue(pods) : 0;
  }

  addPod(pod: Pod): void {
    const uid = pod.metadata.uid ?? '';
    const present = this.pods.get(uid);
    if (present) this.removePod(present);
    const { requests, owner, hostPorts } = requirementsOf(pod);
    this.pods.set(uid, pod);
    addResources(this.requested, requests);
    if (owner) this.perOwner.set(owner, (this.perOwner.get(owner) ?? 0) + 1);
    if (hostPorts.length > 0) this.portUsers.set(uid, pod);
  }

  removePod(pod: Pod): void {
    const uid = pod.metadata.uid ?? '';
    const present = this.pods.get(uid);
    if (!present) return;
    this.pods.delete(uid);
    this.portUsers.delete(uid);
    const { requests, owner } = requirementsOf(present);
    addResources(this.requested, requests, -1);
    if (!owner) return;
    const left = (this.perOwner.get(owner) ?? 1) - 1;
    if (left > 0) this.perOwner.set(owner, left);
    else this.perOwner.delete(owner);
  }
}
