import { missingName } from './missingName.ts';

/** A PersistentVolumeClaim that a pod's volume names. */
export const missingClaim = missingName({
  id: 'missing-claim',
  title: 'A PersistentVolumeClaim is named that nothing has',
  docs: 'The pod stays `Pending`: the scheduler waits for the claim. Claims live in the namespace of the pod.',
  to: [{ group: '', kind: 'PersistentVolumeClaim' }],
  withoutCluster: 'warning',
  body: () => `spec:
  accessModes:
    - ReadWriteOnce
  resources:
    requests:
      storage: 1Gi`,
  example: {
    bad: `
apiVersion: v1
kind: Pod
metadata:
  name: db
spec:
  containers:
    - name: db
      image: postgres
  volumes:
    - name: data
      persistentVolumeClaim:
        claimName: db-data
#                  ^^^^^^^ warning: No PersistentVolumeClaim "db-data" in namespace "default" of the workspace
`,
    good: `
apiVersion: v1
kind: Pod
metadata:
  name: db
spec:
  containers:
    - name: db
      image: postgres
  volumes:
    - name: data
      persistentVolumeClaim:
        claimName: db-data
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: db-data
spec:
  accessModes: [ReadWriteOnce]
  resources:
    requests:
      storage: 1Gi
`,
  },
});
