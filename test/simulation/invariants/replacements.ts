/**
 * A StatefulSet replaces its pods one by one from the highest ordinal down, a DaemonSet no more at a time than
 * maxUnavailable allows. Judged is each pod that the controller itself takes away, by what it could know then.
 */
import { type Disposable, DisposableStore } from '#common/base/disposable.ts';
import { resolveIntOrPercent } from '#common/api/intOrString.ts';
import { controllerOf } from '#common/api/meta.ts';
import { DaemonSet } from '#common/kinds/daemonSet.ts';
import { Node } from '#common/kinds/node.ts';
import { Pod } from '#common/kinds/pod.ts';
import { StatefulSet } from '#common/kinds/statefulSet.ts';
import type * as api from '#common/schema/generated/types.ts';
import { isAvailable } from '#runtime/controller/podState.ts';
import { placementOn } from '#runtime/controllers/daemonSet/daemonPods.ts';
import type { SimulatedCluster } from '../simulatedCluster.ts';
import { type Invariant, isActive, isServing } from './invariant.ts';
import { newsMs } from './rollouts.ts';

type Workload = api.StatefulSet | api.DaemonSet;

interface Rule<T extends Workload> {
  readonly kind: typeof StatefulSet | typeof DaemonSet;
  readonly controller: string;
  /** `gone`: what the controller takes away, as it was before; `kept`: the set's other pods. */
  judge(cluster: SimulatedCluster, set: T, gone: api.Pod, kept: readonly api.Pod[]): Iterable<string>;
}

export const statefulSteps: Invariant = {
  name: 'StatefulSets replace one pod at a time',
  watch: (cluster, report) =>
    watchRemovals<api.StatefulSet>(cluster, report, {
      kind: StatefulSet,
      controller: 'statefulset-controller',
      *judge({ clock }, { metadata, spec }, gone, kept) {
        const ordinalOf = (pod: api.Pod): number => Number(pod.metadata.name?.slice((metadata.name ?? '').length + 1));
        const { replicas = 1, minReadySeconds = 0 } = spec ?? {};
        // Those beyond the number of replicas go because the set shrinks.
        if (ordinalOf(gone) >= replicas || !isActive(gone)) return;
        const well = new Map(
          kept.map((pod) => [ordinalOf(pod), isServing(pod) && isAvailable(pod, minReadySeconds, clock.now())]),
        );
        const partition = spec?.updateStrategy?.rollingUpdate?.partition ?? 0;
        if (spec?.updateStrategy?.type === 'OnDelete' || ordinalOf(gone) < partition)
          yield `${metadata.name} replaces ${gone.metadata.name}, which is to stay`;
        const first = spec?.podManagementPolicy === 'Parallel' ? ordinalOf(gone) + 1 : 0;
        for (let ordinal = first; ordinal < replicas; ordinal++) {
          if (ordinal !== ordinalOf(gone) && !well.get(ordinal))
            yield `${metadata.name} replaces ${gone.metadata.name} while pod ${ordinal} is not available`;
        }
      },
    }),
};

export const daemonSteps: Invariant = {
  name: 'DaemonSets keep to maxUnavailable',
  watch: (cluster, report) =>
    watchRemovals<api.DaemonSet>(cluster, report, {
      kind: DaemonSet,
      controller: 'daemonset-controller',
      *judge({ cache, clock }, set, gone, kept) {
        const { metadata, spec } = set;
        const node = cache.get(Node, { namespace: '', name: gone.spec?.nodeName ?? '' });
        if (!node || !placementOn(set, node).run) return;
        const isWell = (pod: api.Pod): boolean => isServing(pod) && isAvailable(pod, spec?.minReadySeconds ?? 0, clock.now());
        if (!isWell(gone)) return;
        const wellOn = new Set(kept.filter(isWell).map((pod) => pod.spec?.nodeName));
        if (wellOn.has(node.metadata.name)) return;
        const { maxSurge = 0, maxUnavailable = 1 } = spec?.updateStrategy?.rollingUpdate ?? {};
        const wanted = cache.list(Node).filter((one) => placementOn(set, one).run);
        const most = maxSurge === 0 ? (resolveIntOrPercent(maxUnavailable, wanted.length, 'up') ?? 1) : 0;
        const without = wanted.filter((one) => !wellOn.has(one.metadata.name));
        if (without.length > most) yield `${metadata.name} leaves ${without.length} nodes without an available pod, of ${most}`;
      },
    }),
};

