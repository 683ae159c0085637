import { missingName } from './missingName.ts';

/** An IngressClass that an Ingress names. */
export const missingIngressClass = missingName({
  id: 'missing-ingress-class',
  title: 'An IngressClass is named that the cluster does not have',
  docs: 'No controller acts on the Ingress. Clusters bring their own classes, so that this is told only while a cluster is known.',
  to: [{ group: 'networking.k8s.io', kind: 'IngressClass' }],
  withoutCluster: undefined,
  example: {
    bad: `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
spec:
  ingressClassName: ngnix
#                   ^^^^^ warning: No IngressClass "ngnix", neither in the workspace nor in the cluster; did you mean "nginx"?
  defaultBackend:
    service:
      name: shop
      port:
        number: 80
#- live
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata:
  name: nginx
spec:
  controller: k8s.io/ingress-nginx
`,
    good: `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
spec:
  ingressClassName: nginx
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
