import { describe, expect, it } from 'vitest';
import { Service } from './service.ts';
import { cells, created, updated } from './testing/requests.ts';

const ports = [{ port: 80 }];
const problems = (spec: object): string[] => created(Service, { spec }).problems;

describe('a new Service', () => {
  it('is a ClusterIP whose ports lead to themselves', () => {
    expect(created(Service, { spec: { ports } }).object.spec).toEqual({
      type: 'ClusterIP',
      sessionAffinity: 'None',
      internalTrafficPolicy: 'Cluster',
      ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }],
    });
  });

  it('keeps clients for three hours when they stick', () => {
    const { sessionAffinityConfig } = created(Service, { spec: { ports, sessionAffinity: 'ClientIP' } }).object.spec ?? {};
    expect(sessionAffinityConfig).toEqual({ clientIP: { timeoutSeconds: 10_800 } });
  });

  it.each<[string, object, string[]]>([
    ['no ports', {}, ['spec.ports: Required value']],
    ['no ports, but headless', { clusterIP: 'None' }, []],
    [
      'several ports without names',
      { ports: [{ port: 80 }, { port: 81 }] },
      ['spec.ports[0].name: Required value', 'spec.ports[1].name: Required value'],
    ],
    [
      'the same port twice',
      {
        ports: [
          { name: 'a', port: 80 },
          { name: 'b', port: 80 },
        ],
      },
      ['spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":80,"TargetPort":0,"NodePort":0}'],
    ],
    [
      'an address with leading zeros',
      { ports, externalIPs: ['010.0.0.1'] },
      ['spec.externalIPs[0]: Invalid value: "010.0.0.1": must not have leading 0s'],
    ],
    [
      'traffic from outside where none comes',
      { ports, externalTrafficPolicy: 'Local' },
      ['spec.externalTrafficPolicy: Invalid value: "Local": may only be set for externally-accessible services'],
    ],
    [
      'an ExternalName with an address',
      { type: 'ExternalName', externalName: 'a.b.', clusterIP: '10.96.0.9' },
      ['spec.clusterIPs: Forbidden: may not be set for ExternalName services'],
    ],
    [
      'load balancer fields on a ClusterIP',
      { ports, loadBalancerClass: 'x.io/y' },
      ["spec.loadBalancerClass: Forbidden: may only be used when `type` is 'LoadBalancer'"],
    ],
  ])('with %s', (_, spec, expected) => {
    expect(problems(spec)).toEqual(expected);
  });

  it('warns of what is going away', () => {
    const { object } = created(Service, { spec: { ports, externalIPs: ['1.2.3.4'], trafficDistribution: 'PreferClose' } });
    expect(Service.warnings?.(object, undefined)).toEqual([
      'spec.externalIPs is deprecated and may no longer be implemented in some clusters',
      'spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"',
    ]);
  });
});

describe('a changed Service', () => {
  const body = { spec: { ports: [{ port: 80 }], clusterIP: '10.96.0.9', ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' } };

  it('keeps the address that a client leaves out', () => {
    const { object, problems: none } = updated(Service, body, { spec: { ports: [{ port: 81 }] } });
    expect(none).toEqual([]);
    expect(object.spec).toMatchObject({ clusterIP: '10.96.0.9', clusterIPs: ['10.96.0.9'] });
  });

  it('cannot move to another address', () => {
    const spec = { ...body.spec, clusterIP: '10.96.0.10', clusterIPs: ['10.96.0.10'] };
    expect(updated(Service, body, { spec }).problems).toEqual([
      'spec.clusterIPs[0]: Invalid value: ["10.96.0.10"]: may not change once set',
    ]);
  });

  it('gives its address up when it becomes an ExternalName', () => {
    const spec = { ...body.spec, clusterIPs: ['10.96.0.9'], type: 'ExternalName', externalName: 'a.b' };
    const { object } = updated(Service, body, { spec });
    expect(object.spec?.clusterIP).toBeUndefined();
    expect(object.spec?.ipFamilies).toBeUndefined();
  });

  it('gives its node ports up when it becomes a ClusterIP', () => {
    const nodePort = { spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 30_001 }] } };
    const { object } = updated(Service, nodePort, { spec: { type: 'ClusterIP', ports: [{ port: 80, nodePort: 30_001 }] } });
    expect(object.spec?.ports?.[0]?.nodePort).toBeUndefined();
  });
});

describe('the row of a Service', () => {
  it.each<[string, object, object, object]>([
    ['a load balancer that waits', { type: 'LoadBalancer', ports }, {}, { 'External-IP': '<pending>', 'Port(s)': '80/TCP' }],
    [
      'a load balancer with addresses',
      { type: 'LoadBalancer', ports, externalIPs: ['1.2.3.4'] },
      { loadBalancer: { ingress: [{ hostname: 'b.example' }, { ip: '9.9.9.9' }] } },
      { 'External-IP': '9.9.9.9,b.example,1.2.3.4' },
    ],
    [
      'a headless one',
      { clusterIP: 'None', selector: { b: '2', a: '1' } },
      {},
      { 'Cluster-IP': 'None', Selector: 'a=1,b=2', 'Port(s)': '<none>' },
    ],
  ])('shows %s', (_, spec, status, expected) => {
    const { object } = created(Service, { spec });
    expect(cells(Service, { ...object, status })).toMatchObject(expected);
  });
});
