/** Whole objects that hold settings, storage and limits. */
import type { Snippet } from './snippet.ts';

export const configurationSnippets: readonly Snippet[] = [
  {
    label: 'ConfigMap',
    about: 'Settings as text',
    text: `apiVersion: v1
kind: ConfigMap
metadata:
  name: \${1:settings}
data:
  \${2:LOG_LEVEL}: "\${3:info}"
`,
  },
  {
    label: 'Secret',
    about: 'What not everybody may read; stringData is plain text',
    text: `apiVersion: v1
kind: Secret
metadata:
  name: \${1:credentials}
stringData:
  \${2:password}: "\${3:change-me}"
`,
  },
  {
    label: 'Namespace',
    about: 'A space for names',
    text: `apiVersion: v1
kind: Namespace
metadata:
  name: \${1:team}
`,
  },
  {
    label: 'PersistentVolumeClaim',
    about: 'Storage that outlives pods',
    text: `apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: \${1:data}
spec:
  accessModes: [ReadWriteOnce]
  resources:
    requests:
      storage: \${2:1Gi}
`,
  },
  {
    label: 'PersistentVolume',
    about: 'A piece of storage, made by hand',
    text: `apiVersion: v1
kind: PersistentVolume
metadata:
  name: \${1:disk}
spec:
  capacity:
    storage: \${2:1Gi}
  accessModes: [ReadWriteOnce]
  persistentVolumeReclaimPolicy: Retain
  storageClassName: \${3:manual}
  hostPath:
    path: \${4:/mnt/disk}
`,
  },
  {
    label: 'StorageClass',
    about: 'How claims get their volumes',
    text: `apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: \${1:fast}
provisioner: \${2:disk.csi.playground.kube}
reclaimPolicy: Delete
volumeBindingMode: WaitForFirstConsumer
`,
  },
  {
    label: 'ResourceQuota',
    about: 'The most that a namespace may use',
    text: `apiVersion: v1
kind: ResourceQuota
metadata:
  name: \${1:quota}
spec:
  hard:
    requests.cpu: "\${2:4}"
    requests.memory: \${3:8Gi}
    pods: "\${4:20}"
`,
  },
  {
    label: 'LimitRange',
    about: 'What containers get that ask for nothing',
    text: `apiVersion: v1
kind: LimitRange
metadata:
  name: \${1:defaults}
spec:
  limits:
    - type: Container
      defaultRequest:
        cpu: \${2:100m}
        memory: \${3:128Mi}
      default:
        cpu: \${4:500m}
        memory: \${5:256Mi}
`,
  },
  {
    label: 'PriorityClass',
    about: 'Which pods go first when room is scarce',
    text: `apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata:
  name: \${1:important}
value: \${2:1000}
description: \${3:Goes before others.}
`,
  },
  {
    label: 'RuntimeClass',
    about: 'How containers are run',
    text: `apiVersion: node.k8s.io/v1
kind: RuntimeClass
metadata:
  name: \${1:sandboxed}
handler: \${2:runsc}
`,
  },
];
