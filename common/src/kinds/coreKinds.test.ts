/** Configuration, storage and quota: what people notice of the smaller core kinds. */
import { describe, expect, it } from 'vitest';
import { ConfigMap } from './configMap.ts';
import { Event } from './event.ts';
import { EventV1 } from './eventV1.ts';
import { LimitRange } from './limitRange.ts';
import { Namespace } from './namespace.ts';
import { Node } from './node.ts';
import { PersistentVolume } from './persistentVolume.ts';
import { PersistentVolumeClaim } from './persistentVolumeClaim.ts';
import { ResourceQuota } from './resourceQuota.ts';
import { Secret } from './secret.ts';
import { cells, created, updated } from './testing/requests.ts';

describe('ConfigMap', () => {
  it.each<[object, string[]]>([
    [{ data: { '..': '1' } }, ['data[..]: Invalid value: "..": must not be \'..\'']],
    [{ data: { a: '1' }, binaryData: { a: 'AAA=' } }, ['data[a]: Invalid value: "a": duplicate of key present in binaryData']],
    [{ data: { a: 'x'.repeat(1_048_577) } }, ['[]: Too long: may not be more than 1048576 bytes']],
    [{ data: { ok: 'ü'.repeat(500_000) } }, []],
  ])('judges %o', (body, expected) => {
    expect(created(ConfigMap, body).problems).toEqual(expected);
  });

  it('cannot change, nor become changeable, once it is immutable', () => {
    const fixed = { immutable: true, data: { a: '1' } };
    expect(updated(ConfigMap, fixed, { data: { a: '2' } }).problems).toEqual([
      'data: Forbidden: field is immutable when `immutable` is set',
    ]);
    expect(updated(ConfigMap, fixed, { immutable: false }).problems).toEqual([
      'immutable: Forbidden: field is immutable when `immutable` is set',
    ]);
  });
});

describe('Secret', () => {
  it('takes stringData into data', () => {
    const { object } = created(Secret, { data: { a: 'MQ==', b: 'MQ==' }, stringData: { b: 'ü' } });
    expect(object).toMatchObject({ type: 'Opaque', data: { a: 'MQ==', b: 'w7w=' } });
    expect(object).not.toHaveProperty('stringData');
  });

  it.each<[object, string[]]>([
    [{ type: 'kubernetes.io/tls' }, ['data[tls.crt]: Required value', 'data[tls.key]: Required value']],
    [{ type: 'kubernetes.io/basic-auth', stringData: { username: 'u' } }, []],
    [
      { type: 'kubernetes.io/dockerconfigjson', stringData: { '.dockerconfigjson': 'not json' } },
      [
        'data[.dockerconfigjson]: Invalid value: "<secret contents redacted>": ' +
          "invalid character 'o' in literal null (expecting 'u')",
      ],
    ],
  ])('asks for the keys of its type: %o', (body, expected) => {
    expect(created(Secret, body).problems).toEqual(expected);
  });

  it('keeps its type', () => {
    expect(updated(Secret, {}, { type: 'x' }).problems).toEqual(['type: Invalid value: "x": field is immutable']);
  });
});

describe('Namespace', () => {
  it('starts active, labelled with its name and held by Kubernetes', () => {
    expect(created(Namespace, { status: { phase: 'Terminating' } }).object).toMatchObject({
      metadata: { labels: { 'kubernetes.io/metadata.name': 'x' } },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    });
  });
});

describe('Node', () => {
  it('can allocate what it has unless it says less', () => {
    expect(created(Node, { status: { capacity: { cpu: '4' } } }).object.status?.allocatable).toEqual({ cpu: '4' });
  });

  it.each<[object, string[]]>([
    [
      { taints: [{ key: 'a', effect: 'x' }] },
      ['metadata.taints[0].effect: Unsupported value: "x": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"'],
    ],
    [{ podCIDR: 'x' }, ['spec.podCIDRs[0]: Invalid value: "x": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)']],
  ])('refuses %o', (spec, expected) => {
    expect(created(Node, { spec }).problems).toEqual(expected);
  });

  it('keeps its provider ID and its addresses for pods', () => {
    const spec = { providerID: 'a', podCIDR: '10.0.0.0/24' };
    expect(updated(Node, { spec }, { spec: { providerID: 'b', podCIDR: '10.0.1.0/24' } }).problems).toEqual([
      'spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid',
      'spec.providerID: Forbidden: node updates may not change providerID except from "" to valid',
    ]);
  });

  it('shows roles and readiness', () => {
    const { object } = created(Node, {
      metadata: { labels: { 'node-role.kubernetes.io/worker': '', 'node-role.kubernetes.io/control-plane': '' } },
      spec: { unschedulable: true },
      status: { conditions: [{ type: 'Ready', status: 'False' }] },
    });
    expect(cells(Node, object)).toMatchObject({ Status: 'NotReady,SchedulingDisabled', Roles: 'control-plane,worker' });
  });
});

