import { beforeEach, describe, expect, test } from 'vitest';
import type { KubeObject } from '#common/api/meta.ts';
import { SteppedClock } from '#common/base/clock.ts';
import { treeTexts } from '#common/protocol/treeTexts.ts';
import type { RowsMessage, ToView } from '#common/protocol/webview.ts';
import { TreeFeed } from './treeFeed.ts';
import { TreeModel } from './treeModel.ts';
import { machineKind } from './watchedResources.ts';

let model: TreeModel;
beforeEach(() => (model = new TreeModel('playground', treeTexts)));

const object = (kind: string, name: string, rest: Record<string, unknown> = {}, owner?: string): KubeObject => {
  const namespaced = kind === 'Node' || kind === 'Namespace' ? {} : { namespace: 'default' };
  const ownerReferences = owner
    ? { ownerReferences: [{ apiVersion: 'apps/v1', kind: 'X', name: owner, uid: owner, controller: true }] }
    : {};
  const { metadata, ...other } = rest as { metadata?: object };
  return { apiVersion: 'v1', kind, metadata: { name, uid: name, ...namespaced, ...ownerReferences, ...metadata }, ...other };
};

const pod = (
  name: string,
  owner?: string,
  status: object = {
    phase: 'Running',
    containerStatuses: [{ name: 'app', ready: true, restartCount: 0, state: { running: {} } }],
  },
): KubeObject => object('Pod', name, { spec: { containers: [{ name: 'app', image: 'nginx' }] }, status }, owner);

/** The tree as indented text. */
function drawn(parent = '', indent = ''): string {
  return [...model.rows()]
    .filter((row) => row.parent === parent)
    .sort((a, b) => (a.order < b.order ? -1 : 1))
    .map(
      (row) =>
        `${indent}${[row.kind, row.name, row.state, row.ready, row.why].filter((part) => part).join(' ')}\n${drawn(row.id, `${indent}  `)}`,
    )
    .join('');
}

