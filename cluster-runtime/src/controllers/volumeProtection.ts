/**
 * Keeps claims that pods use, and volumes that claims are bound to, from going: their protection finalizer is removed
 * only when nobody needs them any more.
 */
import { keyOf, keyText, type KubeObject, type ObjectKey } from '#common/api/meta.ts';
import { hasReason } from '#common/api/status.ts';
import { PersistentVolume } from '#common/kinds/persistentVolume.ts';
import { PersistentVolumeClaim } from '#common/kinds/persistentVolumeClaim.ts';
import { Pod } from '#common/kinds/pod.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import type * as api from '#common/schema/generated/types.ts';
import { defineController, defineWatch, done, type ReconcileContext } from '../controller/controller.ts';

const claimFinalizer = 'kubernetes.io/pvc-protection';
const volumeFinalizer = 'kubernetes.io/pv-protection';
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
    const used = ctx.cache.informer(Pod).byIndex(claimIndex, keyText(key)).some((pod) => Boolean(pod.spec?.nodeName));
    await keepFinalizer(ctx, PersistentVolumeClaim, claim, claimFinalizer, used);
    return done;
  },
});

export const volumeProtectionController = defineController<api.PersistentVolume>({
  name: 'persistentvolume-protection-controller',
  account: 'pv-protection-controller',
  for: PersistentVolume,
  async reconcile(ctx, key) {
    const volume = ctx.cache.get(PersistentVolume, key);
    if (volume) await keepFinalizer(ctx, PersistentVolume, volume, volumeFinalizer, volume.status?.phase === 'Bound');
    return done;
  },
});

/** An object that is being deleted loses the finalizer when it is not in use; any other has it. */
async function keepFinalizer<T extends KubeObject>(
  ctx: ReconcileContext,
  kind: KindDefinition<T>,
  object: T,
  finalizer: string,
  inUse: boolean,
): Promise<void> {
  const { finalizers = [], deletionTimestamp, resourceVersion } = object.metadata;
  const has = finalizers.includes(finalizer);
  if (deletionTimestamp ? !has || inUse : has) return;
  const wanted = deletionTimestamp ? finalizers.filter((one) => one !== finalizer) : [...finalizers, finalizer];
  try {
    await ctx.client.patch(kind, keyOf(object), 'merge', { metadata: { resourceVersion, finalizers: wanted.length > 0 ? wanted : null } });
  } catch (error) {
    if (!hasReason(error, 'NotFound')) throw error;
  }
}
