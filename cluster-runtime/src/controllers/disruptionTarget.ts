/** The condition that says why the cluster, not its owner, ends a pod. */
import { keyOf } from '#common/api/meta.ts';
import { Pod } from '#common/kinds/pod.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { ReconcileContext } from '../controller/controller.ts';

/** Sets DisruptionTarget, and the phase where one is given. */
export async function writeDisruptionTarget(
  ctx: ReconcileContext,
  pod: api.Pod,
  reason: string,
  message: string,
  lastTransitionTime: string,
  phase?: string,
): Promise<void> {
  const condition = { type: 'DisruptionTarget', status: 'True', reason, message, lastTransitionTime };
  const status = { ...(phase ? { phase } : {}), conditions: [condition] };
  await ctx.client.patch(
    Pod,
    keyOf(pod),
    'strategic',
    { metadata: { uid: pod.metadata.uid }, status },
    { subresource: 'status' },
  );
}
