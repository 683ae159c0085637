/** Keeps volumes that claims are bound to from going: their protection finalizer is removed when they are bound no more. */
import { PersistentVolume } from '#common/kinds/persistentVolume.ts';
import type * as api from '#common/schema/generated/types.ts';
import { defineController, done } from '../controller/controller.ts';
import { keepFinalizer } from './protectionFinalizer.ts';

const volumeFinalizer = 'kubernetes.io/pv-protection';

export const volumeProtectionController = defineController<api.PersistentVolume>({
  name: 'persistentvolume-protection-controller',
  writes: [PersistentVolume],
  account: 'pv-protection-controller',
  for: PersistentVolume,
  async reconcile(ctx, key) {
    const volume = ctx.cache.get(PersistentVolume, key);
    if (volume) await keepFinalizer(ctx, PersistentVolume, volume, volumeFinalizer, volume.status?.phase === 'Bound');
    return done;
  },
});
