/** VolumeAttachment (storage.k8s.io/v1). */
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';

export const VolumeAttachment = defineKind<api.VolumeAttachment>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'VolumeAttachment',
  plural: 'volumeattachments',
  namespaced: false,
  subresources: { status: true },
  hasGeneration: false,
  unconditionalUpdate: false,
  deleteAnswersObject: true,
  columns: [nameColumn, ageColumn],
});
