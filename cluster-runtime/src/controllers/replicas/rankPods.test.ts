import { describe, expect, it } from 'vitest';
import type * as api from '#common/schema/generated/types.ts';
import { podsToDelete } from './rankPods.ts';

const now = Date.parse('2026-01-01T12:00:00Z');
interface Traits {
  node?: string;
  phase?: string;
  ready?: string | false;
  cost?: string;
  restarts?: number;
  created?: string;
}

const pod = (
  name: string,
  { node = 'n', phase = 'Running', ready = '2026-01-01T00:00:00Z', cost, restarts = 0, created = '2026-01-01T00:00:00Z' }: Traits,
): api.Pod => ({
  metadata: {
    name,
    uid: name,
    creationTimestamp: created,
    ...(cost === undefined ? {} : { annotations: { 'controller.kubernetes.io/pod-deletion-cost': cost } }),
  },
  spec: { containers: [], ...(node ? { nodeName: node } : {}) },
  status: {
    phase,
    conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', ...(ready ? { lastTransitionTime: ready } : {}) }],
    containerStatuses: [{ name: 'c', image: '', imageID: '', ready: true, restartCount: restarts }],
  },
});

describe('podsToDelete', () => {
  it.each<[string, Traits, Traits]>([
    ['without a node', { node: '', cost: '100' }, { cost: '-100' }],
    ['pending', { phase: 'Pending' }, {}],
    ['not ready', { ready: false, cost: '5' }, { cost: '1' }],
    ['cheaper', { cost: '-1' }, {}],
    ['with a cost that is no number counts as 0', { cost: '-5' }, { cost: '-5x' }],
    ['ready for a shorter time', { ready: '2026-01-01T11:59:00Z' }, { ready: '2026-01-01T00:00:00Z' }],
    ['restarted more often', { restarts: 3 }, { restarts: 1 }],
    ['younger', { created: '2026-01-01T11:59:00Z' }, { created: '2026-01-01T00:00:00Z' }],
  ])('takes the pod that is %s first', (_, first, other) => {
    const pods = [pod('other', other), pod('first', first)];
    expect(podsToDelete(pods, pods, 1, now).map((p) => p.metadata.name)).toEqual(['first']);
  });

  it('takes from the node where most siblings are', () => {
    const pods = [pod('a', { node: 'x' }), pod('b', { node: 'y' }), pod('c', { node: 'y' })];
    expect(podsToDelete(pods, pods, 1, now)[0]?.spec?.nodeName).toBe('y');
  });

  it('does not prefer the youngest among pods of about the same age', () => {
    const pods = [pod('z', { created: '2026-01-01T03:30:00Z' }), pod('a', { created: '2026-01-01T03:00:00Z' })];
    expect(podsToDelete(pods, pods, 1, now).map((p) => p.metadata.name)).toEqual(['a']);
  });
});
