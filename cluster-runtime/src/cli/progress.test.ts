import { describe, expect, it } from 'vitest';
import { type AnyObject, progressOf } from './progress.ts';

const object = (kind: string, rest: object): AnyObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'a', generation: 2 },
  ...rest,
});
const pod = (status: object): AnyObject => object('Pod', { status });
const container = (state: object): AnyObject =>
  pod({ phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'True' }], containerStatuses: [{ state }] });

describe('progressOf', () => {
  it.each<[string, AnyObject, string, string]>([
    ['a ConfigMap', object('ConfigMap', {}), 'ready', ''],
    ['a new Deployment', object('Deployment', { spec: { replicas: 3 } }), 'waiting', '0/3 ready'],
    ['a Deployment whose change was not seen yet', object('Deployment', { spec: { replicas: 1 }, status: { observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: 1 } }), 'waiting', '0/1 ready'], // prettier-ignore
    ['a Deployment in the middle of a rollout', object('Deployment', { spec: { replicas: 3 }, status: { observedGeneration: 2, replicas: 4, updatedReplicas: 1, availableReplicas: 3 } }), 'waiting', '1/3 updated'], // prettier-ignore
    ['a Deployment that is there', object('Deployment', { spec: { replicas: 2 }, status: { observedGeneration: 2, replicas: 2, updatedReplicas: 2, availableReplicas: 2 } }), 'ready', '2/2 ready'], // prettier-ignore
    [
      'a Deployment of nothing',
      object('Deployment', { spec: { replicas: 0 }, status: { observedGeneration: 2 } }),
      'ready',
      '0/0 ready',
    ],
    ['a ReplicationController', object('ReplicationController', { spec: { replicas: 2 }, status: { readyReplicas: 1 } }), 'waiting', '1/2 ready'], // prettier-ignore
    ['a DaemonSet that no controller has seen', object('DaemonSet', {}), 'waiting', '0 ready'],
    ['a DaemonSet', object('DaemonSet', { status: { observedGeneration: 2, desiredNumberScheduled: 3, numberReady: 3 } }), 'ready', '3/3 ready'], // prettier-ignore
    ['a Job at work', object('Job', { spec: { completions: 5 }, status: { succeeded: 2 } }), 'waiting', '2/5 complete'],
    ['a Job that is done', object('Job', { status: { succeeded: 1, conditions: [{ type: 'Complete', status: 'True' }] } }), 'ready', '1/1 complete'], // prettier-ignore
    ['a Job that failed', object('Job', { status: { conditions: [{ type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded', message: 'too often' }] } }), 'failed', 'BackoffLimitExceeded: too often'], // prettier-ignore
    ['a pod without a node', pod({ phase: 'Pending' }), 'waiting', 'waiting for a node'],
    ['a pod that fits nowhere', pod({ phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: 'no room' }] }), 'stuck', 'Unschedulable: no room'], // prettier-ignore
    ['a pod on its way', container({ waiting: { reason: 'ContainerCreating' } }), 'waiting', 'starting'],
    ['a pod without its image', container({ waiting: { reason: 'ErrImagePull', message: 'not found' } }), 'stuck', 'ErrImagePull: not found'], // prettier-ignore
    ['a pod whose program failed', container({ terminated: { exitCode: 3, reason: 'Error' } }), 'waiting', 'Error, exit code 3'],
    ['a pod that is not ready', pod({ phase: 'Running', conditions: [{ type: 'Ready', status: 'False' }] }), 'waiting', 'running, not ready yet'], // prettier-ignore
    ['a ready pod', pod({ phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] }), 'ready', 'ready'],
    ['a pod that has done its work', pod({ phase: 'Succeeded' }), 'ready', 'completed'],
    ['a pod that was evicted', pod({ phase: 'Failed', reason: 'Evicted', message: 'no disk' }), 'failed', 'Evicted: no disk'],
  ])('%s', (_, given, state, text) => {
    expect(progressOf(given)).toEqual({ state, text });
  });
});
