/** CSIDriver (storage.k8s.io/v1). */
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';

export const CSIDriver = defineKind<api.CSIDriver>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSIDriver',
  plural: 'csidrivers',
  namespaced: false,
  hasGeneration: false,
  unconditionalUpdate: false,
  deleteAnswersObject: true,
  columns: [nameColumn, ageColumn],
});
