import { missingName } from './missingName.ts';

/** A ConfigMap that a pod's volume or environment names. */
export const missingConfigMap = missingName({
  id: 'missing-config-map',
  title: 'A ConfigMap is named that nothing has',
  docs: `The pod waits in \`ContainerCreating\` or fails with \`CreateContainerConfigError\` until the ConfigMap is there.
Mark the reference \`optional: true\` when the pod can do without. Every namespace has \`kube-root-ca.crt\`.`,
  to: [{ group: '', kind: 'ConfigMap' }],
  withoutCluster: 'information',
  isEverywhere: (name) => name === 'kube-root-ca.crt',
  body: () => 'data: {}',
  example: {
    bad: `
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: nginx
      envFrom:
        - configMapRef:
            name: web-confg
#                 ^^^^^^^^^ warning: No ConfigMap "web-confg" in namespace "default", neither in the workspace nor in the cluster; did you mean "web-config"?
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: web-config
#- live
`,
    good: `
apiVersion: v1
kind: ConfigMap
metadata:
  name: web-config
---
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: nginx
      envFrom:
        - configMapRef:
            name: web-config
`,
  },
});