/** A pod that has begun to go, with the set and its other pods as they were at that moment. */
interface Removal<T> {
  readonly at: number;
  readonly set: T | undefined;
  readonly gone: api.Pod;
  readonly kept: readonly api.Pod[];
  /** By the controller itself. */
  own: boolean;
}

/** Neither what was just changed is judged, nor sets that have just lost pods in other ways. */
function watchRemovals<T extends Workload>(
  cluster: SimulatedCluster,
  report: (text: string) => void,
  { kind, controller, judge }: Rule<T>,
): Disposable {
  const { cache, clock } = cluster;
  const disturbed = new Map<string, number>();
  const removals = new Map<string, Removal<T>>();
  const subscriptions = new DisposableStore();
  const disturb = (uid = ''): void => void disturbed.set(uid, clock.now());
  const isRecent = (at: number | undefined): boolean => at !== undefined && clock.now() - at < newsMs;

  const judgeLater = (removal: Removal<T>): void => {
    const { set, gone, kept } = removal;
    const uid = set?.metadata.uid ?? '';
    if (!set || set.metadata.deletionTimestamp || isRecent(disturbed.get(uid))) return;
    // By the next moment it is known who took the others that went at the same time, and what else has changed.
    clock.setTimeout(() => {
      if (isRecent(disturbed.get(uid))) return;
      const others = [...removals.values()].filter((one) => one.set?.metadata.uid === uid && !one.own);
      if (others.some(({ at }) => isRecent(at))) return;
      for (const violation of judge(cluster, set, gone, kept)) report(violation);
    }, 1);
  };

  subscriptions.add(
    cache.informer(kind as typeof StatefulSet).onChange((event) => {
      if (event.type === 'updated' && event.old.metadata.generation === event.object.metadata.generation) return;
      disturb(event.object.metadata.uid);
    }),
  );
  // Which nodes are to have a pod changes with what the nodes say of themselves.
  subscriptions.add(
    cache.informer(Node).onChange((event) => {
      if (event.type === 'updated' && event.old.spec?.taints === event.object.spec?.taints) return;
      for (const set of cache.list(kind as typeof StatefulSet)) disturb(set.metadata.uid);
    }),
  );
  subscriptions.add(
    cache.informer(Pod).onChange((event) => {
      const { object: pod } = event;
      const { namespace = '', name = '', uid = '' } = pod.metadata;
      const owner = controllerOf(pod);
      if (event.type !== 'updated') {
        if (event.type === 'deleted' && isActive(pod)) disturb(owner?.uid);
        return;
      }
      const { old } = event;
      if (controllerOf(old)?.uid !== owner?.uid) disturb(controllerOf(old)?.uid ?? owner?.uid);
      if (owner?.kind !== kind.kind) return;
      if (!old.metadata.deletionTimestamp && pod.metadata.deletionTimestamp) {
        const set = cache.get(kind as typeof StatefulSet, { namespace, name: owner.name }) as T | undefined;
        const kept = cache
          .informer(Pod)
          .ownedBy(owner.uid)
          .filter((other) => other.metadata.uid !== uid);
        removals.set(`${namespace}/${name}`, { at: clock.now(), set, gone: old, kept, own: false });
      } else if (isServing(old) && !isServing(pod)) disturb(owner.uid);
    }),
  );
  subscriptions.add(
    cluster.onWrite(({ component, what }) => {
      const key = component === controller && what.startsWith('delete Pod ') ? what.slice('delete Pod '.length) : '';
      const removal = removals.get(key);
      if (!removal || removal.own) return;
      removal.own = true;
      judgeLater(removal);
    }),
  );
  return subscriptions;
}
