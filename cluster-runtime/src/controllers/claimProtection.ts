/** Keeps claims that pods use from going: their protection finalizer is removed when no pod on a node uses them any more. */
import { keyText, type ObjectKey } from '#common/api/meta.ts';
import { PersistentVolumeClaim } from '#common/kinds/persistentVolumeClaim.ts';
import { Pod } from '#common/kinds/pod.ts';
import type * as api from '#common/schema/generated/types.ts';
import { defineController, defineWatch, done } from '../controller/controller.ts';
import { keepFinalizer } from './protectionFinalizer.ts';

const claimFinalizer = 'kubernetes.io/pvc-protection';
const claimIndex = 'claim';

/** The claims that a pod's volumes name, generic ephemeral ones included. */
function claimsOf(pod: api.Pod): ObjectKey[] {
  const { namespace = '', name } = pod.metadata;
  return (pod.spec?.volumes ?? []).flatMap((volume) => {
    const claim = volume.persistentVolumeClaim?.claimName ?? (volume.ephemeral ? `${name}-${volume.name}` : undefined);
    return claim === undefined ? [] : [{ namespace, name: claim }];
  });
}

export const claimProtectionController = defineController<api.PersistentVolumeClaim>({
  name: 'persistentvolumeclaim-protection-controller',
  account: 'pvc-protection-controller',
  for: PersistentVolumeClaim,
  watches: [defineWatch<api.Pod>({ kind: Pod, keysFor: (event) => (event.type === 'deleted' ? claimsOf(event.object) : []) })],
  setup(ctx) {
    ctx.cache.informer(Pod).addIndex(claimIndex, (pod) => claimsOf(pod).map(keyText));
  },
  async reconcile(ctx, key) {
    const claim = ctx.cache.get(PersistentVolumeClaim, key);
    if (!claim) return done;
    // A pod without a node cannot start any more once its claim is being deleted, so it does not hold the claim.
    const used = ctx.cache
      .informer(Pod)
      .byIndex(claimIndex, keyText(key))
      .some((pod) => Boolean(pod.spec?.nodeName));
    await keepFinalizer(ctx, PersistentVolumeClaim, claim, claimFinalizer, used);
    return done;
  },
});
