/** Where each object stands in the tree: cluster → nodes; namespace → Workloads and Services → what they own. */
import type * as api from '#common/schema/generated/types.ts';
import { controllerOf, type KubeObject } from '#common/api/meta.ts';
import type { TreeTexts } from '#common/protocol/treeTexts.ts';
import type { TreeRow } from '#common/protocol/webview.ts';
import { containerFacts, cronJobFacts, daemonSetFacts, deploymentFacts, jobFacts, namespaceFacts, nodeFacts, podFacts, replicaSetFacts, type RowFacts, serviceFacts } from './rowFacts.ts'; // prettier-ignore

export interface RowSources {
  /** Whether the object of this uid has a row. */
  isShown(uid: string): boolean;
  slicesOf(service: api.Service): readonly api.EndpointSlice[];
}

export const clusterId = 'cluster';
const namespaceId = (name: string): string => `namespace/${name}`;
const groupId = (namespace: string, group: Group): string => `${namespaceId(namespace)}/${group}`;

const groups = ['workloads', 'services'] as const;
type Group = (typeof groups)[number];

export const isGroupId = (id: string): boolean => id.startsWith('namespace/') && id.split('/').length === 3;

export function groupRow(id: string, texts: TreeTexts): TreeRow {
  const [, namespace = '', group] = id.split('/');
  const name = group === 'services' ? texts.groupServices : texts.groupWorkloads;
  return {
    id,
    parent: namespaceId(namespace),
    kind: 'Group',
    name,
    order: `${groups.indexOf(group as Group)}`,
    state: 'none',
    open: true,
  };
}

export function clusterRow(name: string, nodes: readonly api.Node[]): TreeRow {
  const ready = nodes.filter(isNodeReady).length;
  return {
    id: clusterId,
    parent: '',
    kind: 'Cluster',
    name,
    order: '0',
    state: ready === nodes.length ? 'ok' : 'warning',
    ready: `${ready}/${nodes.length}`,
    open: true,
  };
}

export const isNodeReady = (node: api.Node): boolean =>
  node.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;

/** Workloads stand in this order. */
const workloadKinds = ['Deployment', 'StatefulSet', 'DaemonSet', 'CronJob', 'Job', 'ReplicaSet', 'ReplicationController', 'Pod'];

/** The rows that an object gives; the first is its own and has its uid as id. None for what the tree does not show. */
export function rowsOfObject(kind: string, object: KubeObject, sources: RowSources, texts: TreeTexts): TreeRow[] {
  switch (kind) {
    case 'Node':
      return [{ ...ownRow(kind, object, nodeFacts(object as api.Node, texts)), parent: clusterId }];
    case 'Namespace':
      return [namespaceRow(object as api.Namespace)];
    case 'Deployment':
      return [workloadRow(kind, object, deploymentFacts(object as api.Deployment), sources)];
    case 'StatefulSet':
      return [workloadRow(kind, object, replicaSetFacts(object as api.StatefulSet), sources)];
    case 'DaemonSet':
      return [workloadRow(kind, object, daemonSetFacts(object as api.DaemonSet), sources)];
    case 'ReplicaSet':
      return isRetired(object as api.ReplicaSet)
        ? []
        : [workloadRow(kind, object, replicaSetFacts(object as api.ReplicaSet), sources)];
    case 'ReplicationController':
      return [workloadRow(kind, object, replicaSetFacts(object as api.ReplicationController), sources)];
    case 'CronJob':
      return [workloadRow(kind, object, cronJobFacts(object as api.CronJob), sources)];
    case 'Job':
      return [workloadRow(kind, object, jobFacts(object as api.Job), sources)];
    case 'Pod':
      return podRows(object as api.Pod, sources);
    case 'Service':
      return serviceRows(object as api.Service, sources.slicesOf(object as api.Service), texts);
    default:
      return [];
  }
}

