/** A pod's whole status from what its kubelet knows. Pure; parts that others own are kept. */
import type * as api from '#common/schema/generated/types.ts';
import { containerStatus } from './containerStatus.ts';
import type { PodContainers } from './planPod.ts';
import { podConditions } from './podConditions.ts';
import { podPhase, type PodPhase } from './podPhase.ts';

/** Why the kubelet itself ends a pod. */
export interface Verdict {
  readonly reason: string;
  readonly message: string;
  /** The most that its containers may take to end. With it the pod counts as disrupted: nothing that it did itself. */
  readonly graceSeconds?: number;
}

export interface PodFacts {
  readonly pod: api.Pod;
  readonly containers: PodContainers;
  readonly hostIP: string;
  /** Absent until the sandbox has its network. */
  readonly podIP: string | undefined;
  /** RFC 3339: when this kubelet took the pod on. */
  readonly startTime: string;
  readonly now: string;
  readonly terminal: boolean;
  /** DeadlineExceeded, Evicted, Terminated. */
  readonly verdict: Verdict | undefined;
}

export function podStatus(facts: PodFacts): api.PodStatus {
  const { pod, containers, podIP, hostIP, terminal, verdict } = facts;
  const before = pod.status ?? {};
  const phase = phaseOf(facts);
  const statuses = (list: PodContainers['main']): api.ContainerStatus[] =>
    list.map((container) => containerStatus(container, pod));
  const { reason: _reason, message: _message, ...kept } = before;
  const said =
    (terminal && verdict ? { reason: verdict.reason, message: verdict.message } : undefined) ??
    (before.reason || before.message
      ? { ...(before.reason ? { reason: before.reason } : {}), ...(before.message ? { message: before.message } : {}) }
      : undefined);
  return {
    ...kept,
    conditions: podConditions({
      pod,
      containers,
      phase,
      sandboxReady: podIP !== undefined && !terminal,
      now: facts.now,
      verdict,
    }),
    containerStatuses: statuses(containers.main),
    ...(containers.init.length > 0 ? { initContainerStatuses: statuses(containers.init) } : {}),
    ...(containers.ephemeral.length > 0 ? { ephemeralContainerStatuses: statuses(containers.ephemeral) } : {}),
    hostIP,
    hostIPs: [{ ip: hostIP }],
    ...(pod.metadata.generation === undefined ? {} : { observedGeneration: pod.metadata.generation }),
    phase,
    ...(podIP === undefined ? {} : { podIP, podIPs: [{ ip: podIP }] }),
    ...(pod.spec?.resources ? { resources: pod.spec.resources } : {}),
    startTime: before.startTime ?? facts.startTime,
    ...said,
  };
}

function phaseOf({ pod, containers, terminal, verdict }: PodFacts): PodPhase {
  const before = pod.status?.phase;
  // A pod never leaves its end, whoever declared it.
  if (before === 'Succeeded' || before === 'Failed') return before;
  // While something may still be running the pod's end is not announced.
  return terminal && verdict ? 'Failed' : podPhase({ containers, terminal });
}
