/**
 * Every controller, one at a time, comes to the same end with a fault as without: each of its writes refused once,
 * itself ended between any two of its writes, its watches broken again and again.
 */
import { describe, expect, it } from 'vitest';
import { type FaultPlan, noFaults } from './faults.ts';
import { controllerNames, type SimulatedCluster, startSimulation } from './simulatedCluster.ts';
import { calmDown, performOperation } from './performOperation.ts';
import { normalizedState } from './normalizedState.ts';
import { describeOperation, type Operation } from './walk.ts';

const make = (kind: (Operation & { do: 'create' })['kind'], name: string, trait: string, replicas = 3, target = '') =>
  ({ at: 0, do: 'create', kind, name, options: { trait, replicas, version: 1, ...(target ? { target } : {}) } }) as const;

/** One of each kind, changed once, and partly deleted in each of the ways. */
const story: readonly Operation[] = [
  make('ReplicationController', 'a', 'plain', 2),
  make('ReplicaSet', 'a', 'plain', 2),
  make('Deployment', 'a', 'plain', 3),
  make('Deployment', 'b', 'plain', 1),
  make('StatefulSet', 'a', 'plain', 2),
  make('DaemonSet', 'a', 'plain'),
  make('Job', 'a', 'indexed', 3),
  make('Job', 'b', 'ttl', 1),
  make('Service', 'a', 'node-port', 1, 'deployment-a'),
  make('Service', 'b', 'plain', 1, 'statefulset-a'),
  make('PodDisruptionBudget', 'a', 'plain', 1, 'deployment-a'),
  make('StatefulSet', 'b', 'claims-deleted', 2),
  make('PersistentVolumeClaim', 'a', 'immediate'),
  make('PersistentVolumeClaim', 'b', 'manual'),
  make('PersistentVolume', 'a', 'deleted'),
  make('Deployment', 'c', 'loaded', 1),
  make('HorizontalPodAutoscaler', 'a', 'plain', 2, 'Deployment/c'),
  { at: 40, do: 'update', kind: 'Deployment', name: 'a', image: 'sim/serve:v2' },
  { at: 40, do: 'update', kind: 'StatefulSet', name: 'a', image: 'sim/serve:v2' },
  { at: 40, do: 'update', kind: 'DaemonSet', name: 'a', image: 'sim/serve:v2' },
  { at: 40, do: 'scale', kind: 'ReplicaSet', name: 'a', replicas: 1 },
  { at: 75, do: 'scale', kind: 'StatefulSet', name: 'a', replicas: 1 },
  { at: 75, do: 'scale', kind: 'StatefulSet', name: 'b', replicas: 1 },
  { at: 75, do: 'delete', kind: 'PersistentVolumeClaim', name: 'b', propagation: 'Background' },
  { at: 75, do: 'delete', kind: 'Deployment', name: 'b', propagation: 'Foreground' },
  { at: 75, do: 'delete', kind: 'ReplicationController', name: 'a', propagation: 'Orphan' },
  { at: 75, do: 'delete', kind: 'Service', name: 'b', propagation: 'Background' },
  { at: 80, do: 'remove node', node: 'node-3' },
];

async function tell(controller: string, plan: FaultPlan, restless: boolean): Promise<string> {
  const cluster = await startSimulation({ seed: 5, nodes: 3, faultsOf: (name) => (name === controller ? plan : undefined) });
  const crash = (): void => {
    if (restless) cluster.components.get(controller)?.stopAfter(1, 300, crash);
  };
  crash();
  for (const operation of story) {
    const wait = operation.at * 1000 + 5000 - cluster.elapsed();
    if (wait > 0) await cluster.advance(wait);
    await performOperation(cluster, operation);
  }
  await cluster.advance(120_000);
  await calmDown(cluster);
  await atRest(cluster);
  const state = normalizedState(cluster);
  await cluster.stop();
  return state;
}

async function atRest(cluster: SimulatedCluster): Promise<void> {
  for (let i = 0; i < 30 && (i === 0 || cluster.quietFor() < 60_000); i++) await cluster.advance(20_000);
}

const reference = tell('', noFaults, false);

describe('every controller comes to the same end', () => {
  it('in a story that leaves something of each kind', async () => {
    const kinds = new Set((await reference).split('\n').map((line) => line.split(' ')[0]));
    for (const kind of [
      'Deployment',
      'StatefulSet',
      'DaemonSet',
      'Job',
      'EndpointSlice',
      'Endpoints',
      'PodDisruptionBudget',
      'HorizontalPodAutoscaler',
      'PersistentVolume',
    ])
      expect([...kinds], story.map(describeOperation).join('\n')).toContain(kind);
  });

  const cases: readonly [string, FaultPlan, boolean][] = [
    ['when each of its writes is refused once', { ...noFaults, conflicts: 1 }, false],
    ['when it ends between any two of its writes', noFaults, true],
    ['when its watches break again and again', { ...noFaults, lag: 500, breaks: 0.3 }, false],
  ];
  describe.each(cases)('%s', (_, plan, restless) => {
    it.each(controllerNames)('%s', { timeout: 120_000 }, async (name) => {
      expect(await tell(name, plan, restless)).toBe(await reference);
    });
  });
});
