/** Which pods leave a node that is drained, which stay, and which will not come back elsewhere. */
import { controllerOf } from '#common/api/meta.ts';
import type { Pod } from '#common/schema/generated/types.ts';

export interface DrainPlan {
  /** Evicted, so that disruption budgets are kept. */
  readonly evict: readonly Pod[];
  /** Their DaemonSet would make them again at once, or their kubelet made them itself. */
  readonly stay: readonly Pod[];
  /** Of the evicted: nobody makes them again. */
  readonly lost: readonly Pod[];
  /** Of the evicted: what they keep in an emptyDir goes with them. */
  readonly withScratchData: readonly Pod[];
}

const mirrorAnnotation = 'kubernetes.io/config.mirror';

/** `pods` are those of the node. */
export function planDrain(pods: readonly Pod[]): DrainPlan {
  const stays = (pod: Pod): boolean =>
    pod.metadata.annotations?.[mirrorAnnotation] !== undefined || (controllerOf(pod)?.kind === 'DaemonSet' && !hasEnded(pod));
  const evict = pods.filter((pod) => !stays(pod));
  return {
    evict,
    stay: pods.filter(stays),
    lost: evict.filter((pod) => !controllerOf(pod) && !hasEnded(pod)),
    withScratchData: evict.filter((pod) => !hasEnded(pod) && pod.spec?.volumes?.some(({ emptyDir }) => emptyDir)),
  };
}

const hasEnded = ({ status }: Pod): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed';
