/** Volumes and claims are kept while they are in use: their protection controllers take the finalizer away. */
import type { AdmissionPlugin } from './admission.ts';

const finalizers: Readonly<Record<string, string>> = {
  VolumeAttributesClass: 'kubernetes.io/vac-protection',
  PersistentVolume: 'kubernetes.io/pv-protection',
  PersistentVolumeClaim: 'kubernetes.io/pvc-protection',
};

export const storageObjectInUseProtection: AdmissionPlugin = {
  name: 'StorageObjectInUseProtection',
  handles: ({ operation, kind }) =>
    operation === 'CREATE' && (kind.group === '' || kind.group === 'storage.k8s.io') && Object.hasOwn(finalizers, kind.kind),
  mutate({ kind, object }) {
    const finalizer = finalizers[kind.kind];
    if (!object || !finalizer || object.metadata.finalizers?.includes(finalizer)) return;
    object.metadata.finalizers = [...(object.metadata.finalizers ?? []), finalizer];
  },
};
