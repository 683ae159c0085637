/** Parts of objects, by the structure in which they may stand. */
import type { Snippet } from './snippet.ts';

export interface PartSnippet extends Snippet {
  /** The structure's name in the API, such as `PodSpec`. */
  readonly in: readonly string[];
  /** Only where an item of a list begins. */
  readonly startsItem?: boolean;
  /** Fields that it writes: it is not offered where one of them stands already. */
  readonly fields: readonly string[];
}

const container = ['Container'];

export const partSnippets: readonly PartSnippet[] = [
  {
    label: 'container',
    about: 'A container with a port',
    in: container,
    startsItem: true,
    fields: ['name'],
    text: `name: \${1:web}
image: \${2:nginx:1.29}
ports:
  - containerPort: \${3:80}`,
  },
  {
    label: 'probes',
    about: 'When it is ready, and when it is to be restarted',
    in: container,
    fields: ['readinessProbe', 'livenessProbe'],
    text: `readinessProbe:
  httpGet:
    path: \${1:/}
    port: \${2:80}
livenessProbe:
  httpGet:
    path: \${1:/}
    port: \${2:80}
  initialDelaySeconds: \${3:10}`,
  },
  {
    label: 'readiness probe',
    about: 'Traffic comes when this succeeds',
    in: container,
    fields: ['readinessProbe'],
    text: `readinessProbe:
  httpGet:
    path: \${1:/}
    port: \${2:80}
  periodSeconds: \${3:10}`,
  },
  {
    label: 'env from ConfigMap',
    about: 'Every key of a ConfigMap as a variable',
    in: container,
    fields: ['envFrom'],
    text: `envFrom:
  - configMapRef:
      name: \${1:settings}`,
  },
  {
    label: 'env from ConfigMap key',
    about: 'A variable with the value of one key',
    in: ['EnvVar'],
    startsItem: true,
    fields: ['name'],
    text: `name: \${1:LOG_LEVEL}
valueFrom:
  configMapKeyRef:
    name: \${2:settings}
    key: \${3:LOG_LEVEL}`,
  },
  {
    label: 'env from Secret key',
    about: 'A variable with the value of one key',
    in: ['EnvVar'],
    startsItem: true,
    fields: ['name'],
    text: `name: \${1:PASSWORD}
valueFrom:
  secretKeyRef:
    name: \${2:credentials}
    key: \${3:password}`,
  },
  {
    label: 'port',
    about: 'A port with a name',
    in: ['ContainerPort'],
    startsItem: true,
    fields: ['name', 'containerPort'],
    text: `name: \${1:http}
containerPort: \${2:80}`,
  },
  {
    label: 'port',
    about: 'A port of the Service',
    in: ['ServicePort'],
    startsItem: true,
    fields: ['name', 'port'],
    text: `name: \${1:http}
port: \${2:80}
targetPort: \${3:80}`,
  },
  {
    label: 'resources',
    about: 'What it needs, and the most that it may use',
    in: container,
    fields: ['resources'],
    text: `resources:
  requests:
    cpu: \${1:100m}
    memory: \${2:128Mi}
  limits:
    memory: \${3:256Mi}`,
  },
  {
    label: 'restricted security context',
    about: 'As the restricted level of pod security asks',
    in: container,
    fields: ['securityContext'],
    text: `securityContext:
  allowPrivilegeEscalation: false
  runAsNonRoot: true
  capabilities:
    drop: [ALL]
  seccompProfile:
    type: RuntimeDefault`,
  },
  {
    label: 'volume from ConfigMap',
    about: 'Its keys as files',
    in: ['Volume'],
    startsItem: true,
    fields: ['name'],
    text: `name: \${1:settings}
configMap:
  name: \${2:settings}`,
  },
  {
    label: 'volume from claim',
    about: 'Storage that outlives the pod',
    in: ['Volume'],
    startsItem: true,
    fields: ['name'],
    text: `name: \${1:data}
persistentVolumeClaim:
  claimName: \${2:data}`,
  },
  {
    label: 'spread over nodes',
    about: 'Not two of these pods on one node, if there is room',
    in: ['PodSpec'],
    fields: ['affinity'],
    text: `affinity:
  podAntiAffinity:
    preferredDuringSchedulingIgnoredDuringExecution:
      - weight: 100
        podAffinityTerm:
          topologyKey: kubernetes.io/hostname
          labelSelector:
            matchLabels:
              app: \${1:web}`,
  },
  {
    label: 'affinity to nodes',
    about: 'Only on nodes with a label',
    in: ['PodSpec'],
    fields: ['affinity'],
    text: `affinity:
  nodeAffinity:
    requiredDuringSchedulingIgnoredDuringExecution:
      nodeSelectorTerms:
        - matchExpressions:
            - key: \${1:kubernetes.io/arch}
              operator: In
              values: [\${2:amd64}]`,
  },
  {
    label: 'topology spread',
    about: 'About as many pods in each zone',
    in: ['PodSpec'],
    fields: ['topologySpreadConstraints'],
    text: `topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: \${1:topology.kubernetes.io/zone}
    whenUnsatisfiable: \${2:ScheduleAnyway}
    labelSelector:
      matchLabels:
        app: \${3:web}`,
  },
  {
    label: 'init container',
    about: 'Runs to its end before the others start',
    in: ['PodSpec'],
    fields: ['initContainers'],
    text: `initContainers:
  - name: \${1:prepare}
    image: \${2:busybox:1.37}
    command: [sh, -c, \${3:echo ready}]`,
  },
  {
    label: 'rule',
    about: 'Paths of a host to Services',
    in: ['IngressRule'],
    startsItem: true,
    fields: ['host', 'http'],
    text: `host: \${1:web.example.com}
http:
  paths:
    - path: \${2:/}
      pathType: Prefix
      backend:
        service:
          name: \${3:web}
          port:
            number: \${4:80}`,
  },
  {
    label: 'rule',
    about: 'What may be done',
    in: ['PolicyRule'],
    startsItem: true,
    fields: ['apiGroups', 'resources', 'verbs'],
    text: `apiGroups: [\${1:""}]
resources: [\${2:pods}]
verbs: [get, list, watch]`,
  },
];
