/** Keeps the live pods of a ReplicaSet equal to spec.replicas. */
import { controllerOf } from '#common/api/meta.ts';
import { Pod } from '#common/kinds/pod.ts';
import { ReplicaSet } from '#common/kinds/replicaSet.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Cache } from '../client/client.ts';
import { indexOrphans, watchOrphans } from '../controller/adoption.ts';
import { defineController, done } from '../controller/controller.ts';
import { paceReplicas, reconcileReplicas } from './replicas/reconcileReplicas.ts';

export const replicaSetController = defineController<api.ReplicaSet>({
  name: 'replicaset-controller',
  writes: [ReplicaSet, Pod],
  for: ReplicaSet,
  owns: [Pod],
  watches: [watchOrphans(ReplicaSet, Pod, (set) => set.spec?.selector)],
  concurrency: 5,
  delayOf: paceReplicas(ReplicaSet),
  setup: (ctx) => indexOrphans(ctx.cache, Pod),
  async reconcile(ctx, key) {
    const set = ctx.cache.get(ReplicaSet, key);
    if (!set) return done;
    return reconcileReplicas(ctx, {
      kind: ReplicaSet,
      object: set,
      selector: set.spec?.selector,
      replicas: set.spec?.replicas ?? 1,
      minReadySeconds: set.spec?.minReadySeconds ?? 0,
      template: set.spec?.template,
      status: set.status,
      reportsTerminating: true,
      withStatus: (status) => ({ ...set, status }),
      siblings: (own) => podsOfSameDeployment(ctx.cache, set, own),
    });
  },
});

/** The pods of all ReplicaSets that the same controller owns: while a rollout goes on, they crowd a node together. */
function podsOfSameDeployment(cache: Cache, set: api.ReplicaSet, own: readonly api.Pod[]): readonly api.Pod[] {
  const owner = controllerOf(set);
  if (!owner) return own;
  const pods = cache.informer(Pod);
  return cache
    .informer(ReplicaSet)
    .ownedBy(owner.uid)
    .flatMap((sibling) => pods.ownedBy(sibling.metadata.uid ?? ''));
}
