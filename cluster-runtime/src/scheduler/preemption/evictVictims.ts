/** Deletes the pods that a more important one takes the place of, each told why, and takes the node from those it was meant for. */
import type { Context } from '#common/base/context.ts';
import { keyOf } from '#common/api/meta.ts';
import { hasReason } from '#common/api/status.ts';
import { formatTime } from '#common/api/time.ts';
import { Pod } from '#common/kinds/pod.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Client } from '../../client/client.ts';
import type { EventRecorder } from '../../controller/eventRecorder.ts';
import { patchPodStatus } from '../reportUnscheduled.ts';

export interface Eviction {
  readonly client: Client;
  readonly events: EventRecorder;
  /** The one they make room for. */
  readonly pod: api.Pod;
  readonly node: string;
  readonly victims: readonly api.Pod[];
  /** Less important pods that the node was meant for. */
  readonly displaced: readonly api.Pod[];
}

export async function evictVictims(ctx: Context, { client, events, pod, node, victims, displaced }: Eviction): Promise<void> {
  for (const other of displaced) await patchPodStatus(client, other, { nominatedNodeName: null });
  for (const victim of victims) {
    if (victim.metadata.deletionTimestamp) continue;
    const condition = {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'PreemptionByScheduler',
      message: `${pod.spec?.schedulerName ?? ''}: preempting to accommodate a higher priority pod`,
      observedGeneration: victim.metadata.generation ?? 0,
      lastProbeTime: null,
      lastTransitionTime: formatTime(ctx.clock.now()),
    };
    await patchPodStatus(client, victim, { conditions: [condition] });
    try {
      await client.delete(Pod, keyOf(victim), { preconditions: { uid: victim.metadata.uid ?? '' } });
    } catch (error) {
      if (hasReason(error, 'NotFound') || hasReason(error, 'Conflict')) continue;
      throw error;
    }
    events.event(victim, 'Normal', 'Preempted', `Preempted by pod ${pod.metadata.uid} on node ${node}`, {
      action: 'Preempting',
      related: pod,
    });
  }
}
