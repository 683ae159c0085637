/** Claims with the volume that each has, and the cluster's volumes and classes. */
import type * as api from '#common/schema/generated/types.ts';
import type { KubeObject } from '#common/api/meta.ts';
import type { TreeRow } from '#common/protocol/webview.ts';
import { claimFacts, storageClassFacts, volumeFacts } from '../facts/configFacts.ts';
import { ownRow, type RowSources } from './ownRow.ts';
import { groupId } from './places.ts';

export function claimRows(object: KubeObject, sources: RowSources): TreeRow[] {
  const claim = object as api.PersistentVolumeClaim;
  const row = {
    ...ownRow('PersistentVolumeClaim', object, claimFacts(claim)),
    parent: groupId(object.metadata.namespace ?? '', 'storage'),
  };
  const volume = claim.spec?.volumeName ? sources.volume(claim.spec.volumeName) : undefined;
  if (!volume) return [row];
  const link = ownRow('Volume', volume, volumeFacts(volume));
  return [row, { ...link, id: `${row.id}/volume`, parent: row.id, part: true }];
}

export const volumeRows = (object: KubeObject): TreeRow[] => {
  const row = ownRow('PersistentVolume', object, volumeFacts(object as api.PersistentVolume));
  return [{ ...row, order: `1${row.order}`, parent: groupId('', 'storage') }];
};

export const storageClassRows = (object: KubeObject, { texts }: RowSources): TreeRow[] => {
  const row = ownRow('StorageClass', object, storageClassFacts(object as api.StorageClass, texts));
  return [{ ...row, order: `0${row.order}`, parent: groupId('', 'storage') }];
};