describe('where objects stand', () => {
  test('owners that come after what they own take it below them', () => {
    model.set('Pod', pod('web-1-a', 'web-1'));
    model.set('Namespace', object('Namespace', 'default'));
    expect(drawn()).toBe('Namespace default none\n  Group Workloads none\n    Pod web-1-a ok 1/1\n      Container app ok\n');
    model.set('ReplicaSet', object('ReplicaSet', 'web-1', { spec: { replicas: 1 }, status: { readyReplicas: 1 } }, 'web'));
    model.set(
      'Deployment',
      object('Deployment', 'web', { spec: { replicas: 1 }, status: { readyReplicas: 1, updatedReplicas: 1, replicas: 1 } }),
    );
    expect(drawn()).toBe(`Namespace default none
  Group Workloads none
    Deployment web ok 1/1
      ReplicaSet web-1 ok 1/1
        Pod web-1-a ok 1/1
          Container app ok
`);
  });

  test('a group goes with the last that is in it, and retired ReplicaSets say that they are', () => {
    model.set('Namespace', object('Namespace', 'default'));
    model.set('ReplicaSet', object('ReplicaSet', 'old', { spec: { replicas: 0 }, status: { replicas: 0 } }, 'web'));
    model.set('Pod', pod('a'));
    model.remove('Pod', pod('a'));
    expect([...model.rows()].find(({ name }) => name === 'old')?.retired).toBe(true);
    model.remove('ReplicaSet', object('ReplicaSet', 'old'));
    expect(drawn()).toBe('Namespace default none\n');
  });

  test('a person’s namespaces come first, the system’s last', () => {
    for (const name of ['kube-system', 'app', 'default']) model.set('Namespace', object('Namespace', name));
    expect(drawn()).toBe('Namespace default none\nNamespace app none\nNamespace kube-system none\n');
  });

  test('a Service shows what is behind it', () => {
    const slice = (ready: boolean): KubeObject =>
      object('EndpointSlice', 'web-x', {
        metadata: { labels: { 'kubernetes.io/service-name': 'web' } },
        ports: [{ port: 80 }],
        endpoints: [{ addresses: ['10.0.0.1'], conditions: { ready }, targetRef: { kind: 'Pod', name: 'web-1' } }],
      });
    model.set('Namespace', object('Namespace', 'default'));
    model.set('Service', object('Service', 'web', { spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } }));
    expect(drawn()).toContain('Service web warning 0/0 its selector matches no pod');
    model.set('EndpointSlice', slice(false));
    expect(drawn()).toContain('Service web warning 0/1 no pod is ready behind it\n      Endpoint web-1 progressing');
    model.set('EndpointSlice', slice(true));
    expect(drawn()).toContain('Service web ok 1/1\n      Endpoint web-1 ok');
    model.remove('EndpointSlice', slice(true));
    expect(drawn()).toContain('Service web warning 0/0 its selector matches no pod\n');
  });

  test('kinds without rows of their own making stand by kind, custom ones apart', () => {
    model.set('Namespace', object('Namespace', 'default'));
    model.set('CustomResourceDefinition', {
      ...object('CustomResourceDefinition', 'gears.example.com', { metadata: { namespace: undefined } }),
      ...{ spec: { group: 'example.com', names: { kind: 'Gear' } } },
    });
    model.set('custom Gear gears.example.com', object('Gear', 'big'));
    model.set('other Lease leases.coordination.k8s.io', object('Lease', 'mine'));
    expect(drawn('namespace/default')).toBe(`Group Custom resources none
  Group Gear none
    CustomResource big none
Group Other kinds none
  Group Lease none
    Object mine none
`);
  });

  test('warning events are counted on the row of what they tell of, and go when they go', () => {
    const event = {
      ...object('Event', 'e', { type: 'Warning', reason: 'BackOff', message: 'again', count: 3 }),
      involvedObject: { kind: 'Pod', uid: 'a' },
    };
    model.set('Event', event);
    model.set('Pod', pod('a'));
    expect(model.row('a')).toMatchObject({ warnings: 3, warning: 'BackOff: again' });
    model.remove('Event', event);
    expect(model.row('a')?.warnings).toBeUndefined();
  });

  test('a node counts its pods', () => {
    model.set('Node', object('Node', 'n', { status: { allocatable: { pods: '110' } } }));
    const on = (phase: string): KubeObject => object('Pod', 'a', { spec: { nodeName: 'n', containers: [] }, status: { phase } });
    model.set('Pod', on('Running'));
    expect(model.row('node/n')?.detail).toBe('1/110 pods');
    model.set('Pod', on('Succeeded'));
    expect(model.row('node/n')?.detail).toBe('0/110 pods');
  });

  test('a node’s row knows its computer’s switch, whichever of them comes first, and whether it is cordoned', () => {
    const traits = (): unknown => model.row('node/n1')?.traits;
    const machine = (power: string): KubeObject => object('Machine', 'n1', { metadata: { uid: 'm1' }, spec: { power } });
    model.set('Node', object('Node', 'n1'));
    expect(traits()).toBeUndefined();
    model.set(machineKind, machine('On'));
    expect(traits()).toEqual(['on']);
    model.set(machineKind, machine('Off'));
    expect(traits()).toEqual(['off']);
    expect(model.row('node/n1')?.why).toContain('switched off');
    model.set('Node', object('Node', 'n1', { spec: { unschedulable: true } }));
    expect(traits()).toEqual(['off', 'cordoned']);
    model.remove(machineKind, machine('Off'));
    expect(traits()).toEqual(['cordoned']);
  });

  test('rows carry the labels of the pods that they make or select, and say what is paused', () => {
    const labels = { app: 'web' };
    const template = { metadata: { labels } };
    model.set('Deployment', object('Deployment', 'web', { spec: { paused: true, template } }));
    model.set('CronJob', object('CronJob', 'cron', { spec: { jobTemplate: { spec: { template } } } }));
    model.set('Service', object('Service', 'web', { metadata: { uid: 's' }, spec: { selector: labels } }));
    expect(model.row('web')).toMatchObject({ podLabels: labels, traits: ['paused'] });
    expect(model.row('cron')).toMatchObject({ podLabels: labels });
    expect(model.row('cron')?.traits).toBeUndefined();
    expect(model.row('s')).toMatchObject({ podLabels: labels });
  });

  test('a new list replaces the old one', () => {
    model.replace('Node', [object('Node', 'a'), object('Node', 'b')]);
    model.replace('Node', [object('Node', 'b', { status: { conditions: [{ type: 'Ready', status: 'True' }] } })]);
    expect(drawn()).toBe('Cluster playground ok 1/1\n  Group Nodes none\n    Node b ok\n');
  });
});

