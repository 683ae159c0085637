/** Every owner is there; what is owned fits its owner's selector; what a selector matches has an owner. */
import { selectorFromLabelSelector, selectorFromMap } from '#common/api/labelSelector.ts';
import { controllerOf, type KubeObject } from '#common/api/meta.ts';
import { DaemonSet } from '#common/kinds/daemonSet.ts';
import { Deployment } from '#common/kinds/deployment.ts';
import { Job } from '#common/kinds/job.ts';
import { Pod } from '#common/kinds/pod.ts';
import { ReplicaSet } from '#common/kinds/replicaSet.ts';
import { ReplicationController } from '#common/kinds/replicationController.ts';
import { StatefulSet } from '#common/kinds/statefulSet.ts';
import type * as api from '#common/schema/generated/types.ts';
import { ns, type SimulatedCluster } from '../simulatedCluster.ts';
import { type Invariant, isActive, nameOf } from './invariant.ts';

export const ownership: Invariant = {
  name: 'owners and adoption are right',
  *atRest(cluster) {
    yield* missingOwners(cluster);
    const pods = cluster.cache.list(Pod, ns);
    for (const { kind, object, matches, adopts } of selecting(cluster)) {
      if (object.metadata.deletionTimestamp) continue;
      const children: readonly KubeObject[] = kind === 'Deployment' ? cluster.cache.list(ReplicaSet, ns) : pods;
      for (const child of children) {
        const owner = controllerOf(child);
        const fits = matches(child.metadata.labels ?? {});
        if (owner?.uid === object.metadata.uid && !fits)
          yield `${nameOf(child)} belongs to ${kind} ${object.metadata.name} and does not fit its selector`;
        if (!owner && fits && adopts(child)) yield `${nameOf(child)} fits ${kind} ${object.metadata.name} and is nobody's`;
      }
    }
  },
};

function* missingOwners({ cache }: SimulatedCluster): Iterable<string> {
  const uids = new Set<string | undefined>();
  for (const kind of cache.kinds()) for (const { metadata } of cache.list(kind)) uids.add(metadata.uid);
  for (const kind of cache.kinds()) {
    if (kind.kind === 'Event') continue;
    for (const object of cache.list(kind)) {
      const owners = object.metadata.ownerReferences ?? [];
      if (owners.length > 0 && !owners.some(({ uid }) => uids.has(uid)))
        yield `${kind.kind} ${nameOf(object)} is left of ${owners.map((owner) => `${owner.kind} ${owner.name}`).join(', ')}`;
    }
  }
}

interface Selecting {
  readonly kind: string;
  readonly object: KubeObject;
  matches(labels: Readonly<Record<string, string>>): boolean;
  adopts(child: KubeObject): boolean;
}

function* selecting({ cache }: SimulatedCluster): Iterable<Selecting> {
  const isFree = (child: KubeObject): boolean => !child.metadata.deletionTimestamp;
  const active = (child: KubeObject): boolean => isActive(child as api.Pod);
  for (const object of cache.list(ReplicationController, ns)) {
    const selector = selectorFromMap(object.spec?.selector);
    yield { kind: 'ReplicationController', object, matches: (labels) => selector.matches(labels), adopts: active };
  }
  for (const [kind, adopts] of [
    [ReplicaSet, active],
    [Deployment, isFree],
    [DaemonSet, isFree],
    [Job, isFree],
    [StatefulSet, isFree],
  ] as const) {
    for (const object of cache.list(kind as unknown as typeof ReplicaSet, ns)) {
      const selector = selectorFromLabelSelector(object.spec?.selector);
      const isMember = (child: KubeObject): boolean =>
        kind.kind !== 'StatefulSet' || new RegExp(`^${object.metadata.name}-\\d+$`).test(child.metadata.name ?? '');
      const isOver =
        kind.kind === 'Job' &&
        (object as api.Job).status?.conditions?.some(
          ({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True',
        );
      yield {
        kind: kind.kind,
        object,
        matches: (labels) => selector.matches(labels),
        adopts: (child) => !isOver && adopts(child) && isMember(child),
      };
    }
  }
}
