/** Workloads, what they own below them, and the containers of pods. */
import type * as api from '#common/schema/generated/types.ts';
import { controllerOf, type KubeObject } from '#common/api/meta.ts';
import type { TreeTexts } from '#common/protocol/treeTexts.ts';
import type { TreeRow } from '#common/protocol/webview.ts';
import { containerFacts, podFacts } from '../facts/podFacts.ts';
import type { RowFacts } from '../facts/rowFacts.ts';
import { cronJobFacts, daemonSetFacts, deploymentFacts, jobFacts, replicaSetFacts } from '../facts/workloadFacts.ts';
import { ownRow, type RowSources } from './ownRow.ts';
import { groupId } from './places.ts';

/** Workloads stand in this order. */
const kinds = ['Deployment', 'StatefulSet', 'DaemonSet', 'CronJob', 'Job', 'ReplicaSet', 'ReplicationController', 'Pod'];

const factsOf: Readonly<Record<string, (object: never, texts: TreeTexts) => RowFacts>> = {
  Deployment: deploymentFacts,
  StatefulSet: replicaSetFacts,
  DaemonSet: daemonSetFacts,
  ReplicaSet: replicaSetFacts,
  ReplicationController: replicaSetFacts,
  CronJob: cronJobFacts,
  Job: jobFacts,
};

export function workloadRows(kind: string, object: KubeObject, sources: RowSources): TreeRow[] {
  if (kind === 'Pod') return podRows(object as api.Pod, sources);
  const facts = factsOf[kind]?.(object as never, sources.texts) ?? { state: 'none' };
  const row = { ...workloadRow(kind, object, facts, sources), open: true, ...whatPodsHave(object), ...whatIsPaused(object) };
  return [kind === 'ReplicaSet' && isRetired(object as api.ReplicaSet) ? { ...row, retired: true } : row];
}

/** A CronJob has the template of its pods inside that of its jobs. */
function whatPodsHave(object: KubeObject): Pick<TreeRow, 'podLabels'> {
  const { spec } = object as { spec?: { template?: api.PodTemplateSpec; jobTemplate?: api.JobTemplateSpec } };
  const podLabels = (spec?.template ?? spec?.jobTemplate?.spec?.template)?.metadata?.labels;
  return podLabels ? { podLabels } : {};
}

function whatIsPaused(object: KubeObject): Pick<TreeRow, 'traits'> {
  const { spec } = object as { spec?: { paused?: boolean; suspend?: boolean } };
  return spec?.paused || spec?.suspend ? { traits: ['paused'] } : {};
}

/** A former revision of a Deployment: kept by the cluster for rolling back, of little interest while nothing runs in it. */
const isRetired = (set: api.ReplicaSet): boolean => !!controllerOf(set) && set.spec?.replicas === 0 && !set.status?.replicas;

function workloadRow(kind: string, object: KubeObject, facts: RowFacts, sources: RowSources): TreeRow {
  const row = ownRow(kind, object, facts);
  const owner = controllerOf(object)?.uid;
  if (owner !== undefined && sources.isShown(owner)) return { ...row, parent: owner };
  return { ...row, order: `${kinds.indexOf(kind)}${row.order}`, parent: groupId(object.metadata.namespace ?? '', 'workloads') };
}

function podRows(pod: api.Pod, sources: RowSources): TreeRow[] {
  const { texts } = sources;
  const { initContainers = [], containers = [], nodeName } = pod.spec ?? {};
  const row = { ...workloadRow('Pod', pod, podFacts(pod, texts), sources), ...(nodeName ? { node: nodeName } : {}) };
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  const containerRow = (container: api.Container, index: number): TreeRow => ({
    id: `${row.id}/${container.name}`,
    parent: row.id,
    kind: 'Container',
    name: container.name,
    order: String(index).padStart(3, '0'),
    part: true,
    ...containerFacts(
      container,
      statuses.find(({ name }) => name === container.name),
      index < initContainers.length,
      texts,
    ),
    ...(row.object ? { object: { ...row.object, container: container.name } } : {}),
  });
  return [row, ...[...initContainers, ...containers].map(containerRow)];
}
