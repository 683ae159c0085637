import { missingName } from './missingName.ts';

/** A Service that an Ingress sends to, that gives a StatefulSet's pods their names, or that a webhook calls. */
export const missingService = missingName({
  id: 'missing-service',
  title: 'A Service is named that nothing has',
  docs: `An Ingress answers 503 for such a backend. The pods of a StatefulSet get no DNS names of their own without the (headless)
Service that \`serviceName\` names.`,
  to: [{ group: '', kind: 'Service' }],
  withoutCluster: 'warning',
  concerns: ({ namespace, name }) => !(namespace === 'default' && name === 'kubernetes'),
  body: ({ from, path }) =>
    path === 'spec.serviceName'
      ? `spec:\n  clusterIP: None\n  selector:${selectorLines(from.owners.at(-1)?.labels ?? {})}\n  ports:\n    - port: 80`
      : `spec:\n  selector:\n    app: ${from.name}\n  ports:\n    - port: 80`,
  example: {
    bad: `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
spec:
  defaultBackend:
    service:
      name: shopp
#           ^^^^^ warning: No Service "shopp" in namespace "default" of the workspace; did you mean "shop"?
      port:
        number: 80
---
apiVersion: v1
kind: Service
metadata:
  name: shop
spec:
  ports:
    - port: 80
`,
    good: `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
spec:
  defaultBackend:
    service:
      name: shop
      port:
        number: 80
---
apiVersion: v1
kind: Service
metadata:
  name: shop
spec:
  ports:
    - port: 80
`,
  },
});

const selectorLines = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([key, value]) => `\n    ${key}: ${value}`)
    .join('');
