/** The objects that walks make: one small manifest per kind and trait. What belongs together shares the label `app`. */
import type { KubeObject, ObjectKey } from '#common/api/meta.ts';
import { CronJob } from '#common/kinds/cronJob.ts';
import { DaemonSet } from '#common/kinds/daemonSet.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import { Deployment } from '#common/kinds/deployment.ts';
import { HorizontalPodAutoscaler } from '#common/kinds/horizontalPodAutoscaler.ts';
import { Job } from '#common/kinds/job.ts';
import { PersistentVolume } from '#common/kinds/persistentVolume.ts';
import { PersistentVolumeClaim } from '#common/kinds/persistentVolumeClaim.ts';
import { Pod } from '#common/kinds/pod.ts';
import { PodDisruptionBudget } from '#common/kinds/podDisruptionBudget.ts';
import { ReplicaSet } from '#common/kinds/replicaSet.ts';
import { ReplicationController } from '#common/kinds/replicationController.ts';
import { Service } from '#common/kinds/service.ts';
import { StatefulSet } from '#common/kinds/statefulSet.ts';
import { ns } from './simulatedCluster.ts';

const untyped = (kind: unknown): KindDefinition => kind as KindDefinition;

export const workloadKinds = {
  Pod: untyped(Pod),
  ReplicationController: untyped(ReplicationController),
  ReplicaSet: untyped(ReplicaSet),
  Deployment: untyped(Deployment),
  StatefulSet: untyped(StatefulSet),
  DaemonSet: untyped(DaemonSet),
  Job: untyped(Job),
  CronJob: untyped(CronJob),
  Service: untyped(Service),
  PodDisruptionBudget: untyped(PodDisruptionBudget),
  HorizontalPodAutoscaler: untyped(HorizontalPodAutoscaler),
  PersistentVolumeClaim: untyped(PersistentVolumeClaim),
  PersistentVolume: untyped(PersistentVolume),
};
export type WorkloadKind = keyof typeof workloadKinds;

/** What makes an object of its kind special. The first of each list is the plain one. */
export const traitsOf: { readonly [K in WorkloadKind]: readonly string[] } = {
  Pod: ['plain', 'deaf', 'of-deployment', 'claim'],
  ReplicationController: ['plain', 'big'],
  ReplicaSet: ['plain', 'min-ready', 'big'],
  Deployment: ['plain', 'recreate', 'surge-only', 'unavailable-only', 'min-ready', 'deaf', 'big', 'ephemeral', 'loaded'],
  StatefulSet: ['plain', 'parallel', 'partition', 'on-delete', 'min-ready', 'deaf', 'claims', 'claims-deleted'],
  DaemonSet: ['plain', 'surge', 'on-delete', 'half', 'min-ready', 'half-unavailable'],
  Job: ['plain', 'indexed', 'failing', 'flaky-parallel', 'long', 'ttl', 'per-index'],
  CronJob: ['plain', 'forbid', 'replace'],
  Service: ['plain', 'node-port', 'headless', 'load-balancer'],
  PodDisruptionBudget: ['plain', 'max-unavailable', 'percent'],
  HorizontalPodAutoscaler: ['plain', 'value', 'fast'],
  PersistentVolumeClaim: ['plain', 'immediate', 'manual'],
  PersistentVolume: ['plain', 'deleted'],
};

export interface WorkloadOptions {
  readonly trait: string;
  readonly replicas: number;
  readonly version: number;
  /** For what selects others' pods: whose; for an autoscaler: of what kind and name; for a pod: which claim. */
  readonly target?: string;
}

export const appOf = (kind: WorkloadKind, name: string): string => `${kind.toLowerCase()}-${name}`;

/** What a pod is said to use. */
export const cpuAnnotation = 'playground.kube/cpu';

export const imageOf = (trait: string, version: number): string => `sim/${trait === 'deaf' ? 'deaf' : 'serve'}:v${version}`;

export const keyFor = (kind: WorkloadKind, name: string): ObjectKey => ({
  namespace: workloadKinds[kind].namespaced ? ns : '',
  name,
});

export function manifestOf(kind: WorkloadKind, name: string, options: WorkloadOptions): KubeObject {
  const { group, version } = workloadKinds[kind];
  return {
    apiVersion: group ? `${group}/${version}` : version,
    kind,
    metadata: { ...metadataOf(kind, name), ...(kind === 'Pod' ? { labels: { app: podApp(name, options) } } : {}) },
    spec: specs[kind](appOf(kind, name), options),
  } as unknown as KubeObject;
}

