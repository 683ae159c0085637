/** Lease (coordination.k8s.io/v1). */
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';

export const Lease = defineKind<api.Lease>({
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  namespaced: true,
  hasGeneration: false,
  createOnUpdate: true,
  unconditionalUpdate: false,
  columns: [nameColumn, ageColumn],
});
