/** A claim that names no storage class gets the newest one that is marked as default. */
import { StorageClass } from '#common/kinds/storageClass.ts';
import type { PersistentVolumeClaim } from '#common/schema/generated/types.ts';
import type { AdmissionPlugin } from './admission.ts';

const annotations = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class'];

export const defaultStorageClass: AdmissionPlugin = {
  name: 'DefaultStorageClass',
  handles: ({ operation, kind }) => operation === 'CREATE' && kind.kind === 'PersistentVolumeClaim' && kind.group === '',
  mutate({ object }, state) {
    const claim = object as PersistentVolumeClaim;
    if (!claim.spec || claim.spec.storageClassName !== undefined) return;
    if (claim.metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] !== undefined) return;
    const [newest] = state
      .list(StorageClass)
      .filter((c) => annotations.some((name) => c.metadata.annotations?.[name] === 'true'))
      .sort(
        (a, b) =>
          compare(b.metadata.creationTimestamp, a.metadata.creationTimestamp) || compare(a.metadata.name, b.metadata.name),
      );
    if (newest?.metadata.name) claim.spec.storageClassName = newest.metadata.name;
  },
};

const compare = (a = '', b = ''): number => (a < b ? -1 : a > b ? 1 : 0);