describe('PersistentVolumeClaim', () => {
  const body = {
    spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'none', resources: { requests: { storage: '1Gi' } } },
  };

  it('needs a mode and a size', () => {
    expect(created(PersistentVolumeClaim, { spec: {} }).problems).toEqual([
      'spec.accessModes: Required value: at least 1 access mode is required',
      'spec.resources[storage]: Required value',
    ]);
  });

  it('fills dataSource and dataSourceRef from each other', () => {
    const dataSource = { kind: 'PersistentVolumeClaim', name: 'other' };
    expect(created(PersistentVolumeClaim, { spec: { ...body.spec, dataSource } }).object.spec?.dataSourceRef).toMatchObject(
      dataSource,
    );
  });

  it('shows what may not change', () => {
    const { problems } = updated(PersistentVolumeClaim, body, { spec: { ...body.spec, accessModes: ['ReadWriteMany'] } });
    expect(problems).toEqual([
      [
        'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims',
        '@@ -1,6 +1,6 @@',
        ' {',
        '  "AccessModes": [',
        '-  "ReadWriteOnce"',
        '+  "ReadWriteMany"',
        '  ],',
        '  "Selector": null,',
        '  "Resources": {',
        '',
      ].join('\n'),
    ]);
  });

  it('may be given a volume once', () => {
    expect(updated(PersistentVolumeClaim, body, { spec: { ...body.spec, volumeName: 'v' } }).problems).toEqual([]);
    const bound = { spec: { ...body.spec, volumeName: 'v' } };
    expect(updated(PersistentVolumeClaim, bound, { spec: { ...body.spec, volumeName: 'w' } }).problems).toHaveLength(1);
  });
});

describe('PersistentVolume', () => {
  it.each<[object, string[]]>([
    [
      {},
      [
        'spec.accessModes: Required value',
        'spec.capacity: Required value',
        'spec.capacity: Unsupported value: null: supported values: "storage"',
        'spec: Required value: must specify a volume type',
      ],
    ],
    [
      { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, local: { path: '/x/../y' } },
      [
        'spec.local.path: Invalid value: "/x/../y": must not contain \'..\'',
        'spec.nodeAffinity: Required value: Local volume requires node affinity',
      ],
    ],
  ])('refuses %o', (spec, expected) => {
    expect(created(PersistentVolume, { spec }).problems).toEqual(expected);
  });

  it('says since when it is in its phase', () => {
    const spec = { accessModes: ['ReadWriteMany', 'ReadWriteOnce'], capacity: { storage: '1Gi' }, hostPath: { path: '/x' } };
    const { object } = created(PersistentVolume, { spec });
    expect(object.status).toEqual({ phase: 'Pending', lastPhaseTransitionTime: '2026-01-01T00:00:00Z' });
    expect(cells(PersistentVolume, object)).toMatchObject({ 'Access Modes': 'RWO,RWX', Capacity: '1Gi', Claim: '' });
  });
});

describe('LimitRange', () => {
  const limit = (fields: object) => created(LimitRange, { spec: { limits: [{ type: 'Container', ...fields }] } });

  it('defaults limits to the maximum and requests to the limits', () => {
    expect(limit({ max: { cpu: '1' }, min: { cpu: '10m', memory: '1Mi' } }).object.spec?.limits[0]).toMatchObject({
      default: { cpu: '1' },
      defaultRequest: { cpu: '1', memory: '1Mi' },
    });
  });

  it('says how its numbers contradict each other', () => {
    expect(limit({ max: { memory: '4Gi' }, min: { memory: '1Gi' }, maxLimitRequestRatio: { memory: '5' } }).problems).toEqual([
      'spec.limits[0].maxLimitRequestRatio[memory]: Invalid value: "5": ratio 5 is greater than max/min = 4.000000',
    ]);
  });
});

describe('ResourceQuota', () => {
  it.each<[object, string[]]>([
    [{ hard: { pods: '1.5' } }, ['spec.hard[pods]: Invalid value: "1500m": must be an integer']],
    [
      { hard: { services: '1' }, scopes: ['BestEffort'] },
      ['spec.scopes: Invalid value: ["BestEffort"]: unsupported scope applied to resource'],
    ],
    [{ hard: { 'count/widgets.example.com': '1', 'requests.nvidia.com/gpu': '1' } }, []],
  ])('judges %o', (spec, expected) => {
    expect(created(ResourceQuota, { spec }).problems).toEqual(expected);
  });

  it('shows usage, limits apart', () => {
    const { object } = created(ResourceQuota, {});
    const status = { hard: { pods: '5', 'limits.cpu': '2' }, used: { pods: '1' } };
    expect(cells(ResourceQuota, { ...object, status })).toMatchObject({ Request: 'pods: 1/5', Limit: 'limits.cpu: 0/2' });
  });
});

describe('Event', () => {
  const regarding = { kind: 'Pod', namespace: 'ns', name: 'p' };
  const modern = {
    regarding,
    eventTime: '2026-01-01T00:00:00.000000Z',
    reportingController: 'x.io/c',
    reportingInstance: 'i',
    action: 'A',
    reason: 'R',
    type: 'Normal',
    note: 'hello',
  };

  it('is the same event in both versions', () => {
    const { object, problems } = created(EventV1, modern);
    expect(problems).toEqual([]);
    const stored = EventV1.storedAs?.toStored(object);
    expect(stored).toMatchObject({
      involvedObject: regarding,
      message: 'hello',
      reportingComponent: 'x.io/c',
      firstTimestamp: null,
    });
    expect(EventV1.storedAs?.fromStored(stored as typeof object)).toEqual(object);
    expect(cells(EventV1, object)).toMatchObject({ Object: 'pod/p', Source: 'x.io/c, i', Message: 'hello', Count: 1 });
  });

  it('is stricter in the newer version', () => {
    expect(created(EventV1, { regarding }).problems).toEqual([
      'eventTime: Required value',
      'type: Invalid value: "": has invalid value: ',
    ]);
    expect(created(Event, { involvedObject: regarding }).problems).toEqual([]);
  });

  it('belongs into the namespace of what it is about', () => {
    expect(created(Event, { involvedObject: { ...regarding, namespace: 'other' } }).problems).toEqual([
      'involvedObject.namespace: Invalid value: "other": does not match event.namespace',
    ]);
  });
});
