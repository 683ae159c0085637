/** PersistentVolume (v1). */
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';

export const PersistentVolume = defineKind<api.PersistentVolume>({
  group: '',
  version: 'v1',
  kind: 'PersistentVolume',
  plural: 'persistentvolumes',
  shortNames: ['pv'],
  namespaced: false,
  subresources: { status: true },
  hasGeneration: false,
  deleteAnswersObject: true,
  columns: [nameColumn, ageColumn],
});
