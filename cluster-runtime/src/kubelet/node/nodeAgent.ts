/**
 * One simulated machine from its boot on: the kubelet of one Node. It registers, reports, and gives every pod that is
 * bound to the node a worker. Stopping it is pulling the plug: its containers are gone and nothing more is written.
 */
import { spawnTask } from '#common/base/context.ts';
import { type Disposable, DisposableStore, toDisposable } from '#common/base/disposable.ts';
import { deepEqual } from '#common/base/freeze.ts';
import { hasReason } from '#common/api/status.ts';
import { formatTime } from '#common/api/time.ts';
import { Node } from '#common/kinds/node.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Client } from '../../client/client.ts';
import type { RunningContainer } from '../../containers/containerRuntime.ts';
import type { EventRecorder } from '../../controller/eventRecorder.ts';
import { EvictionManager } from '../eviction/evictionManager.ts';
import { refuseUnderPressure } from '../eviction/planEviction.ts';
import { pressures } from '../eviction/pressures.ts';
import type { KubeletContext } from '../options.ts';
import type { KubeletShared, Machine } from '../pod/podHost.ts';
import { PodWorker } from '../pod/podWorker.ts';
import { planShutdown, shutdownMessage, shutdownReason, shutdownRefusal, shuttingDownMessage } from '../shutdown/planShutdown.ts';
import { registerCsiNode } from './csiNode.ts';
import { NodeLease } from './nodeLease.ts';
import { NodeResources, type Refusal } from './nodeResources.ts';
import { nodeStatus, sameButHeartbeat } from './nodeStatus.ts';
import { PodAddresses } from './podAddresses.ts';

/** How often an unchanged status is reported again. */
const reportMs = 300_000;

/** Pods that are refused in a row are refused this much later. */
const refusalMs = 1000;

/** How long pods wait for their node to be given a range, before they take addresses of the shared one. */
const rangeWaitMs = 2000;

const labelOf = { hostname: 'kubernetes.io/hostname', os: 'kubernetes.io/os', arch: 'kubernetes.io/arch' };

/** What a machine is when it boots. */
export interface Boot {
  readonly node: api.Node;
  readonly ip: string;
  readonly bootID: string;
  /** The Machine object, where there is one yet. */
  readonly machine: api.Machine | undefined;
}

const isReady = ({ status }: api.Node): boolean =>
  status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') ?? false;

export class NodeAgent implements Machine {
  readonly ctx: KubeletContext;
  readonly shared: KubeletShared;
  readonly name: string;
  readonly ip: string;
  readonly uid: string;
  readonly bootID: string;
  readonly client: Client;
  readonly events: EventRecorder;
  readonly #lease: NodeLease;
  readonly #handles = new DisposableStore();
  readonly #workers = new Map<string, PodWorker>();
  readonly #resources = new NodeResources();
  readonly #rangeWaiters = new Set<() => void>();
  readonly #evictions: EvictionManager;
  readonly #hardware: Readonly<Record<string, string>> | undefined;
  #faults: api.MachinePressure;
  #node: api.Node;
  #addresses: PodAddresses | undefined;
  #rangeTimer: Disposable | undefined;
  #reportedAt = 0;
  #refusedAt = -Infinity;
  #driversTold = false;
  #stopped = false;
  #shuttingDown = false;

  constructor(ctx: KubeletContext, shared: KubeletShared, { node, ip, bootID, machine }: Boot) {
    this.ctx = ctx;
    this.shared = shared;
    this.name = node.metadata.name ?? '';
    this.ip = ip;
    this.uid = node.metadata.uid ?? '';
    this.bootID = bootID;
    this.#hardware = machine?.spec?.capacity;
    this.#faults = machine?.spec?.pressure ?? {};
    this.client = ctx.client.as(`system:node:${this.name}`, 'kubelet');
    this.events = ctx.events.as('kubelet', this.name, bootID);
    this.#node = node;
    this.#evictions = this.#evictionManager();
    this.#lease = new NodeLease(ctx, this.client, this.name);
    this.#handles.add(ctx.network.addHost(ip, this.name));
    this.#readRange();
  }

  get allocatable(): Readonly<Record<string, string>> {
    return this.#node.status?.allocatable ?? {};
  }

  get shuttingDown(): boolean {
    return this.#shuttingDown;
  }

  get workers(): ReadonlyMap<string, PodWorker> {
    return this.#workers;
  }

