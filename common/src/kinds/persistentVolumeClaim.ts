/** PersistentVolumeClaim (v1). */
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';

export const PersistentVolumeClaim = defineKind<api.PersistentVolumeClaim>({
  group: '',
  version: 'v1',
  kind: 'PersistentVolumeClaim',
  plural: 'persistentvolumeclaims',
  shortNames: ['pvc'],
  namespaced: true,
  subresources: { status: true },
  hasGeneration: false,
  deleteAnswersObject: true,
  columns: [nameColumn, ageColumn],
});
