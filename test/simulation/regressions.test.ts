/** Walks that failed once, as short as they got, each under the name of what was wrong. */
import { describe, expect, it } from 'vitest';
import { type FaultPlan, noFaults } from './faults.ts';
import { runWalk } from './runWalk.ts';
import type { Operation, Walk } from './walk.ts';

const plain = { trait: 'plain', replicas: 1, version: 1 };
const walk = (operations: readonly Operation[], faults: Partial<FaultPlan> = {}, seed = 1): Walk => ({
  seed,
  nodes: 3,
  faults: { ...noFaults, ...faults },
  faulty: Object.keys(faults).length > 0 ? 100 : 0,
  operations,
});

const walks: readonly [string, Walk][] = [
  [
    'pods are counted right by controllers that hear of their own writes late',
    walk(
      [
        { at: 0, do: 'create', kind: 'Deployment', name: 'a', options: { ...plain, replicas: 3 } },
        { at: 20, do: 'delete pod', pod: 0 },
        { at: 20, do: 'stop node', node: 'node-1' },
        { at: 140, do: 'start node', node: 'node-1' },
      ],
      { conflicts: 0.2, slowWrites: 300, lag: 2000, merges: 0.3 },
    ),
  ],
  [
    'a StatefulSet whose name was taken goes on when it is free',
    walk([
      { at: 0, do: 'create', kind: 'StatefulSet', name: 'a', options: plain },
      { at: 20, do: 'relabel pod', pod: 0 },
      { at: 60, do: 'delete pod', pod: 0 },
    ]),
  ],
  [
    'pods that a Job leaves behind as orphans lose its finalizer',
    walk(
      [
        { at: 0, do: 'create', kind: 'Job', name: 'b', options: { trait: 'flaky-parallel', replicas: 3, version: 1 } },
        { at: 2, do: 'delete', kind: 'Job', name: 'b', propagation: 'Orphan' },
      ],
      { conflicts: 0.3, slowWrites: 640 },
    ),
  ],
  [
    'pods of a node that went are removed though their collector was away',
    walk(
      [
        { at: 60, do: 'create', kind: 'DaemonSet', name: 'b', options: plain },
        { at: 60, do: 'crash', component: 'pod-garbage-collector-controller', writes: 2, down: 21 },
        { at: 75, do: 'create', kind: 'DaemonSet', name: 'a', options: { ...plain, trait: 'half' } },
        { at: 192, do: 'remove node', node: 'node-1' },
        { at: 238, do: 'add node', node: 'node-4' },
      ],
      {},
      137,
    ),
  ],
  [
    'Endpoints of a Service that went are removed though their controller was away',
    walk([
      { at: 0, do: 'create', kind: 'Service', name: 'a', options: { ...plain, target: 'pod-a' } },
      { at: 10, do: 'crash', component: 'endpoint-controller', writes: 1, down: 30 },
      { at: 15, do: 'create', kind: 'Service', name: 'b', options: { ...plain, target: 'pod-a' } },
      { at: 20, do: 'delete', kind: 'Service', name: 'a', propagation: 'Background' },
    ]),
  ],
  [
    'a DaemonSet that surges makes no pods for a node that is gone',
    walk([
      { at: 0, do: 'create', kind: 'DaemonSet', name: 'a', options: { ...plain, trait: 'surge' } },
      { at: 20, do: 'remove node', node: 'node-2' },
      { at: 25, do: 'update', kind: 'DaemonSet', name: 'a', image: 'sim/serve:v2' },
    ]),
  ],
  [
    'a CronJob that ended before it noted its Job starts no other beside it',
    walk(
      [
        { at: 16, do: 'create', kind: 'CronJob', name: 'b', options: { ...plain, trait: 'forbid' } },
        { at: 458, do: 'crash', component: 'cronjob-controller', writes: 2, down: 14 },
        { at: 477, do: 'delete pod', pod: 9 },
      ],
      {},
      369,
    ),
  ],
  [
    'a status that lost a race is not tried again with the same late knowledge',
    {
      ...walk(
        [
          { at: 5, do: 'create', kind: 'Pod', name: 'b', options: { ...plain, trait: 'of-deployment', target: 'deployment-a' } },
          { at: 15, do: 'create', kind: 'CronJob', name: 'a', options: { ...plain, trait: 'forbid' } },
        ],
        { lag: 1430 },
        13,
      ),
      nodes: 2,
      faulty: 67,
    },
  ],
  [
    'pods that a node refuses while it shuts down are not made anew without end',
    {
      ...walk([
        { at: 0, do: 'create', kind: 'ReplicaSet', name: 'a', options: plain },
        { at: 30, do: 'crash', component: 'node-lifecycle-controller', writes: 1, down: 30 },
        { at: 40, do: 'shut down node', node: 'node-1' },
        { at: 40, do: 'create', kind: 'ReplicaSet', name: 'b', options: { ...plain, replicas: 2 } },
      ]),
      nodes: 1,
    },
  ],
  [
    'a node whose first word of its drivers was refused says it again',
    walk([{ at: 0, do: 'create', kind: 'ReplicaSet', name: 'a', options: plain }], { conflicts: 1 }),
  ],
  [
    'a machine without power lets no volume grow',
    walk([
      { at: 0, do: 'create', kind: 'StatefulSet', name: 'a', options: { ...plain, trait: 'claims' } },
      { at: 40, do: 'stop node', node: 'node-1' },
      { at: 40, do: 'stop node', node: 'node-2' },
      { at: 40, do: 'stop node', node: 'node-3' },
      { at: 90, do: 'grow claim', claim: 0, size: 3 },
    ]),
  ],
  [
    'a Deployment whose pods have volumes of their own goes in the foreground',
    {
      seed: 50058,
      nodes: 3,
      faulty: 0,
      faults: { conflicts: 0, slowWrites: 0, lag: 0, merges: 0, repeats: 0, breaks: 0 },
      operations: [
        { at: 136, do: 'create', kind: 'Deployment', name: 'b', options: { trait: 'ephemeral', replicas: 1, version: 1 } },
        { at: 142, do: 'delete', kind: 'Deployment', name: 'b', propagation: 'Foreground' },
      ],
    },
  ],
  [
    'a volume outlives a reclaimer that has not heard of its claim',
    {
      seed: 50421,
      nodes: 3,
      faulty: 79,
      faults: { conflicts: 0, slowWrites: 0, lag: 0, merges: 0, repeats: 0, breaks: 0.016465050308033823 },
      operations: [
        { at: 0, do: 'create', kind: 'Deployment', name: 'a', options: { trait: 'ephemeral', replicas: 2, version: 1 } },
        {
          at: 0,
          do: 'create',
          kind: 'Pod',
          name: 'a',
          options: { trait: 'claim', replicas: 3, version: 1, target: 'deployment-b' },
        },
      ],
    },
  ],
  [
    'pods start though their node hears of their volume after all else',
    {
      seed: 50906,
      nodes: 2,
      faulty: 28,
      faults: {
        conflicts: 0.06051801908761263,
        slowWrites: 540,
        lag: 1445,
        merges: 0,
        repeats: 0.10737041370011866,
        breaks: 0.03483446602709591,
      },
      operations: [
        { at: 129, do: 'create', kind: 'StatefulSet', name: 'b', options: { trait: 'claims', replicas: 4, version: 1 } },
        { at: 132, do: 'create', kind: 'StatefulSet', name: 'a', options: { trait: 'partition', replicas: 3, version: 1 } },
        { at: 149, do: 'create', kind: 'StatefulSet', name: 'a', options: { trait: 'plain', replicas: 2, version: 1 } },
      ],
    },
  ],
  [
    'a StatefulSet whose claim is being deleted goes on when it is gone',
    {
      seed: 51396,
      nodes: 2,
      faulty: 97,
      faults: { conflicts: 0, slowWrites: 194, lag: 0, merges: 0, repeats: 0.05140455302316695, breaks: 0.038483322174288334 },
      operations: [
        { at: 12, do: 'create', kind: 'ReplicationController', name: 'b', options: { trait: 'plain', replicas: 4, version: 1 } },
        { at: 54, do: 'delete', kind: 'ReplicationController', name: 'b', propagation: 'Orphan' },
        { at: 177, do: 'create', kind: 'StatefulSet', name: 'a', options: { trait: 'claims-deleted', replicas: 4, version: 1 } },
        { at: 417, do: 'update', kind: 'StatefulSet', name: 'a', image: 'sim/serve:v2' },
        { at: 417, do: 'delete claim', claim: 4 },
        { at: 499, do: 'update', kind: 'ReplicationController', name: 'a', image: 'sim/serve:v3' },
      ],
    },
  ],
  [
    'a suspended Job whose pods succeed while they are stopped ends',
    {
      seed: 139,
      nodes: 3,
      faulty: 66,
      faults: { conflicts: 0.3292383590713144, slowWrites: 616, lag: 2928, merges: 0, repeats: 0.10646133895497768, breaks: 0 },
      operations: [
        { at: 0, do: 'create', kind: 'Deployment', name: 'b', options: { trait: 'plain', replicas: 4, version: 1 } },
        { at: 176, do: 'create', kind: 'Job', name: 'a', options: { trait: 'plain', replicas: 2, version: 1 } },
        { at: 315, do: 'create', kind: 'StatefulSet', name: 'a', options: { trait: 'partition', replicas: 1, version: 1 } },
        { at: 332, do: 'delete', kind: 'Job', name: 'a', propagation: 'Background' },
        { at: 343, do: 'create', kind: 'Job', name: 'a', options: { trait: 'failing', replicas: 2, version: 1 } },
        { at: 366, do: 'stop node', node: 'node-1' },
        { at: 430, do: 'create', kind: 'Job', name: 'b', options: { trait: 'long', replicas: 2, version: 1 } },
        { at: 430, do: 'pause', kind: 'Job', name: 'b' },
        {
          at: 438,
          do: 'create',
          kind: 'HorizontalPodAutoscaler',
          name: 'a',
          options: { trait: 'value', replicas: 2, version: 1, target: 'Deployment/b' },
        },
      ],
    },
  ],
  [
    'pods are ready again that a lifecycle controller with old news said were not',
    {
      seed: 60411,
      nodes: 3,
      faulty: 92,
      faults: { conflicts: 0.15791861964389683, slowWrites: 158, lag: 0, merges: 0, repeats: 0, breaks: 0.042878173808567226 },
      operations: [
        { at: 0, do: 'create', kind: 'ReplicaSet', name: 'a', options: { trait: 'plain', replicas: 2, version: 1 } },
        { at: 0, do: 'create', kind: 'ReplicaSet', name: 'b', options: { trait: 'plain', replicas: 4, version: 1 } },
        { at: 7, do: 'create', kind: 'DaemonSet', name: 'b', options: { trait: 'plain', replicas: 1, version: 1 } },
        { at: 20, do: 'create', kind: 'Job', name: 'b', options: { trait: 'per-index', replicas: 4, version: 1 } },
        { at: 40, do: 'evict pod', pod: 9 },
        { at: 59, do: 'evict pod', pod: 21 },
        { at: 99, do: 'scale', kind: 'ReplicaSet', name: 'b', replicas: 2 },
        {
          at: 157,
          do: 'create',
          kind: 'Service',
          name: 'a',
          options: { trait: 'plain', replicas: 4, version: 1, target: 'job-a' },
        },
        { at: 201, do: 'remove node', node: 'node-1' },
        { at: 202, do: 'add node', node: 'node-1' },
      ],
    },
  ],
];

describe('walks that failed', () => {
  it.each(walks)('%s', { timeout: 120_000 }, async (_, failed) => {
    const failure = await runWalk(failed);
    expect(failure && [failure.invariant, ...failure.violations]).toBeUndefined();
  });
});
