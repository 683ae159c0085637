/**
 * Runs one probe of one running container at its due times and tells when its verdict changes. Kubernetes' thresholds:
 * a verdict needs `successThreshold` or `failureThreshold` outcomes in a row.
 */
import type { Disposable } from '#common/base/disposable.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { RunningContainer } from '../../containers/containerRuntime.ts';
import type { PlannedContainer } from '../pod/planPod.ts';
import type { PodHost } from '../pod/podHost.ts';
import { type ProbeOutcome, runProbe } from './runProbe.ts';

export type ProbeKind = 'Startup' | 'Liveness' | 'Readiness';

export class ProbeWorker implements Disposable {
  readonly #host: PodHost;
  readonly #container: PlannedContainer;
  readonly #running: RunningContainer;
  readonly #kind: ProbeKind;
  readonly #probe: api.Probe;
  readonly #onVerdict: (good: boolean) => void;
  readonly #abort = new AbortController();
  #timer: Disposable | undefined;
  #inRow = 0;
  #lastGood: boolean | undefined;

  /** `onVerdict` is called each time enough outcomes in a row agree, for as long as they do. */
  constructor(
    host: PodHost,
    container: PlannedContainer,
    running: RunningContainer,
    kind: ProbeKind,
    probe: api.Probe,
    onVerdict: (good: boolean) => void,
  ) {
    this.#host = host;
    this.#container = container;
    this.#running = running;
    this.#kind = kind;
    this.#probe = probe;
    this.#onVerdict = onVerdict;
  }

  /** `ranMs`: how long the container has run already, which counts towards the initial delay. */
  start(ranMs: number): void {
    this.#arm(Math.max(0, (this.#probe.initialDelaySeconds ?? 0) * 1000 - ranMs));
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#abort.abort();
  }

  #arm(ms: number): void {
    if (this.#abort.signal.aborted) return;
    this.#timer = this.#host.machine.ctx.clock.setTimeout(() => void this.#run(), ms);
  }

  async #run(): Promise<void> {
    const outcome = await runProbe(this.#host, this.#container.spec, this.#running, this.#probe, this.#abort.signal);
    if (this.#abort.signal.aborted) return;
    this.#count(outcome);
    this.#arm((this.#probe.periodSeconds ?? 10) * 1000);
  }

  #count(outcome: ProbeOutcome): void {
    const good = outcome.result === 'success';
    if (outcome.result === 'failure') this.#tell(`${this.#kind} probe failed: ${outcome.output}`);
    if (outcome.result === 'error') this.#tell(`${this.#kind} probe errored and resulted in unknown state: ${outcome.output}`);
    this.#inRow = this.#lastGood === good ? this.#inRow + 1 : 1;
    this.#lastGood = good;
    const needed = good ? (this.#probe.successThreshold ?? 1) : (this.#probe.failureThreshold ?? 3);
    if (this.#inRow >= needed) this.#onVerdict(good);
  }

  #tell(message: string): void {
    this.#host.event(this.#container.record, 'Warning', 'Unhealthy', message);
  }
}
