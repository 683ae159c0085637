/** RoleBinding (rbac.authorization.k8s.io/v1): who has a role, in one namespace. The role cannot be exchanged. */
import type * as api from '#common/schema/generated/types.ts';
import { bindingColumns } from './bindingColumns.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';
import { pathSegmentName } from './validation/objectNames.ts';
import { defaultBinding, validateRoleRef, validateRoleRefUpdate, validateSubjects } from './validation/rbac.ts';

export const RoleBinding = defineKind<api.RoleBinding>({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'RoleBinding',
  plural: 'rolebindings',
  namespaced: true,
  hasGeneration: false,
  createOnUpdate: true,
  validateName: pathSegmentName,
  applyDefaults: defaultBinding,
  validate: (binding) => [
    ...validateRoleRef(binding.roleRef, ['Role', 'ClusterRole']),
    ...validateSubjects(binding.subjects, true),
  ],
  validateUpdate: (binding, old) => validateRoleRefUpdate(binding.roleRef, old.roleRef),
  columns: [
    nameColumn,
    textColumn('Role', (binding) => `${binding.roleRef.kind}/${binding.roleRef.name}`),
    ageColumn,
    ...bindingColumns,
  ],
  references: [
    { type: 'object', path: 'roleRef' },
    { type: 'object', path: 'subjects[]' },
  ],
});
