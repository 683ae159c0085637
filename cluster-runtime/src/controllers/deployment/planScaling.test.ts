import { describe, expect, it } from 'vitest';
import type * as api from '#common/schema/generated/types.ts';
import { planProportionalScaling, planRollingUpdate, type Scaling } from './planScaling.ts';

const set = (name: string, replicas: number, available = replicas, desired = replicas, max = desired): api.ReplicaSet => ({
  metadata: {
    name,
    creationTimestamp: `2026-01-01T00:00:0${name.charCodeAt(0) % 10}Z`,
    annotations: {
      'deployment.kubernetes.io/desired-replicas': String(desired),
      'deployment.kubernetes.io/max-replicas': String(max),
    },
  },
  spec: { replicas, selector: {} } as api.ReplicaSetSpec,
  status: { replicas, availableReplicas: available },
});
const deployment = (replicas: number, maxSurge: number | string, maxUnavailable: number | string): api.Deployment => ({
  metadata: { name: 'd' },
  spec: { replicas, strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } } } as api.DeploymentSpec,
});
const steps = (scalings: readonly Scaling[]) => scalings.map(({ set: { metadata }, replicas }) => `${metadata.name}=${replicas}`);

describe('planRollingUpdate', () => {
  it.each<[string, api.Deployment, api.ReplicaSet, api.ReplicaSet[], string[]]>([
    ['adds up to the surge', deployment(4, 1, 1), set('n', 0), [set('a', 4)], ['n=1']],
    ['then removes what may be unavailable', deployment(4, 1, 1), set('n', 1, 0), [set('a', 4)], ['a=3']],
    ['waits for the new pods', deployment(4, 1, 0), set('n', 1, 0), [set('a', 4)], []],
    [
      'takes broken old pods first, then as many good ones as the minimum allows',
      deployment(4, 1, 2),
      set('n', 1, 0),
      [set('a', 4, 3)],
      ['a=3', 'a=2'],
    ],
    ['takes away from the oldest set first', deployment(3, 1, 1), set('n', 3), [set('b', 1), set('a', 1)], ['a=0', 'b=0']],
    ['shrinks a new set that is too large', deployment(2, 1, 1), set('n', 5), [], ['n=2']],
    ['rounds a surge up and unavailability down', deployment(3, '25%', '25%'), set('n', 0), [set('a', 3)], ['n=1']],
  ])('%s', (_, target, newSet, oldSets, want) =>
    expect(steps(planRollingUpdate({ deployment: target, newSet, oldSets }))).toEqual(want),
  );
});

describe('planProportionalScaling', () => {
  it.each<[string, api.Deployment, api.ReplicaSet | undefined, api.ReplicaSet[], string[]]>([
    ['scales the only set that has pods', deployment(5, 1, 1), set('n', 3), [set('a', 0)], ['n=5']],
    ['scales the latest set when none has pods', deployment(5, 1, 1), undefined, [set('a', 0), set('b', 0)], ['b=5']],
    ['keeps the proportions when it grows', deployment(9, 1, 1), set('n', 2, 0, 4, 5), [set('a', 3, 3, 4, 5)], ['a=6', 'n=4']],
    [
      'keeps the proportions when it shrinks',
      deployment(4, 2, 0),
      set('n', 2, 0, 8, 10),
      [set('a', 8, 8, 8, 10)],
      ['a=5', 'n=1'],
    ],
    ['empties old sets once the new one has all', deployment(3, 1, 1), set('n', 3), [set('a', 1)], ['a=0']],
    ['empties all', deployment(0, 1, 1), set('n', 2, 0, 4, 5), [set('a', 3, 3, 4, 5)], ['a=0', 'n=0']],
  ])('%s', (_, target, newSet, oldSets, want) =>
    expect(steps(planProportionalScaling({ deployment: target, newSet, oldSets }))).toEqual(want),
  );
});
