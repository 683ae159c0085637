/** Tells why a pod has no node: an event, and the PodScheduled condition with the node that is meant for the pod. */
import type { Context } from '#common/base/context.ts';
import { keyOf } from '#common/api/meta.ts';
import { hasReason } from '#common/api/status.ts';
import { formatTime } from '#common/api/time.ts';
import { Pod } from '#common/kinds/pod.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Client } from '../client/client.ts';
import type { EventRecorder } from '../controller/eventRecorder.ts';
import { conditionOf } from '../controller/podState.ts';

/** `nominatedNodeName`: null takes it away, undefined leaves it as it is. */
export async function reportUnscheduled(
  ctx: Context,
  client: Client,
  events: EventRecorder,
  pod: api.Pod,
  reason: 'Unschedulable' | 'SchedulerError',
  message: string,
  nominatedNodeName?: string | null,
): Promise<void> {
  events.event(pod, 'Warning', 'FailedScheduling', message, { action: 'Scheduling' });
  const before = conditionOf(pod, 'PodScheduled');
  const isSaid = before?.status === 'False' && before.reason === reason && before.message === message;
  if (isSaid && nominatedNodeName === undefined) return;
  const condition = {
    type: 'PodScheduled',
    status: 'False',
    reason,
    message,
    observedGeneration: pod.metadata.generation ?? 0,
    lastProbeTime: null,
    lastTransitionTime: before?.status === 'False' ? before.lastTransitionTime : formatTime(ctx.clock.now()),
  };
  const status = { conditions: [condition], ...(nominatedNodeName === undefined ? {} : { nominatedNodeName }) };
  await patchPodStatus(client, pod, status);
}

/** A pod that is gone, or is not the same any more, needs no status. */
export async function patchPodStatus(client: Client, pod: api.Pod, status: unknown): Promise<void> {
  try {
    const patch = { metadata: { uid: pod.metadata.uid }, status };
    await client.patch(Pod, keyOf(pod), 'strategic', patch, { subresource: 'status' });
  } catch (error) {
    // Another pod has the name by now: its uid is not to be changed.
    if (!hasReason(error, 'NotFound') && !hasReason(error, 'Conflict') && !hasReason(error, 'Invalid')) throw error;
  }
}
