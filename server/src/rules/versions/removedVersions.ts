/** The versions of built-in kinds that Kubernetes 1.36 no longer serves, as its deprecation guide lists them. */
import type { GroupVersionKind } from '#common/api/groupVersion.ts';

export interface RemovedVersion {
  /** The Kubernetes version that stopped serving it. */
  readonly since: string;
  /** The apiVersion to use now; undefined when the kind itself is gone. */
  readonly now: string | undefined;
}

type Row = readonly [apiVersion: string, since: string, now: string | undefined, ...kinds: string[]];

const rows: readonly Row[] = [
  ['extensions/v1beta1', '1.16', 'apps/v1', 'Deployment', 'DaemonSet', 'ReplicaSet'],
  ['extensions/v1beta1', '1.16', 'networking.k8s.io/v1', 'NetworkPolicy'],
  ['extensions/v1beta1', '1.22', 'networking.k8s.io/v1', 'Ingress'],
  ['extensions/v1beta1', '1.16', undefined, 'PodSecurityPolicy'],
  ['apps/v1beta1', '1.16', 'apps/v1', 'Deployment', 'StatefulSet', 'ControllerRevision'],
  ['apps/v1beta2', '1.16', 'apps/v1', 'Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'ControllerRevision'],
  ['networking.k8s.io/v1beta1', '1.22', 'networking.k8s.io/v1', 'Ingress', 'IngressClass'],
  ...(['v1alpha1', 'v1beta1'] as const).map((version): Row => [
    `rbac.authorization.k8s.io/${version}`,
    '1.22',
    'rbac.authorization.k8s.io/v1',
    'Role',
    'RoleBinding',
    'ClusterRole',
    'ClusterRoleBinding',
  ]),
  [
    'admissionregistration.k8s.io/v1beta1',
    '1.22',
    'admissionregistration.k8s.io/v1',
    'MutatingWebhookConfiguration',
    'ValidatingWebhookConfiguration',
  ],
  ['apiextensions.k8s.io/v1beta1', '1.22', 'apiextensions.k8s.io/v1', 'CustomResourceDefinition'],
  ['apiregistration.k8s.io/v1beta1', '1.22', 'apiregistration.k8s.io/v1', 'APIService'],
  ['authentication.k8s.io/v1beta1', '1.22', 'authentication.k8s.io/v1', 'TokenReview'],
  [
    'authorization.k8s.io/v1beta1',
    '1.22',
    'authorization.k8s.io/v1',
    'LocalSubjectAccessReview',
    'SelfSubjectAccessReview',
    'SelfSubjectRulesReview',
    'SubjectAccessReview',
  ],
  ['certificates.k8s.io/v1beta1', '1.22', 'certificates.k8s.io/v1', 'CertificateSigningRequest'],
  ['coordination.k8s.io/v1beta1', '1.22', 'coordination.k8s.io/v1', 'Lease'],
  ['scheduling.k8s.io/v1alpha1', '1.17', 'scheduling.k8s.io/v1', 'PriorityClass'],
  ['scheduling.k8s.io/v1beta1', '1.22', 'scheduling.k8s.io/v1', 'PriorityClass'],
  ['storage.k8s.io/v1beta1', '1.22', 'storage.k8s.io/v1', 'CSIDriver', 'CSINode', 'StorageClass', 'VolumeAttachment'],
  ['storage.k8s.io/v1beta1', '1.27', 'storage.k8s.io/v1', 'CSIStorageCapacity'],
  ['batch/v2alpha1', '1.21', 'batch/v1', 'CronJob'],
  ['batch/v1beta1', '1.25', 'batch/v1', 'CronJob'],
  ['discovery.k8s.io/v1beta1', '1.25', 'discovery.k8s.io/v1', 'EndpointSlice'],
  ['events.k8s.io/v1beta1', '1.25', 'events.k8s.io/v1', 'Event'],
  ['autoscaling/v2beta1', '1.25', 'autoscaling/v2', 'HorizontalPodAutoscaler'],
  ['autoscaling/v2beta2', '1.26', 'autoscaling/v2', 'HorizontalPodAutoscaler'],
  ['policy/v1beta1', '1.25', 'policy/v1', 'PodDisruptionBudget'],
  ['policy/v1beta1', '1.25', undefined, 'PodSecurityPolicy'],
  ['node.k8s.io/v1alpha1', '1.22', 'node.k8s.io/v1', 'RuntimeClass'],
  ['node.k8s.io/v1beta1', '1.25', 'node.k8s.io/v1', 'RuntimeClass'],
  ...(
    [
      ['v1beta1', '1.26'],
      ['v1beta2', '1.29'],
      ['v1beta3', '1.32'],
    ] as const
  ).map(([version, since]): Row => [
    `flowcontrol.apiserver.k8s.io/${version}`,
    since,
    'flowcontrol.apiserver.k8s.io/v1',
    'FlowSchema',
    'PriorityLevelConfiguration',
  ]),
];

const byKind = new Map(
  rows.flatMap(([apiVersion, since, now, ...kinds]) => kinds.map((kind) => [`${apiVersion}/${kind}`, { since, now }] as const)),
);

export const removedVersion = ({ group, version, kind }: GroupVersionKind): RemovedVersion | undefined =>
  byKind.get(`${group ? `${group}/` : ''}${version}/${kind}`);
