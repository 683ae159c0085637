/**
 * The life of a pod's containers one by one: start, postStart, probes, exit, back-off. It keeps the records true and
 * asks the pod to look again after every change; what is to run is decided elsewhere (planPod).
 */
import type { Disposable } from '#common/base/disposable.ts';
import { formatTime } from '#common/api/time.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { ExitStatus, RunningContainer } from '../../containers/containerRuntime.ts';
import type { PlannedContainer } from '../pod/planPod.ts';
import { graceOf, podText, restartPolicyOf, type PodHost } from '../pod/podHost.ts';
import { watchContainer } from '../probes/containerProbes.ts';
import { recordBackOff, recordEnd } from './containerEnd.ts';
import type { ContainerRecord } from './containerRecord.ts';
import { outOfMemoryExit } from '../eviction/outOfMemory.ts';
import { runHook } from './lifecycleHooks.ts';
import { restarts } from './restartPolicy.ts';
import { newContainerId, startContainer } from './startContainer.ts';
import { StartProblem } from './startProblem.ts';
import { stopContainer } from './stopContainer.ts';

/** How long ErrImagePull is shown before it becomes a back-off. */
const pullErrorShownMs = 1000;

export class ContainerRunner implements Disposable {
  readonly #host: PodHost;
  #probes: Map<string, Disposable> | undefined;

  constructor(host: PodHost) {
    this.#host = host;
  }

  /** Ends the probes; containers are left as they are. */
  dispose(): void {
    for (const probe of this.#probes?.values() ?? []) probe.dispose();
    this.#probes = undefined;
  }

  async start(container: PlannedContainer): Promise<void> {
    const { record } = container;
    record.stage = 'starting';
    record.retryAt = undefined;
    let running: RunningContainer;
    try {
      running = await startContainer(this.#host, container);
    } catch (error) {
      record.stage = record.exitCode === undefined ? 'none' : 'ended';
      if (this.#host.active) this.#failed(container, error);
      return;
    }
    if (!this.#host.active) {
      record.stage = record.exitCode === undefined ? 'none' : 'ended';
      void running.stop(0);
      return;
    }
    this.#started(container, running);
  }

  /** Stops it so that it starts again as the pod's spec has it now. */
  replace(container: PlannedContainer): void {
    const { record } = container;
    record.replaced = true;
    void stopContainer(
      this.#host,
      container,
      graceOf(this.#host.pod),
      `Container ${record.name} definition changed, will be restarted`,
    );
  }

  #started(container: PlannedContainer, running: RunningContainer): void {
    const { record, spec } = container;
    const startedAt = this.#host.machine.ctx.clock.now();
    beginInstance(record, spec, running.id);
    record.stage = 'running';
    record.running = running;
    record.log = running.log;
    record.state = { running: { startedAt: formatTime(startedAt) } };
    void running.exited.then((exit) => this.#exited(container, running, exit, startedAt));
    const hook = spec.lifecycle?.postStart;
    if (hook) void this.#afterHook(container, running, hook);
    else this.#watch(container, running);
    this.#host.sync();
  }

  async #afterHook(container: PlannedContainer, running: RunningContainer, hook: api.LifecycleHandler): Promise<void> {
    const { record, spec } = container;
    const problem = await runHook(this.#host, spec, running, hook, this.#host.signal);
    if (record.running !== running || !this.#host.active) return;
    if (problem === undefined) {
      this.#watch(container, running);
      this.#host.sync();
      return;
    }
    this.#host.event(record, 'Warning', 'FailedPostStartHook', 'PostStartHook failed');
    await stopContainer(this.#host, container, graceOf(this.#host.pod), 'FailedPostStartHook');
  }

  #watch(container: PlannedContainer, running: RunningContainer): void {
    const { record } = container;
    const watch = watchContainer(this.#host, container, running, {
      changed: () => this.#host.sync(),
      kill: (kind, graceSeconds) => {
        const why = `Container ${record.name} failed ${kind.toLowerCase()} probe, will be restarted`;
        void stopContainer(this.#host, container, graceSeconds ?? graceOf(this.#host.pod), why);
      },
    });
    if (watch) (this.#probes ??= new Map()).set(record.name, watch);
  }

  #exited({ record, spec }: PlannedContainer, running: RunningContainer, seen: ExitStatus, startedAt: number): void {
    if (record.running !== running) return;
    const exit = record.outOfMemory ? outOfMemoryExit : seen;
    record.outOfMemory = false;
    const now = this.#host.machine.ctx.clock.now();
    this.#probes?.get(record.name)?.dispose();
    this.#probes?.delete(record.name);
    recordEnd(record, spec, { exit, startedAt: formatTime(startedAt), finishedAt: formatTime(now) });
    if (record.replaced) {
      record.replaced = false;
      record.lastState = record.state;
      record.state = { waiting: { reason: 'ContainerCreating' } };
      record.stage = 'none';
    } else if (this.#restarts(spec, record, exit.exitCode)) {
      this.#backOff(record, now - startedAt, now);
    }
    this.#host.sync();
  }

  #restarts(spec: api.Container, record: ContainerRecord, exitCode: number): boolean {
    return this.#host.active && restarts(spec, record.kind, restartPolicyOf(this.#host.pod), exitCode);
  }

  #backOff(record: ContainerRecord, ranMs: number, now: number): boolean {
    const text = recordBackOff(record, ranMs, now, podText(this.#host.pod));
    if (text !== undefined) this.#host.event(record, 'Warning', 'BackOff', text);
    return text !== undefined;
  }

  #failed({ record, spec }: PlannedContainer, error: unknown): void {
    const { clock } = this.#host.machine.ctx;
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof StartProblem) {
      if (record.state.terminated) record.lastState = record.state;
      for (const event of error.events) this.#host.event(record, event.type, event.reason, event.message);
      record.state = { waiting: { message, reason: error.reason } };
      if (error.reason === 'ErrImagePull') record.retryAt = clock.now() + pullErrorShownMs;
      else if (error.reason === 'ImagePullBackOff') record.retryAt = record.pull?.until;
      else record.blocked = true;
      const { missing } = error;
      if (missing) this.#host.retryAfter((wake) => this.#host.machine.shared.waiters.wait(missing, wake));
    } else {
      this.#neverRan(record, spec, message);
    }
    this.#host.sync();
  }

  /** The runtime could not start the process: an instance that ended before it began. */
  #neverRan(record: ContainerRecord, spec: api.Container, message: string): void {
    const now = this.#host.machine.ctx.clock.now();
    this.#host.event(record, 'Normal', 'Created', 'Container created');
    this.#host.event(record, 'Warning', 'Failed', `Error: ${message}`);
    beginInstance(record, spec, newContainerId(this.#host));
    const exit: ExitStatus = { exitCode: 128, reason: 'StartError', message };
    recordEnd(record, spec, { exit, startedAt: formatTime(0), finishedAt: formatTime(now) });
    if (!this.#restarts(spec, record, exit.exitCode) || this.#backOff(record, 0, now)) return;
    record.lastState = record.state;
    record.state = { waiting: { message, reason: 'RunContainerError' } };
  }
}

/** Counts a new instance and keeps the state and the log of the one before. */
function beginInstance(record: ContainerRecord, spec: api.Container, id: string): void {
  if (record.state.terminated) record.lastState = record.state;
  if (record.ranBefore) record.restartCount++;
  record.ranBefore = true;
  record.previousLog = record.log;
  record.log = undefined;
  record.image = spec.image;
  record.id = `containerd://${id}`;
}
