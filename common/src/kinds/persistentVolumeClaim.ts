/** PersistentVolumeClaim (core/v1): a request for storage. Once created, only its size and attributes class may change. */
import { parseQuantity } from '#common/api/quantity.ts';
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';
import { validateClaim, validateClaimStatus, validateClaimUpdate } from './validation/persistentVolumeClaim.ts';
import { accessModesText, betaStorageClassAnnotation } from './validation/storage.ts';

export const PersistentVolumeClaim = defineKind<api.PersistentVolumeClaim>({
  group: '',
  version: 'v1',
  kind: 'PersistentVolumeClaim',
  plural: 'persistentvolumeclaims',
  shortNames: ['pvc'],
  namespaced: true,
  subresources: { status: true },
  hasGeneration: false,
  deleteAnswersObject: true,
  applyDefaults(claim) {
    defaultClaimSpec((claim.spec ??= {}));
    claim.status ??= {};
    claim.status.phase ||= 'Pending';
  },
  prepareForCreate(claim) {
    claim.status = { phase: 'Pending' };
    if (claim.spec) normalizeDataSources(claim.spec);
  },
  prepareForUpdate(claim, old) {
    if (old.status) claim.status = old.status;
    else delete claim.status;
    if (claim.spec) normalizeDataSources(claim.spec);
  },
  prepareForStatusUpdate(claim, old) {
    if (old.spec) claim.spec = old.spec;
  },
  validate: (claim) => validateClaim(claim),
  validateUpdate: validateClaimUpdate,
  validateStatusUpdate: validateClaimStatus,
  warnings: (claim) =>
    claim.metadata.annotations?.[betaStorageClassAnnotation] === undefined
      ? []
      : [`metadata.annotations[${betaStorageClassAnnotation}]: deprecated since v1.8; use "storageClassName" attribute instead`],
  columns: [
    nameColumn,
    textColumn('Status', (claim) => (claim.metadata.deletionTimestamp ? 'Terminating' : (claim.status?.phase ?? ''))),
    textColumn('Volume', (claim) => claim.spec?.volumeName ?? ''),
    textColumn('Capacity', (claim) => (claim.spec?.volumeName ? capacityText(claim) : '')),
    textColumn('Access Modes', (claim) => (claim.spec?.volumeName ? accessModesText(claim.status?.accessModes) : '')),
    textColumn('StorageClass', storageClassText),
    textColumn('VolumeAttributesClass', (claim) => claim.spec?.volumeAttributesClassName ?? '<unset>'),
    ageColumn,
    textColumn('VolumeMode', (claim) => claim.spec?.volumeMode ?? '<unset>', 1),
  ],
  references: [
    { type: 'name', path: 'spec.storageClassName', to: { group: 'storage.k8s.io', kind: 'StorageClass' } },
    { type: 'name', path: 'spec.volumeName', to: { group: '', kind: 'PersistentVolume' } },
    { type: 'name', path: 'spec.volumeAttributesClassName', to: { group: 'storage.k8s.io', kind: 'VolumeAttributesClass' } },
    { type: 'selector', path: 'spec.selector', form: 'labelSelector', to: { group: '', kind: 'PersistentVolume' } },
    { type: 'object', path: 'spec.dataSourceRef' },
    { type: 'object', path: 'spec.dataSource' },
  ],
});

/** The defaults of a claim, in a StatefulSet's template too. Changes `spec`. */
export function defaultClaimSpec(spec: api.PersistentVolumeClaimSpec): void {
  spec.volumeMode ??= 'Filesystem';
}

/**
 * `dataSource` and `dataSourceRef` say the same thing in two ways; each is filled from the other. Sources that no
 * built-in controller understands were dropped from `dataSource` in the past, and still are.
 */
function normalizeDataSources(spec: api.PersistentVolumeClaimSpec): void {
  if (spec.dataSource && !isBuiltinSource(spec.dataSource)) delete spec.dataSource;
  if (spec.dataSourceRef?.namespace) delete spec.dataSourceRef;
  if (spec.dataSource && !spec.dataSourceRef) spec.dataSourceRef = { ...spec.dataSource };
  else if (spec.dataSourceRef && !spec.dataSource) {
    const { apiGroup, kind, name } = spec.dataSourceRef;
    spec.dataSource = apiGroup === undefined ? { kind, name } : { apiGroup, kind, name };
  }
}

function isBuiltinSource({ apiGroup, kind }: api.TypedLocalObjectReference): boolean {
  if (!apiGroup) return kind === 'PersistentVolumeClaim';
  return apiGroup === 'snapshot.storage.k8s.io' && kind === 'VolumeSnapshot';
}

const capacityText = (claim: api.PersistentVolumeClaim): string =>
  parseQuantity(claim.status?.capacity?.['storage'] ?? '0')?.text ?? '0';

function storageClassText(claim: api.PersistentVolumeClaim): string {
  return claim.metadata.annotations?.[betaStorageClassAnnotation] ?? claim.spec?.storageClassName ?? '';
}
