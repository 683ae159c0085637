/**
 * Which volume a claim binds to: one that was made for it, or else the smallest that fits. Pure; the binder asks for
 * claims that bind at once, the scheduler for those that wait for their pod.
 */
import { compareQuantities, parseQuantity, type Quantity } from '#common/api/quantity.ts';
import { selectorFromLabelSelector } from '#common/api/labelSelector.ts';
import type { PersistentVolume, PersistentVolumeClaim } from '#common/schema/generated/types.ts';

const betaClassAnnotation = 'volume.beta.kubernetes.io/storage-class';

/** The class that an object names; empty when it names none, or names none on purpose. */
export const classOf = ({ metadata, spec }: PersistentVolume | PersistentVolumeClaim): string =>
  metadata.annotations?.[betaClassAnnotation] ?? spec?.storageClassName ?? '';

/** Whether the volume is reserved for this claim, by a claimRef with its uid or with none. */
export function isReservedFor({ spec }: PersistentVolume, { metadata }: PersistentVolumeClaim): boolean {
  const { namespace, name, uid } = spec?.claimRef ?? {};
  return namespace === metadata.namespace && name === metadata.name && (!uid || uid === metadata.uid);
}

/** Why a claim cannot bind to the volume that it names; undefined when it can. */
export function mismatchOf(volume: PersistentVolume, claim: PersistentVolumeClaim): string | undefined {
  const size = parseQuantity(volume.spec?.capacity?.['storage'] ?? '0');
  if (!size || !isBigEnough(size, claim)) return 'requested PV is too small';
  if (classOf(volume) !== classOf(claim)) return 'storageClassName does not match';
  if (!sameAttributes(volume, claim)) return 'volumeAttributesClassName does not match';
  if (!isSameMode(volume, claim)) return 'incompatible volumeMode';
  return offersAccess(volume, claim) ? undefined : 'incompatible accessMode';
}

/** `onlyReserved`: the claim waits for its pod, and until then takes only what was made for it. */
export function findVolume(
  claim: PersistentVolumeClaim,
  volumes: readonly PersistentVolume[],
  onlyReserved = false,
): PersistentVolume | undefined {
  let best: { readonly volume: PersistentVolume; readonly size: Quantity; readonly modes: number } | undefined;
  for (const volume of volumes) {
    if (mismatchOf(volume, claim) !== undefined || volume.metadata.deletionTimestamp) continue;
    if (volume.spec?.claimRef) {
      if (isReservedFor(volume, claim)) return volume;
      continue;
    }
    if (onlyReserved || volume.status?.phase !== 'Available' || !isSelected(volume, claim)) continue;
    const found = {
      volume,
      size: parseQuantity(volume.spec?.capacity?.['storage'] ?? '0') as Quantity,
      modes: volume.spec?.accessModes?.length ?? 0,
    };
    if (!best || isBetter(found, best)) best = found;
  }
  return best?.volume;
}

/** A volume that offers fewer ways of access is the closer match, whatever its size. */
const isBetter = (
  a: { readonly size: Quantity; readonly modes: number },
  b: { readonly size: Quantity; readonly modes: number },
): boolean => (a.modes === b.modes ? compareQuantities(a.size, b.size) < 0 : a.modes < b.modes);

function isBigEnough(size: Quantity, claim: PersistentVolumeClaim): boolean {
  const wanted = parseQuantity(claim.spec?.resources?.requests?.['storage'] ?? '');
  return !wanted || compareQuantities(size, wanted) >= 0;
}

export const isSameMode = (volume: PersistentVolume, claim: PersistentVolumeClaim): boolean =>
  (volume.spec?.volumeMode ?? 'Filesystem') === (claim.spec?.volumeMode ?? 'Filesystem');

const sameAttributes = (volume: PersistentVolume, claim: PersistentVolumeClaim): boolean =>
  (volume.spec?.volumeAttributesClassName ?? '') === (claim.spec?.volumeAttributesClassName ?? '');

const offersAccess = (volume: PersistentVolume, claim: PersistentVolumeClaim): boolean =>
  (claim.spec?.accessModes ?? []).every((mode) => volume.spec?.accessModes?.includes(mode));

const isSelected = ({ metadata }: PersistentVolume, claim: PersistentVolumeClaim): boolean =>
  !claim.spec?.selector || selectorFromLabelSelector(claim.spec.selector).matches(metadata.labels);
