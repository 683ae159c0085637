import { missingName } from './missingName.ts';

/** A ServiceAccount that a pod runs as, or that a binding gives rights to. */
export const missingServiceAccount = missingName({
  id: 'missing-service-account',
  title: 'A ServiceAccount is named that nothing has',
  docs: `No pod is made under a ServiceAccount that does not exist: \`pods "…" is forbidden\` stands in the events of the workload,
and nothing else. Every namespace has \`default\`.`,
  to: [{ group: '', kind: 'ServiceAccount' }],
  withoutCluster: 'warning',
  isEverywhere: (name) => name === 'default',
  // The system's own accounts are in every cluster.
  concerns: ({ namespace }) => namespace !== 'kube-system',
  body: () => '',
  example: {
    bad: `
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  serviceAccountName: robot
#                     ^^^^^ warning: No ServiceAccount "robot" in namespace "default" of the workspace
  containers:
    - name: web
      image: nginx
`,
    good: `
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  serviceAccountName: default
  containers:
    - name: web
      image: nginx
`,
  },
});
