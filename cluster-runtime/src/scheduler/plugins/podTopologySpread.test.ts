import { expect, it } from 'vitest';
import { selectorFromMap } from '#common/api/labelSelector.ts';
import type * as api from '#common/schema/generated/types.ts';
import { clusterOf, type NodeSketch, podOf, scoresOf, verdicts } from '../testClusters.ts';
import { podTopologySpread } from './podTopologySpread.ts';

const labels = { app: 's' };
const some = (n: number, metadata: Partial<api.ObjectMeta> = {}): api.Pod[] =>
  Array.from({ length: n }, () => podOf({}, labels, metadata));
const spread = (more: Partial<api.TopologySpreadConstraint> = {}, spec: Partial<api.PodSpec> = {}): api.Pod =>
  podOf(
    {
      ...spec,
      topologySpreadConstraints: [
        { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector: { matchLabels: labels }, ...more },
      ],
    },
    labels,
  );
const skewed = "node(s) didn't match pod topology spread constraints";
const unlabelled = `${skewed} (missing required label)`;
const zone = (name: string, running: api.Pod[] = [], more: NodeSketch = {}): NodeSketch => ({
  labels: { zone: name },
  running,
  ...more,
});

it.each<[string, api.Pod, Record<string, NodeSketch>, Record<string, string>]>([
  ['zones are evened out', spread(), { a: zone('a', some(1)), a2: zone('a'), b: zone('b') }, { a: skewed, a2: skewed, b: 'ok' }],
  ['a larger skew', spread({ maxSkew: 2 }), { a: zone('a', some(1)), b: zone('b') }, { a: 'ok', b: 'ok' }],
  ['nodes without the label', spread(), { a: zone('a'), none: {} }, { a: 'ok', none: unlabelled }],
  ['domains still missing', spread({ minDomains: 2 }), { a: zone('a', some(1)) }, { a: skewed }],
  [
    'pods that are being deleted do not count',
    spread(),
    { a: zone('a', some(1, { deletionTimestamp: '2026-01-01T00:00:00Z' })), b: zone('b') },
    { a: 'ok', b: 'ok' },
  ],
  [
    'nor do those of other namespaces',
    spread(),
    { a: zone('a', some(3, { namespace: 'x' })), b: zone('b') },
    { a: 'ok', b: 'ok' },
  ],
  [
    'nodes that the pod cannot have are no domains',
    spread({}, { nodeSelector: { use: 'yes' } }),
    { a: { labels: { zone: 'a', use: 'yes' }, running: some(2) }, b: zone('b') },
    { a: 'ok', b: 'ok' },
  ],
  [
    'unless told to ignore that',
    spread({ nodeAffinityPolicy: 'Ignore' }, { nodeSelector: { use: 'yes' } }),
    { a: { labels: { zone: 'a', use: 'yes' }, running: some(2) }, b: zone('b') },
    { a: skewed, b: 'ok' },
  ],
  [
    'tainted nodes are domains',
    spread(),
    { a: zone('a', some(1)), b: zone('b', [], { taints: [{ key: 'k', effect: 'NoSchedule' }] }) },
    { a: skewed, b: 'ok' },
  ],
  [
    'unless told to honor taints',
    spread({ nodeTaintsPolicy: 'Honor' }),
    { a: zone('a', some(1)), b: zone('b', [], { taints: [{ key: 'k', effect: 'NoSchedule' }] }) },
    { a: 'ok', b: 'ok' },
  ],
  [
    'only pods of the same revision',
    spread({ matchLabelKeys: ['app'], labelSelector: {} }),
    { a: zone('a', [podOf({}, { app: 'x' })]), b: zone('b') },
    { a: 'ok', b: 'ok' },
  ],
])('%s', (_, pod, sketches, expected) => expect(verdicts(podTopologySpread, pod, clusterOf(sketches))).toEqual(expected));

it('prefers emptier domains where it does not insist', () => {
  const pod = spread({ whenUnsatisfiable: 'ScheduleAnyway' });
  const cluster = clusterOf({ a: zone('a', some(2)), b: zone('b', some(1)), c: zone('c'), none: {} });
  expect(verdicts(podTopologySpread, pod, cluster)).toEqual({ a: 'ok', b: 'ok', c: 'ok', none: 'ok' });
  expect(scoresOf(podTopologySpread, pod, cluster)).toEqual({ a: 0, b: 33, c: 100, none: 0 });
});

it('spreads the pods of a Service or controller over nodes and zones without being asked', () => {
  const selector = selectorFromMap(labels);
  const sketches = { a: { running: some(2) }, b: { running: some(1) }, c: {} };
  const scores = scoresOf(podTopologySpread, podOf({}, labels), clusterOf(sketches, { siblings: () => selector }));
  expect(scores?.['c']).toBeGreaterThan(scores?.['b'] ?? 0);
  expect(scores?.['b']).toBeGreaterThan(scores?.['a'] ?? 0);
  expect(scoresOf(podTopologySpread, podOf({}, labels), clusterOf(sketches)), 'nobody selects it').toBeUndefined();
});
