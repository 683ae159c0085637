import { expect, it } from 'vitest';
import type * as api from '#common/schema/generated/types.ts';
import { machineOf, nodeOf, planMachine } from './machineController.ts';

const node = (uid = 'n1'): api.Node => ({ metadata: { name: 'a', uid } });
const machine = (owner?: string, more: Partial<api.Machine['metadata']> = {}): api.Machine => ({
  metadata: {
    name: 'a',
    uid: 'm',
    ...(owner ? { ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: 'a', uid: owner }] } : {}),
    ...more,
  },
});

it.each<[string, api.Machine | undefined, api.Node | undefined, string | undefined, string]>([
  ['neither is there', undefined, undefined, undefined, 'nothing'],
  ['a Node appears', undefined, node(), undefined, 'createMachine'],
  ['a Node appears under the name of one that had a Machine', undefined, node('n2'), 'n1', 'createMachine'],
  ['the Machine of a Node was deleted', undefined, node(), 'n1', 'removeNode'],
  ['both are there', machine('n1'), node(), 'n1', 'nothing'],
  ['a Machine is made first', machine(), undefined, undefined, 'registerNode'],
  ['its Node has registered', machine(), node(), undefined, 'adopt'],
  ['the Node is gone', machine('n1'), undefined, 'n1', 'removeMachine'],
  ['the Node was made anew', machine('n1'), node('n2'), 'n1', 'removeMachine'],
  ['the Machine is on its way', machine('n1', { deletionTimestamp: '2026-01-01T00:00:00Z' }), undefined, 'n1', 'nothing'],
])('%s', (_, present, own, pairedWith, step) => expect(planMachine(present, own, pairedWith).do).toBe(step));

it('a machine has the room that its Node states, and the usual one otherwise', () => {
  const stated: api.Node = {
    metadata: { name: 'a', uid: 'n', labels: { 'topology.kubernetes.io/zone': 'east' } },
    status: { capacity: { cpu: '2', 'nvidia.com/gpu': '4' } },
  };
  expect(machineOf(stated).spec).toEqual({
    capacity: { cpu: '2', memory: '16Gi', pods: '110', 'nvidia.com/gpu': '4' },
    zone: 'east',
  });
});

it('a Node is registered with what its machine is', () => {
  const taints = [{ key: 'gpu', effect: 'NoSchedule' }];
  const made = nodeOf({
    metadata: { name: 'a' },
    spec: { capacity: { cpu: '64' }, zone: 'east', labels: { disk: 'ssd' }, taints },
  });
  expect(made.metadata.labels).toMatchObject({
    disk: 'ssd',
    'topology.kubernetes.io/zone': 'east',
    'kubernetes.io/hostname': 'a',
  });
  expect(made.spec).toEqual({ taints });
  expect(made.status?.capacity).toEqual({ cpu: '64', memory: '16Gi', pods: '110' });
});
