import { missingName } from './missingName.ts';

/** A PriorityClass that a pod names. */
export const missingPriorityClass = missingName({
  id: 'missing-priority-class',
  title: 'A PriorityClass is named that nothing has',
  docs: `The API server refuses pods whose PriorityClass does not exist; a workload makes none and says so in its events. Every
cluster has \`system-cluster-critical\` and \`system-node-critical\`.`,
  to: [{ group: 'scheduling.k8s.io', kind: 'PriorityClass' }],
  withoutCluster: 'information',
  isEverywhere: (name) => name === 'system-cluster-critical' || name === 'system-node-critical',
  body: () => 'value: 1000',
  example: {
    bad: `
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  priorityClassName: high
#                    ^^^^ information: No PriorityClass "high" of the workspace
  containers:
    - name: web
      image: nginx
`,
    good: `
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata:
  name: high
value: 1000
---
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  priorityClassName: high
  containers:
    - name: web
      image: nginx
`,
  },
});
