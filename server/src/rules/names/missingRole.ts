import { missingName } from './missingName.ts';

const everywhere = new Set(['admin', 'cluster-admin', 'edit', 'view']);

/** The role that a binding gives. */
export const missingRole = missingName({
  id: 'missing-role',
  title: 'A binding gives a role that nothing has',
  docs: `The binding gives no rights until the role is there, and its role cannot be changed later. Every cluster has
\`cluster-admin\`, \`admin\`, \`edit\`, \`view\` and the \`system:\` roles.`,
  to: [
    { group: 'rbac.authorization.k8s.io', kind: 'Role' },
    { group: 'rbac.authorization.k8s.io', kind: 'ClusterRole' },
  ],
  withoutCluster: 'warning',
  isEverywhere: (name) => everywhere.has(name) || name.startsWith('system:'),
  body: () => 'rules: []',
  example: {
    bad: `
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: readers
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: reader
#       ^^^^^^ warning: No Role "reader" in namespace "default" of the workspace
`,
    good: `
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: readers
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: view
`,
  },
});
