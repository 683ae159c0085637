import { expect, it } from 'vitest';
import type * as api from '#common/schema/generated/types.ts';
import { podSpecWarnings } from './warnings.ts';

const warningsOf = (spec: object, metadata: api.ObjectMeta = {}): string[] =>
  podSpecWarnings({ containers: [{ name: 'c' }], ...spec } as api.PodSpec, metadata, { spec: 'spec', metadata: 'metadata' });

// Answers of Kubernetes 1.36.3.
it.each<[string, object, string[]]>([
  ['nothing', {}, []],
  [
    'a node label that has moved',
    { nodeSelector: { 'beta.kubernetes.io/os': 'linux' } },
    ['spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead'],
  ],
  [
    'a variable that hides another',
    {
      containers: [
        {
          name: 'c',
          env: [
            { name: 'A', value: '1' },
            { name: 'A', value: '2' },
          ],
        },
      ],
    },
    ['spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply'],
  ],
  [
    'a variable that extends another',
    {
      containers: [
        {
          name: 'c',
          env: [
            { name: 'A', value: '1' },
            { name: 'A', value: '$(A)2' },
          ],
        },
      ],
    },
    [],
  ],
  [
    'a port defined twice',
    {
      containers: [
        { name: 'c', ports: [{ containerPort: 80, protocol: 'TCP' }] },
        { name: 'd', ports: [{ containerPort: 80, protocol: 'TCP' }] },
      ],
    },
    ['spec.containers[1].ports[0]: duplicate port definition with spec.containers[0].ports[0]'],
  ],
  [
    'half a byte',
    { containers: [{ name: 'c', resources: { limits: { memory: '1500m' } } }] },
    ['spec.containers[0].resources.limits[memory]: fractional byte value "1500m" is invalid, must be an integer'],
  ],
  [
    'files over each other',
    {
      volumes: [
        {
          name: 'v',
          configMap: {
            name: 'x',
            items: [
              { key: 'a', path: 'p' },
              { key: 'b', path: 'p/q' },
            ],
          },
        },
      ],
    },
    ['volume "v" (ConfigMap "x"): overlapping paths: "p/q" with "p"'],
  ],
  [
    'a driver that is gone',
    { volumes: [{ name: 'v', rbd: {} }] },
    ['spec.volumes[0].rbd: deprecated in v1.28, non-functional in v1.31+'],
  ],
  [
    'a rule that matches no pod',
    { topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule' }] },
    ['spec.topologySpreadConstraints[0].labelSelector: a null labelSelector results in matching no pod'],
  ],
])('%s', (_, spec, expected) => expect(warningsOf(spec)).toEqual(expected));

it('tells of annotations that have become fields', () => {
  const annotations = {
    'scheduler.alpha.kubernetes.io/critical-pod': '',
    'container.apparmor.security.beta.kubernetes.io/c': 'unconfined',
  };
  expect(warningsOf({}, { annotations })).toEqual([
    'metadata.annotations[container.apparmor.security.beta.kubernetes.io/c]: deprecated since v1.30; use the "appArmorProfile" field instead',
    'metadata.annotations[scheduler.alpha.kubernetes.io/critical-pod]: non-functional in v1.16+; use the "priorityClassName" field instead',
  ]);
});
