/** VolumeAttributesClass (storage.k8s.io/v1). */
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';

export const VolumeAttributesClass = defineKind<api.VolumeAttributesClass>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'VolumeAttributesClass',
  plural: 'volumeattributesclasses',
  shortNames: ['vac'],
  namespaced: false,
  hasGeneration: false,
  deleteAnswersObject: true,
  columns: [nameColumn, ageColumn],
});
