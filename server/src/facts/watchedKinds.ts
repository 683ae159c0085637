/** What is watched of a cluster: the kinds that references lead to, that selectors find, and that say how things are going. */
import type { KubeObject } from '#common/api/meta.ts';
import { keptObject, keptPod, keptReplicaSet, keysOnly } from './keptObject.ts';
import type { KindName } from './liveFacts.ts';

export interface WatchedKind extends KindName {
  readonly apiVersion: string;
  readonly plural: string;
  /** What stays of an object in memory. */
  readonly keep: (object: KubeObject) => KubeObject;
  /** Only so many are kept, the newest: absence means nothing then. */
  readonly newest?: number;
}

type Options = Partial<Pick<WatchedKind, 'keep' | 'newest'>>;

function of(apiVersion: string, kind: string, plural: string, options: Options = {}): WatchedKind {
  const slash = apiVersion.indexOf('/');
  return { group: apiVersion.slice(0, Math.max(slash, 0)), kind, apiVersion, plural, keep: keptObject, ...options };
}

export const watchedKinds: readonly WatchedKind[] = [
  // First what everything else is in, or is described by.
  of('v1', 'Namespace', 'namespaces'),
  of('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'customresourcedefinitions'),
  of('v1', 'Pod', 'pods', { keep: keptPod }),
  of('v1', 'Service', 'services'),
  of('v1', 'ConfigMap', 'configmaps', { keep: keysOnly }),
  of('v1', 'Secret', 'secrets', { keep: keysOnly }),
  of('v1', 'ServiceAccount', 'serviceaccounts'),
  of('v1', 'PersistentVolumeClaim', 'persistentvolumeclaims'),
  of('v1', 'PersistentVolume', 'persistentvolumes'),
  of('v1', 'Node', 'nodes'),
  of('v1', 'ReplicationController', 'replicationcontrollers'),
  of('apps/v1', 'Deployment', 'deployments'),
  of('apps/v1', 'StatefulSet', 'statefulsets'),
  of('apps/v1', 'DaemonSet', 'daemonsets'),
  of('apps/v1', 'ReplicaSet', 'replicasets', { keep: keptReplicaSet }),
  of('batch/v1', 'Job', 'jobs'),
  of('batch/v1', 'CronJob', 'cronjobs'),
  of('autoscaling/v2', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers'),
  of('policy/v1', 'PodDisruptionBudget', 'poddisruptionbudgets'),
  of('networking.k8s.io/v1', 'Ingress', 'ingresses'),
  of('networking.k8s.io/v1', 'IngressClass', 'ingressclasses'),
  of('networking.k8s.io/v1', 'NetworkPolicy', 'networkpolicies'),
  of('discovery.k8s.io/v1', 'EndpointSlice', 'endpointslices'),
  of('storage.k8s.io/v1', 'StorageClass', 'storageclasses'),
  of('scheduling.k8s.io/v1', 'PriorityClass', 'priorityclasses'),
  of('node.k8s.io/v1', 'RuntimeClass', 'runtimeclasses'),
  of('rbac.authorization.k8s.io/v1', 'Role', 'roles'),
  of('rbac.authorization.k8s.io/v1', 'ClusterRole', 'clusterroles'),
  of('rbac.authorization.k8s.io/v1', 'RoleBinding', 'rolebindings'),
  of('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', 'clusterrolebindings'),
  of('v1', 'Event', 'events', { newest: 2_000 }),
];
