/** What is to be done about one volume: its phase, and what becomes of it when its claim is gone. Pure. */
import type { PersistentVolume, PersistentVolumeClaim } from '#common/schema/generated/types.ts';
import { isSameMode } from '../../controller/volumeMatch.ts';
import { boundByController, provisionedBy } from './names.ts';
import type { Told } from './planClaim.ts';

export interface Failure {
  readonly reason: string;
  readonly message: string;
}

export type VolumePlan =
  | { readonly action: 'none' }
  | { readonly action: 'phase'; readonly phase: 'Available' | 'Bound' | 'Released' }
  /** Its claim found another volume: this one is free again. */
  | { readonly action: 'unbind' }
  | { readonly action: 'mismatch'; readonly claim: Told; readonly volume: Told }
  | { readonly action: 'reclaim' };

/** `claim` is the one that the volume's claimRef names, if it is there. */
export function planVolume(volume: PersistentVolume, claim: PersistentVolumeClaim | undefined): VolumePlan {
  const { claimRef } = volume.spec ?? {};
  const { name = '' } = volume.metadata;
  const toPhase = (phase: 'Available' | 'Bound'): VolumePlan =>
    volume.status?.phase === phase ? { action: 'none' } : { action: 'phase', phase };
  if (!claimRef?.uid) return toPhase('Available');
  if (!claim || claim.metadata.uid !== claimRef.uid) return planReclaim(volume);
  if (!claim.spec?.volumeName) {
    if (isSameMode(volume, claim)) return { action: 'none' };
    const tell = (message: string): Told => ({ type: 'Warning', reason: 'VolumeMismatch', message });
    const claimName = JSON.stringify(claim.metadata.name);
    return {
      action: 'mismatch',
      volume: tell(
        `Cannot bind PersistentVolume to requested PersistentVolumeClaim ${claimName} due to incompatible volumeMode.`,
      ),
      claim: tell(`Cannot bind PersistentVolume ${JSON.stringify(name)} to requested PVC due to incompatible volumeMode.`),
    };
  }
  if (claim.spec.volumeName === name) return toPhase('Bound');
  const isMade = Object.hasOwn(volume.metadata.annotations ?? {}, provisionedBy);
  return isMade && volume.spec?.persistentVolumeReclaimPolicy === 'Delete' ? planReclaim(volume) : { action: 'unbind' };
}

function planReclaim({ status, spec }: PersistentVolume): VolumePlan {
  // Once it has failed, people have to look after it.
  if (status?.phase === 'Failed') return { action: 'none' };
  if (status?.phase !== 'Released') return { action: 'phase', phase: 'Released' };
  return spec?.persistentVolumeReclaimPolicy === 'Retain' ? { action: 'none' } : { action: 'reclaim' };
}

/**
 * Why the control plane itself cannot delete the storage of a volume; undefined when it can, or when the volume is for
 * its provisioner to delete.
 */
export function deletionFailure({ metadata, spec }: PersistentVolume): Failure | undefined {
  const reason = 'VolumeFailedDelete';
  if (spec?.hostPath) {
    if (/\/tmp\/.+/.test(spec.hostPath.path)) return undefined;
    return { reason, message: `host_path deleter only supports /tmp/.+ but received provided ${spec.hostPath.path}` };
  }
  const why = spec?.nfs || spec?.local ? 'no deletable volume plugin matched' : 'no volume plugin matched';
  return { reason, message: `error getting deleter volume plugin for volume ${JSON.stringify(metadata.name)}: ${why}` };
}

/** The claimRef of a volume that is free again: one that people wrote stays, without the uid. */
export function unboundVolume(volume: PersistentVolume): PersistentVolume {
  const { claimRef, ...spec } = volume.spec ?? {};
  const { [boundByController]: byController, ...annotations } = volume.metadata.annotations ?? {};
  if (byController === undefined && claimRef) {
    const { uid: _uid, resourceVersion: _version, ...reserved } = claimRef;
    return { ...volume, spec: { ...spec, claimRef: reserved } };
  }
  return { ...volume, metadata: { ...volume.metadata, annotations }, spec };
}
