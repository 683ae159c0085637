/** A bound claim may grow only where its class allows it. */
import { forbiddenError } from '#common/api/status.ts';
import { compareQuantities, parseQuantity } from '#common/api/quantity.ts';
import { StorageClass } from '#common/kinds/storageClass.ts';
import type { PersistentVolumeClaim } from '#common/schema/generated/types.ts';
import type { AdmissionPlugin } from './admission.ts';

const groupResource = { group: '', resource: 'persistentvolumeclaims' };
const betaClassAnnotation = 'volume.beta.kubernetes.io/storage-class';

export const persistentVolumeClaimResize: AdmissionPlugin = {
  name: 'PersistentVolumeClaimResize',
  handles: ({ operation, kind, subresource }) =>
    operation === 'UPDATE' && kind.kind === 'PersistentVolumeClaim' && kind.group === '' && subresource === undefined,
  validate({ name, object, old }, state) {
    const [claim, before] = [object as PersistentVolumeClaim, old as PersistentVolumeClaim];
    const [wanted, had] = [sizeOf(claim), sizeOf(before)];
    if (!wanted || !had || compareQuantities(wanted, had) <= 0) return;
    if (before.status?.phase !== 'Bound')
      throw forbiddenError(groupResource, name, 'Only bound persistent volume claims can be expanded');
    const className = before.metadata.annotations?.[betaClassAnnotation] ?? before.spec?.storageClassName ?? '';
    const sameClass = (claim.spec?.storageClassName ?? '') === (before.spec?.storageClassName ?? '');
    if (className && sameClass && state.get(StorageClass, '', className)?.allowVolumeExpansion) return;
    throw forbiddenError(
      groupResource,
      name,
      'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
    );
  },
};

const sizeOf = ({ spec }: PersistentVolumeClaim) => parseQuantity(spec?.resources?.requests?.['storage'] ?? '');
