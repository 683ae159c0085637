/**
 * Brings one pod to what its object says, and its object's status to what is. Level-triggered: `sync` looks at the pod
 * and its records and does what is due; it may be called at any time, and a worker that is made anew from the stored
 * pod carries on.
 *
 * After a restart of the cluster the machines have rebooted: containers that were running have ended (exit code 255)
 * and start again with a higher restart count where the restart policy says so, in a new sandbox with a new address.
 *
 * Differs from Kubernetes: a status that somebody else wrote stands for ten to twenty seconds, if the kubelet has nothing to say
 * before; there for up to ten.
 */
import { type Disposable, DisposableStore } from '#common/base/disposable.ts';
import { deepEqual } from '#common/base/freeze.ts';
import { hasReason } from '#common/api/status.ts';
import { formatTime, parseTime } from '#common/api/time.ts';
import { Pod } from '#common/kinds/pod.ts';
import type * as api from '#common/schema/generated/types.ts';
import { type ContainerRecord, fieldPathOf } from '../container/containerRecord.ts';
import { ContainerRunner } from '../container/containerRunner.ts';
import type { PodSelf } from '../container/downwardApi.ts';
import { stopContainer } from '../container/stopContainer.ts';
import { memoryLimit } from '../eviction/outOfMemory.ts';
import type { ContainerUse } from '../eviction/planEviction.ts';
import type { Refusal } from '../node/nodeResources.ts';
import { PodVolumes } from '../volumes/podVolumes.ts';
import { planPod, type PlannedContainer } from './planPod.ts';
import { graceOf, type Machine, type PodHost, restartPolicyOf } from './podHost.ts';
import { noteStandIns } from './standInNote.ts';
import { allOf, hasRun, podContainers, type Records, recordsAfterReboot } from './podRecords.ts';
import { podStatus, type Verdict } from './podStatus.ts';
import { Sandbox } from './sandbox.ts';
import type { StatusWriter } from './statusQueue.ts';

/**
 * `active`: containers run or are to run · `ending`: they are being stopped · `ended`: nothing runs any more ·
 * `gone`: the object or the machine is, and nothing is written.
 */
type Stage = 'active' | 'ending' | 'ended' | 'gone';

/** How long what others write of a pod stands at least. */
const othersStandMs = 10_000;

