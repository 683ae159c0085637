/** Whole objects that run containers. */
import type { Snippet } from './snippet.ts';

export const workloadSnippets: readonly Snippet[] = [
  {
    label: 'Deployment',
    about: 'Keeps so many pods running, and replaces them step by step',
    text: `apiVersion: apps/v1
kind: Deployment
metadata:
  name: \${1:web}
spec:
  replicas: \${2:2}
  selector:
    matchLabels:
      app: \${1:web}
  template:
    metadata:
      labels:
        app: \${1:web}
    spec:
      containers:
        - name: \${1:web}
          image: \${3:nginx:1.29}
          ports:
            - containerPort: \${4:80}
`,
  },
  {
    label: 'Pod',
    about: 'One pod, kept by nobody',
    text: `apiVersion: v1
kind: Pod
metadata:
  name: \${1:web}
  labels:
    app: \${1:web}
spec:
  containers:
    - name: \${1:web}
      image: \${2:nginx:1.29}
`,
  },
  {
    label: 'StatefulSet',
    about: 'Pods with names and volumes that stay theirs',
    text: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: \${1:db}
spec:
  serviceName: \${1:db}
  replicas: \${2:1}
  selector:
    matchLabels:
      app: \${1:db}
  template:
    metadata:
      labels:
        app: \${1:db}
    spec:
      containers:
        - name: \${1:db}
          image: \${3:postgres:17}
          ports:
            - containerPort: \${4:5432}
          volumeMounts:
            - name: data
              mountPath: \${5:/var/lib/postgresql/data}
  volumeClaimTemplates:
    - metadata:
        name: data
      spec:
        accessModes: [ReadWriteOnce]
        resources:
          requests:
            storage: \${6:1Gi}
`,
  },
  {
    label: 'DaemonSet',
    about: 'One pod on every node',
    text: `apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: \${1:agent}
spec:
  selector:
    matchLabels:
      app: \${1:agent}
  template:
    metadata:
      labels:
        app: \${1:agent}
    spec:
      containers:
        - name: \${1:agent}
          image: \${2:busybox:1.37}
          command: [\${3:sleep, infinity}]
`,
  },
  {
    label: 'ReplicaSet',
    about: 'Keeps so many pods running; a Deployment makes them',
    text: `apiVersion: apps/v1
kind: ReplicaSet
metadata:
  name: \${1:web}
spec:
  replicas: \${2:2}
  selector:
    matchLabels:
      app: \${1:web}
  template:
    metadata:
      labels:
        app: \${1:web}
    spec:
      containers:
        - name: \${1:web}
          image: \${3:nginx:1.29}
`,
  },
  {
    label: 'Job',
    about: 'Runs pods until they have succeeded',
    text: `apiVersion: batch/v1
kind: Job
metadata:
  name: \${1:migrate}
spec:
  backoffLimit: \${2:3}
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: \${1:migrate}
          image: \${3:busybox:1.37}
          command: [sh, -c, \${4:echo done}]
`,
  },
  {
    label: 'CronJob',
    about: 'Makes a Job at set times',
    text: `apiVersion: batch/v1
kind: CronJob
metadata:
  name: \${1:cleanup}
spec:
  schedule: "\${2:0 3 * * *}"
  concurrencyPolicy: Forbid
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: OnFailure
          containers:
            - name: \${1:cleanup}
              image: \${3:busybox:1.37}
              command: [sh, -c, \${4:echo done}]
`,
  },
  {
    label: 'HorizontalPodAutoscaler',
    about: 'Adds and takes away pods by their load',
    text: `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: \${1:web}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: \${2:Deployment}
    name: \${1:web}
  minReplicas: \${3:2}
  maxReplicas: \${4:10}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: \${5:80}
`,
  },
  {
    label: 'PodDisruptionBudget',
    about: 'How many pods must stay while nodes are drained',
    text: `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: \${1:web}
spec:
  minAvailable: \${2:1}
  selector:
    matchLabels:
      app: \${1:web}
`,
  },
];
