/** The claims that a pod's volumes name. */
import type { Pod, Volume } from '#common/schema/generated/types.ts';

export interface ClaimReference {
  readonly namespace: string;
  readonly name: string;
  /** Made for this pod by the ephemeral volume controller. */
  readonly ephemeral: boolean;
}

export function claimsOf({ metadata, spec }: Pod): ClaimReference[] {
  const namespace = metadata.namespace ?? '';
  const out: ClaimReference[] = [];
  for (const volume of spec?.volumes ?? []) {
    const name = volume.persistentVolumeClaim?.claimName ?? ephemeralName(metadata.name ?? '', volume);
    if (name !== undefined) out.push({ namespace, name, ephemeral: !volume.persistentVolumeClaim });
  }
  return out;
}

const ephemeralName = (pod: string, volume: Volume): string | undefined =>
  volume.ephemeral ? `${pod}-${volume.name}` : undefined;

export const claimKeysOf = (pod: Pod): string[] => claimsOf(pod).map(({ namespace, name }) => `${namespace}/${name}`);
