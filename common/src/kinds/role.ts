/** Role (rbac.authorization.k8s.io/v1): what may be done in one namespace. */
import type * as api from '#common/schema/generated/types.ts';
import { createdAtColumn, nameColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';
import { pathSegmentName } from './validation/objectNames.ts';
import { nullEmptyRules, validateRules } from './validation/rbac.ts';

export const Role = defineKind<api.Role>({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'Role',
  plural: 'roles',
  namespaced: true,
  hasGeneration: false,
  createOnUpdate: true,
  applyDefaults: nullEmptyRules,
  validateName: pathSegmentName,
  validate: (role) => validateRules(role.rules, true),
  columns: [nameColumn, createdAtColumn],
});
