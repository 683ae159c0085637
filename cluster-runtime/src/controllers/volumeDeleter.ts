/**
 * The other half of the simulated provisioner: deletes the volumes that it made, once their claims are gone and no node
 * has them attached. The files go with the object; the kubelets see to that.
 */
import { keyOf } from '#common/api/meta.ts';
import { hasReason } from '#common/api/status.ts';
import { PersistentVolume } from '#common/kinds/persistentVolume.ts';
import { VolumeAttachment } from '#common/kinds/volumeAttachment.ts';
import type * as api from '#common/schema/generated/types.ts';
import { defineController, defineWatch, done } from '../controller/controller.ts';
import { isSimulatedProvisioner, simulatedDriver } from '../controller/simulatedDriver.ts';
import { attachmentIndex, indexAttachments } from '../controller/csiAttachments.ts';
import { provisionedBy } from './volumeBinding/names.ts';
import { provisionerFinalizer } from './volumeBinding/provisionedVolume.ts';

export const volumeDeleterController = defineController<api.PersistentVolume>({
  name: 'csi-provisioner-deleter',
  account: 'csi-provisioner',
  eventSource: simulatedDriver,
  for: PersistentVolume,
  concurrency: 8,
  writes: [PersistentVolume],
  watches: [
    defineWatch<api.VolumeAttachment>({
      kind: VolumeAttachment,
      keysFor: ({ type, object }) => {
        const name = object.spec.source.persistentVolumeName;
        return type === 'deleted' && name ? [{ namespace: '', name }] : [];
      },
    }),
  ],
  setup: ({ cache }) => indexAttachments(cache),
  async reconcile(ctx, key) {
    const volume = ctx.cache.get(PersistentVolume, key);
    if (!volume || !isSimulatedProvisioner(volume.metadata.annotations?.[provisionedBy])) return done;
    if (!isDue(volume)) return done;
    const [attachment] = ctx.cache.informer(VolumeAttachment).byIndex(attachmentIndex, key.name);
    if (attachment) {
      const message = `persistentvolume ${key.name} is still attached to node ${attachment.spec.nodeName}`;
      ctx.events.event(volume, 'Warning', 'VolumeFailedDelete', message);
      return done;
    }
    try {
      if (!volume.metadata.deletionTimestamp) {
        await ctx.client.delete(PersistentVolume, key, { preconditions: { uid: volume.metadata.uid ?? '' } });
        return done;
      }
      const { finalizers = [], resourceVersion } = volume.metadata;
      const rest = finalizers.filter((finalizer) => finalizer !== provisionerFinalizer);
      if (rest.length === finalizers.length) return done;
      const metadata = { resourceVersion, finalizers: rest.length > 0 ? rest : null };
      await ctx.client.patch(PersistentVolume, keyOf(volume), 'merge', { metadata });
    } catch (error) {
      if (!hasReason(error, 'NotFound')) throw error;
    }
    return done;
  },
});

/** Its claim is gone and its storage is to go, or somebody deletes a volume that no claim has. */
function isDue({ metadata, spec, status }: api.PersistentVolume): boolean {
  if (metadata.deletionTimestamp) return status?.phase !== 'Bound';
  return status?.phase === 'Released' && spec?.persistentVolumeReclaimPolicy === 'Delete';
}