const metadataOf = (kind: WorkloadKind, name: string) => (workloadKinds[kind].namespaced ? { name, namespace: ns } : { name });

const podApp = (name: string, { trait, target }: WorkloadOptions): string =>
  trait === 'of-deployment' && target ? target : appOf('Pod', name);

const requests: Readonly<Record<string, unknown>> = { big: { cpu: '1500m', memory: '64Mi' }, loaded: { cpu: '200m' } };
const hasVolume = (trait: string): boolean => ['claim', 'claims', 'claims-deleted', 'ephemeral'].includes(trait);

const claimSpec = (storageClassName?: string) => ({
  accessModes: ['ReadWriteOnce'],
  ...(storageClassName ? { storageClassName } : {}),
  resources: { requests: { storage: '1Gi' } },
});

/** Of a pod by itself and of a template; a StatefulSet adds its own claims. */
const volumesOf: Readonly<Record<string, (target: string) => unknown>> = {
  claim: (claimName) => ({ persistentVolumeClaim: { claimName } }),
  ephemeral: () => ({ ephemeral: { volumeClaimTemplate: { spec: claimSpec() } } }),
};

const container = (trait: string, image: string) => ({
  name: 'c',
  image,
  ports: [{ name: 'http', containerPort: 8080 }],
  resources: { requests: requests[trait] ?? { cpu: '100m' } },
  ...(hasVolume(trait) ? { volumeMounts: [{ name: 'data', mountPath: '/data' }] } : {}),
});

const template = (app: string, { trait, version, target = '' }: WorkloadOptions) => ({
  metadata: { labels: { app }, ...(trait === 'loaded' ? { annotations: { [cpuAnnotation]: '300m' } } : {}) },
  spec: {
    terminationGracePeriodSeconds: 8,
    containers: [container(trait, imageOf(trait, version))],
    ...(volumesOf[trait] ? { volumes: [{ name: 'data', ...(volumesOf[trait](target) as object) }] } : {}),
  },
});

const minReady = (trait: string) => (trait === 'min-ready' ? { minReadySeconds: 7 } : {});

const jobTemplate = (app: string, image: string, restartPolicy = 'Never') => ({
  metadata: { labels: { app } },
  spec: { restartPolicy, terminationGracePeriodSeconds: 8, containers: [{ name: 'c', image }] },
});

type SpecOf = (app: string, options: WorkloadOptions) => unknown;

