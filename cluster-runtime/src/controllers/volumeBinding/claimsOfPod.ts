/** The claims that a pod's volumes name, generic ephemeral ones included. */
import type { ObjectKey } from '#common/api/meta.ts';
import type * as api from '#common/schema/generated/types.ts';

/** The claim of a generic ephemeral volume has a name that follows from its pod's. */
export const ephemeralClaimName = (pod: api.Pod, volume: api.Volume): string => `${pod.metadata.name ?? ''}-${volume.name}`;

export function claimNameOf(pod: api.Pod, volume: api.Volume): string | undefined {
  return volume.persistentVolumeClaim?.claimName ?? (volume.ephemeral ? ephemeralClaimName(pod, volume) : undefined);
}

export function claimKeysOf(pod: api.Pod): ObjectKey[] {
  const { namespace = '' } = pod.metadata;
  return (pod.spec?.volumes ?? []).flatMap((volume) => {
    const name = claimNameOf(pod, volume);
    return name === undefined ? [] : [{ namespace, name }];
  });
}
