/**
 * What a pod's containers need next: init containers one after the other, sidecars among them once started and kept
 * running, then all main containers together; restarts as the policies say. Pure: it reads the records and says what to
 * start, what to stop, and whether the pod has come to its end.
 */
import type * as api from '#common/schema/generated/types.ts';
import type { ContainerRecord } from '../container/containerRecord.ts';
import { restarts } from '../container/restartPolicy.ts';

export interface PlannedContainer {
  readonly spec: api.Container;
  readonly record: ContainerRecord;
}

export interface PodPlan {
  readonly start: readonly PlannedContainer[];
  /** Sidecars that are to end because the pod's work is done, last one first. */
  readonly stop: readonly PlannedContainer[];
  /** When a back-off ends, in ms. */
  readonly nextCheck: number | undefined;
  /** No container runs and none will: the pod has succeeded or failed. */
  readonly finished: boolean;
}

export interface PodContainers {
  readonly init: readonly PlannedContainer[];
  readonly main: readonly PlannedContainer[];
  readonly ephemeral: readonly PlannedContainer[];
}

const runs = ({ record }: PlannedContainer): boolean =>
  record.stage === 'running' || record.stage === 'starting' || record.stage === 'stopping';

/** Whether an init container has done what the next one waits for. */
const initDone = ({ record }: PlannedContainer): boolean =>
  record.kind === 'sidecar' ? record.stage === 'running' && record.started : record.stage === 'ended' && record.exitCode === 0;

/** Init containers were all done once: a main container has begun. They are not run again in this sandbox. */
export const isInitialized = ({ init, main }: PodContainers): boolean =>
  main.some(({ record }) => record.stage !== 'none' || record.exitCode !== undefined) || init.every(initDone);

const willRestart = ({ spec, record }: PlannedContainer, podPolicy: string): boolean =>
  record.stage === 'ended' && restarts(spec, record.kind, podPolicy, record.exitCode ?? 0);

const isOver = (container: PlannedContainer, podPolicy: string): boolean =>
  container.record.stage === 'ended' && !willRestart(container, podPolicy);

export function planPod(containers: PodContainers, podPolicy: string, now: number): PodPlan {
  const start: PlannedContainer[] = [];
  let nextCheck: number | undefined;
  /** Starts what is not running, at once or when its back-off is over. */
  const want = (container: PlannedContainer): void => {
    const { record } = container;
    if (record.stage !== 'none' && record.stage !== 'ended') return;
    if (record.blocked) return;
    if (record.retryAt === undefined || record.retryAt <= now) start.push(container);
    else nextCheck = Math.min(nextCheck ?? Infinity, record.retryAt);
  };

  for (const container of containers.ephemeral) if (container.record.stage === 'none') want(container);

  const initialized = isInitialized(containers);
  const mainOver = initialized && containers.main.every((container) => isOver(container, podPolicy));
  const initFailed =
    !initialized &&
    containers.init.some(
      (container) => container.record.kind === 'init' && container.record.exitCode !== 0 && isOver(container, podPolicy),
    );

  if (mainOver || initFailed) {
    const sidecars = containers.init.filter(
      (container) => container.record.kind === 'sidecar' && container.record.stage === 'running',
    );
    const othersRun = [...containers.init, ...containers.main].some(
      (container) => container.record.kind !== 'sidecar' && runs(container),
    );
    const allRun = [...containers.init, ...containers.main].some(runs);
    // One at a time, so that each may rely on those before it until it has ended.
    const last = sidecars.at(-1);
    const stopping = containers.init.some(({ record }) => record.stage === 'stopping');
    return { start: [], stop: last && !othersRun && !stopping ? [last] : [], nextCheck: undefined, finished: !allRun };
  }

  for (const container of containers.init) {
    if (container.record.kind === 'sidecar') want(container);
    else if (!initialized && !initDone(container)) want(container);
    if (!initialized && !initDone(container)) return { start, stop: [], nextCheck, finished: false };
  }
  for (const container of containers.main) {
    if (container.record.stage === 'none' || willRestart(container, podPolicy)) want(container);
  }
  return { start, stop: [], nextCheck, finished: false };
}
