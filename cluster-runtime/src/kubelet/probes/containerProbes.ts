/**
 * The probes of one running container: readiness and liveness begin when it has started, which a startup probe decides
 * where there is one. A container whose program is unknown passes them all.
 */
import { type Disposable, DisposableStore } from '#common/base/disposable.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { RunningContainer } from '../../containers/containerRuntime.ts';
import type { PlannedContainer } from '../pod/planPod.ts';
import type { PodHost } from '../pod/podHost.ts';
import { type ProbeKind, ProbeWorker } from './probeWorker.ts';

export interface ProbeCallbacks {
  /** `started` or `ready` of the record has changed. */
  changed(): void;
  /** Liveness or startup failed for good: the container is to be stopped within `graceSeconds`. */
  kill(kind: ProbeKind, graceSeconds: number | undefined): void;
}

/** Starts the probes and sets the record's `started` and `ready`; undefined when there is nothing to watch. */
export function watchContainer(
  host: PodHost,
  container: PlannedContainer,
  running: RunningContainer,
  callbacks: ProbeCallbacks,
): Disposable | undefined {
  const { spec, record } = container;
  const { startupProbe, livenessProbe, readinessProbe } = spec;
  const probed = !running.unknownProgram && record.kind !== 'ephemeral';
  record.started = !probed || !startupProbe;
  record.ready = !probed || !readinessProbe;
  if (!probed || !(startupProbe || livenessProbe || readinessProbe)) return undefined;

  const workers = new DisposableStore();
  const startedAt = host.machine.ctx.clock.now();
  const run = (kind: ProbeKind, probe: api.Probe | undefined, onVerdict: (good: boolean) => void): ProbeWorker | undefined => {
    if (!probe) return undefined;
    const worker = workers.add(new ProbeWorker(host, container, running, kind, probe, onVerdict));
    worker.start(host.machine.ctx.clock.now() - startedAt);
    return worker;
  };
  const kill = (kind: ProbeKind, probe: api.Probe | undefined): void => {
    workers.dispose();
    callbacks.kill(kind, probe?.terminationGracePeriodSeconds);
  };
  const watchStarted = (): void => {
    run('Liveness', livenessProbe, (good) => {
      if (!good) kill('Liveness', livenessProbe);
    });
    run('Readiness', readinessProbe, (good) => {
      if (record.ready === good) return;
      record.ready = good;
      callbacks.changed();
    });
  };

  if (!startupProbe) {
    watchStarted();
    return workers;
  }
  const startup = run('Startup', startupProbe, (good) => {
    if (!good) return kill('Startup', startupProbe);
    startup?.dispose();
    record.started = true;
    watchStarted();
    callbacks.changed();
  });
  return workers;
}
