/** PersistentVolume (core/v1): a piece of storage, made by hand or by a provisioner, bound to at most one claim. */
import { formatTime } from '#common/api/time.ts';
import { parseQuantity } from '#common/api/quantity.ts';
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';
import { validateVolume, validateVolumeUpdate } from './validation/persistentVolume.ts';
import { accessModesText, betaStorageClassAnnotation } from './validation/storage.ts';

export const PersistentVolume = defineKind<api.PersistentVolume>({
  group: '',
  version: 'v1',
  kind: 'PersistentVolume',
  plural: 'persistentvolumes',
  shortNames: ['pv'],
  namespaced: false,
  subresources: { status: true },
  hasGeneration: false,
  deleteAnswersObject: true,
  applyDefaults(volume) {
    const spec = (volume.spec ??= {});
    spec.persistentVolumeReclaimPolicy ||= 'Retain';
    spec.volumeMode ??= 'Filesystem';
    if (spec.hostPath) spec.hostPath.type ??= '';
    volume.status ??= {};
    volume.status.phase ||= 'Pending';
  },
  prepareForCreate(volume, now) {
    volume.status = { phase: 'Pending', ...(now === undefined ? {} : { lastPhaseTransitionTime: formatTime(now) }) };
  },
  prepareForUpdate(volume, old) {
    if (old.status) volume.status = old.status;
    else delete volume.status;
  },
  prepareForStatusUpdate(volume, old, now) {
    if (old.spec) volume.spec = old.spec;
    const { status } = volume;
    if (!status) return;
    if (now !== undefined && status.phase !== old.status?.phase) status.lastPhaseTransitionTime = formatTime(now);
    else if (!status.lastPhaseTransitionTime && old.status?.lastPhaseTransitionTime) {
      status.lastPhaseTransitionTime = old.status.lastPhaseTransitionTime;
    }
  },
  validate: validateVolume,
  validateUpdate: validateVolumeUpdate,
  columns: [
    nameColumn,
    textColumn('Capacity', (volume) => parseQuantity(volume.spec?.capacity?.['storage'] ?? '0')?.text ?? '0'),
    textColumn('Access Modes', (volume) => accessModesText(volume.spec?.accessModes)),
    textColumn('Reclaim Policy', (volume) => volume.spec?.persistentVolumeReclaimPolicy ?? ''),
    textColumn('Status', (volume) => (volume.metadata.deletionTimestamp ? 'Terminating' : (volume.status?.phase ?? ''))),
    textColumn('Claim', claimText),
    textColumn('StorageClass', storageClassText),
    textColumn('VolumeAttributesClass', (volume) => volume.spec?.volumeAttributesClassName ?? '<unset>'),
    textColumn('Reason', (volume) => volume.status?.reason ?? ''),
    ageColumn,
    textColumn('VolumeMode', (volume) => volume.spec?.volumeMode ?? '<unset>', 1),
  ],
  references: [
    {
      type: 'name',
      path: 'spec.claimRef.name',
      namespacePath: 'spec.claimRef.namespace',
      to: { group: '', kind: 'PersistentVolumeClaim' },
    },
    { type: 'name', path: 'spec.storageClassName', to: { group: 'storage.k8s.io', kind: 'StorageClass' } },
  ],
});

function claimText(volume: api.PersistentVolume): string {
  const claim = volume.spec?.claimRef;
  return claim ? `${claim.namespace ?? ''}/${claim.name ?? ''}` : '';
}

function storageClassText(volume: api.PersistentVolume): string {
  return volume.metadata.annotations?.[betaStorageClassAnnotation] ?? volume.spec?.storageClassName ?? '';
}
