/**
 * A Deployment goes no further than its strategy allows with any of its own steps. A step is judged by what could be
 * known: not while the Deployment has just been changed, nor for pods that have just failed.
 */
import { DisposableStore } from '#common/base/disposable.ts';
import { controllerOf, keyOf, keyText } from '#common/api/meta.ts';
import { Deployment } from '#common/kinds/deployment.ts';
import { Pod } from '#common/kinds/pod.ts';
import { ReplicaSet } from '#common/kinds/replicaSet.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { SimulatedCluster } from '../simulatedCluster.ts';
import { type Invariant, isActive, isServing } from './invariant.ts';

/** News takes this long to go from a pod through its ReplicaSet to the Deployment, at the worst. */
export const newsMs = 30_000;

const isAvailable = (pod: api.Pod): boolean => isServing(pod);
const resolved = (value: number | string | undefined, of: number, round: (n: number) => number): number =>
  typeof value === 'string' ? round((parseInt(value, 10) / 100) * of) : (value ?? 0);

export const rollouts: Invariant = {
  name: 'rollouts keep to maxSurge and maxUnavailable',
  watch(cluster, report) {
    const { cache, clock } = cluster;
    const changed = new Map<string, number>();
    const failed = new Map<string, number>();
    const isRecent = (at: number | undefined): boolean => at !== undefined && clock.now() - at < newsMs;
    const subscriptions = new DisposableStore();
    subscriptions.add(
      cache.informer(Deployment).onChange((event) => {
        if (event.type === 'updated' && event.old.metadata.generation === event.object.metadata.generation) return;
        changed.set(event.object.metadata.uid ?? '', clock.now());
      }),
    );
    subscriptions.add(
      cache.informer(Pod).onChange((event) => {
        const { namespace = '' } = event.object.metadata;
        const owner = controllerOf(event.object);
        if (owner?.kind !== 'ReplicaSet') return;
        const lost =
          event.type === 'deleted' || (event.type === 'updated' && isAvailable(event.old) && !isAvailable(event.object));
        if (!lost) return;
        const set = cache.get(ReplicaSet, { namespace, name: owner.name });
        failed.set((set && controllerOf(set)?.uid) ?? '', clock.now());
      }),
    );
    subscriptions.add(
      cache.informer(ReplicaSet).onChange((event) => {
        if (event.type === 'deleted') return;
        const { object } = event;
        const owner = controllerOf(object);
        const old = event.type === 'updated' ? event.old : undefined;
        if (!owner || (old && controllerOf(old)?.uid !== owner.uid)) {
          changed.set(owner?.uid ?? '', clock.now());
          return;
        }
        const deployment = cache.get(Deployment, { ...keyOf(object), name: owner.name });
        if (!deployment || deployment.metadata.deletionTimestamp || isRecent(changed.get(owner.uid))) return;
        const step = (object.spec?.replicas ?? 0) - (old?.spec?.replicas ?? 0);
        if (step > 0) judgeGrowth(cluster, deployment, step, report);
        if (step < 0 && !isRecent(failed.get(owner.uid))) judgeShrinking(cluster, deployment, object, -step, report);
      }),
    );
    return subscriptions;
  },
};

function judgeGrowth(
  { cache }: SimulatedCluster,
  { metadata, spec }: api.Deployment,
  step: number,
  report: (text: string) => void,
): void {
  const { replicas = 1, strategy } = spec ?? {};
  const surge = strategy?.type === 'Recreate' ? 0 : resolved(strategy?.rollingUpdate?.maxSurge, replicas, Math.ceil);
  const sets = cache.informer(ReplicaSet).ownedBy(metadata.uid ?? '');
  const total = sets.reduce((sum, set) => sum + (set.spec?.replicas ?? 0), 0);
  if (total > replicas + surge && total - step < total)
    report(`Deployment ${metadata.name} goes to ${total} replicas of ${replicas} and ${surge} more`);
}

function judgeShrinking(
  { cache }: SimulatedCluster,
  { metadata, spec }: api.Deployment,
  shrunk: api.ReplicaSet,
  step: number,
  report: (text: string) => void,
): void {
  const { replicas = 1, strategy } = spec ?? {};
  if (strategy?.type === 'Recreate') return;
  const least = replicas - resolved(strategy?.rollingUpdate?.maxUnavailable, replicas, Math.floor);
  let after = 0;
  let before = 0;
  for (const set of cache.informer(ReplicaSet).ownedBy(metadata.uid ?? '')) {
    const available = cache
      .informer(Pod)
      .ownedBy(set.metadata.uid ?? '')
      .filter(isAvailable).length;
    const wanted = set.spec?.replicas ?? 0;
    after += Math.min(wanted, available);
    before += Math.min(keyText(keyOf(set)) === keyText(keyOf(shrunk)) ? wanted + step : wanted, available);
  }
  if (after < least && after < before)
    report(`Deployment ${metadata.name} leaves ${after} available pods of ${least}, before ${before}`);
}

export const replicaSteps: Invariant = {
  name: 'ReplicaSets and ReplicationControllers make no pod too many',
  watch({ cache, clock }, report) {
    const changed = new Map<string, number>();
    const subscriptions = new DisposableStore();
    for (const kind of [ReplicaSet, Deployment]) {
      subscriptions.add(
        cache.informer(kind as typeof ReplicaSet).onChange((event) => {
          if (event.type === 'updated' && event.old.metadata.generation === event.object.metadata.generation) return;
          changed.set(event.object.metadata.uid ?? '', clock.now());
        }),
      );
    }
    subscriptions.add(
      cache.informer(Pod).onChange((event) => {
        const owner = controllerOf(event.object);
        if (!owner) return;
        // A pod that comes by adoption, or that comes back, is not of the set's making.
        if (event.type !== 'added') {
          if (event.type === 'updated' && controllerOf(event.old)?.uid !== owner.uid) changed.set(owner.uid, clock.now());
          return;
        }
        const set = cache.get(ReplicaSet, { namespace: event.object.metadata.namespace ?? '', name: owner.name });
        if (set?.metadata.uid !== owner.uid || clock.now() - (changed.get(owner.uid) ?? 0) < newsMs) return;
        const pods = cache.informer(Pod).ownedBy(owner.uid).filter(isActive);
        if (pods.length > (set.spec?.replicas ?? 1))
          report(`ReplicaSet ${owner.name} makes pod ${pods.length} of ${set.spec?.replicas}`);
      }),
    );
    return subscriptions;
  },
};
