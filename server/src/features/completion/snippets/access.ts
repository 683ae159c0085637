/** Whole objects that say who may do what, and what is let in. */
import type { Snippet } from './snippet.ts';

export const accessSnippets: readonly Snippet[] = [
  {
    label: 'ServiceAccount',
    about: 'Who a pod is for the API',
    text: `apiVersion: v1
kind: ServiceAccount
metadata:
  name: \${1:app}
`,
  },
  {
    label: 'Role',
    about: 'What may be done in a namespace',
    text: `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: \${1:reader}
rules:
  - apiGroups: [""]
    resources: [\${2:pods}]
    verbs: [get, list, watch]
`,
  },
  {
    label: 'RoleBinding',
    about: 'Gives a Role to somebody, in a namespace',
    text: `apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: \${1:reader}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: \${2:Role}
  name: \${1:reader}
subjects:
  - kind: ServiceAccount
    name: \${3:app}
    namespace: \${4:default}
`,
  },
  {
    label: 'ClusterRole',
    about: 'What may be done in all namespaces, and with what is in none',
    text: `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: \${1:reader}
rules:
  - apiGroups: [""]
    resources: [\${2:nodes}]
    verbs: [get, list, watch]
`,
  },
  {
    label: 'ClusterRoleBinding',
    about: 'Gives a ClusterRole to somebody, everywhere',
    text: `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: \${1:reader}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: \${1:reader}
subjects:
  - kind: ServiceAccount
    name: \${2:app}
    namespace: \${3:default}
`,
  },
  {
    label: 'CustomResourceDefinition',
    about: 'A kind of one’s own',
    text: `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: \${1:widgets}.\${2:example.com}
spec:
  group: \${2:example.com}
  scope: Namespaced
  names:
    kind: \${3:Widget}
    plural: \${1:widgets}
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              properties:
                \${4:size}:
                  type: \${5:integer}
`,
  },
  {
    label: 'ValidatingAdmissionPolicy',
    about: 'Refuses objects by an expression',
    text: `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata:
  name: \${1:replicas-limit}
spec:
  matchConstraints:
    resourceRules:
      - apiGroups: [apps]
        apiVersions: [v1]
        operations: [CREATE, UPDATE]
        resources: [deployments]
  validations:
    - expression: "\${2:object.spec.replicas <= 5}"
      message: \${3:no more than 5 replicas}
`,
  },
  {
    label: 'ValidatingAdmissionPolicyBinding',
    about: 'Puts a ValidatingAdmissionPolicy in force',
    text: `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata:
  name: \${1:replicas-limit}
spec:
  policyName: \${1:replicas-limit}
  validationActions: [Deny]
`,
  },
  {
    label: 'ValidatingWebhookConfiguration',
    about: 'Asks a server whether objects are let in',
    text: `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata:
  name: \${1:checks}
webhooks:
  - name: \${2:checks.example.com}
    admissionReviewVersions: [v1]
    sideEffects: None
    failurePolicy: Fail
    clientConfig:
      service:
        name: \${3:webhook}
        namespace: \${4:default}
        path: /validate
    rules:
      - apiGroups: [""]
        apiVersions: [v1]
        operations: [CREATE]
        resources: [pods]
`,
  },
  {
    label: 'Lease',
    about: 'Who leads, for how long',
    text: `apiVersion: coordination.k8s.io/v1
kind: Lease
metadata:
  name: \${1:leader}
spec:
  holderIdentity: \${2:one}
  leaseDurationSeconds: \${3:15}
`,
  },
  {
    label: 'Machine',
    about: 'A simulated node of the playground',
    text: `apiVersion: playground.kube/v1alpha1
kind: Machine
metadata:
  name: \${1:worker}
spec:
  power: On
`,
  },
];
