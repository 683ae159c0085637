/** What the tree is made from: kinds with rows of their own making, and, as discovery tells of them, all others that can be watched. */
import type { ReflectedResource } from '#apiClient/reflector.ts';
import { collectionPath, type ApiResource } from '#apiClient/discovery.ts';
import type { KubeObject } from '#common/api/meta.ts';
import {
  keptDefinition,
  keptGeneric,
  keptKeys,
  keptMachine,
  keptObject,
  keptPod,
  keptWithAnnotations,
  keptWorkload,
} from './keptObject.ts';
import { genericKey } from './rows/genericRows.ts';

export interface WatchedResource extends ReflectedResource {
  /** How the model knows it: its kind, or what `genericKey` says. */
  readonly key: string;
}

type Keep = (object: KubeObject) => KubeObject;

const known = (apiVersion: string, kind: string, plural: string, keep: Keep = keptObject): WatchedResource => ({
  key: kind,
  kind,
  apiVersion,
  path: `${apiVersion.includes('/') ? '/apis' : '/api'}/${apiVersion}/${plural}`,
  keep,
});

/** What is looked at first. Owners stand before what they own, so that a snapshot mostly arrives in the order of the tree. */
export const firstResources: readonly WatchedResource[] = [
  known('v1', 'Namespace', 'namespaces'),
  known('v1', 'Node', 'nodes'),
  known('apps/v1', 'Deployment', 'deployments', keptWorkload),
  known('apps/v1', 'StatefulSet', 'statefulsets', keptWorkload),
  known('apps/v1', 'DaemonSet', 'daemonsets', keptWorkload),
  known('apps/v1', 'ReplicaSet', 'replicasets', keptWorkload),
  known('v1', 'ReplicationController', 'replicationcontrollers', keptWorkload),
  known('batch/v1', 'CronJob', 'cronjobs', keptObject),
  known('batch/v1', 'Job', 'jobs', keptWorkload),
  known('v1', 'Pod', 'pods', keptPod),
  known('v1', 'Service', 'services'),
  known('discovery.k8s.io/v1', 'EndpointSlice', 'endpointslices'),
];

/** What stands in closed groups at first, and what is told of the objects. */
export const furtherResources: readonly WatchedResource[] = [
  { ...known('v1', 'Event', 'events'), path: '/api/v1/events?fieldSelector=type%3DWarning' },
  known('networking.k8s.io/v1', 'Ingress', 'ingresses'),
  known('networking.k8s.io/v1', 'NetworkPolicy', 'networkpolicies'),
  known('v1', 'ConfigMap', 'configmaps', keptKeys),
  known('v1', 'Secret', 'secrets', keptKeys),
  known('autoscaling/v2', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers'),
  known('policy/v1', 'PodDisruptionBudget', 'poddisruptionbudgets'),
  known('v1', 'ResourceQuota', 'resourcequotas'),
  known('v1', 'LimitRange', 'limitranges'),
  known('v1', 'PersistentVolumeClaim', 'persistentvolumeclaims'),
  known('v1', 'PersistentVolume', 'persistentvolumes'),
  known('storage.k8s.io/v1', 'StorageClass', 'storageclasses', keptWithAnnotations),
  known('v1', 'ServiceAccount', 'serviceaccounts'),
  known('rbac.authorization.k8s.io/v1', 'Role', 'roles'),
  known('rbac.authorization.k8s.io/v1', 'RoleBinding', 'rolebindings'),
  known('rbac.authorization.k8s.io/v1', 'ClusterRole', 'clusterroles'),
  known('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', 'clusterrolebindings'),
  known('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'customresourcedefinitions', keptDefinition),
];

const resourceName = (group: string, plural: string): string => `${plural}.${group}`;

/** Shown in other rows, or of no use as rows. */
const leftOut = new Set([
  ...[...firstResources, ...furtherResources].map(({ apiVersion, path }) => {
    const plural = path.slice(path.lastIndexOf('/') + 1).replace(/\?.*/, '');
    return resourceName(apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '', plural);
  }),
  resourceName('', 'endpoints'),
  resourceName('', 'componentstatuses'),
  resourceName('events.k8s.io', 'events'),
]);

/** Nodes renew theirs every ten seconds, which is told of them already. */
const leases = resourceName('coordination.k8s.io', 'leases');

const machines = resourceName('playground.kube', 'machines');
export const machineKind = genericKey('Machine', 'machines', 'playground.kube', false);

/** The kinds of a discovery that are watched besides those above, each in its preferred version. */
export function otherResources(all: readonly ApiResource[], isDefined: (resource: string) => boolean): WatchedResource[] {
  const found = new Map<string, WatchedResource>();
  for (const resource of all) {
    const name = resourceName(resource.group, resource.plural);
    if (leftOut.has(name) || found.has(name) || !['list', 'watch'].every((verb) => resource.verbs.includes(verb))) continue;
    const path = collectionPath(resource);
    found.set(name, {
      key: genericKey(resource.kind, resource.plural, resource.group, isDefined(name)),
      kind: resource.kind,
      apiVersion: resource.apiVersion,
      path: name === leases ? `${path}?fieldSelector=metadata.namespace%21%3Dkube-node-lease` : path,
      keep: name === machines ? keptMachine : keptGeneric,
    });
  }
  return [...found.values()];
}