/** A former revision of a Deployment: kept by the cluster for rolling back, of no interest while nothing runs in it. */
const isRetired = (set: api.ReplicaSet): boolean => !!controllerOf(set) && set.spec?.replicas === 0 && !set.status?.replicas;

function ownRow(kind: string, object: KubeObject, facts: RowFacts): Omit<TreeRow, 'parent'> {
  const { uid = '', name = '', namespace = '', creationTimestamp } = object.metadata;
  return {
    id: uid,
    kind,
    name,
    order: natural(name),
    ...facts,
    ...(creationTimestamp ? { since: creationTimestamp } : {}),
    object: { apiVersion: object.apiVersion ?? 'v1', kind, namespace, name },
  };
}

/** `web-10` after `web-9`. */
const natural = (name: string): string => name.replace(/\d+/g, (digits) => digits.padStart(6, '0'));

function namespaceRow(namespace: api.Namespace): TreeRow {
  const { name = '' } = namespace.metadata;
  const isSystem = name.startsWith('kube-');
  const row = ownRow('Namespace', namespace, namespaceFacts(namespace));
  // A person's own namespaces first, `default` before them.
  const order = isSystem ? `3${name}` : name === 'default' ? '1' : `2${name}`;
  return { ...row, id: namespaceId(name), parent: '', order, open: !isSystem };
}

function workloadRow(kind: string, object: KubeObject, facts: RowFacts, sources: RowSources): TreeRow {
  const row = ownRow(kind, object, facts);
  const owner = controllerOf(object)?.uid;
  if (owner !== undefined && sources.isShown(owner)) return { ...row, parent: owner, open: kind !== 'Pod' };
  const order = `${workloadKinds.indexOf(kind)}${row.order}`;
  return { ...row, order, parent: groupId(object.metadata.namespace ?? '', 'workloads'), open: kind !== 'Pod' };
}

function podRows(pod: api.Pod, sources: RowSources): TreeRow[] {
  const row = workloadRow('Pod', pod, podFacts(pod), sources);
  const { initContainers = [], containers = [] } = pod.spec ?? {};
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  const containerRow = (container: api.Container, index: number): TreeRow => ({
    id: `${row.id}/${container.name}`,
    parent: row.id,
    kind: 'Container',
    name: container.name,
    order: String(index).padStart(3, '0'),
    ...containerFacts(
      container,
      statuses.find(({ name }) => name === container.name),
      index < initContainers.length,
    ),
    ...(row.object ? { object: { ...row.object, container: container.name } } : {}),
  });
  return [row, ...[...initContainers, ...containers].map(containerRow)];
}

function serviceRows(service: api.Service, slices: readonly api.EndpointSlice[], texts: TreeTexts): TreeRow[] {
  const endpoints = slices.flatMap((slice) =>
    (slice.endpoints ?? []).map((endpoint) => ({ endpoint, ports: slice.ports ?? [] })),
  );
  const ready = endpoints.filter(({ endpoint }) => endpoint.conditions?.ready !== false).length;
  const facts = serviceFacts(service, { backed: endpoints.length, ready }, texts);
  const { namespace = '' } = service.metadata;
  const row = { ...ownRow('Service', service, facts), parent: groupId(namespace, 'services') };
  const endpointRows = endpoints.flatMap(({ endpoint, ports }) =>
    (endpoint.addresses ?? []).map((address): TreeRow => {
      const target = endpoint.targetRef;
      return {
        id: `${row.id}/${address}`,
        parent: row.id,
        kind: 'Endpoint',
        name: target?.name ?? address,
        order: natural(target?.name ?? address),
        state: endpoint.conditions?.ready === false ? 'progressing' : 'ok',
        detail: ports.length ? ports.map(({ port }) => `${address}:${port}`).join(', ') : address,
        ...(target?.kind === 'Pod' ? { object: { apiVersion: 'v1', kind: 'Pod', namespace, name: target.name ?? '' } } : {}),
      };
    }),
  );
  return [row, ...endpointRows];
}
