/** The chain of causes of an object, written as a tree: its state, its title, and what it depends on below. */
import { expect, test } from 'vitest';
import { workspaceOf } from '../../testing/check.ts';
import type { ExplainStep } from '../feature.ts';
import { provideExplanation } from './explain.ts';

const marks = { good: '+', bad: '!', waiting: '~', unknown: '?' };

function tree({ state, title, detail, because }: ExplainStep, indent = ''): string {
  const own = `${indent}${marks[state]} ${title}${detail === undefined ? '' : ` — ${detail}`}`;
  return [own, ...because.map((each) => tree(each, `${indent}  `))].join('\n');
}

async function explained(fixture: string): Promise<ExplainStep | undefined> {
  const { snapshot, file, offset } = workspaceOf(fixture);
  return await provideExplanation(snapshot, file, offset);
}

const service = (app: string, kind = 'Ser$0vice'): string => `apiVersion: v1
kind: ${kind}
metadata: {name: web}
spec: {selector: {app: ${app}}, ports: [{port: 80, targetPort: http}]}
`;
const deployment = (kind = 'Deployment', env = ''): string => `apiVersion: apps/v1
kind: ${kind}
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: nginx
          ports: [{name: http, containerPort: 80}]
${env}`;
const missing = '          envFrom: [{configMapRef: {name: settings}}]\n';

const live = (apiVersion: string, kind: string, name: string, rest: string, meta = ''): string =>
  `---\napiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: ${name}, namespace: default${meta}}\n${rest}`;
const owner = (kind: string, name: string): string =>
  `, ownerReferences: [{apiVersion: v1, kind: ${kind}, name: ${name}, uid: u, controller: true}]`;
const labelled = ', labels: {app: web}';
const liveService = live('v1', 'Service', 'web', 'spec: {type: ClusterIP, selector: {app: web}}\n');
const liveDeployment = (ready: number, conditions = ''): string =>
  live('apps/v1', 'Deployment', 'web', `spec: {replicas: 2}\nstatus: {replicas: 2, readyReplicas: ${ready}${conditions}}\n`);
const liveReplicaSet = (ready: number): string =>
  live(
    'apps/v1',
    'ReplicaSet',
    'web-1',
    `spec: {replicas: 2}\nstatus: {replicas: 2, readyReplicas: ${ready}}\n`,
    owner('Deployment', 'web'),
  );
const readyPod = (name: string, meta = owner('ReplicaSet', 'web-1') + labelled): string =>
  live(
    'v1',
    'Pod',
    name,
    `spec: {containers: [{name: web}]}\nstatus: {phase: Running, conditions: [{type: Ready, status: "True"}], containerStatuses: [{name: web, ready: true, restartCount: 0, state: {running: {}}}]}\n`,
    meta,
  );
const failingPod = (name: string, state: string, meta = owner('ReplicaSet', 'web-1') + labelled): string =>
  live(
    'v1',
    'Pod',
    name,
    `spec: {containers: [{name: web}]}\nstatus: {phase: ${state.includes('waiting') ? 'Pending' : 'Running'}, containerStatuses: [{name: web, ready: false, restartCount: 3, state: ${state}}]}\n`,
    meta,
  );
const event = (
  kind: string,
  name: string,
  reason: string,
  message: string,
  type = 'Warning',
  at = '2026-01-01T00:00:00Z',
): string =>
  live(
    'v1',
    'Event',
    `${name}.${reason}`,
    `type: ${type}\nreason: ${reason}\nmessage: ${message}\nlastTimestamp: "${at}"\ninvolvedObject: {kind: ${kind}, name: ${name}, namespace: default}\n`,
  );

