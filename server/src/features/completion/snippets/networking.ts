/** Whole objects that bring traffic to pods, or keep it away. */
import type { Snippet } from './snippet.ts';

export const networkingSnippets: readonly Snippet[] = [
  {
    label: 'Service',
    about: 'One address for the pods with these labels',
    text: `apiVersion: v1
kind: Service
metadata:
  name: \${1:web}
spec:
  selector:
    app: \${1:web}
  ports:
    - port: \${2:80}
      targetPort: \${3:80}
`,
  },
  {
    label: 'Service (NodePort)',
    about: 'Reached from outside through a port of every node',
    text: `apiVersion: v1
kind: Service
metadata:
  name: \${1:web}
spec:
  type: NodePort
  selector:
    app: \${1:web}
  ports:
    - port: \${2:80}
      targetPort: \${3:80}
      nodePort: \${4:30080}
`,
  },
  {
    label: 'Service (headless)',
    about: 'No address of its own: names lead to the pods themselves',
    text: `apiVersion: v1
kind: Service
metadata:
  name: \${1:db}
spec:
  clusterIP: None
  selector:
    app: \${1:db}
  ports:
    - port: \${2:5432}
`,
  },
  {
    label: 'Ingress',
    about: 'HTTP by host and path to Services',
    text: `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: \${1:web}
spec:
  rules:
    - host: \${2:web.example.com}
      http:
        paths:
          - path: \${3:/}
            pathType: Prefix
            backend:
              service:
                name: \${1:web}
                port:
                  number: \${4:80}
`,
  },
  {
    label: 'IngressClass',
    about: 'Which controller carries Ingresses out',
    text: `apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata:
  name: \${1:nginx}
spec:
  controller: \${2:k8s.io/ingress-nginx}
`,
  },
  {
    label: 'NetworkPolicy',
    about: 'Which pods may reach these pods',
    text: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: \${1:web}
spec:
  podSelector:
    matchLabels:
      app: \${1:web}
  policyTypes: [Ingress]
  ingress:
    - from:
        - podSelector:
            matchLabels:
              app: \${2:gateway}
      ports:
        - port: \${3:80}
`,
  },
  {
    label: 'NetworkPolicy (deny all)',
    about: 'Nothing reaches the pods of the namespace unless another policy allows it',
    text: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: \${1:deny-all}
spec:
  podSelector: {}
  policyTypes: [Ingress]
`,
  },
  {
    label: 'EndpointSlice',
    about: 'Addresses of a Service that selects no pods',
    text: `apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: \${1:external}-1
  labels:
    kubernetes.io/service-name: \${1:external}
addressType: IPv4
ports:
  - port: \${2:443}
endpoints:
  - addresses: [\${3:192.0.2.10}]
`,
  },
];
