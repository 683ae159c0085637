/** Every workload has as many pods as it asks for, of the version it asks for. */
import { deepEqual } from '#common/base/freeze.ts';
import { controllerOf } from '#common/api/meta.ts';
import { DaemonSet } from '#common/kinds/daemonSet.ts';
import { Deployment } from '#common/kinds/deployment.ts';
import { Node } from '#common/kinds/node.ts';
import { Pod } from '#common/kinds/pod.ts';
import { ReplicaSet } from '#common/kinds/replicaSet.ts';
import { ReplicationController } from '#common/kinds/replicationController.ts';
import { StatefulSet } from '#common/kinds/statefulSet.ts';
import type * as api from '#common/schema/generated/types.ts';
import { ns, type SimulatedCluster } from '../simulatedCluster.ts';
import { type Invariant, isActive, isServing } from './invariant.ts';

export const replicaCounts: Invariant = {
  name: 'replica counts are right',
  *atRest(cluster) {
    const { cache } = cluster;
    for (const kind of [ReplicaSet, ReplicationController]) {
      for (const object of cache.list(kind as typeof ReplicaSet, ns)) {
        if (object.metadata.deletionTimestamp) continue;
        const pods = podsOf(cluster, object.metadata).filter(isActive);
        const { replicas = 1 } = object.spec ?? {};
        const what = `${kind.kind} ${object.metadata.name}`;
        if (pods.length !== replicas) yield `${what} has ${pods.length} pods of ${replicas}`;
        if (object.status?.replicas !== replicas) yield `${what} tells of ${object.status?.replicas} pods of ${replicas}`;
        const ready = pods.filter(isServing).length;
        if ((object.status?.readyReplicas ?? 0) !== ready)
          yield `${what} tells of ${object.status?.readyReplicas} ready pods of ${ready}`;
      }
    }
    for (const deployment of cache.list(Deployment, ns)) yield* ofDeployment(cluster, deployment);
    for (const set of cache.list(StatefulSet, ns)) yield* ofStatefulSet(cluster, set);
    for (const set of cache.list(DaemonSet, ns)) yield* ofDaemonSet(cluster, set);
  },
};

const podsOf = ({ cache }: SimulatedCluster, { uid = '' }: api.ObjectMeta): api.Pod[] => cache.informer(Pod).ownedBy(uid);
const imageOf = (template: api.PodTemplateSpec | undefined): string | undefined => template?.spec?.containers[0]?.image;
const isSameTemplate = (a: api.PodTemplateSpec | undefined, b: api.PodTemplateSpec | undefined): boolean =>
  deepEqual([a?.spec, a?.metadata?.annotations], [b?.spec, b?.metadata?.annotations]);
const waitsForRoom = (pods: readonly api.Pod[]): boolean => pods.some((pod) => isActive(pod) && !pod.spec?.nodeName);

function* ofDeployment(cluster: SimulatedCluster, deployment: api.Deployment): Iterable<string> {
  const { metadata, spec, status } = deployment;
  if (metadata.deletionTimestamp) return;
  const sets = cluster.cache.informer(ReplicaSet).ownedBy(metadata.uid ?? '');
  const pods = sets.flatMap((set) => podsOf(cluster, set.metadata));
  const what = `Deployment ${metadata.name}`;
  if ((status?.replicas ?? 0) !== pods.filter(isActive).length)
    yield `${what} tells of ${status?.replicas} pods of ${pods.filter(isActive).length}`;
  const present = sets.filter((set) => isSameTemplate(set.spec?.template, spec?.template));
  if (present.length > 1) yield `${what} has ${present.length} ReplicaSets of one template`;
  const old = sets.filter((set) => !present.includes(set));
  if (spec?.paused || waitsForRoom(pods)) return;
  if (present.length === 0) yield `${what} has no ReplicaSet of its template`;
  for (const set of present) {
    if (set.spec?.replicas !== spec?.replicas) yield `${what} has ${set.spec?.replicas} new replicas of ${spec?.replicas}`;
  }
  for (const set of old)
    if (set.spec?.replicas !== 0) yield `${what} has ${set.spec?.replicas} replicas of ${set.metadata.name} left`;
  if (old.length > (spec?.revisionHistoryLimit ?? 10)) yield `${what} keeps ${old.length} old ReplicaSets`;
}

function* ofStatefulSet(cluster: SimulatedCluster, set: api.StatefulSet): Iterable<string> {
  const { metadata, spec, status } = set;
  if (metadata.deletionTimestamp) return;
  const pods = podsOf(cluster, metadata);
  const { replicas = 1 } = spec ?? {};
  const what = `StatefulSet ${metadata.name}`;
  // A pod of nobody's that has the name of one of the set's keeps the set from making its own.
  const isTaken = (name: string): boolean => {
    const pod = cluster.cache.get(Pod, { namespace: ns, name });
    return pod !== undefined && controllerOf(pod)?.uid !== metadata.uid;
  };
  const expected = Array.from({ length: replicas }, (_, i) => `${metadata.name}-${i}`);
  if (expected.some(isTaken)) return;
  const present = pods.map((pod) => pod.metadata.name ?? '').sort();
  if (waitsForRoom(pods)) return;
  if (expected.join() !== present.join()) yield `${what} has ${present.join()} and wants ${expected.join()}`;
  for (const pod of pods) {
    const ordinal = Number(pod.metadata.name?.slice((metadata.name ?? '').length + 1));
    const mayBeOld = spec?.updateStrategy?.type === 'OnDelete' || ordinal < (spec?.updateStrategy?.rollingUpdate?.partition ?? 0);
    if (!mayBeOld && pod.spec?.containers[0]?.image !== imageOf(spec?.template))
      yield `${what}'s ${pod.metadata.name} is not updated`;
  }
  if (status?.replicas !== replicas) yield `${what} tells of ${status?.replicas} pods of ${replicas}`;
}

function* ofDaemonSet(cluster: SimulatedCluster, set: api.DaemonSet): Iterable<string> {
  const { metadata, spec, status } = set;
  if (metadata.deletionTimestamp) return;
  const pods = podsOf(cluster, metadata).filter(isActive);
  const only = spec?.template.spec?.nodeSelector?.['kubernetes.io/hostname'];
  const nodes = cluster.cache.list(Node).filter((node) => only === undefined || node.metadata.name === only);
  const what = `DaemonSet ${metadata.name}`;
  if (waitsForRoom(pods)) return;
  for (const { metadata: node } of nodes) {
    const there = pods.filter((pod) => pod.spec?.nodeName === node.name);
    if (there.length !== 1) yield `${what} has ${there.length} pods on ${node.name}`;
    const updated = there.every((pod) => pod.spec?.containers[0]?.image === imageOf(spec?.template));
    if (!updated && spec?.updateStrategy?.type !== 'OnDelete') yield `${what} is not updated on ${node.name}`;
  }
  if (pods.length !== nodes.length) yield `${what} has ${pods.length} pods for ${nodes.length} nodes`;
  if (status?.desiredNumberScheduled !== nodes.length)
    yield `${what} wants ${status?.desiredNumberScheduled} pods for ${nodes.length} nodes`;
  if ((status?.numberAvailable ?? 0) !== nodes.length)
    yield `${what} tells of ${status?.numberAvailable} available pods of ${nodes.length}`;
}
