/** A container's entry in a pod's status, in the shape of Kubernetes 1.36. Pure. */
import type * as api from '#common/schema/generated/types.ts';
import type { PlannedContainer } from './planPod.ts';

const nobody = Object.freeze({});
const root: api.ContainerUser = Object.freeze({
  linux: Object.freeze({ gid: 0, supplementalGroups: Object.freeze([0]) as unknown as number[], uid: 0 }),
});

export function containerStatus({ spec, record }: PlannedContainer, pod: api.Pod): api.ContainerStatus {
  const runs = record.stage === 'running' || record.stage === 'stopping';
  const { requests } = spec.resources ?? {};
  const showsResources = record.kind !== 'ephemeral';
  return {
    ...(showsResources && requests ? { allocatedResources: requests } : {}),
    ...(record.id === undefined ? {} : { containerID: record.id }),
    image: record.info?.name ?? spec.image ?? '',
    imageID: record.info ? record.info.imageID : '',
    lastState: record.lastState,
    name: record.name,
    ready: isReady(record),
    ...(showsResources && record.id !== undefined ? { resources: spec.resources ?? nobody } : {}),
    restartCount: record.restartCount,
    started: record.stage === 'running' && record.started,
    state: record.state,
    ...(runs ? { user: userOf(spec, pod) } : {}),
    ...(spec.volumeMounts?.length ? { volumeMounts: spec.volumeMounts.map(mountStatus) } : {}),
  };

  function isReady({ kind, stage, started, ready }: typeof record): boolean {
    if (kind === 'init') return stage === 'ended' && record.exitCode === 0;
    return runs && started && ready && kind !== 'ephemeral';
  }
}

const mountStatus = (mount: api.VolumeMount): api.VolumeMountStatus => ({
  mountPath: mount.mountPath,
  name: mount.name,
  ...(mount.readOnly ? { readOnly: true, recursiveReadOnly: 'Disabled' } : {}),
});

function userOf(spec: api.Container, pod: api.Pod): api.ContainerUser {
  const context = pod.spec?.securityContext;
  const uid = spec.securityContext?.runAsUser ?? context?.runAsUser ?? 0;
  const gid = spec.securityContext?.runAsGroup ?? context?.runAsGroup ?? 0;
  const groups = [...(context?.fsGroup === undefined ? [] : [context.fsGroup]), ...(context?.supplementalGroups ?? [])];
  if (uid === 0 && gid === 0 && groups.length === 0) return root;
  return { linux: { gid, supplementalGroups: [...new Set([gid, ...groups])], uid } };
}
