/**
 * One simulated machine: the kubelet of one Node. It registers, reports, and gives every pod that is bound to the node
 * a worker. Stopping it is pulling the plug: its containers are gone and nothing more is written.
 */
import { type Disposable, DisposableStore, toDisposable } from '#common/base/disposable.ts';
import { hasReason } from '#common/api/status.ts';
import { formatTime } from '#common/api/time.ts';
import { Node } from '#common/kinds/node.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Client } from '../../client/client.ts';
import type { EventRecorder } from '../../controller/eventRecorder.ts';
import type { KubeletContext } from '../options.ts';
import type { KubeletShared, Machine } from '../pod/podHost.ts';
import { PodWorker } from '../pod/podWorker.ts';
import { NodeLease } from './nodeLease.ts';
import { NodeResources, type Refusal } from './nodeResources.ts';
import { nodeStatus, sameButHeartbeat } from './nodeStatus.ts';
import { PodAddresses } from './podAddresses.ts';

/** How often an unchanged status is reported again. */
const reportMs = 300_000;

/** How long pods wait for their node to be given a range, before they take addresses of the shared one. */
const rangeWaitMs = 2000;

const labelOf = { hostname: 'kubernetes.io/hostname', os: 'kubernetes.io/os', arch: 'kubernetes.io/arch' };

export class NodeAgent implements Machine {
  readonly ctx: KubeletContext;
  readonly shared: KubeletShared;
  readonly name: string;
  readonly ip: string;
  readonly client: Client;
  readonly events: EventRecorder;
  readonly #lease: NodeLease;
  readonly #handles = new DisposableStore();
  readonly #workers = new Map<string, PodWorker>();
  readonly #resources = new NodeResources();
  readonly #rangeWaiters = new Set<() => void>();
  #node: api.Node;
  #addresses: PodAddresses | undefined;
  #rangeTimer: Disposable | undefined;
  #reportedAt = 0;
  #stopped = false;

  constructor(ctx: KubeletContext, shared: KubeletShared, node: api.Node, ip: string) {
    this.ctx = ctx;
    this.shared = shared;
    this.name = node.metadata.name ?? '';
    this.ip = ip;
    this.client = ctx.client.as(`system:node:${this.name}`, 'kubelet');
    this.events = ctx.events.as('kubelet', this.name);
    this.#node = node;
    this.#lease = new NodeLease(ctx, this.client, this.name);
    this.#handles.add(ctx.network.addHost(ip, this.name));
    this.#readRange();
  }

  get allocatable(): Readonly<Record<string, string>> {
    return this.#node.status?.allocatable ?? {};
  }

  get workers(): ReadonlyMap<string, PodWorker> {
    return this.#workers;
  }

  /** Registers: labels, status, lease, and the events of a machine that comes up. */
  async register(): Promise<void> {
    this.events.event(this.#node, 'Normal', 'Starting', 'Starting kubelet.');
    const fresh = !this.#node.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True');
    await this.#label();
    await this.#report();
    await this.#lease.renew(this.#node);
    if (!fresh || this.#stopped) return;
    for (const reason of ['NodeHasSufficientMemory', 'NodeHasNoDiskPressure', 'NodeHasSufficientPID', 'NodeReady']) {
      this.events.event(this.#node, 'Normal', reason, `Node ${this.name} status is now: ${reason}`);
    }
  }

  /** Renews the lease, and reports the status when it has changed or was long ago. */
  async beat(): Promise<void> {
    await this.#lease.renew(this.#node);
    await this.#report();
  }

  update(node: api.Node): void {
    this.#node = node;
    this.#readRange();
  }

  /** A pod that is bound to this node has come or changed. */
  setPod(pod: api.Pod): void {
    if (this.#stopped) return;
    const uid = pod.metadata.uid ?? '';
    const worker = this.#workers.get(uid);
    if (worker) {
      worker.update(pod);
      return;
    }
    const added = new PodWorker(this, pod);
    this.#workers.set(uid, added);
    added.start();
  }

  removePod(uid: string): void {
    this.#workers.get(uid)?.vanish();
    this.#workers.delete(uid);
  }

  stop(): void {
    this.#stopped = true;
    for (const worker of this.#workers.values()) worker.vanish();
    this.#workers.clear();
    this.#rangeWaiters.clear();
    this.#handles.dispose();
    this.shared.volumes.forgetNode(this.name);
  }

  admit(pod: api.Pod): Refusal | undefined {
    return this.#resources.admit(pod, this.allocatable);
  }

  release(uid: string): void {
    this.#resources.release(uid);
  }

  takeAddress(): string | undefined {
    return this.#addresses?.take();
  }

  releaseAddress(ip: string): void {
    this.#addresses?.release(ip);
  }

  waitForRange(wake: () => void): Disposable {
    this.#rangeWaiters.add(wake);
    this.#rangeTimer ??= this.#handles.add(this.ctx.clock.setTimeout(() => this.#useRange(new PodAddresses()), rangeWaitMs));
    return toDisposable(() => this.#rangeWaiters.delete(wake));
  }

  #readRange(): void {
    const cidr = this.#node.spec?.podCIDR;
    if (!this.#addresses && cidr) this.#useRange(new PodAddresses(cidr));
  }

  #useRange(addresses: PodAddresses): void {
    this.#rangeTimer?.dispose();
    this.#addresses ??= addresses;
    const waiting = [...this.#rangeWaiters];
    this.#rangeWaiters.clear();
    for (const wake of waiting) wake();
  }

  async #label(): Promise<void> {
    const labels = this.#node.metadata.labels ?? {};
    if (!(this.ctx.labelNodes ?? !this.ctx.instant) || Object.values(labelOf).some((label) => Object.hasOwn(labels, label)))
      return;
    const architecture = this.#node.status?.nodeInfo?.architecture || 'amd64';
    const added = { [labelOf.arch]: architecture, [labelOf.hostname]: this.name, [labelOf.os]: 'linux' };
    await this.#tolerant(() =>
      this.client.patch(Node, { namespace: '', name: this.name }, 'merge', { metadata: { labels: added } }),
    );
  }

  async #report(): Promise<void> {
    await this.#tolerant(async () => {
      const node = this.ctx.cache.get(Node, { namespace: '', name: this.name });
      if (!node || this.#stopped) return;
      const now = this.ctx.clock.now();
      const images = this.ctx.instant ? [] : this.ctx.runtime.imagesOnNode(this.name);
      const status = nodeStatus({ node, ip: this.ip, images, now: formatTime(now) });
      if (sameButHeartbeat(node.status, status) && now - this.#reportedAt < reportMs) return;
      await this.client.updateStatus(Node, { ...node, status });
      this.#reportedAt = now;
    });
  }

  /** A Node that went away in between needs nothing; what was changed in between is tried again. */
  async #tolerant(write: () => Promise<unknown>): Promise<void> {
    for (let tries = 0; tries < 5; tries++) {
      try {
        await write();
        return;
      } catch (error) {
        if (hasReason(error, 'NotFound')) return;
        if (!hasReason(error, 'Conflict')) throw error;
      }
    }
  }
}
