/** Which of several volumes a claim binds to: one that was made for it, or else the smallest that fits. Pure. */
import { selectorFromLabelSelector } from '#common/api/labelSelector.ts';
import { compareQuantities, parseQuantity, type Quantity } from '#common/api/quantity.ts';
import type { PersistentVolume, PersistentVolumeClaim } from '#common/schema/generated/types.ts';

export function findVolume(claim: PersistentVolumeClaim, volumes: readonly PersistentVolume[]): PersistentVolume | undefined {
  let smallest: { volume: PersistentVolume; size: Quantity } | undefined;
  for (const volume of volumes) {
    const size = parseQuantity(volume.spec?.capacity?.['storage'] ?? '');
    if (!size || volume.metadata.deletionTimestamp || !suits(volume, size, claim)) continue;
    if (volume.spec?.claimRef) {
      if (isFor(volume, claim)) return volume;
      continue;
    }
    if (volume.status?.phase !== 'Available' || !isSelected(volume, claim)) continue;
    if (!smallest || compareQuantities(size, smallest.size) < 0) smallest = { volume, size };
  }
  return smallest?.volume;
}

/** Size, mode, class and ways of access. */
function suits({ spec }: PersistentVolume, size: Quantity, claim: PersistentVolumeClaim): boolean {
  const wanted = parseQuantity(claim.spec?.resources?.requests?.['storage'] ?? '');
  return (
    (!wanted || compareQuantities(size, wanted) >= 0) &&
    (spec?.volumeMode ?? 'Filesystem') === (claim.spec?.volumeMode ?? 'Filesystem') &&
    (spec?.storageClassName ?? '') === (claim.spec?.storageClassName ?? '') &&
    (spec?.volumeAttributesClassName ?? '') === (claim.spec?.volumeAttributesClassName ?? '') &&
    (claim.spec?.accessModes ?? []).every((mode) => spec?.accessModes?.includes(mode))
  );
}

const isSelected = ({ metadata }: PersistentVolume, claim: PersistentVolumeClaim): boolean =>
  !claim.spec?.selector || selectorFromLabelSelector(claim.spec.selector).matches(metadata.labels);

function isFor({ spec }: PersistentVolume, { metadata }: PersistentVolumeClaim): boolean {
  const { namespace, name, uid } = spec?.claimRef ?? {};
  return namespace === metadata.namespace && name === metadata.name && (!uid || uid === metadata.uid);
}
