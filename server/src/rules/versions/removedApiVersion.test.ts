/** Versions that are gone: what is said of them, and what the conversion writes. */
import { expect, test } from 'vitest';
import { removedApiVersion } from './removedApiVersion.ts';
import { removedVersion } from './removedVersions.ts';
import { kindOf } from '#common/kinds/allKinds.ts';
import { checkDiagnostics, checkFixes } from '../../testing/check.ts';

test('versions that are served are left alone', () => {
  expect(checkDiagnostics(removedApiVersion, 'apiVersion: batch/v1\nkind: CronJob\nmetadata:\n  name: a\n')).toEqual([]);
  expect(checkDiagnostics(removedApiVersion, 'apiVersion: example.com/v1beta1\nkind: Ingress\nmetadata:\n  name: a\n')).toEqual(
    [],
  );
});

test('nothing took the place of a PodSecurityPolicy, and there is no fix', () => {
  const [found] = checkDiagnostics(
    removedApiVersion,
    `apiVersion: policy/v1beta1
#           ^^^^^^^^^^^^^^ error: PodSecurityPolicy policy/v1beta1 was removed in Kubernetes 1.25; nothing took its place
kind: PodSecurityPolicy
metadata:
  name: a
`,
  );
  expect(found?.data).toBeUndefined();
});

test.each([
  ['extensions', 'v1beta1', 'Deployment', 'apps/v1'],
  ['networking.k8s.io', 'v1beta1', 'Ingress', 'networking.k8s.io/v1'],
  ['batch', 'v1beta1', 'CronJob', 'batch/v1'],
  ['autoscaling', 'v2beta2', 'HorizontalPodAutoscaler', 'autoscaling/v2'],
  ['flowcontrol.apiserver.k8s.io', 'v1beta3', 'FlowSchema', 'flowcontrol.apiserver.k8s.io/v1'],
])('%s/%s %s became %s, which is served', (group, version, kind, now) => {
  expect(removedVersion({ group, version, kind })?.now).toBe(now);
  const [nowGroup, nowVersion] = now.split('/') as [string, string];
  expect(kindOf(nowGroup, nowVersion, kind)).toBeDefined();
  expect(kindOf(group, version, kind)).toBeUndefined();
});

test("an Ingress' backends are converted, with comments kept", () => {
  checkFixes(
    removedApiVersion,
    `apiVersion: networking.k8s.io/v1beta1
kind: Ingress
metadata:
  name: shop
spec:
  backend:
    serviceName: fallback
    servicePort: http
  rules:
    - http:
        paths:
          - path: /a # the first
            backend:
              serviceName: a
              servicePort: 80
          - path: /b
            pathType: Prefix
            backend: {serviceName: b, servicePort: 81}
`,
    'Convert to networking.k8s.io/v1',
    `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
spec:
  defaultBackend:
    service:
      name: fallback
      port:
        name: http
  rules:
    - http:
        paths:
          - pathType: ImplementationSpecific
            path: /a # the first
            backend:
              service:
                name: a
                port:
                  number: 80
          - path: /b
            pathType: Prefix
            backend: {service: {name: b, port: {number: 81}}}
`,
  );
});

test('a Deployment gets the selector that its template implied', () => {
  checkFixes(
    removedApiVersion,
    `apiVersion: extensions/v1beta1
kind: Deployment
metadata:
  name: web
spec:
  template:
    metadata:
      labels:
        app: web
        tier: "1"
`,
    'Convert to apps/v1',
    `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels:
      app: web
      tier: "1"
  template:
    metadata:
      labels:
        app: web
        tier: "1"
`,
  );
});

test("an autoscaler's targets take their new form", () => {
  checkFixes(
    removedApiVersion,
    `apiVersion: autoscaling/v2beta1
kind: HorizontalPodAutoscaler
metadata:
  name: web
spec:
  metrics:
    - type: Resource
      resource:
        name: cpu
        targetAverageUtilization: 50
`,
    'Convert to autoscaling/v2',
    `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: web
spec:
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: 50
`,
  );
});
