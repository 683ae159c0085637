/**
 * Brings one pod to what its object says, and its object's status to what is. Level-triggered: `sync` looks at the pod
 * and its records and does what is due; it may be called at any time, and a worker that is made anew from the stored
 * pod carries on.
 *
 * After a restart of the cluster the machines have rebooted: containers that were running have ended (exit code 255)
 * and start again with a higher restart count where the restart policy says so, in a new sandbox with a new address.
 *
 * Differs from Kubernetes: a status that somebody else wrote stands until the kubelet next has something to say.
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
import type { Refusal } from '../node/nodeResources.ts';
import { PodVolumes } from '../volumes/podVolumes.ts';
import { planPod, type PlannedContainer } from './planPod.ts';
import { graceOf, type Machine, type PodHost, restartPolicyOf } from './podHost.ts';
import { noteStandIns } from './standInNote.ts';
import { allOf, hasRun, podContainers, type Records, recordsAfterReboot } from './podRecords.ts';
import { podStatus } from './podStatus.ts';
import { Sandbox } from './sandbox.ts';
import type { StatusWriter } from './statusQueue.ts';

/**
 * `active`: containers run or are to run · `ending`: they are being stopped · `ended`: nothing runs any more ·
 * `gone`: the object or the machine is, and nothing is written.
 */
type Stage = 'active' | 'ending' | 'ended' | 'gone';

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
  #verdict: { readonly reason: string; readonly message: string } | undefined;
  /** Why the node did not take the pod. */
  #refusal: Refusal | undefined;
  #abort: AbortController | undefined;
  /** When the next back-off is over. */
  #timer: Disposable | undefined;
  #deadline: Disposable | undefined;
  #retries: DisposableStore | undefined;

  constructor(machine: Machine, pod: api.Pod) {
    const { ctx } = machine;
    this.machine = machine;
    this.#pod = pod;
    this.#startTime = formatTime(ctx.clock.now());
    const sources = { cache: ctx.cache, now: () => ctx.clock.now(), self: () => this.self, mintToken: ctx.mintToken };
    this.volumes = new PodVolumes(sources, machine.shared.volumes);
    this.#sandbox = new Sandbox(this);
    this.#runner = new ContainerRunner(this);
    const rebooted = hasRun(pod) && !isTerminal(pod);
    this.#records = rebooted ? recordsAfterReboot(pod, this.#startTime) : new Map<string, ContainerRecord>();
    if (isTerminal(pod)) this.#stage = 'ended';
    if (rebooted) this.event(undefined, 'Normal', 'SandboxChanged', 'Pod sandbox changed, it will be killed and re-created.');
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
      this.event(undefined, 'Warning', this.#refusal.reason, this.#refusal.message);
      this.#ended();
      return;
    }
    this.#watchDeadline();
    this.sync();
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
    } else if (pod.spec?.readinessGates?.length && pod.status?.conditions !== old.status?.conditions) {
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
  }

  sync(): void {
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
    const pod = this.machine.ctx.cache.get(Pod, { namespace, name });
    if (this.#stage === 'gone' || !pod || pod.metadata.uid !== uid) return;
    const deleted = pod.metadata.deletionTimestamp !== undefined;
    const leaving = this.#stage === 'ended' && deleted;
    try {
      if (this.#stage === 'active' || !deleted || !this.machine.ctx.instant) await this.#write(pod);
      if (!leaving || pod.metadata.deletionGracePeriodSeconds === 0) return;
      await this.machine.client.delete(
        Pod,
        { namespace, name },
        { gracePeriodSeconds: 0, ...(uid ? { preconditions: { uid } } : {}) },
      );
    } catch (error) {
      // Somebody wrote in between: look at what they wrote.
      if (hasReason(error, 'Conflict')) this.machine.shared.statuses.add(this);
      else if (!hasReason(error, 'NotFound')) throw error;
    }
  }

  async #write(pod: api.Pod): Promise<void> {
    // What ended before this kubelet knew the pod has nothing to add.
    if (this.#records.size === 0 && isTerminal(pod)) return;
    const status = this.#refusal ? this.#refusedStatus(pod, this.#refusal) : this.#presentStatus(pod);
    if (!deepEqual(status, pod.status)) await this.machine.client.updateStatus(Pod, { ...pod, status });
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
        this.#verdict = { reason: 'DeadlineExceeded', message };
        this.event(undefined, 'Normal', 'DeadlineExceeded', message);
        this.#end();
      },
      began + seconds * 1000 - clock.now(),
    );
  }

  /** Stops everything within the grace period; called again, it may shorten that. */
  #end(): void {
    const graceSeconds = graceOf(this.#pod);
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
  }

  #letGo(): void {
    this.#timer?.dispose();
    this.#deadline?.dispose();
    this.#retries?.dispose();
    this.#runner.dispose();
    this.#abort?.abort();
  }
}