describe('why a pod is not well', () => {
  const containers = (state: object, lastState: object = {}): object => ({
    phase: 'Pending',
    containerStatuses: [{ name: 'app', image: 'nginx:x', ready: false, restartCount: 0, state, lastState }],
  });
  test.each([
    [
      'no such tag',
      containers({
        waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image "nginx:x": ErrImagePull: nginx:x: not found' },
      }),
      'failed 0/1 ImagePullBackOff: no such tag: nginx:x',
    ],
    [
      'a crash',
      containers(
        { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 10s' } },
        { terminated: { exitCode: 3, reason: 'Error' } },
      ),
      'failed 0/1 CrashLoopBackOff: exit code 3',
    ],
    [
      'no room',
      {
        phase: 'Pending',
        conditions: [
          {
            type: 'PodScheduled',
            status: 'False',
            reason: 'Unschedulable',
            message: '0/3 nodes are available: 3 Insufficient cpu. preemption: 0/3 nodes are available: none.',
          },
        ],
      },
      'warning 0/1 Pending: 3 Insufficient cpu',
    ],
    ['it starts', containers({ waiting: { reason: 'ContainerCreating' } }), 'progressing 0/1'],
    [
      'it is done',
      { phase: 'Succeeded', containerStatuses: [{ name: 'app', state: { terminated: { exitCode: 0, reason: 'Completed' } } }] },
      'done 0/1',
    ],
  ])('%s', (_, status, expected) => {
    model.set('Pod', pod('p', undefined, status));
    expect(drawn('namespace/default/workloads').split('\n')[0]).toBe(`Pod p ${expected}`);
  });
});

describe('what the page is sent', () => {
  test('one delta per frame with what changed, and the next only after the last was drawn', async () => {
    const clock = new SteppedClock();
    const sent: RowsMessage[] = [];
    const feed = new TreeFeed(model, clock, (message: ToView) => message.type === 'rows' && sent.push(message));
    model.set('Pod', pod('a'));
    await clock.advance(100);
    expect(sent).toEqual([]);
    feed.handle({ type: 'ready' });
    expect(sent).toMatchObject([{ revision: 1, reset: true, removed: [] }]);
    model.set('Pod', pod('b'));
    model.remove('Pod', pod('a'));
    model.set('Pod', pod('b', undefined, { phase: 'Pending' }));
    await clock.advance(100);
    expect(sent).toHaveLength(1);
    feed.handle({ type: 'drawn', revision: 1 });
    await clock.advance(15);
    expect(sent).toHaveLength(1);
    await clock.advance(1);
    expect(sent[1]?.set.map(({ id }) => id)).toEqual(['b', 'b/app']);
    expect(sent[1]?.removed).toEqual(['a', 'a/app']);
    feed.dispose();
    expect(clock.pending).toBe(0);
  });

  test('nothing is sent for a change that changes no row', async () => {
    const clock = new SteppedClock();
    const sent: ToView[] = [];
    const feed = new TreeFeed(model, clock, (message) => sent.push(message));
    model.set('Pod', pod('a'));
    feed.handle({ type: 'ready' });
    feed.handle({ type: 'drawn', revision: 1 });
    model.set('Pod', { ...pod('a'), metadata: { ...pod('a').metadata, resourceVersion: '7' } });
    await clock.advance(100);
    expect(sent).toHaveLength(1);
  });
});
