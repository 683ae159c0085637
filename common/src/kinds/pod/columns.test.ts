import { expect, it } from 'vitest';
import type * as api from '#common/schema/generated/types.ts';
import { podColumns } from './columns.ts';

const now = Date.parse('2026-01-01T00:10:00Z');
const cells = (pod: api.Pod, ...names: string[]): unknown[] =>
  names.map((name) => podColumns.find((column) => column.name === name)?.cell(pod, now));

function pod(status: object, spec: object = {}, metadata: object = {}): api.Pod {
  const base = { containers: [{ name: 'c' }] };
  return { metadata: { name: 'x', ...metadata }, spec: { ...base, ...spec }, status } as api.Pod;
}
const state = (name: string, given: object, extra: object = {}): object => ({
  name,
  restartCount: 0,
  ready: false,
  state: given,
  ...extra,
});
const running = (name: string): object => state(name, { running: {} }, { ready: true });
const twoInits = { initContainers: [{ name: 'i' }, { name: 'j' }] };
const twoContainers = { containers: [{ name: 'c' }, { name: 'd' }] };
const sidecar = { initContainers: [{ name: 's', restartPolicy: 'Always' }] };
const done = { terminated: { exitCode: 0, reason: 'Completed' } };

it.each<[string, api.Pod, string, string, string]>([
  ['nothing known', pod({ phase: 'Pending' }), '0/1', 'Pending', '0'],
  [
    'gated',
    pod({ phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }] }),
    '0/1',
    'SchedulingGated',
    '0',
  ],
  ['running', pod({ phase: 'Running', containerStatuses: [running('c')] }), '1/1', 'Running', '0'],
  [
    'restarted five minutes ago',
    pod({
      phase: 'Running',
      containerStatuses: [
        state(
          'c',
          { running: {} },
          { ready: true, restartCount: 2, lastState: { terminated: { finishedAt: '2026-01-01T00:05:00Z' } } },
        ),
      ],
    }),
    '1/1',
    'Running',
    '2 (5m ago)',
  ],
  [
    'crashing',
    pod({ phase: 'Running', containerStatuses: [state('c', { waiting: { reason: 'CrashLoopBackOff' } }, { restartCount: 4 })] }),
    '0/1',
    'CrashLoopBackOff',
    '4',
  ],
  [
    'ended by a code',
    pod({ phase: 'Failed', containerStatuses: [state('c', { terminated: { exitCode: 3 } })] }),
    '0/1',
    'ExitCode:3',
    '0',
  ],
  [
    'ended by a signal',
    pod({ phase: 'Failed', containerStatuses: [state('c', { terminated: { exitCode: 137, signal: 9 } })] }),
    '0/1',
    'Signal:9',
    '0',
  ],
  ['completed', pod({ phase: 'Succeeded', containerStatuses: [state('c', done)] }), '0/1', 'Completed', '0'],
  [
    'one completed, one running and the pod ready',
    pod(
      { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }], containerStatuses: [state('c', done), running('d')] },
      twoContainers,
    ),
    '1/2',
    'Running',
    '0',
  ],
  [
    'one completed, one running and the pod not ready',
    pod({ phase: 'Running', containerStatuses: [state('c', done), running('d')] }, twoContainers),
    '1/2',
    'NotReady',
    '0',
  ],
  [
    'initializing',
    pod({ phase: 'Pending', initContainerStatuses: [state('i', done), state('j', { running: {} })] }, twoInits),
    '0/1',
    'Init:1/2',
    '0',
  ],
  [
    'init container crashing',
    pod(
      { phase: 'Pending', initContainerStatuses: [state('i', { waiting: { reason: 'CrashLoopBackOff' } }, { restartCount: 3 })] },
      twoInits,
    ),
    '0/1',
    'Init:CrashLoopBackOff',
    '3',
  ],
  [
    'init container failed',
    pod({ phase: 'Failed', initContainerStatuses: [state('i', { terminated: { exitCode: 1, reason: 'Error' } })] }, twoInits),
    '0/1',
    'Init:Error',
    '0',
  ],
  [
    'a sidecar counts as a container',
    pod(
      {
        phase: 'Running',
        initContainerStatuses: [state('s', { running: {} }, { started: true, ready: true, restartCount: 1 })],
        containerStatuses: [running('c')],
      },
      sidecar,
    ),
    '2/2',
    'Running',
    '1',
  ],
  ['evicted', pod({ phase: 'Failed', reason: 'Evicted' }), '0/1', 'Evicted', '0'],
  [
    'going',
    pod({ phase: 'Running', containerStatuses: [running('c')] }, {}, { deletionTimestamp: '2026-01-01T00:00:00Z' }),
    '1/1',
    'Terminating',
    '0',
  ],
  [
    'going, already ended',
    pod({ phase: 'Succeeded', containerStatuses: [state('c', done)] }, {}, { deletionTimestamp: 'x' }),
    '0/1',
    'Completed',
    '0',
  ],
  ['its node is lost', pod({ phase: 'Running', reason: 'NodeLost' }, {}, { deletionTimestamp: 'x' }), '0/1', 'Unknown', '0'],
])('%s', (_, object, ready, status, restarts) =>
  expect(cells(object, 'Ready', 'Status', 'Restarts')).toEqual([ready, status, restarts]),
);

it('shows more with -o wide', () => {
  const object = pod(
    {
      podIP: '10.244.0.5',
      podIPs: [{ ip: '10.244.0.5' }],
      nominatedNodeName: 'n2',
      conditions: [{ type: 'x.io/a', status: 'True' }],
    },
    { nodeName: 'n1', readinessGates: [{ conditionType: 'x.io/a' }, { conditionType: 'x.io/b' }] },
  );
  expect(cells(object, 'IP', 'Node', 'Nominated Node', 'Readiness Gates')).toEqual(['10.244.0.5', 'n1', 'n2', '1/2']);
  expect(cells(pod({}), 'IP', 'Node', 'Nominated Node', 'Readiness Gates')).toEqual(Array(4).fill('<none>'));
});
