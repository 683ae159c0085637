import { describe, expect, test } from 'vitest';
import type { Ingress, Pod, Service } from '#common/schema/generated/types.ts';
import { bestPod, containerPorts, ingressTargets, servicePorts, serviceUrl, targetIn } from './ports.ts';

const service = (spec: Service['spec'], status?: Service['status']): Service => ({
  metadata: { name: 'web' },
  ...(spec ? { spec } : {}),
  ...(status ? { status } : {}),
});

describe('where a Service answers', () => {
  const nodes = [{ metadata: {}, status: { addresses: [{ type: 'InternalIP', address: '10.0.0.7' }] } }];
  test.each<[string, Service, boolean, string | undefined]>([
    [
      'a NodePort of the playground',
      service({ type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] }),
      true,
      'http://127.0.0.1:30080',
    ],
    [
      'a load balancer of the playground',
      service({ type: 'LoadBalancer', ports: [{ port: 443, nodePort: 30443 }] }),
      true,
      'https://127.0.0.1:30443',
    ],
    ['a ClusterIP: nowhere', service({ type: 'ClusterIP', ports: [{ port: 80 }] }), true, undefined],
    [
      'a NodePort elsewhere',
      service({ type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] }),
      false,
      'http://10.0.0.7:30080',
    ],
    [
      'a load balancer elsewhere',
      service(
        { type: 'LoadBalancer', ports: [{ port: 80, nodePort: 30080 }] },
        { loadBalancer: { ingress: [{ ip: 'fd00::1' }] } },
      ),
      false,
      'http://[fd00::1]:80',
    ],
    ['another name', service({ type: 'ExternalName', externalName: 'example.org' }), false, 'http://example.org'],
    ['UDP: nowhere', service({ type: 'NodePort', ports: [{ port: 53, nodePort: 30053, protocol: 'UDP' }] }), true, undefined],
  ])('%s', (_case, object, playground, expected) => {
    expect(serviceUrl(object, playground, nodes)).toBe(expected);
  });
});

describe('ports', () => {
  const pod: Pod = {
    metadata: { name: 'web' },
    spec: {
      containers: [
        {
          name: 'a',
          ports: [
            { containerPort: 8080, name: 'web' },
            { containerPort: 53, protocol: 'UDP' },
          ],
        },
        { name: 'b', ports: [{ containerPort: 8443 }] },
      ],
    },
  };
  test('of containers, TCP only', () => {
    expect(containerPorts(pod.spec)).toEqual([
      { port: 8080, name: 'web', target: 8080, secure: false },
      { port: 8443, target: 8443, secure: true },
    ]);
  });
  test.each<[number | string, number | undefined]>([
    [80, 80],
    ['81', 81],
    ['web', 8080],
    ['nothing', undefined],
  ])('a target %j is %j in the pod', (target, expected) => expect(targetIn(pod, target)).toBe(expected));
  test('of a Service lead to its target, by default the same number', () => {
    const ports = servicePorts(service({ ports: [{ port: 80, targetPort: 'web' }, { port: 90 }] }));
    expect(ports.map(({ port, target }) => [port, target])).toEqual([
      [80, 'web'],
      [90, 90],
    ]);
  });
});

test('a ready pod is better than a running one, and one that goes is none', () => {
  const at = (name: string, phase: string, ready: boolean, going = false): Pod => ({
    metadata: { name, ...(going ? { deletionTimestamp: 'now' } : {}) },
    status: { phase, conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
  });
  expect(bestPod([at('a', 'Running', false), at('b', 'Running', true, true), at('c', 'Running', true)])?.metadata.name).toBe('c');
  expect(bestPod([at('a', 'Pending', false), at('b', 'Running', false)])?.metadata.name).toBe('b');
  expect(bestPod([at('a', 'Succeeded', false)])).toBeUndefined();
});

test('the Services behind an Ingress, one per path', () => {
  const ingress: Ingress = {
    metadata: { name: 'shop' },
    spec: {
      defaultBackend: { service: { name: 'home', port: { number: 80 } } },
      rules: [
        {
          host: 'shop.example',
          http: {
            paths: [{ path: '/cart', pathType: 'Prefix', backend: { service: { name: 'cart', port: { name: 'http' } } } }],
          },
        },
        { http: { paths: [{ path: '/x', pathType: 'Exact', backend: { resource: { kind: 'Bucket', name: 'x' } } }] } },
      ],
    },
  };
  expect(ingressTargets(ingress).map(({ title, path }) => [title, path])).toEqual([
    ['shop.example/cart → cart:http', '/cart'],
    ['* → home:80', '/'],
  ]);
});