const cases: [string, string, string][] = [
  [
    'a Service without a cluster: what it would select',
    `${service('web')}---\n${deployment()}`,
    `
? Service/web
  ? Selects pods with app=web
    ? Deployment/web makes 2 pods`,
  ],
  [
    'a Service that selects nothing: what comes nearest',
    `${service('wbe')}---\n${deployment()}`,
    `
! Service/web
  ! Selects pods with app=wbe
    ! Nothing has these labels; Deployment/web comes nearest — app=wbe is asked for, it has app=web`,
  ],
  [
    'a Service whose pods crash',
    `${service('web')}---\n${deployment()}#- live\n${liveService}${liveDeployment(0)}${liveReplicaSet(0)}${failingPod('web-1-a', '{waiting: {reason: CrashLoopBackOff, message: back-off 40s}}, lastState: {terminated: {exitCode: 1, reason: Error}}')}${event('Pod', 'web-1-a', 'BackOff', 'Back-off restarting failed container')}`,
    `
! Service/web
  ! Selects pods with app=web
    ! 0 of 1 pod is ready
      ! Pod/web-1-a: CrashLoopBackOff
        ! Container web waits: CrashLoopBackOff — back-off 40s
          ! It ended last with exit code 1 (Error)
        ! Event: BackOff — Back-off restarting failed container
    ! Deployment/web: 0 of 2 ready
      ! ReplicaSet/web-1: 0 of 2 ready
        ! 0 of 2 pods are ready`,
  ],
  [
    'a Service that answers',
    `${service('web')}---\n${deployment()}#- live\n${liveService}${liveDeployment(2)}${liveReplicaSet(2)}${readyPod('a')}${readyPod('b')}`,
    `
+ Service/web
  + Selects pods with app=web
    + 2 of 2 pods are ready`,
  ],
  [
    'a Service whose port nobody has',
    `${service('web').replace('http', 'https')}---\n${deployment()}`,
    `
! Service/web
  ? Selects pods with app=web
    ? Deployment/web makes 2 pods
  ! No container has a port called "https"`,
  ],
  [
    'a Deployment that is fine',
    `${deployment('Deploy$0ment')}#- live\n${liveDeployment(2)}${liveReplicaSet(2)}${readyPod('a')}${readyPod('b')}`,
    `
+ Deployment/web: 2 of 2 ready
  + ReplicaSet/web-1: 2 of 2 ready
    + 2 of 2 pods are ready`,
  ],
  [
    'a Deployment that was refused pods',
    `${deployment('Deploy$0ment')}#- live\n${liveDeployment(0, ', conditions: [{type: ReplicaFailure, status: "True", reason: FailedCreate, message: exceeded quota}]')}${liveReplicaSet(0)}${event('ReplicaSet', 'web-1', 'FailedCreate', 'exceeded quota')}`,
    `
! Deployment/web: 0 of 2 ready
  ! ReplicaFailure is True: FailedCreate — exceeded quota
  ! ReplicaSet/web-1: 0 of 2 ready
    ~ 0 of 2 pods are ready
    ! Event: FailedCreate — exceeded quota`,
  ],
  [
    'a Deployment that is not applied, and misses something',
    `${deployment('Deploy$0ment', missing)}#- live\n`,
    `
~ Deployment/web is not in the cluster
  ! ConfigMap/settings is not there`,
  ],
  [
    'the same without a cluster',
    deployment('Deploy$0ment', missing),
    `
? Deployment/web makes 2 pods
  ? ConfigMap/settings is not in the workspace`,
  ],
  [
    'a pod that no node takes',
    `apiVersion: v1\nkind: P$0od\nmetadata: {name: a}\nspec: {containers: [{name: a, image: a}]}\n#- live\n${live('v1', 'Pod', 'a', 'spec: {containers: [{name: a}]}\nstatus: {phase: Pending, conditions: [{type: PodScheduled, status: "False", reason: Unschedulable, message: 0/3 nodes are available}]}\n')}`,
    `
! Pod/a: Pending
  ! No node takes it — 0/3 nodes are available`,
  ],
  [
    'a pod whose probe fails, with the last events first',
    `apiVersion: v1\nkind: P$0od\nmetadata: {name: a}\nspec: {containers: [{name: web, image: a}]}\n#- live\n${failingPod('a', '{running: {}}', '')}${event('Pod', 'a', 'Unhealthy', 'Readiness probe failed', 'Warning', '2026-01-01T00:10:00Z')}${event('Pod', 'a', 'Failed', 'Error pulling')}${event('Pod', 'a', 'Started', 'Started it', 'Normal')}`,
    `
! Pod/a: running, not ready
  ~ Container web runs after 3 restarts, but is not ready
  ! Event: Unhealthy — Readiness probe failed
  ! Event: Failed — Error pulling`,
  ],
  [
    'a claim that waits for a pod',
    `apiVersion: v1\nkind: PersistentVolume$0Claim\nmetadata: {name: data}\nspec: {}\n#- live\n${live('v1', 'PersistentVolumeClaim', 'data', 'spec: {storageClassName: slow}\nstatus: {phase: Pending}\n')}---\napiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: slow}\nvolumeBindingMode: WaitForFirstConsumer\n`,
    `
~ PersistentVolumeClaim/data: Pending
  ~ StorageClass/slow waits for the first pod that uses the claim`,
  ],
  [
    'a claim of a class that is not there',
    `apiVersion: v1\nkind: PersistentVolume$0Claim\nmetadata: {name: data}\nspec: {}\n#- live\n${live('v1', 'PersistentVolumeClaim', 'data', 'spec: {storageClassName: fast}\nstatus: {phase: Pending}\n')}${event('PersistentVolumeClaim', 'data', 'ProvisioningFailed', 'not found')}`,
    `
! PersistentVolumeClaim/data: Pending
  ! StorageClass/fast is not there
  ! Event: ProvisioningFailed — not found`,
  ],
  [
    'an Ingress, down to what the Service selects',
    `apiVersion: networking.k8s.io/v1\nkind: Ing$0ress\nmetadata: {name: web}\nspec:\n  defaultBackend: {service: {name: gone, port: {number: 80}}}\n  rules: [{http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]\n---\n${service('web', 'Service')}---\n${deployment()}`,
    `
? Ingress/web leads to 2 backends
  ? Service/gone is not in the workspace
  ? Service/web
    ? Selects pods with app=web
      ? Deployment/web makes 2 pods`,
  ],
  [
    'an autoscaler without metrics',
    `apiVersion: autoscaling/v2\nkind: HorizontalPod$0Autoscaler\nmetadata: {name: web}\nspec: {maxReplicas: 3, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}\n---\n${deployment()}#- live\n${liveDeployment(2)}${liveReplicaSet(2)}${readyPod('a')}${readyPod('b')}${live('autoscaling/v2', 'HorizontalPodAutoscaler', 'web', 'status: {currentReplicas: 2, desiredReplicas: 2, conditions: [{type: ScalingActive, status: "False", reason: FailedGetResourceMetric, message: no metrics}]}\n')}`,
    `
! HorizontalPodAutoscaler/web: 2 replicas, wants 2
  + Deployment/web: 2 of 2 ready
    + ReplicaSet/web-1: 2 of 2 ready
      + 2 of 2 pods are ready
  ! ScalingActive is False: FailedGetResourceMetric — no metrics`,
  ],
  [
    'a CronJob, down to the pod that failed',
    `apiVersion: batch/v1\nkind: Cron$0Job\nmetadata: {name: c}\n#- live\n${live('batch/v1', 'CronJob', 'c', 'spec: {}\n')}${live('batch/v1', 'Job', 'c-1', 'status: {conditions: [{type: Failed, status: "True", reason: BackoffLimitExceeded, message: too often}]}\n', owner('CronJob', 'c'))}${live('v1', 'Pod', 'c-1-a', 'spec: {containers: [{name: a}]}\nstatus: {phase: Failed, containerStatuses: [{name: a, restartCount: 0, ready: false, state: {terminated: {exitCode: 3, reason: Error}}}]}\n', owner('Job', 'c-1'))}`,
    `
! CronJob/c: its last Job is c-1
  ! Job/c-1: failed
    ! Failed is True: BackoffLimitExceeded — too often
    ! 0 of 1 pod is ready
      ! Pod/c-1-a: Error
        ! Container a ended with exit code 3 (Error)`,
  ],
  [
    'a budget for nobody',
    `apiVersion: policy/v1\nkind: PodDisruption$0Budget\nmetadata: {name: web}\nspec: {selector: {matchLabels: {app: wbe}}}\n---\n${deployment()}`,
    `
! PodDisruptionBudget/web
  ! Selects pods with app=wbe
    ! Nothing has these labels; Deployment/web comes nearest — app=wbe is asked for, it has app=web`,
  ],
  [
    'a ConfigMap that is there',
    `apiVersion: v1\nkind: Config$0Map\nmetadata: {name: a}\n#- live\n${live('v1', 'ConfigMap', 'a', '')}`,
    '\n+ ConfigMap/a',
  ],
];

