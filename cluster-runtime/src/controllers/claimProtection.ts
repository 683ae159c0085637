/** Keeps claims that pods use from going: their protection finalizer is removed when no pod on a node uses them any more. */
import { keyText } from '#common/api/meta.ts';
import { PersistentVolumeClaim } from '#common/kinds/persistentVolumeClaim.ts';
import { Pod } from '#common/kinds/pod.ts';
import type * as api from '#common/schema/generated/types.ts';
import { defineController, defineWatch, done } from '../controller/controller.ts';
import { keepFinalizer } from './protectionFinalizer.ts';
import { claimKeysOf } from './volumeBinding/claimsOfPod.ts';

const claimFinalizer = 'kubernetes.io/pvc-protection';
const claimIndex = 'claim';

export const claimProtectionController = defineController<api.PersistentVolumeClaim>({
  name: 'persistentvolumeclaim-protection-controller',
  writes: [PersistentVolumeClaim],
  account: 'pvc-protection-controller',
  for: PersistentVolumeClaim,
  watches: [
    defineWatch<api.Pod>({
      kind: Pod,
      keysFor: ({ type, object }) => (type === 'deleted' || isShutDown(object) ? claimKeysOf(object) : []),
    }),
  ],
  setup(ctx) {
    ctx.cache.informer(Pod).addIndex(claimIndex, (pod) => claimKeysOf(pod).map(keyText));
  },
  async reconcile(ctx, key) {
    const claim = ctx.cache.get(PersistentVolumeClaim, key);
    if (!claim) return done;
    // A pod without a node cannot start any more once its claim is being deleted, so it does not hold the claim.
    const used = ctx.cache
      .informer(Pod)
      .byIndex(claimIndex, keyText(key))
      .some((pod) => Boolean(pod.spec?.nodeName) && !(isShutDown(pod) && isOwnedBy(claim, pod)));
    await keepFinalizer(ctx, PersistentVolumeClaim, claim, claimFinalizer, used);
    return done;
  },
});

/** Its kubelet is done with it, and only finalizers keep it. */
const isShutDown = ({ metadata }: api.Pod): boolean =>
  metadata.deletionTimestamp !== undefined && metadata.deletionGracePeriodSeconds === 0;

/** A pod that is deleted in the foreground waits for its own (ephemeral) claims, which must not wait for it in turn. */
const isOwnedBy = (claim: api.PersistentVolumeClaim, pod: api.Pod): boolean =>
  claim.metadata.ownerReferences?.some(({ uid, controller }) => controller && uid === pod.metadata.uid) ?? false;