  /** Registers: labels, status, lease, and the events of a machine that comes up. */
  async register(): Promise<void> {
    this.events.event(this.#node, 'Normal', 'Starting', 'Starting kubelet.');
    const fresh = !isReady(this.#node);
    const lastBoot = this.#node.status?.nodeInfo?.bootID;
    await this.#label();
    await this.#report(this.#hardware);
    await this.#lease.renew(this.#node);
    if (this.#stopped) return;
    await this.#registerDrivers();
    if (lastBoot && lastBoot !== this.bootID) {
      this.events.event(this.#node, 'Warning', 'Rebooted', `Node ${this.name} has been rebooted, boot id: ${this.bootID}`);
    }
    if (fresh) {
      const { present } = this.#evictions;
      const told = pressures.filter(({ name }) => !present.has(name)).map(({ off }) => off.event);
      for (const reason of [...told, 'NodeReady']) {
        this.events.event(this.#node, 'Normal', reason, `Node ${this.name} status is now: ${reason}`);
      }
    }
    this.#evictions.observe();
  }

  /** Renews the lease, and reports the status when it has changed or was long ago. */
  async beat(): Promise<void> {
    if (this.#stopped) return;
    await this.#lease.renew(this.#node);
    if (this.#stopped) return;
    this.#evictions.observe();
    for (const worker of this.#workers.values()) worker.checkStatus();
    await this.#report();
    if (!this.#driversTold && !this.#stopped) await this.#registerDrivers();
  }

  update(node: api.Node): void {
    const isBack = isReady(node) && !isReady(this.#node);
    this.#node = node;
    this.#readRange();
    // While the node was taken for dead its pods were said not to be ready.
    if (isBack) for (const worker of this.#workers.values()) this.shared.statuses.add(worker);
  }

  /** Something outside of the pods takes all of a resource, or no longer does. */
  setFaults(faults: api.MachinePressure | undefined): void {
    if (deepEqual(faults ?? {}, this.#faults)) return;
    this.#faults = faults ?? {};
    this.#evictions.observe();
  }

  /** Ends the pods in the order of their priorities. Resolves when they have ended, or their time is over. */
  async shutDown(periods: readonly api.ShutdownGracePeriod[] | undefined): Promise<void> {
    if (this.#shuttingDown || this.#stopped) return;
    this.#shuttingDown = true;
    this.events.event(this.#node, 'Normal', 'Shutdown', 'Shutdown manager detected shutdown event');
    await this.#report();
    for (const { graceSeconds, members } of planShutdown([...this.#workers.values()], periods)) {
      for (const worker of members) worker.terminate({ reason: shutdownReason, message: shutdownMessage, graceSeconds });
      await this.#within(graceSeconds * 1000, Promise.all(members.map((worker) => worker.whenEnded())));
      if (this.#stopped) return;
      // The last word of these pods; afterwards there is nobody to say it.
      await Promise.allSettled(members.map((worker) => worker.writeStatus()));
    }
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

  /** The plug is pulled; the disk keeps what is on it. */
  stop(): void {
    this.#stopped = true;
    for (const worker of this.#workers.values()) worker.vanish();
    this.#workers.clear();
    this.#rangeWaiters.clear();
    this.#handles.dispose();
  }

  admit(pod: api.Pod): Refusal | undefined {
    if (this.#shuttingDown) return shutdownRefusal;
    return refuseUnderPressure(pod, this.#evictions.present) ?? this.#resources.admit(pod, this.allocatable);
  }

  refusalDelay(): number {
    const now = this.ctx.clock.now();
    const wait = now - this.#refusedAt < refusalMs ? refusalMs : 0;
    this.#refusedAt = now + wait;
    return wait;
  }

  memoryOf(pod: api.Pod, container: string, running: RunningContainer): number {
    const measured = running.usage().memoryBytes;
    return this.ctx.memoryOf ? this.ctx.memoryOf(pod, container, measured) : measured;
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

  async #registerDrivers(): Promise<void> {
    this.#driversTold = await registerCsiNode(this.client, this.ctx.cache, this.#node);
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

  #evictionManager(): EvictionManager {
    const of = (): { node: api.Node; faults: api.MachinePressure } => ({ node: this.#node, faults: this.#faults });
    return new EvictionManager({
      events: this.events,
      workers: this.#workers,
      get node() {
        return of().node;
      },
      get faults() {
        return of().faults;
      },
      now: () => this.ctx.clock.now(),
      changed: () => spawnTask(this.ctx, `status of ${this.name}`, () => this.#report()),
    });
  }

  /** Resolves with `ended`, or when `ms` have passed. */
  async #within(ms: number, ended: Promise<unknown>): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = this.#handles.add(this.ctx.clock.setTimeout(resolve, ms));
    // Without its power the machine waits for nobody.
    this.#handles.add(toDisposable(resolve));
    await Promise.race([ended, promise]);
    timer.dispose();
  }

  async #report(hardware?: Readonly<Record<string, string>>): Promise<void> {
    await this.#tolerant(async () => {
      const node = this.ctx.cache.get(Node, { namespace: '', name: this.name });
      if (!node || this.#stopped) return;
      const now = this.ctx.clock.now();
      const images = this.ctx.instant ? [] : this.ctx.runtime.imagesOnNode(this.name);
      const status = nodeStatus({
        node,
        ip: this.ip,
        images,
        now: formatTime(now),
        bootID: this.bootID,
        pressures: this.#evictions.present,
        notReady: this.#shuttingDown ? shuttingDownMessage : undefined,
        hardware,
      });
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
