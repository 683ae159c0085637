import { missingName } from './missingName.ts';

/** A StorageClass that a claim names. */
export const missingStorageClass = missingName({
  id: 'missing-storage-class',
  title: 'A StorageClass is named that the cluster does not have',
  docs: `The claim stays \`Pending\`, and so do its pods, unless a PersistentVolume of that class is made by hand. Clusters bring their
own classes, so that this is told only while a cluster is known.`,
  to: [{ group: 'storage.k8s.io', kind: 'StorageClass' }],
  withoutCluster: undefined,
  // Volumes made by hand may carry any class.
  concerns: ({ from }) => from.gvk.kind !== 'PersistentVolume',
  example: {
    bad: `
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: data
spec:
  storageClassName: standart
#                   ^^^^^^^^ warning: No StorageClass "standart", neither in the workspace nor in the cluster; did you mean "standard"?
  accessModes: [ReadWriteOnce]
  resources:
    requests:
      storage: 1Gi
#- live
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: standard
provisioner: example.com/disk
`,
    good: `
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: data
spec:
  storageClassName: standard
  accessModes: [ReadWriteOnce]
  resources:
    requests:
      storage: 1Gi
`,
  },
});
