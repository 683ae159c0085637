/** Which kind has a page of its own. The only list; each is loaded when it is asked for. */
import type { ApiResource } from '#apiClient/discovery.ts';
import type { Describer } from './describer.ts';

const loaders: Readonly<Record<string, () => Promise<Describer>>> = {
  '/Pod': async () => (await import('./pod.ts')).describePod,
  '/Node': async () => (await import('./node.ts')).describeNode,
  '/Namespace': async () => (await import('./namespace.ts')).describeNamespace,
  '/ResourceQuota': async () => (await import('./namespace.ts')).describeResourceQuota,
  '/LimitRange': async () => (await import('./namespace.ts')).describeLimitRange,
  '/Service': async () => (await import('./network.ts')).describeService,
  '/Endpoints': async () => (await import('./network.ts')).describeEndpoints,
  'discovery.k8s.io/EndpointSlice': async () => (await import('./network.ts')).describeEndpointSlice,
  'networking.k8s.io/Ingress': async () => (await import('./network.ts')).describeIngress,
  'networking.k8s.io/NetworkPolicy': async () => (await import('./networkPolicy.ts')).describeNetworkPolicy,
  '/ConfigMap': async () => (await import('./config.ts')).describeConfigMap,
  '/Secret': async () => (await import('./config.ts')).describeSecret,
  '/ServiceAccount': async () => (await import('./config.ts')).describeServiceAccount,
  '/PersistentVolumeClaim': async () => (await import('./storage.ts')).describePersistentVolumeClaim,
  '/PersistentVolume': async () => (await import('./storage.ts')).describePersistentVolume,
  'storage.k8s.io/StorageClass': async () => (await import('./storage.ts')).describeStorageClass,
  '/ReplicationController': async () => (await import('./workloads.ts')).describeReplicationController,
  'apps/Deployment': async () => (await import('./workloads.ts')).describeDeployment,
  'apps/ReplicaSet': async () => (await import('./workloads.ts')).describeReplicaSet,
  'apps/StatefulSet': async () => (await import('./workloads.ts')).describeStatefulSet,
  'apps/DaemonSet': async () => (await import('./workloads.ts')).describeDaemonSet,
  'batch/Job': async () => (await import('./jobs.ts')).describeJob,
  'batch/CronJob': async () => (await import('./jobs.ts')).describeCronJob,
  'autoscaling/HorizontalPodAutoscaler': async () => (await import('./policies.ts')).describeHorizontalPodAutoscaler,
  'policy/PodDisruptionBudget': async () => (await import('./policies.ts')).describePodDisruptionBudget,
  'scheduling.k8s.io/PriorityClass': async () => (await import('./policies.ts')).describePriorityClass,
  'rbac.authorization.k8s.io/Role': async () => (await import('./rbac.ts')).describeRole,
  'rbac.authorization.k8s.io/ClusterRole': async () => (await import('./rbac.ts')).describeRole,
  'rbac.authorization.k8s.io/RoleBinding': async () => (await import('./rbac.ts')).describeRoleBinding,
  'rbac.authorization.k8s.io/ClusterRoleBinding': async () => (await import('./rbac.ts')).describeRoleBinding,
};

export async function describerOf({ group, kind }: ApiResource): Promise<Describer> {
  const key = `${group}/${kind}`;
  const load = Object.hasOwn(loaders, key) ? loaders[key] : undefined;
  return load ? load() : (await import('./generic.ts')).describeGeneric;
}
