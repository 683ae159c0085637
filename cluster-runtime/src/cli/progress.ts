/** How far an applied object is from what was asked for, as one line for people. */
import type { KubeObject } from '#common/api/meta.ts';
import type {
  DaemonSet,
  Deployment,
  Job,
  Pod,
  ReplicaSet,
  ReplicationController,
  StatefulSet,
} from '#common/schema/generated/types.ts';

export interface Progress {
  /** `stuck` is for what will not become ready by itself. */
  readonly state: 'ready' | 'waiting' | 'stuck' | 'failed';
  /** Such as `1/2 ready`; empty for what is ready by being there. */
  readonly text: string;
}

export type AnyObject = KubeObject & { kind: string };

const ready = (text = ''): Progress => ({ state: 'ready', text });
const waiting = (text: string): Progress => ({ state: 'waiting', text });

function count(have: number | undefined, want: number): Progress {
  const text = `${have ?? 0}/${want} ready`;
  return (have ?? 0) >= want ? ready(text) : waiting(text);
}

/** By the object alone; its pods may tell more, see podNotes.ts. */
export function progressOf(object: AnyObject): Progress {
  switch (object.kind) {
    case 'Deployment': {
      const { spec, status, metadata } = object as Deployment;
      const want = spec?.replicas ?? 1;
      if ((status?.observedGeneration ?? 0) < (metadata.generation ?? 0)) return waiting(`0/${want} ready`);
      const updated = status?.updatedReplicas ?? 0;
      return updated < want && (status?.replicas ?? 0) > updated
        ? waiting(`${updated}/${want} updated`)
        : count(Math.min(updated, status?.availableReplicas ?? 0), want);
    }
    case 'ReplicaSet':
    case 'ReplicationController':
    case 'StatefulSet': {
      const { spec, status } = object as ReplicaSet | ReplicationController | StatefulSet;
      return count(status?.readyReplicas, spec?.replicas ?? 1);
    }
    case 'DaemonSet': {
      const { status, metadata } = object as DaemonSet;
      if ((status?.observedGeneration ?? 0) < (metadata.generation ?? 0)) return waiting('0 ready');
      return count(status?.numberReady, status?.desiredNumberScheduled ?? 0);
    }
    case 'Job': {
      const { spec, status } = object as Job;
      const failed = status?.conditions?.find(({ type, status }) => type === 'Failed' && status === 'True');
      if (failed) return { state: 'failed', text: `${failed.reason}: ${failed.message}` };
      const text = `${status?.succeeded ?? 0}/${spec?.completions ?? 1} complete`;
      return status?.conditions?.some(({ type, status }) => type === 'Complete' && status === 'True')
        ? ready(text)
        : waiting(text);
    }
    case 'Pod':
      return progressOfPod(object as Pod);
    default:
      return ready();
  }
}

const conditionOf = (pod: Pod, type: string) => pod.status?.conditions?.find((condition) => condition.type === type);

/** Reasons that say no more than that a container is on its way. */
const onItsWay = new Set(['ContainerCreating', 'PodInitializing']);

export function progressOfPod(pod: Pod): Progress {
  const { status } = pod;
  if (status?.phase === 'Succeeded') return ready('completed');
  if (status?.phase === 'Failed')
    return { state: 'failed', text: [status.reason ?? 'Error', status.message].filter(Boolean).join(': ') };
  if (conditionOf(pod, 'Ready')?.status === 'True') return ready('ready');
  const scheduled = conditionOf(pod, 'PodScheduled');
  if (scheduled?.status === 'False')
    return { state: 'stuck', text: [scheduled.reason, scheduled.message].filter(Boolean).join(': ') };
  for (const { state } of [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]) {
    if (state?.waiting?.reason && !onItsWay.has(state.waiting.reason))
      return { state: 'stuck', text: [state.waiting.reason, state.waiting.message].filter(Boolean).join(': ') };
    if (state?.terminated && state.terminated.exitCode !== 0)
      return waiting(`${state.terminated.reason ?? 'Error'}, exit code ${state.terminated.exitCode}`);
  }
  return waiting(status?.phase === 'Running' ? 'running, not ready yet' : scheduled ? 'starting' : 'waiting for a node');
}
