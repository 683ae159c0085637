/** What attaching knows of a volume: whether it is attached at all, under which names, and to how many nodes at once. */
import { createHash } from 'node:crypto';
import { CSIDriver } from '#common/kinds/csiDriver.ts';
import { VolumeAttachment } from '#common/kinds/volumeAttachment.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Cache } from '../client/client.ts';

export const attachmentIndex = 'attachment/volume';

export function indexAttachments(cache: Cache): void {
  cache
    .informer(VolumeAttachment)
    .addIndex(attachmentIndex, ({ spec }) => (spec.source.persistentVolumeName ? [spec.source.persistentVolumeName] : []));
}

/** The name that an attachment has by the volume, its driver and the node. */
export function attachmentName({ driver, volumeHandle }: api.CSIPersistentVolumeSource, node: string): string {
  return `csi-${createHash('sha256').update(`${volumeHandle}${driver}${node}`).digest('hex')}`;
}

/** The volume as a node's status names it. */
export const attachedName = ({ driver, volumeHandle }: api.CSIPersistentVolumeSource): string =>
  `kubernetes.io/csi/${driver}^${volumeHandle}`;

/** Drivers attach unless their object says that they need not. */
export const needsAttaching = (cache: Cache, { driver }: api.CSIPersistentVolumeSource): boolean =>
  cache.get(CSIDriver, { namespace: '', name: driver })?.spec.attachRequired !== false;

/** Whether the volume may be on several nodes at a time. */
export const isShareable = ({ spec }: api.PersistentVolume): boolean =>
  (spec?.accessModes ?? []).some((mode) => mode === 'ReadWriteMany' || mode === 'ReadOnlyMany');
