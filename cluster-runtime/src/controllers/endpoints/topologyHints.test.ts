import { describe, expect, it } from 'vitest';
import type * as api from '#common/schema/generated/types.ts';
import { planHints, wantsTopologyHints, zoneShares } from './topologyHints.ts';

const endpoint = (zone: string, ready = true): api.Endpoint => ({
  addresses: ['10.0.0.1'],
  conditions: { ready },
  ...(zone ? { zone } : {}),
});
const endpointsIn = (zones: string): api.Endpoint[] => [...zones].map((zone) => endpoint(zone));
const evenly = new Map([
  ['a', 0.5],
  ['b', 0.5],
]);

describe('hints by zone', () => {
  it.each<[string, string, Record<string, number>, Record<string, number>]>([
    ['each zone has what its CPU asks for', 'aaabbb', { a: 0.5, b: 0.5 }, { a: 3, b: 3 }],
    ['one zone gives to the other', 'aaaaab', { a: 0.5, b: 0.5 }, { a: 3, b: 3 }],
    ['less than one too many is let be', 'aaaaabbb', { a: 0.56, b: 0.44 }, { a: 5, b: 3 }],
    ['a zone without endpoints gets some', 'aaaabbbb', { a: 0.25, b: 0.25, c: 0.5 }, { a: 2, b: 2, c: 4 }],
    ['a zone without nodes keeps its own', 'aaabbbz', { a: 0.5, b: 0.5 }, { a: 3, b: 3, z: 1 }],
  ])('%s', (_, zones, shares, expected) => {
    const plan = planHints(endpointsIn(zones), new Map(Object.entries(shares)));
    const counts: Record<string, number> = {};
    if ('zones' in plan) for (const zone of plan.zones.values()) counts[zone] = (counts[zone] ?? 0) + 1;
    expect(counts).toEqual(expected);
  });

  it.each<[string, api.Endpoint[], ReadonlyMap<string, number> | undefined, string]>([
    [
      'nodes say too little',
      endpointsIn('ab'),
      undefined,
      'Insufficient Node information: allocatable CPU or zone not specified on one or more nodes',
    ],
    ['fewer endpoints than zones', [endpoint('a')], evenly, 'Insufficient number of endpoints (1 endpoints, 2 zones)'],
    [
      'only ready ones count',
      [endpoint('a'), endpoint('b', false)],
      evenly,
      'Insufficient number of endpoints (1 endpoints, 2 zones)',
    ],
    ['no zone', [endpoint('a'), endpoint('')], evenly, 'One or more endpoints do not have a zone specified'],
    [
      'a zone would be overloaded',
      endpointsIn('ab'),
      new Map([
        ['a', 0.9],
        ['b', 0.1],
      ]),
      'Unable to allocate minimum required endpoints to each zone without exceeding overload threshold (2 endpoints, 2 zones)',
    ],
  ])('none when %s', (_, endpoints, shares, problem) => {
    expect(planHints(endpoints, shares)).toEqual({ problem });
  });
});

describe('shares of zones', () => {
  const node = (zone: string, cpu: string, ready = true, labels: Record<string, string> = {}): api.Node => ({
    metadata: { labels: { ...(zone ? { 'topology.kubernetes.io/zone': zone } : {}), ...labels } },
    status: { allocatable: { cpu }, conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
  });

  it('follow the CPU of ready workers', () => {
    const nodes = [
      node('a', '1'),
      node('b', '2500m'),
      node('b', '500m'),
      node('c', '8', false),
      node('', '8', true, { 'node-role.kubernetes.io/control-plane': '' }),
    ];
    expect(Object.fromEntries(zoneShares(nodes) ?? [])).toEqual({ a: 0.25, b: 0.75 });
  });

  it.each<[string, api.Node[]]>([
    ['one zone', [node('a', '1'), node('a', '1')]],
    ['a node without zone', [node('a', '1'), node('b', '1'), node('', '1')]],
    ['a node without CPU', [node('a', '1'), node('b', '0')]],
    ['no nodes', []],
  ])('are unknown with %s', (_, nodes) => expect(zoneShares(nodes)).toBeUndefined());
});

it.each<[Record<string, string>, boolean]>([
  [{}, false],
  [{ 'service.kubernetes.io/topology-mode': 'Auto' }, true],
  [{ 'service.kubernetes.io/topology-aware-hints': 'auto' }, true],
  [{ 'service.kubernetes.io/topology-mode': 'Disabled', 'service.kubernetes.io/topology-aware-hints': 'auto' }, false],
])('asked for by %j: %s', (annotations, wanted) => expect(wantsTopologyHints({ metadata: { annotations } })).toBe(wanted));
