import { describe, expect, it } from 'vitest';
import { ConfigMap } from '#common/kinds/configMap.ts';
import { Secret } from '#common/kinds/secret.ts';
import type * as api from '#common/schema/generated/types.ts';
import { FakeApi } from '../testing/fakeApi.ts';
import type { PodSelf } from './downwardApi.ts';
import { mergedEnvironment, ownEnvironment } from './environment.ts';
import { expandReferences } from './expansion.ts';
import { serviceVariables } from './serviceEnvironment.ts';

const container: api.Container = {
  name: 'app',
  resources: { limits: { cpu: '1500m', memory: '64Mi' }, requests: { cpu: '250m' } },
};
const self: PodSelf = {
  pod: {
    metadata: {
      name: 'web',
      namespace: 'default',
      uid: 'u',
      labels: { app: 'web', "it's": 'odd' },
      annotations: { note: 'a "b"\nc' },
    },
    spec: { containers: [container], nodeName: 'node-1', serviceAccountName: 'sa' },
  },
  podIP: '10.244.0.2',
  hostIP: '10.0.0.1',
  allocatable: { cpu: '8', memory: '16Gi' },
};

describe('expandReferences', () => {
  it.each([
    ['$(A)', '1'],
    ['x$(A)y$(B)', 'x1y2'],
    ['$$(A)', '$(A)'],
    ['$$$(A)', '$1'],
    ['$(NOPE)', '$(NOPE)'],
    ['$(A', '$(A'],
    ['$A', '$A'],
    ['cost: 5$', 'cost: 5$'],
    ['$(__proto__)', '$(__proto__)'],
  ])('%s is %s', (text, expanded) => {
    const values = new Map([
      ['A', '1'],
      ['B', '2'],
    ]);
    expect(expandReferences(text, (name) => values.get(name))).toBe(expanded);
  });
});

describe('a container environment', () => {
  const env = (more: Partial<api.Container>): Record<string, string> => {
    const fake = new FakeApi();
    fake.put(ConfigMap, { metadata: { name: 'cfg', namespace: 'default' }, data: { COLOR: 'blue', __proto__: 'x' } });
    fake.put(Secret, {
      metadata: { name: 'key', namespace: 'default' },
      data: { TOKEN: Buffer.from('s3cret').toString('base64') },
    });
    const services = { DB_SERVICE_HOST: '10.96.0.9', COLOR: 'service' };
    return { ...mergedEnvironment(services, ownEnvironment(fake.cache, self, { ...container, ...more }, services)) };
  };

  it.each<[string, Partial<api.Container>, Record<string, string>]>([
    [
      'plain values, later ones over earlier ones',
      {
        env: [
          { name: 'A', value: '1' },
          { name: 'A', value: '2' },
        ],
      },
      { A: '2' },
    ],
    [
      'references to what came before and to services',
      {
        env: [
          { name: 'A', value: '1' },
          { name: 'B', value: '$(A)-$(DB_SERVICE_HOST)-$(C)' },
          { name: 'C', value: '3' },
        ],
      },
      { B: '1-10.96.0.9-$(C)' },
    ],
    [
      'a whole ConfigMap under a prefix',
      { envFrom: [{ prefix: 'P_', configMapRef: { name: 'cfg' } }] },
      { P_COLOR: 'blue', COLOR: 'service' },
    ],
    ['a whole Secret', { envFrom: [{ secretRef: { name: 'key' } }] }, { TOKEN: 's3cret' }],
    [
      'one key of each',
      {
        env: [
          { name: 'A', valueFrom: { configMapKeyRef: { name: 'cfg', key: 'COLOR' } } },
          { name: 'B', valueFrom: { secretKeyRef: { name: 'key', key: 'TOKEN' } } },
        ],
      },
      { A: 'blue', B: 's3cret' },
    ],
    [
      'the pod itself',
      {
        env: [
          { name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
          { name: 'L', valueFrom: { fieldRef: { fieldPath: "metadata.labels['app']" } } },
        ],
      },
      { IP: '10.244.0.2', L: 'web' },
    ],
    [
      'its resources, and the node where there is no limit',
      {
        env: [
          { name: 'CPU', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } },
          { name: 'MILLI', valueFrom: { resourceFieldRef: { resource: 'requests.cpu', divisor: '1m' } } },
          { name: 'MEM', valueFrom: { resourceFieldRef: { resource: 'limits.memory', divisor: '1Mi' } } },
        ],
      },
      { CPU: '2', MILLI: '250', MEM: '64' },
    ],
    [
      'nothing for what is optional and absent',
      {
        env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'no', key: 'k', optional: true } } }],
        envFrom: [{ secretRef: { name: 'no', optional: true } }],
      },
      {},
    ],
  ])('holds %s', (_what, more, expected) => {
    expect(env(more)).toMatchObject(expected);
  });

  it.each<[Partial<api.Container>, string]>([
    [{ envFrom: [{ configMapRef: { name: 'no' } }] }, 'configmap "no" not found'],
    [{ env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'no', key: 'k' } } }] }, 'secret "no" not found'],
    [
      { env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'key', key: 'k' } } }] },
      "couldn't find key k in Secret default/key",
    ],
    [
      { env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'cfg', key: 'toString' } } }] },
      "couldn't find key toString in ConfigMap default/cfg",
    ],
  ])('says what is missing', (more, message) => {
    expect(() => env(more)).toThrow(message);
  });
});

describe('service variables', () => {
  it('are those of Docker links and the short ones', () => {
    const spec: api.ServiceSpec = {
      clusterIP: '10.96.0.9',
      ports: [
        { name: 'http-web', port: 80, protocol: 'TCP' },
        { name: 'dns', port: 53, protocol: 'UDP' },
      ],
    };
    expect(serviceVariables({ metadata: { name: 'my-db' }, spec })).toEqual({
      MY_DB_SERVICE_HOST: '10.96.0.9',
      MY_DB_SERVICE_PORT: '80',
      MY_DB_SERVICE_PORT_HTTP_WEB: '80',
      MY_DB_SERVICE_PORT_DNS: '53',
      MY_DB_PORT: 'tcp://10.96.0.9:80',
      MY_DB_PORT_80_TCP: 'tcp://10.96.0.9:80',
      MY_DB_PORT_80_TCP_PROTO: 'tcp',
      MY_DB_PORT_80_TCP_PORT: '80',
      MY_DB_PORT_80_TCP_ADDR: '10.96.0.9',
      MY_DB_PORT_53_UDP: 'udp://10.96.0.9:53',
      MY_DB_PORT_53_UDP_PROTO: 'udp',
      MY_DB_PORT_53_UDP_PORT: '53',
      MY_DB_PORT_53_UDP_ADDR: '10.96.0.9',
    });
    expect(serviceVariables({ metadata: { name: 'x' }, spec: { ...spec, clusterIP: 'None' } })).toEqual({});
  });
});
