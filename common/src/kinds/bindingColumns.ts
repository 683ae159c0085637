/** The wide columns of RoleBindings and ClusterRoleBindings: their subjects by kind. */
import type { RbacV1Subject } from '#common/schema/generated/types.ts';
import { textColumn } from './columns.ts';
import type { Column } from './defineKind.ts';

interface Binding {
  subjects?: RbacV1Subject[];
}

const subjects = (name: string, kind: string, text: (subject: RbacV1Subject) => string): Column<Binding> =>
  textColumn(
    name,
    (binding) =>
      (binding.subjects ?? [])
        .filter((subject) => subject.kind === kind)
        .map(text)
        .join(', '),
    1,
  );

export const bindingColumns: readonly Column<Binding>[] = [
  subjects('Users', 'User', (subject) => subject.name),
  subjects('Groups', 'Group', (subject) => subject.name),
  subjects('ServiceAccounts', 'ServiceAccount', (subject) => `${subject.namespace ?? ''}/${subject.name}`),
];
