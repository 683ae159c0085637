import { describe, expect, it } from 'vitest';
import { Random } from '#common/base/random.ts';
import type * as api from '#common/schema/generated/types.ts';
import { decide } from '../cycle.ts';
import { allPlugins } from '../plugins/allPlugins.ts';
import { asking, clusterOf, podOf, type NodeSketch } from '../testClusters.ts';
import type { Lookups } from '../lookups.ts';
import { planPreemption } from './planPreemption.ts';

const running = (name: string, cpu: string, priority: number, more: Partial<api.ObjectMeta> = {}, since = '00'): api.Pod => ({
  ...podOf({ ...asking({ cpu }), priority }, { app: name }, { name, ...more }),
  status: { phase: 'Running', startTime: `2026-01-01T00:00:${since}Z` },
});
const incoming = (cpu: string, priority = 100, spec: Partial<api.PodSpec> = {}): api.Pod =>
  podOf({ ...asking({ cpu }), priority, ...spec });

/** `node: victims`, or why not. */
function outcome(pod: api.Pod, sketches: Record<string, NodeSketch>, lookups: Partial<Lookups> = {}): string {
  const cluster = clusterOf(sketches, lookups);
  const before = JSON.stringify(cluster.nodes.map((node) => [node.requested, [...node.pods.keys()].sort()]));
  const decision = decide(pod, cluster, allPlugins, new Random(1));
  if (decision.type === 'node') return `fits ${decision.node.name}`;
  const plan = planPreemption(pod, decision.rejections, cluster, allPlugins, new Random(1));
  const after = JSON.stringify(cluster.nodes.map((node) => [node.requested, [...node.pods.keys()].sort()]));
  expect(after, 'the model is as it was').toBe(before);
  return plan.type === 'none' ? plan.message : `${plan.node.name}: ${plan.victims.map((v) => v.metadata.name).join()}`;
}

const budget = (app: string, disruptionsAllowed: number): api.PodDisruptionBudget =>
  ({
    metadata: { name: app, namespace: 'default' },
    spec: { selector: { matchLabels: { app } } },
    status: { disruptionsAllowed },
  }) as api.PodDisruptionBudget;

describe('whom a pod preempts', () => {
  it.each<[string, api.Pod, Record<string, NodeSketch>, string]>([
    [
      'only as many as it needs, the least important',
      incoming('2'),
      { a: { cpu: '4', running: [running('l', '2', 10), running('m', '2', 20)] } },
      'a: l',
    ],
    [
      'the one that began last of equals',
      incoming('2'),
      { a: { cpu: '4', running: [running('old', '2', 10), running('new', '2', 10, {}, '30')] } },
      'a: new',
    ],
    [
      'on the node whose victims matter least',
      incoming('2'),
      { a: { cpu: '4', running: [running('m', '4', 20)] }, b: { cpu: '4', running: [running('l', '4', 10)] } },
      'b: l',
    ],
    [
      'on the node with fewer of them',
      incoming('4'),
      {
        a: { cpu: '4', running: [running('x', '2', 10), running('y', '2', 10)] },
        b: { cpu: '4', running: [running('z', '4', 10)] },
      },
      'b: z',
    ],
    [
      'nobody of equal priority',
      incoming('2', 10),
      { a: { cpu: '2', running: [running('l', '2', 10)] } },
      '0/1 nodes are available: 1 No preemption victims found for incoming pod.',
    ],
    [
      'nobody where it would not help',
      incoming('8'),
      { a: { cpu: '4', running: [running('l', '2', 10)] } },
      '0/1 nodes are available: 1 Preemption is not helpful for scheduling.',
    ],
    [
      'nobody if it would still not fit',
      incoming('4'),
      { a: { cpu: '4', running: [running('l', '1', 10), running('h', '1', 500)] } },
      '0/1 nodes are available: 1 Insufficient cpu.',
    ],
    [
      'nobody if its policy forbids',
      incoming('2', 100, { preemptionPolicy: 'Never' }),
      { a: { cpu: '2', running: [running('l', '2', 10)] } },
      'not eligible due to preemptionPolicy=Never.',
    ],
    [
      'pods that keep it off by their anti-affinity',
      { ...incoming('1'), metadata: { name: 'p', namespace: 'default', uid: 'p', labels: { app: 'p' } } },
      {
        a: {
          running: [
            {
              ...running('l', '1', 10),
              spec: {
                containers: [],
                priority: 10,
                affinity: {
                  podAntiAffinity: {
                    requiredDuringSchedulingIgnoredDuringExecution: [
                      { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'p' } } },
                    ],
                  },
                },
              },
            },
            running('m', '1', 10),
          ],
        },
      },
      'a: l',
    ],
  ])('%s', (_, pod, sketches, expected) => expect(outcome(pod, sketches)).toBe(expected));

  it('spares pods that a budget keeps where it can, and takes them where it must', () => {
    const lookups = { disruptionBudgets: () => [budget('kept', 0)] };
    const both = { a: { cpu: '2', running: [running('kept', '2', 10)] }, b: { cpu: '2', running: [running('free', '2', 50)] } };
    expect(outcome(incoming('2'), both, lookups)).toBe('b: free');
    expect(outcome(incoming('2'), { a: both.a }, lookups)).toBe('a: kept');
    expect(outcome(incoming('2'), both, { disruptionBudgets: () => [budget('kept', 1)] })).toBe('a: kept');
  });

  it('leaves room that is meant for a more important pod alone, and uses that meant for itself', () => {
    const cluster = clusterOf({ a: { cpu: '2' } });
    const important = incoming('2', 500);
    const pod = incoming('2', 100);
    cluster.nominated.set(important, 'a');
    expect(decide(pod, cluster, allPlugins, new Random(1)).type).toBe('none');
    expect(decide(important, cluster, allPlugins, new Random(1)).type).toBe('node');
    cluster.nominated.set(important, undefined);
    expect(decide(pod, cluster, allPlugins, new Random(1)).type).toBe('node');
  });

  it('waits for the pods it preempted to leave', () => {
    const victim: api.Pod = {
      ...running('l', '2', 10, { deletionTimestamp: '2026-01-01T00:00:00Z' }),
      status: {
        conditions: [{ type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler' }],
      },
    };
    const cluster = clusterOf({ a: { cpu: '2', running: [victim] } });
    const pod = incoming('2');
    cluster.nominated.set(pod, 'a');
    const decision = decide(pod, cluster, allPlugins, new Random(1));
    const plan = decision.type === 'none' && planPreemption(pod, decision.rejections, cluster, allPlugins, new Random(1));
    expect(plan).toMatchObject({ message: 'not eligible due to a terminating pod on the nominated node.' });
  });
});
