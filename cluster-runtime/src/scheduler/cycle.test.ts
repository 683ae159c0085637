import { describe, expect, it } from 'vitest';
import { Random } from '#common/base/random.ts';
import { selectorFromMap } from '#common/api/labelSelector.ts';
import type * as api from '#common/schema/generated/types.ts';
import { decide } from './cycle.ts';
import { planPreemption } from './preemption/planPreemption.ts';
import { asking, clusterOf, type NodeSketch, podOf as pod } from './testClusters.ts';
import { allPlugins } from './plugins/allPlugins.ts';

function outcome(incoming: api.Pod, sketches: Record<string, NodeSketch>, seed = 1): string {
  const cluster = clusterOf(sketches);
  const random = new Random(seed);
  const decision = decide(incoming, cluster, allPlugins, random);
  if (decision.type === 'node') return decision.node.name;
  if (decision.rejections.size === 0) return decision.message;
  const plan = planPreemption(incoming, decision.rejections, cluster, allPlugins, random);
  return plan.type === 'none' ? `${decision.message} no new claims to deallocate, preemption: ${plan.message}` : plan.node.name;
}

const notHelpful = (n: number): string =>
  ` no new claims to deallocate, preemption: 0/${n} nodes are available: ${n} Preemption is not helpful for scheduling.`;

describe('why no node can take a pod, in the words of Kubernetes 1.36', () => {
  const noSchedule: api.Taint = { key: 'dedicated', value: 'gpu', effect: 'NoSchedule' };
  const cases: [name: string, incoming: api.Pod, sketches: Record<string, NodeSketch>, message: string][] = [
    ['there are no nodes', pod(), {}, 'no nodes available to schedule pods'],
    [
      'more cpu than any node has',
      pod(asking({ cpu: '64' })),
      { a: {}, b: {} },
      `0/2 nodes are available: 2 Insufficient cpu.${notHelpful(2)}`,
    ],
    [
      'cpu that others have taken',
      pod(asking({ cpu: '2' })),
      { a: { cpu: '4', running: [pod(asking({ cpu: '3' }))] } },
      '0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.',
    ],
    [
      'cpu and memory',
      pod(asking({ cpu: '64', memory: '64Gi' })),
      { a: {} },
      `0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory.${notHelpful(1)}`,
    ],
    [
      'an extended resource',
      pod(asking({ 'example.com/gpu': '1' })),
      { a: {} },
      `0/1 nodes are available: 1 Insufficient example.com/gpu.${notHelpful(1)}`,
    ],
    [
      'a full node',
      pod(),
      { a: { pods: '1', running: [pod()] } },
      '0/1 nodes are available: 1 Too many pods. no new claims to deallocate, preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.',
    ],
    [
      'a node selector',
      pod({ nodeSelector: { disk: 'ssd' } }),
      { a: {}, b: {} },
      `0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector.${notHelpful(2)}`,
    ],
    [
      'cordoned, tainted and unsuitable nodes, counted and sorted',
      pod({ nodeSelector: { disk: 'ssd' } }),
      { a: { unschedulable: true }, b: { taints: [noSchedule] }, c: {}, d: { taints: [noSchedule] } },
      `0/4 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) were unschedulable, 2 node(s) had untolerated taint(s).${notHelpful(4)}`,
    ],
    [
      'a host port in use',
      pod({ containers: [{ name: 'c', image: 'i', ports: [{ containerPort: 80, hostPort: 80 }] }] }),
      { a: { running: [pod({ containers: [{ name: 'c', image: 'i', ports: [{ containerPort: 80, hostPort: 80 }] }] })] } },
      "0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports. no new claims to deallocate, preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.",
    ],
  ];
  it.each(cases)('%s', (_, incoming, sketches, message) => expect(outcome(incoming, sketches)).toBe(message));
});

describe('which node a pod gets', () => {
  it.each<[string, api.Pod, Record<string, NodeSketch>, string]>([
    ['the one that matches its selector', pod({ nodeSelector: { disk: 'ssd' } }), { a: {}, b: { labels: { disk: 'ssd' } } }, 'b'],
    [
      'the one whose taint it tolerates, if that is the only one',
      pod({ tolerations: [{ key: 'dedicated', operator: 'Exists' }] }),
      { a: { unschedulable: true }, b: { taints: [{ key: 'dedicated', value: 'x', effect: 'NoExecute' }] } },
      'b',
    ],
    ['not the one it would rather avoid', pod(), { a: { taints: [{ key: 'k', effect: 'PreferNoSchedule' }] }, b: {} }, 'b'],
    ['the emptier one', pod(asking({ cpu: '1' })), { a: { running: [pod(asking({ cpu: '6' }))] }, b: {} }, 'b'],
    [
      'the one that it prefers by affinity',
      pod({
        affinity: {
          nodeAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [
              { weight: 50, preference: { matchExpressions: [{ key: 'zone', operator: 'In', values: ['z2'] }] } },
            ],
          },
        },
      }),
      { a: { labels: { zone: 'z1' } }, b: { labels: { zone: 'z2' } } },
      'b',
    ],
    [
      'one that a required term of its affinity names',
      pod({
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [
                { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['c'] }] },
                { matchExpressions: [{ key: 'cores', operator: 'Gt', values: ['16'] }] },
              ],
            },
          },
        },
      }),
      { a: { labels: { cores: '8' } }, b: { labels: { cores: '32' } } },
      'b',
    ],
  ])('%s', (_, incoming, sketches, name) => {
    for (let seed = 0; seed < 5; seed++) expect(outcome(incoming, sketches, seed)).toBe(name);
  });

  it('spreads the pods of one controller', () => {
    const siblings = selectorFromMap({ app: 'web' });
    const cluster = clusterOf({ a: {}, b: {}, c: {} }, { siblings: () => siblings });
    const random = new Random(3);
    for (let i = 0; i < 9; i++) {
      const incoming = pod({}, { app: 'web' });
      const decision = decide(incoming, cluster, allPlugins, random);
      if (decision.type === 'node') cluster.place(incoming, decision.node.name);
    }
    expect(cluster.nodes.map((info) => info.pods.size)).toEqual([3, 3, 3]);
  });

  it('counts sidecars and the largest init container', () => {
    const incoming = pod({
      initContainers: [
        { name: 'big', image: 'i', resources: { requests: { cpu: '3' } } },
        { name: 'side', image: 'i', restartPolicy: 'Always', resources: { requests: { cpu: '1' } } },
        { name: 'after', image: 'i', resources: { requests: { cpu: '2500m' } } },
      ],
      containers: [{ name: 'c', image: 'i', resources: { requests: { cpu: '500m' } } }],
    });
    // The peak is `after` beside the sidecar: 3.5 cores.
    expect(outcome(incoming, { a: { cpu: '3500m' } })).toBe('a');
    expect(outcome(incoming, { a: { cpu: '3499m' } })).toContain('Insufficient cpu');
  });
});
