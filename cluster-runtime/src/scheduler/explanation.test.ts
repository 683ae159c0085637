import { expect, it } from 'vitest';
import { Random } from '#common/base/random.ts';
import { decide, sampleSize } from './cycle.ts';
import { allPlugins } from './plugins/allPlugins.ts';
import { asking, clusterOf, podOf } from './testClusters.ts';

it('says which plugin kept a pod off which nodes, and what the others scored', () => {
  const cluster = clusterOf({ a: { unschedulable: true }, b: { cpu: '1' }, c: { cpu: '4' }, d: { cpu: '16' } });
  const { explanation } = decide(podOf(asking({ cpu: '2' })), cluster, allPlugins, new Random(1));
  expect(explanation).toMatchObject({
    node: 'd',
    feasible: 2,
    objections: [
      { plugin: 'NodeUnschedulable', reasons: ['node(s) were unschedulable'], count: 1, nodes: ['a'] },
      { plugin: 'NodeResourcesFit', reasons: ['Insufficient cpu'], count: 1, nodes: ['b'] },
    ],
    scores: [{ node: 'd' }, { node: 'c' }],
  });
  for (const { total, byPlugin } of explanation.scores) {
    const weighted = Object.entries(byPlugin).map(([plugin, score]) => score * (explanation.weights[plugin] ?? 0));
    expect(weighted.reduce((sum, score) => sum + score, 0)).toBe(total);
  }
});

it('names the nodes that a DaemonSet pod was not meant for', () => {
  const only = { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['a'] }] };
  const affinity = { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [only] } } };
  const pod = podOf({ ...asking({ cpu: '9' }), affinity });
  const decision = decide(pod, clusterOf({ a: {}, b: {}, c: {} }), allPlugins, new Random(1));
  expect(decision).toMatchObject({
    message: "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) didn't satisfy plugin(s) [NodeAffinity].",
  });
});

it.each([
  [3, 3],
  [99, 99],
  [120, 100],
  [1_000, 420],
  [5_000, 500],
  [20_000, 1_000],
])('of %i nodes, %i feasible ones are enough', (nodes, enough) => expect(sampleSize(nodes)).toBe(enough));
