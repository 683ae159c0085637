/** What the tree is made from. */
export interface WatchedResource {
  readonly kind: string;
  readonly apiVersion: string;
  readonly path: string;
}

const core = (kind: string, plural: string): WatchedResource => ({ kind, apiVersion: 'v1', path: `/api/v1/${plural}` });
const grouped = (apiVersion: string, kind: string, plural: string): WatchedResource => ({
  kind,
  apiVersion,
  path: `/apis/${apiVersion}/${plural}`,
});

/** Owners stand before what they own, so that a snapshot mostly arrives in the order of the tree. */
export const watchedResources: readonly WatchedResource[] = [
  core('Namespace', 'namespaces'),
  core('Node', 'nodes'),
  grouped('apps/v1', 'Deployment', 'deployments'),
  grouped('apps/v1', 'StatefulSet', 'statefulsets'),
  grouped('apps/v1', 'DaemonSet', 'daemonsets'),
  grouped('apps/v1', 'ReplicaSet', 'replicasets'),
  core('ReplicationController', 'replicationcontrollers'),
  grouped('batch/v1', 'CronJob', 'cronjobs'),
  grouped('batch/v1', 'Job', 'jobs'),
  core('Pod', 'pods'),
  core('Service', 'services'),
  grouped('discovery.k8s.io/v1', 'EndpointSlice', 'endpointslices'),
];
