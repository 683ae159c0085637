/** Role (rbac.authorization.k8s.io/v1). */
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';

export const Role = defineKind<api.Role>({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'Role',
  plural: 'roles',
  namespaced: true,
  hasGeneration: false,
  createOnUpdate: true,
  columns: [nameColumn, ageColumn],
});
