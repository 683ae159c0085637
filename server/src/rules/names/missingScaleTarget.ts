import { missingName } from './missingName.ts';

const workloads = [
  { group: 'apps', kind: 'Deployment' },
  { group: 'apps', kind: 'StatefulSet' },
  { group: 'apps', kind: 'ReplicaSet' },
  { group: '', kind: 'ReplicationController' },
];

/** What a HorizontalPodAutoscaler scales. */
export const missingScaleTarget = missingName({
  id: 'missing-scale-target',
  title: 'An autoscaler scales a workload that nothing has',
  docs: 'The autoscaler says `FailedGetScale` in its events and does nothing. Name, kind and API group must all be right.',
  to: workloads,
  withoutCluster: 'warning',
  concerns: ({ from, path }) => from.gvk.kind === 'HorizontalPodAutoscaler' && path === 'spec.scaleTargetRef.name',
  example: {
    bad: `
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: web
spec:
  maxReplicas: 5
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: wbe
#         ^^^ warning: No Deployment "wbe" in namespace "default" of the workspace; did you mean "web"?
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
`,
    good: `
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: web
spec:
  maxReplicas: 5
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: web
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: web
          image: nginx
`,
  },
});
