/**
 * The storage that a new cluster comes with: a default StorageClass named `standard`, and the driver behind it. Both are
 * ordinary objects: whoever deletes them has a cluster without.
 */
import { CSIDriver } from '#common/kinds/csiDriver.ts';
import { StorageClass } from '#common/kinds/storageClass.ts';
import type * as api from '#common/schema/generated/types.ts';
import { simulatedDriver } from '../controller/simulatedDriver.ts';
import type { BootstrapObject } from './bootstrapObjects.ts';

export function storageAddon(): readonly BootstrapObject[] {
  const driver: api.CSIDriver = {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSIDriver',
    metadata: { name: simulatedDriver },
    spec: { attachRequired: true, podInfoOnMount: false, fsGroupPolicy: 'File', volumeLifecycleModes: ['Persistent'] },
  };
  const storageClass: api.StorageClass = {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'standard', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    provisioner: simulatedDriver,
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'WaitForFirstConsumer',
    allowVolumeExpansion: true,
  };
  return [
    { kind: CSIDriver as unknown as BootstrapObject['kind'], object: driver },
    { kind: StorageClass as unknown as BootstrapObject['kind'], object: storageClass },
  ];
}
