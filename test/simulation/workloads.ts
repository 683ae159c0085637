/** The objects that walks make: one small manifest per kind and trait. What belongs together shares the label `app`. */
import type { KubeObject } from '#common/api/meta.ts';
import { CronJob } from '#common/kinds/cronJob.ts';
import { DaemonSet } from '#common/kinds/daemonSet.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import { Deployment } from '#common/kinds/deployment.ts';
import { Job } from '#common/kinds/job.ts';
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
};
export type WorkloadKind = keyof typeof workloadKinds;

/** What makes an object of its kind special. The first of each list is the plain one. */
export const traitsOf: { readonly [K in WorkloadKind]: readonly string[] } = {
  Pod: ['plain', 'deaf', 'of-deployment'],
  ReplicationController: ['plain', 'big'],
  ReplicaSet: ['plain', 'min-ready', 'big'],
  Deployment: ['plain', 'recreate', 'surge-only', 'unavailable-only', 'min-ready', 'deaf', 'big'],
  StatefulSet: ['plain', 'parallel', 'partition', 'on-delete', 'min-ready', 'deaf'],
  DaemonSet: ['plain', 'surge', 'on-delete', 'half', 'min-ready'],
  Job: ['plain', 'indexed', 'failing', 'flaky-parallel', 'long', 'ttl', 'per-index'],
  CronJob: ['plain', 'forbid', 'replace'],
  Service: ['plain', 'node-port', 'headless', 'load-balancer'],
  PodDisruptionBudget: ['plain', 'max-unavailable', 'percent'],
};

export interface WorkloadOptions {
  readonly trait: string;
  readonly replicas: number;
  readonly version: number;
  /** For what selects others' pods: whose. */
  readonly target?: string;
}

export const appOf = (kind: WorkloadKind, name: string): string => `${kind.toLowerCase()}-${name}`;

export const imageOf = (trait: string, version: number): string => `sim/${trait === 'deaf' ? 'deaf' : 'serve'}:v${version}`;

export function manifestOf(kind: WorkloadKind, name: string, options: WorkloadOptions): KubeObject {
  const { group, version } = workloadKinds[kind];
  return {
    apiVersion: group ? `${group}/${version}` : version,
    kind,
    metadata: { name, namespace: ns, ...(kind === 'Pod' ? { labels: { app: podApp(name, options) } } : {}) },
    spec: specs[kind](appOf(kind, name), options),
  } as unknown as KubeObject;
}

const podApp = (name: string, { trait, target }: WorkloadOptions): string =>
  trait === 'of-deployment' && target ? target : appOf('Pod', name);

const container = (trait: string, image: string) => ({
  name: 'c',
  image,
  ports: [{ name: 'http', containerPort: 8080 }],
  ...(trait === 'big' ? { resources: { requests: { cpu: '1500m', memory: '64Mi' } } } : {}),
});

const template = (app: string, { trait, version }: WorkloadOptions) => ({
  metadata: { labels: { app } },
  spec: { terminationGracePeriodSeconds: 8, containers: [container(trait, imageOf(trait, version))] },
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
};

const deploymentStrategies: Readonly<Record<string, unknown>> = {
  recreate: { type: 'Recreate' },
  'surge-only': { type: 'RollingUpdate', rollingUpdate: { maxSurge: 2, maxUnavailable: 0 } },
  'unavailable-only': { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
};

const daemonStrategies: Readonly<Record<string, unknown>> = {
  surge: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
  'on-delete': { type: 'OnDelete' },
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
