/** Keeps the live pods of a ReplicationController equal to spec.replicas: a ReplicaSet with a plainer selector. */
import type { LabelSelector } from '#common/api/meta.ts';
import { Pod } from '#common/kinds/pod.ts';
import { ReplicationController } from '#common/kinds/replicationController.ts';
import type * as api from '#common/schema/generated/types.ts';
import { indexOrphans, watchOrphans } from '../controller/adoption.ts';
import { defineController, done } from '../controller/controller.ts';
import { paceReplicas, reconcileReplicas } from './replicas/reconcileReplicas.ts';

const selectorOf = (controller: api.ReplicationController): LabelSelector | undefined =>
  controller.spec?.selector && { matchLabels: controller.spec.selector };

export const replicationControllerController = defineController<api.ReplicationController>({
  name: 'replication-controller',
  writes: [ReplicationController, Pod],
  for: ReplicationController,
  owns: [Pod],
  watches: [watchOrphans(ReplicationController, Pod, selectorOf)],
  concurrency: 5,
  delayOf: paceReplicas(ReplicationController),
  setup: (ctx) => indexOrphans(ctx.cache, Pod),
  async reconcile(ctx, key) {
    const controller = ctx.cache.get(ReplicationController, key);
    if (!controller) return done;
    return reconcileReplicas(ctx, {
      kind: ReplicationController,
      object: controller,
      selector: selectorOf(controller),
      replicas: controller.spec?.replicas ?? 1,
      minReadySeconds: controller.spec?.minReadySeconds ?? 0,
      template: controller.spec?.template,
      status: controller.status,
      reportsTerminating: false,
      withStatus: (status) => ({ ...controller, status }),
      siblings: (own) => own,
    });
  },
});