test.each(cases)('%s', async (_what, fixture, expected) => {
  const step = await explained(fixture);
  expect(step && tree(step)).toBe(expected.slice(1));
});

test('steps lead to the text and to the cluster', async () => {
  const step = await explained(
    `${service('web')}---\n${deployment()}#- live\n${liveService}${liveDeployment(0)}${failingPod('a', '{waiting: {reason: ImagePullBackOff}}')}`,
  );
  expect(step).toMatchObject({
    location: { uri: 'file:///main.yaml' },
    live: { apiVersion: 'v1', kind: 'Service', namespace: 'default', name: 'web' },
  });
  expect(step?.because[0]?.because[0]?.because[0]?.live).toEqual({
    apiVersion: 'v1',
    kind: 'Pod',
    namespace: 'default',
    name: 'a',
  });
});

test('many failing pods are counted', async () => {
  const pods = Array.from({ length: 8 }, (_, i) => failingPod(`p${i}`, '{waiting: {reason: ErrImagePull}}')).join('');
  const step = await explained(`${service('web')}#- live\n${liveService}${pods}`);
  expect(step?.because[0]?.because[0]?.because.at(-1)?.title).toBe('… and 3 more pods');
});

test.each([
  ['what is no object', 'apiVersion: v1\nkind: List$0\n'],
  ['broken YAML', 'apiVersion: v1\nkind: Pod$0\nmetadata: {name: a\n'],
])('nothing of %s', async (_what, fixture) => {
  expect(await explained(fixture)).toBeUndefined();
});
