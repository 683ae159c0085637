import { missingName } from './missingName.ts';

/** A Secret that a volume, an environment, an Ingress' certificate or an image pull names. */
export const missingSecret = missingName({
  id: 'missing-secret',
  title: 'A Secret is named that nothing has',
  docs: `The pod waits until the Secret is there; an Ingress answers without its certificate. Secrets that cert-manager,
External Secrets or Sealed Secrets make from objects of the workspace count as present.`,
  to: [{ group: '', kind: 'Secret' }],
  withoutCluster: 'information',
  concerns: ({ from, path }) => !(path.startsWith('spec.tls') && isMadeByAnnotation(from.document.value)),
  body: () => 'stringData: {}',
  example: {
    bad: `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
spec:
  tls:
    - secretName: shop-tls
#                 ^^^^^^^^ information: No Secret "shop-tls" in namespace "default" of the workspace
  defaultBackend:
    service:
      name: shop
      port:
        number: 80
`,
    good: `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    cert-manager.io/cluster-issuer: letsencrypt
spec:
  tls:
    - secretName: shop-tls
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

/** An Ingress that asks cert-manager for its certificate gets the Secret from there. */
function isMadeByAnnotation(value: unknown): boolean {
  const { annotations } = (value as { metadata?: { annotations?: Record<string, unknown> | null } }).metadata ?? {};
  return Object.keys(annotations ?? {}).some((key) => key.startsWith('cert-manager.io/') || key === 'kubernetes.io/tls-acme');
}
