/** What stands above an object: how it is doing, whether it differs, and what can be done. */
import { describe, expect, test } from 'vitest';
import type { DocumentTarget } from '#common/protocol/languageServer.ts';
import { workspaceOf } from '../../testing/check.ts';
import type { CodeLens } from '../feature.ts';
import { provideObjectLenses } from './objectLenses.ts';

async function lenses(fixture: string): Promise<readonly CodeLens[]> {
  const { snapshot, file } = workspaceOf(fixture);
  return (await provideObjectLenses(snapshot, file)) ?? [];
}
const titles = async (fixture: string): Promise<string[]> => (await lenses(fixture)).map(({ command }) => command.title);

const deployment = (replicas = 3, image = 'nginx:1.27', rest = ''): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: default
${rest}spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: ${image}
          resources: {limits: {cpu: 0.5}}
          ports: [{containerPort: 80}]
`;
const managed = `  creationTimestamp: "2025-12-01T00:00:00Z"
  managedFields:
    - {manager: kubectl, operation: Apply, time: "2026-01-01T00:58:00Z"}
    - {manager: kube-controller-manager, operation: Update, time: "2026-01-01T00:59:00Z"}
    - {manager: kubectl-edit, operation: Update, subresource: status, time: "2026-01-01T00:59:00Z"}
`;
const liveDeployment = `${deployment(3, 'nginx:1.27', managed).replace('cpu: 0.5', 'cpu: 500m').replace('{containerPort: 80}', '{containerPort: 80, protocol: TCP}')}      restartPolicy: Always
status: {replicas: 3, readyReplicas: 3, updatedReplicas: 3}
`;

const live = (apiVersion: string, kind: string, rest: string): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: web, namespace: default}\n#- live\napiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: web, namespace: default}\n${rest}`;

describe('without a cluster', () => {
  test('there is only Apply, with the object that is meant', async () => {
    const [lens, ...rest] = await lenses(`# the shop\n${deployment()}`);
    expect(rest).toEqual([]);
    expect(lens?.command).toMatchObject({ title: 'Apply', id: 'kubePlayground.apply' });
    const target = {
      uri: 'file:///main.yaml',
      index: 0,
      object: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web' },
    };
    expect(lens?.command.arguments).toEqual([target satisfies DocumentTarget]);
  });

  test.each([
    ['a Helm template', deployment().replace('nginx:1.27', '{{ .Values.image }}')],
    ['broken YAML', `${deployment()}  ]: [\n`],
    ['a kind that nobody knows', 'apiVersion: shop.example/v1\nkind: Order\nmetadata: {name: a}\n'],
    ['a patch', `#- /main.yaml\n${deployment()}#- /kustomization.yaml\npatches: [{path: main.yaml}]\n`],
  ])('%s has none', async (_what, fixture) => {
    expect(await titles(fixture)).toEqual([]);
  });
});

