/** The rows that an object gives: the only list of kinds with rows of their own making. */
import type { KubeObject } from '#common/api/meta.ts';
import type { TreeRow } from '#common/protocol/webview.ts';
import type { TreeGroup } from '#common/protocol/treeGroups.ts';
import type { TreeTexts } from '#common/protocol/treeTexts.ts';
import { bindingFacts, configMapFacts, limitRangeFacts, quotaFacts, roleFacts, secretFacts } from '../facts/configFacts.ts';
import type { RowFacts } from '../facts/rowFacts.ts';
import { autoscalerFacts, disruptionBudgetFacts } from '../facts/workloadFacts.ts';
import { namespaceRows, nodeRows } from './clusterRows.ts';
import { definitionRows, genericRows } from './genericRows.ts';
import { ownRow, type RowSources } from './ownRow.ts';
import { groupId } from './places.ts';
import { ingressRows, networkPolicyRows, serviceRows } from './serviceRows.ts';
import { claimRows, storageClassRows, volumeRows } from './storageRows.ts';
import { workloadRows } from './workloadRows.ts';

type RowMaker = (object: KubeObject, sources: RowSources, kind: string) => TreeRow[];

const workload: RowMaker = (object, sources, kind) => workloadRows(kind, object, sources);
const nothing: RowMaker = () => [];

/** One row in a group, siblings of other kinds after those of smaller `rank`. */
const plain =
  (group: TreeGroup, rank: number, facts: (object: never, texts: TreeTexts) => RowFacts): RowMaker =>
  (object, { texts }, kind) => {
    const row = ownRow(kind, object, facts(object as never, texts));
    return [{ ...row, order: `${rank}${row.order}`, parent: groupId(object.metadata.namespace ?? '', group) }];
  };

const makers: ReadonlyMap<string, RowMaker> = new Map<string, RowMaker>([
  ['Node', nodeRows],
  ['Namespace', namespaceRows],
  ['Deployment', workload],
  ['StatefulSet', workload],
  ['DaemonSet', workload],
  ['ReplicaSet', workload],
  ['ReplicationController', workload],
  ['CronJob', workload],
  ['Job', workload],
  ['Pod', workload],
  ['Service', serviceRows],
  ['Ingress', ingressRows],
  ['NetworkPolicy', networkPolicyRows],
  // Seen in the rows of the Service they belong to.
  ['EndpointSlice', nothing],
  ['ConfigMap', plain('config', 0, configMapFacts)],
  ['Secret', plain('config', 1, secretFacts)],
  ['HorizontalPodAutoscaler', plain('config', 2, autoscalerFacts)],
  ['PodDisruptionBudget', plain('config', 3, disruptionBudgetFacts)],
  ['ResourceQuota', plain('config', 4, quotaFacts)],
  ['LimitRange', plain('config', 5, limitRangeFacts)],
  ['PersistentVolumeClaim', claimRows],
  ['PersistentVolume', volumeRows],
  ['StorageClass', storageClassRows],
  ['ServiceAccount', plain('access', 0, () => ({ state: 'none' }))],
  ['Role', plain('access', 1, roleFacts)],
  ['RoleBinding', plain('access', 2, bindingFacts)],
  ['ClusterRole', plain('access', 1, roleFacts)],
  ['ClusterRoleBinding', plain('access', 2, bindingFacts)],
  ['CustomResourceDefinition', definitionRows],
]);

/** The first row is the object's own; none for what the tree does not show. `key`: a kind above, or a `genericKey`. */
export function rowsOfObject(key: string, object: KubeObject, sources: RowSources): TreeRow[] {
  const make = makers.get(key);
  return make ? make(object, sources, key) : genericRows(key, object);
}
