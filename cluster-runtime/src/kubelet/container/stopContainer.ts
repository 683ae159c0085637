/** Ends a running container: preStop hook, SIGTERM, and SIGKILL when the grace period is over. */
import type { PlannedContainer } from '../pod/planPod.ts';
import type { PodHost } from '../pod/podHost.ts';
import { runHook } from './lifecycleHooks.ts';

/** Kubernetes leaves a container this long after its hook, however long that took. */
const leastGraceSeconds = 2;

/** Resolves when the container has ended. `why` is the text of the Killing event. */
export async function stopContainer(
  host: PodHost,
  { spec, record }: PlannedContainer,
  graceSeconds: number,
  why: string,
): Promise<void> {
  const { running } = record;
  if (!running) return;
  const { clock } = host.machine.ctx;
  const asked = clock.now();
  if (record.stage !== 'stopping') host.event(record, 'Normal', 'Killing', why);
  record.stage = 'stopping';
  const hook = spec.lifecycle?.preStop;
  let left = graceSeconds;
  if (hook && graceSeconds > 0) {
    const abort = new AbortController();
    const timer = clock.setTimeout(() => abort.abort(new Error('the grace period is over')), graceSeconds * 1000);
    void running.exited.then(() => abort.abort());
    const problem = await runHook(host, spec, running, hook, abort.signal);
    timer.dispose();
    if (problem !== undefined && record.running === running)
      host.event(record, 'Warning', 'FailedPreStopHook', 'PreStopHook failed');
    left = Math.max(leastGraceSeconds, graceSeconds - (clock.now() - asked) / 1000);
  }
  await running.stop(left);
}
