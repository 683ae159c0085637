/** CSIStorageCapacity (storage.k8s.io/v1). */
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';

export const CSIStorageCapacity = defineKind<api.CSIStorageCapacity>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSIStorageCapacity',
  plural: 'csistoragecapacities',
  namespaced: true,
  hasGeneration: false,
  unconditionalUpdate: false,
  columns: [nameColumn, ageColumn],
});