describe('with a cluster', () => {
  test('the same object, written in another way', async () => {
    expect(await titles(`${deployment()}#- live\n${liveDeployment}`)).toEqual([
      '3/3 ready · applied 2 m ago',
      'Apply',
      'Diff',
      'Logs',
      'Delete',
    ]);
  });

  test.each([
    ['00:59:59', 'just now'],
    ['00:59:01', 'just now'],
    ['00:59:00', '1 m ago'],
  ])('applied at %s, at one o’clock: %s', async (time, ago) => {
    const [first] = await lenses(`${deployment()}#- live\n${liveDeployment.replace('00:58:00', time)}`);
    expect(first).toMatchObject({ command: { title: `3/3 ready · applied ${ago}` }, ages: true });
  });

  test('what was applied on save counts as applied', async () => {
    const saved = liveDeployment.replace('manager: kubectl,', 'manager: kube-playground,');
    expect((await titles(`${deployment()}#- live\n${saved}`))[0]).toBe('3/3 ready · applied 2 m ago');
  });

  test.each([
    ['another number', deployment(2)],
    ['another image', deployment(3, 'nginx:1.28')],
    ['a label that is not there', deployment(3, 'nginx:1.27', '  labels: {tier: front}\n')],
    ['one container less', `${deployment()}        - {name: side, image: busybox}\n`],
  ])('%s differs', async (_what, written) => {
    expect((await titles(`${written}#- live\n${liveDeployment}`))[0]).toBe('3/3 ready · applied 2 m ago · differs from cluster');
  });

  test('an object that is not there', async () => {
    expect(await titles(`${deployment()}#- live\n`)).toEqual(['not in the cluster', 'Apply']);
  });

  test('each document of a file has its own', async () => {
    const found = await lenses(
      `${deployment()}---\n${deployment().replace('name: web', 'name: other')}#- live\n${liveDeployment}`,
    );
    expect(
      found
        .filter(({ command }) => command.title === 'Apply')
        .map(({ command }) => (command.arguments?.[0] as DocumentTarget).index),
    ).toEqual([0, 1]);
  });

  test.each([
    [
      'a rollout',
      'apps/v1',
      'Deployment',
      'spec: {replicas: 3}\nstatus: {replicas: 4, readyReplicas: 2, updatedReplicas: 1}\n',
      '2/3 ready, 1 updated',
    ],
    [
      'a DaemonSet',
      'apps/v1',
      'DaemonSet',
      'status: {numberReady: 1, desiredNumberScheduled: 2, updatedNumberScheduled: 2}\n',
      '1/2 ready',
    ],
    [
      'a running pod',
      'v1',
      'Pod',
      'spec: {containers: [{name: a}]}\nstatus: {phase: Running, containerStatuses: [{name: a, ready: true, restartCount: 2, state: {running: {}}}]}\n',
      '1/1 ready, 2 restarts',
    ],
    [
      'a failing pod',
      'v1',
      'Pod',
      'spec: {containers: [{name: a}]}\nstatus: {phase: Running, containerStatuses: [{name: a, ready: false, restartCount: 0, state: {waiting: {reason: CrashLoopBackOff}}}]}\n',
      'CrashLoopBackOff',
    ],
    [
      'a complete Job',
      'batch/v1',
      'Job',
      'status: {succeeded: 1, conditions: [{type: Complete, status: "True", lastTransitionTime: "2026-01-01T00:00:00Z"}]}\n',
      'complete, 1 h ago',
    ],
    [
      'a failed Job',
      'batch/v1',
      'Job',
      'status: {conditions: [{type: Failed, status: "True", reason: BackoffLimitExceeded}]}\n',
      'failed: BackoffLimitExceeded',
    ],
    [
      'a CronJob',
      'batch/v1',
      'CronJob',
      'spec: {suspend: true}\nstatus: {lastScheduleTime: "2026-01-01T00:30:00Z"}\n',
      'suspended, last run 30 m ago',
    ],
    [
      'a Service',
      'v1',
      'Service',
      'spec: {type: ClusterIP, clusterIP: 10.0.0.1}\n---\napiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: web-1, namespace: default, labels: {kubernetes.io/service-name: web}}\nendpoints: [{conditions: {ready: true}}, {conditions: {ready: false}}]\n',
      '10.0.0.1, 1/2 endpoints ready',
    ],
    [
      'a Service with node ports',
      'v1',
      'Service',
      'spec: {type: NodePort, clusterIP: 10.0.0.1, ports: [{port: 80, nodePort: 30080}, {port: 81, nodePort: 30081}]}\n',
      '10.0.0.1, node ports 30080 30081, 0/0 endpoints ready',
    ],
    [
      'a bound claim',
      'v1',
      'PersistentVolumeClaim',
      'spec: {volumeName: pv-1}\nstatus: {phase: Bound, capacity: {storage: 1Gi}}\n',
      'Bound to pv-1, 1Gi',
    ],
    [
      'a waiting claim',
      'v1',
      'PersistentVolumeClaim',
      'spec: {storageClassName: standard}\nstatus: {phase: Pending}\n',
      'Pending, standard',
    ],
    ['a ConfigMap', 'v1', 'ConfigMap', 'data: {a: "", b: ""}\n', '2 keys · differs from cluster'],
    ['a kind of which there is nothing to say', 'v1', 'ServiceAccount', '', 'in the cluster'],
  ])('%s', async (_what, apiVersion, kind, rest, expected) => {
    expect((await titles(live(apiVersion, kind, rest)))[0]).toBe(expected);
  });

  test('a cordoned node', async () => {
    const node = 'apiVersion: v1\nkind: Node\nmetadata: {name: web}\n';
    const status = 'spec: {unschedulable: true}\nstatus: {conditions: [{type: Ready, status: "True"}]}\n';
    expect((await titles(`${node}#- live\n${node}${status}`))[0]).toBe('Ready, SchedulingDisabled');
  });

  test("a Secret's values are not compared, as they are not known", async () => {
    const secret = (rest: string): string => `apiVersion: v1\nkind: Secret\nmetadata: {name: web, namespace: default}\n${rest}`;
    expect(
      (await titles(`${secret('stringData: {password: a}\n')}#- live\n${secret('data: {password: ""}\ntype: Opaque\n')}`))[0],
    ).toBe('1 key');
  });
});
