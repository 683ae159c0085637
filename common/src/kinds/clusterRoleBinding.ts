/** ClusterRoleBinding (rbac.authorization.k8s.io/v1): who has a ClusterRole, everywhere. The role cannot be exchanged. */
import type * as api from '#common/schema/generated/types.ts';
import { bindingColumns } from './bindingColumns.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';
import { pathSegmentName } from './validation/objectNames.ts';
import { defaultBinding, validateRoleRef, validateRoleRefUpdate, validateSubjects } from './validation/rbac.ts';

export const ClusterRoleBinding = defineKind<api.ClusterRoleBinding>({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'ClusterRoleBinding',
  plural: 'clusterrolebindings',
  namespaced: false,
  hasGeneration: false,
  createOnUpdate: true,
  validateName: pathSegmentName,
  applyDefaults: defaultBinding,
  validate: (binding) => [...validateRoleRef(binding.roleRef, ['ClusterRole']), ...validateSubjects(binding.subjects, false)],
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