const isTerminal = (pod: api.Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';

export class PodWorker implements PodHost, StatusWriter {
  readonly machine: Machine;
  readonly volumes: PodVolumes;
  readonly #records: Records;
  readonly #sandbox: Sandbox;
  readonly #runner: ContainerRunner;
  readonly #startTime: string;
  #pod: api.Pod;
  #stage: Stage = 'active';
  /** Why the kubelet itself ends the pod. */
  #verdict: Verdict | undefined;
  /** Why the node did not take the pod. */
  #refusal: Refusal | undefined;
  #abort: AbortController | undefined;
  /** When the next back-off is over. */
  #timer: Disposable | undefined;
  #deadline: Disposable | undefined;
  #retries: DisposableStore | undefined;
  /** Somebody else wrote the pod since it was read for the last status. */
  #lostRace = false;
  /** The status as this kubelet last stored it, and since when there is another. */
  #stored: api.PodStatus | undefined;
  #overwrittenAt: number | undefined;
  /** Called once nothing runs any more. */
  readonly #onEnd: (() => void)[] = [];

  constructor(machine: Machine, pod: api.Pod) {
    const { ctx } = machine;
    this.machine = machine;
    this.#pod = pod;
    this.#startTime = formatTime(ctx.clock.now());
    const evict = (message: string): void => {
      this.event(undefined, 'Warning', 'Evicted', message);
      this.terminate({ reason: 'Evicted', message, graceSeconds: 1 });
    };
    const { cache, clock, mintToken } = ctx;
    const sources = { cache, clock, now: () => clock.now(), self: () => this.self, mintToken, evict };
    this.volumes = new PodVolumes(sources, machine.shared.volumes);
    this.#sandbox = new Sandbox(this);
    this.#runner = new ContainerRunner(this);
    const rebooted = hasRun(pod) && !isTerminal(pod);
    this.#records = rebooted ? recordsAfterReboot(pod, this.#startTime) : new Map<string, ContainerRecord>();
    if (isTerminal(pod)) this.#stage = 'ended';
    if (rebooted && !pod.metadata.deletionTimestamp)
      this.event(undefined, 'Normal', 'SandboxChanged', 'Pod sandbox changed, it will be killed and re-created.');
  }

  get pod(): api.Pod {
    return this.#pod;
  }

  get self(): PodSelf {
    return { pod: this.#pod, podIP: this.#sandbox.ip ?? '', hostIP: this.machine.ip, allocatable: this.machine.allocatable };
  }

  get signal(): AbortSignal {
    return (this.#abort ??= new AbortController()).signal;
  }

  get active(): boolean {
    return this.#stage === 'active';
  }

  get records(): ReadonlyMap<string, ContainerRecord> {
    return this.#records;
  }

  event(record: ContainerRecord | undefined, type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.machine.events.event(this.#pod, type, reason, message, record ? { fieldPath: fieldPathOf(record) } : undefined);
  }

  /** Takes the pod on. */
  start(): void {
    if (this.#pod.metadata.deletionTimestamp) this.#end();
    if (this.#stage !== 'active') return;
    this.#refusal = this.machine.admit(this.#pod);
    if (this.#refusal) {
      const wait = this.machine.refusalDelay();
      if (wait > 0) this.#timer = this.machine.ctx.clock.setTimeout(() => this.#refuse(), wait);
      else this.#refuse();
      return;
    }
    this.#watchDeadline();
    this.sync();
  }

  #refuse(): void {
    if (this.#refusal) this.event(undefined, 'Warning', this.#refusal.reason, this.#refusal.message);
    this.#ended();
  }

  /** The object has changed. */
  update(pod: api.Pod): void {
    const old = this.#pod;
    this.#pod = pod;
    if (this.#stage === 'gone') return;
    if (pod.metadata.deletionTimestamp) {
      if (!old.metadata.deletionTimestamp || graceOf(pod) < graceOf(old)) this.#end();
    } else if (this.#stage !== 'active') {
      return;
    } else if (isTerminal(pod)) {
      this.#end();
    } else if (pod.metadata.generation !== old.metadata.generation) {
      this.#specChanged();
    } else if (pod.metadata.annotations !== old.metadata.annotations) {
      this.#checkMemory();
    } else if (pod.spec?.readinessGates?.length && pod.status?.conditions !== old.status?.conditions) {
      this.machine.shared.statuses.add(this);
    }
    if (pod.status !== old.status && pod.status !== this.#stored) this.#overwrittenAt ??= this.machine.ctx.clock.now();
  }

  /** Now and then: what somebody else said of the pod is put right. */
  checkStatus(): void {
    const { clock } = this.machine.ctx;
    if (this.#overwrittenAt !== undefined && clock.now() - this.#overwrittenAt >= othersStandMs) {
      this.machine.shared.statuses.add(this);
    }
  }

  /** The object or the machine is gone: whatever runs is killed, nothing is written. */
  vanish(): void {
    if (this.#stage === 'gone') return;
    this.#stage = 'gone';
    this.#letGo();
    for (const { running } of this.#records.values()) void running?.stop(0);
    this.#sandbox.close();
    this.machine.release(this.#pod.metadata.uid ?? '');
    this.machine.shared.statuses.remove(this);
    this.#tellEnd();
  }

  /** The kubelet itself ends the pod, which has then failed for this reason. */
  terminate(verdict: Verdict): void {
    if (this.#stage !== 'active' || this.#verdict) return;
    this.#verdict = verdict;
    this.#end();
  }

  /** Resolves when nothing of the pod runs any more. */
  whenEnded(): Promise<void> {
    if (this.#stage === 'ended' || this.#stage === 'gone') return Promise.resolve();
    return new Promise((resolve) => this.#onEnd.push(resolve));
  }

  /** The memory that each running container uses, in bytes. */
  memoryUses(): ContainerUse[] {
    const uses: ContainerUse[] = [];
    for (const { name, stage, running } of this.#records.values()) {
      if (running && stage === 'running') uses.push({ name, bytes: this.machine.memoryOf(this.#pod, name, running) });
    }
    return uses;
  }

  /** The kernel kills the container, as it does when memory has run out. */
  killForMemory(container: string): void {
    const record = this.#records.get(container);
    if (!record?.running || record.outOfMemory) return;
    record.outOfMemory = true;
    void record.running.stop(0);
  }

  /** The number that the container's main process has on its machine: the same every time. */
  processId(container: string): number {
    const id = this.#records.get(container)?.running?.id ?? '';
    return 1000 + (Number.parseInt(id.slice(0, 6), 16) % 31_000 || 0);
  }

  sync(): void {
    // Nothing is to be started, and what is to be said is said in time.
    if (this.#refusal) return;
    this.#timer?.dispose();
    this.#timer = undefined;
    if (this.#stage === 'gone') return;
    this.machine.shared.statuses.add(this);
    if (this.#stage !== 'active' || !this.#sandbox.open()) return;
    const now = this.machine.ctx.clock.now();
    const plan = planPod(podContainers(this.#pod, this.#records), restartPolicyOf(this.#pod), now);
    if (plan.finished) {
      this.#ended();
      return;
    }
    for (const container of plan.stop) void this.#stop(container, graceOf(this.#pod));
    for (const container of plan.start) void this.#runner.start(container);
    this.#checkMemory();
    if (plan.nextCheck !== undefined) this.#timer = this.machine.ctx.clock.setTimeout(() => this.sync(), plan.nextCheck - now);
  }

  retryAfter(wait: (wake: () => void) => Disposable): void {
    const again = (): void => {
      for (const record of this.#records.values()) record.blocked = false;
      this.sync();
    };
    (this.#retries ??= new DisposableStore()).add(wait(again));
  }

  async writeStatus(): Promise<void> {
    const { namespace = '', name = '', uid } = this.#pod.metadata;
    const { cache } = this.machine.ctx;
    const key = { namespace, name };
    if (this.#stage === 'gone') return;
    try {
      // A cache that is late would only lose the same race again.
      const pod = this.#lostRace ? await this.machine.client.get(Pod, key) : cache.get(Pod, key);
      this.#lostRace = false;
      if (!pod || pod.metadata.uid !== uid) return;
      const deleted = pod.metadata.deletionTimestamp !== undefined;
      const leaving = this.#stage === 'ended' && deleted;
      if (this.#stage === 'active' || !deleted || !this.machine.ctx.instant) await this.#write(pod);
      if (!leaving || pod.metadata.deletionGracePeriodSeconds === 0) return;
      await this.machine.client.delete(Pod, key, { gracePeriodSeconds: 0, ...(uid ? { preconditions: { uid } } : {}) });
    } catch (error) {
      // Somebody wrote in between: look at what they wrote.
      if (hasReason(error, 'Conflict')) {
        this.#lostRace = true;
        this.machine.shared.statuses.add(this);
      } else if (!hasReason(error, 'NotFound')) throw error;
    }
  }

  async #write(pod: api.Pod): Promise<void> {
    // What ended before this kubelet knew the pod has nothing to add.
    if (this.#records.size === 0 && isTerminal(pod)) return;
    const status = this.#refusal ? this.#refusedStatus(pod, this.#refusal) : this.#presentStatus(pod);
    this.#overwrittenAt = undefined;
    if (deepEqual(status, pod.status)) this.#stored = pod.status;
    else this.#stored = (await this.machine.client.updateStatus(Pod, { ...pod, status })).status;
    await noteStandIns(this.machine.client, pod, this.#records.values());
  }

  #refusedStatus(pod: api.Pod, { reason, message }: Refusal): api.PodStatus {
    return { ...pod.status, phase: 'Failed', reason, message: `Pod was rejected: ${message}`, startTime: this.#startTime };
  }

  #presentStatus(pod: api.Pod): api.PodStatus {
    return podStatus({
      pod,
      containers: podContainers(pod, this.#records),
      hostIP: this.machine.ip,
      podIP: this.#sandbox.ip,
      startTime: this.#startTime,
      now: formatTime(this.machine.ctx.clock.now()),
      terminal: this.#stage === 'ended',
      verdict: this.#verdict,
    });
  }

  /** Containers that use more memory than they may are killed. Only those with a limit are asked. */
  #checkMemory(): void {
    for (const spec of this.#pod.spec?.containers ?? []) {
      const limit = memoryLimit(spec);
      const record = limit === undefined ? undefined : this.#records.get(spec.name);
      if (limit === undefined || !record?.running || record.stage !== 'running') continue;
      if (this.machine.memoryOf(this.#pod, spec.name, record.running) > limit) this.killForMemory(spec.name);
    }
  }

  #specChanged(): void {
    for (const container of allOf(podContainers(this.#pod, this.#records))) {
      const { record, spec } = container;
      record.blocked = false;
      if (record.stage === 'running' && record.image !== spec.image) this.#runner.replace(container);
    }
    this.#watchDeadline();
    this.sync();
  }

  #watchDeadline(): void {
    this.#deadline?.dispose();
    this.#deadline = undefined;
    const seconds = this.#pod.spec?.activeDeadlineSeconds;
    if (seconds === undefined) return;
    const { clock } = this.machine.ctx;
    const began = parseTime(this.#pod.status?.startTime ?? this.#startTime) ?? clock.now();
    this.#deadline = clock.setTimeout(
      () => {
        const message = 'Pod was active on the node longer than the specified deadline';
        this.#verdict ??= { reason: 'DeadlineExceeded', message };
        this.event(undefined, 'Normal', 'DeadlineExceeded', message);
        this.#end();
      },
      began + seconds * 1000 - clock.now(),
    );
  }

  /** Stops everything within the grace period; called again, it may shorten that. */
  #end(): void {
    const graceSeconds = Math.min(graceOf(this.#pod), this.#verdict?.graceSeconds ?? Infinity);
    if (this.#stage === 'ended') this.machine.shared.statuses.add(this);
    else if (this.#stage === 'ending') for (const { running } of this.#records.values()) void running?.stop(graceSeconds);
    if (this.#stage !== 'active') return;
    this.#stage = 'ending';
    this.#letGo();
    const running = allOf(podContainers(this.#pod, this.#records)).filter(({ record }) => record.running);
    if (running.length === 0) this.#ended();
    else void this.#stopAll(running, graceSeconds);
  }

  /** Sidecars end after those that they serve, the last one first. */
  async #stopAll(running: readonly PlannedContainer[], graceSeconds: number): Promise<void> {
    const { clock } = this.machine.ctx;
    const ends = clock.now() + graceSeconds * 1000;
    this.machine.shared.statuses.add(this);
    await Promise.all(
      running.filter(({ record }) => record.kind !== 'sidecar').map((container) => this.#stop(container, graceSeconds)),
    );
    for (const container of running.filter(({ record }) => record.kind === 'sidecar').reverse()) {
      await this.#stop(container, Math.max(0, (ends - clock.now()) / 1000));
    }
    if (this.#stage === 'ending') this.#ended();
  }

  #stop(container: PlannedContainer, graceSeconds: number): Promise<void> {
    return stopContainer(this, container, graceSeconds, `Stopping container ${container.record.name}`);
  }

  #ended(): void {
    this.#stage = 'ended';
    this.#letGo();
    this.#sandbox.close();
    this.machine.release(this.#pod.metadata.uid ?? '');
    this.machine.shared.statuses.add(this);
    this.#tellEnd();
  }

  #tellEnd(): void {
    for (const tell of this.#onEnd.splice(0)) tell();
  }

  #letGo(): void {
    this.#timer?.dispose();
    this.#deadline?.dispose();
    this.#retries?.dispose();
    this.volumes.dispose();
    this.#runner.dispose();
    this.#abort?.abort();
  }
}