const specs: Readonly<Record<WorkloadKind, SpecOf>> = {
  Pod: (_, options) => ({ ...template('', options).spec }),
  ReplicationController: (app, options) => ({
    replicas: options.replicas,
    selector: { app },
    template: template(app, options),
  }),
  ReplicaSet: (app, options) => ({
    replicas: options.replicas,
    ...minReady(options.trait),
    selector: { matchLabels: { app } },
    template: template(app, options),
  }),
  Deployment: (app, options) => ({
    replicas: options.replicas,
    revisionHistoryLimit: 3,
    ...minReady(options.trait),
    selector: { matchLabels: { app } },
    strategy: deploymentStrategies[options.trait] ?? { type: 'RollingUpdate' },
    template: template(app, options),
  }),
  StatefulSet: (app, options) => ({
    replicas: options.replicas,
    serviceName: app,
    revisionHistoryLimit: 3,
    ...minReady(options.trait),
    podManagementPolicy: options.trait === 'parallel' ? 'Parallel' : 'OrderedReady',
    updateStrategy:
      options.trait === 'on-delete'
        ? { type: 'OnDelete' }
        : { type: 'RollingUpdate', rollingUpdate: { partition: options.trait === 'partition' ? 1 : 0 } },
    selector: { matchLabels: { app } },
    template: template(app, options),
    ...(options.trait.startsWith('claims') ? { volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: claimSpec() }] } : {}),
    ...(options.trait === 'claims-deleted'
      ? { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Delete' } }
      : {}),
  }),
  DaemonSet: (app, options) => {
    const { metadata, spec } = template(app, options);
    return {
      revisionHistoryLimit: 3,
      ...minReady(options.trait),
      selector: { matchLabels: { app } },
      updateStrategy: daemonStrategies[options.trait] ?? { type: 'RollingUpdate' },
      template: {
        metadata,
        spec: options.trait === 'half' ? { ...spec, nodeSelector: { 'kubernetes.io/hostname': 'node-1' } } : spec,
      },
    };
  },
  Job: (app, { trait, replicas }) => jobSpecs[trait]?.(app, replicas) ?? jobSpecs['plain']?.(app, replicas),
  CronJob: (app, { trait }) => ({
    schedule: '* * * * *',
    concurrencyPolicy: trait === 'forbid' ? 'Forbid' : trait === 'replace' ? 'Replace' : 'Allow',
    successfulJobsHistoryLimit: 2,
    failedJobsHistoryLimit: 1,
    jobTemplate: {
      spec: { backoffLimit: 1, template: jobTemplate(app, trait === 'plain' ? 'sim/exit-0-after-5' : 'sim/exit-0-after-80') },
    },
  }),
  Service: (_, { trait, target = '' }) => ({
    selector: { app: target },
    ports: [{ name: 'http', port: 80, targetPort: 'http' }],
    ...(trait === 'headless' ? { clusterIP: 'None' } : {}),
    ...(trait === 'node-port' ? { type: 'NodePort' } : {}),
    ...(trait === 'load-balancer' ? { type: 'LoadBalancer', externalTrafficPolicy: 'Local' } : {}),
  }),
  PodDisruptionBudget: (_, { trait, target = '' }) => ({
    selector: { matchLabels: { app: target } },
    ...(trait === 'plain' ? { minAvailable: 2 } : { maxUnavailable: trait === 'percent' ? '40%' : 1 }),
  }),
  HorizontalPodAutoscaler: (_, { trait, replicas, target = '' }) => ({
    scaleTargetRef: targetOf(target),
    minReplicas: 1,
    maxReplicas: replicas + 1,
    metrics: [{ type: 'Resource', resource: { name: 'cpu', target: cpuTargets[trait] ?? cpuTargets['plain'] } }],
    ...(trait === 'fast' ? { behavior: { scaleDown: { stabilizationWindowSeconds: 0 } } } : {}),
  }),
  PersistentVolumeClaim: (_, { trait }) => claimSpec(trait === 'plain' ? undefined : trait),
  PersistentVolume: (app, { trait }) => ({
    accessModes: ['ReadWriteOnce'],
    capacity: { storage: '2Gi' },
    storageClassName: 'manual',
    persistentVolumeReclaimPolicy: trait === 'deleted' ? 'Delete' : 'Retain',
    hostPath: { path: `/tmp/${app}` },
  }),
};

const cpuTargets: Readonly<Record<string, unknown>> = {
  plain: { type: 'Utilization', averageUtilization: 50 },
  value: { type: 'AverageValue', averageValue: '100m' },
};

/** `Deployment/a` as an autoscaler names it. */
function targetOf(target: string) {
  const [kind = '', name = ''] = target.split('/');
  const { group, version } = workloadKinds[kind as WorkloadKind];
  return { apiVersion: group ? `${group}/${version}` : version, kind, name };
}

const deploymentStrategies: Readonly<Record<string, unknown>> = {
  recreate: { type: 'Recreate' },
  'surge-only': { type: 'RollingUpdate', rollingUpdate: { maxSurge: 2, maxUnavailable: 0 } },
  'unavailable-only': { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
};

const daemonStrategies: Readonly<Record<string, unknown>> = {
  surge: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
  'on-delete': { type: 'OnDelete' },
  'half-unavailable': { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '50%' } },
};

const jobSpecs: Readonly<Record<string, (app: string, replicas: number) => unknown>> = {
  plain: (app, completions) => ({
    completions,
    parallelism: 2,
    backoffLimit: 3,
    template: jobTemplate(app, 'sim/exit-0-after-5'),
  }),
  indexed: (app, completions) => ({
    completionMode: 'Indexed',
    completions,
    parallelism: 2,
    backoffLimit: 3,
    template: jobTemplate(app, 'sim/exit-0-after-9'),
  }),
  failing: (app) => ({ backoffLimit: 2, template: jobTemplate(app, 'sim/exit-1-after-2') }),
  'flaky-parallel': (app, replicas) => ({
    completions: replicas,
    parallelism: 3,
    backoffLimit: 2,
    template: jobTemplate(app, 'sim/exit-3-after-4'),
  }),
  long: (app) => ({ backoffLimit: 3, template: jobTemplate(app, 'sim/exit-0-after-60', 'OnFailure') }),
  ttl: (app) => ({ ttlSecondsAfterFinished: 20, template: jobTemplate(app, 'sim/exit-0-after-3') }),
  'per-index': (app, completions) => ({
    completionMode: 'Indexed',
    completions,
    parallelism: 2,
    backoffLimitPerIndex: 1,
    maxFailedIndexes: 2,
    template: jobTemplate(app, 'sim/exit-1-after-3'),
  }),
};
