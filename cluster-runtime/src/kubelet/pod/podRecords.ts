/**
 * The containers of a pod with their records. New records say that nothing has run; those of a pod that ran under an
 * earlier kubelet continue its counts.
 */
import type * as api from '#common/schema/generated/types.ts';
import { type ContainerKind, type ContainerRecord, isSidecar, newRecord } from '../container/containerRecord.ts';
import { restarts } from '../container/restartPolicy.ts';
import type { PlannedContainer, PodContainers } from './planPod.ts';

export type Records = Map<string, ContainerRecord>;

/** The pod's present containers; a record is made for each that is new. */
export function podContainers(pod: api.Pod, records: Records): PodContainers {
  const { initContainers = [], containers = [], ephemeralContainers = [] } = pod.spec ?? {};
  const waiting = initContainers.length > 0 ? 'PodInitializing' : 'ContainerCreating';
  const planned = (spec: api.Container, kind: ContainerKind): PlannedContainer => {
    let record = records.get(spec.name);
    if (!record)
      records.set(spec.name, (record = newRecord(spec.name, kind, kind === 'ephemeral' ? 'ContainerCreating' : waiting)));
    return { spec, record };
  };
  return {
    init: initContainers.map((spec) => planned(spec, isSidecar(spec) ? 'sidecar' : 'init')),
    main: containers.map((spec) => planned(spec, 'main')),
    ephemeral: ephemeralContainers.map((spec) => planned(spec as api.Container, 'ephemeral')),
  };
}

export const allOf = ({ init, main, ephemeral }: PodContainers): PlannedContainer[] => [...init, ...main, ...ephemeral];

/** True when containers of this pod have run before this kubelet took it on. */
export const hasRun = (pod: api.Pod): boolean =>
  [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])].some(
    (status) => status.containerID !== undefined,
  );

/**
 * After the machine came back: what ran has ended without anybody seeing how, which a container runtime reports as exit
 * code 255, reason Unknown. Containers that restart begin again in a new sandbox, init containers first; the others, and
 * all of a pod that is to go, keep their end.
 */
export function recordsAfterReboot(pod: api.Pod, now: string): Records {
  const records: Records = new Map();
  const containers = allOf(podContainers(pod, records));
  const { initContainerStatuses = [], containerStatuses = [], ephemeralContainerStatuses = [] } = pod.status ?? {};
  const statuses = new Map(
    [...initContainerStatuses, ...containerStatuses, ...ephemeralContainerStatuses].map((status) => [status.name, status]),
  );
  const policy = pod.spec?.restartPolicy ?? 'Always';
  const leaves = pod.metadata.deletionTimestamp !== undefined;
  for (const { spec, record } of containers) {
    const status = statuses.get(record.name);
    if (!status) continue;
    record.restartCount = status.restartCount;
    record.lastState = status.lastState ?? {};
    const ended = endOf(status, now);
    if (!ended) continue;
    record.ranBefore = true;
    record.id = status.containerID;
    // Init containers prepare the new sandbox as they did the old one.
    const again = !leaves && (record.kind === 'init' || restarts(spec, record.kind, policy, ended.exitCode));
    if (again) record.lastState = { terminated: ended };
    else
      Object.assign(record, {
        stage: 'ended',
        state: { terminated: ended },
        exitCode: ended.exitCode,
      } satisfies Partial<ContainerRecord>);
  }
  return records;
}

function endOf(status: api.ContainerStatus, now: string): api.ContainerStateTerminated | undefined {
  const { state } = status;
  if (state?.terminated) return state.terminated;
  if (!state?.running) return status.lastState?.terminated;
  return {
    ...(status.containerID ? { containerID: status.containerID } : {}),
    exitCode: 255,
    finishedAt: now,
    reason: 'Unknown',
    ...(state.running.startedAt ? { startedAt: state.running.startedAt } : {}),
  };
}
