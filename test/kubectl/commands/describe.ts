/** `describe` of every kind that the examples have, with the examples themselves. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { projectFolder } from '../../support/testCluster.ts';
import type { Kubectl } from '../kubectl.ts';

const folder = path.join(projectFolder, 'examples');

/** Only one Service of a cluster can have a node port: here each takes any. */
const examples = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  // Those of workloads and policies have cluster-wide objects, and suites of their own (test/workloads, policies.ts).
  .filter((file) => file.endsWith('.yaml') && !/^(?:workloads|policies)/.test(file))
  .sort()
  .map((file) => readFileSync(path.join(folder, file), 'utf8').replaceAll(/^ *nodePort: \d+\n/gm, ''))
  .join('\n---\n');

export function describeCommands(kubectl: Kubectl): void {
  const namespace = `${kubectl.id}-examples`;
  const inside = kubectl.in(namespace);

  beforeAll(async () => {
    await kubectl.ok`create namespace ${namespace}`;
    await inside.input(examples).ok`apply -f -`;
    await inside.ok`rollout status deployment/nginx --timeout=30s`;
    await inside.ok`wait --for=condition=Complete job/pi --timeout=30s`;
    await inside.ok`wait --for=condition=Ready pod -l role=follower --timeout=30s`;
    await inside.ok`wait --for=jsonpath=${'{.status.containerStatuses[0].state.waiting.reason}=CrashLoopBackOff'} pod/crash-loop --timeout=30s`;
    await inside.ok`wait --for=jsonpath=${'{.status.conditions[0].reason}=Unschedulable'} pod/unschedulable --timeout=30s`;
    await inside.ok`wait --for=condition=Ready pod -l role=leader --timeout=30s`;
  });

  const cases: [kind: string, name: string, expected: RegExp[]][] = [
    [
      'deployment',
      'nginx',
      [
        /^Name: {19}nginx\nNamespace: {14}\S+\nCreationTimestamp: {6}.*\nLabels: {17}<none>\nAnnotations: {12}deployment\.kubernetes\.io\/revision: 1\n {24}kubernetes\.io\/change-cause: nginx 1\.26\nSelector: {15}app=nginx\nReplicas: {15}3 desired \| 3 updated \| 3 total \| 3 available \| 0 unavailable\nStrategyType: {11}RollingUpdate\nMinReadySeconds: {8}0\nRollingUpdateStrategy: {2}0 max unavailable, 1 max surge\n/,
        /\n {4}Image: +nginx:1\.26\n {4}Port: +80\/TCP\n {4}Host Port: +0\/TCP\n {4}Readiness: +http-get http:\/\/:80\/ delay=0s timeout=1s period=2s #success=1 #failure=3\n/,
        /\n {2}Available +True +MinimumReplicasAvailable\n {2}Progressing +True +NewReplicaSetAvailable\nOldReplicaSets: +<none>\nNewReplicaSet: +nginx-\w+ \(3\/3 replicas created\)\n/,
        /\n {2}Normal +ScalingReplicaSet +\d+s +deployment-controller +Scaled up replica set nginx-\w+ from 0 to 3\n$/,
      ],
    ],
    [
      'replicaset',
      '--selector=app=nginx',
      [
        /^Name: +nginx-\w+\n/,
        /\nControlled By: +Deployment\/nginx\nReplicas: +3 current \/ 3 desired\nPods Status: +3 Running \/ 0 Waiting \/ 0 Succeeded \/ 0 Failed\n/,
        /\n {2}Normal +SuccessfulCreate +\d+s +replicaset-controller +Created pod: nginx-\w+-\w{5}\n/,
      ],
    ],
    [
      'replicationcontroller',
      'redis-follower',
      [
        /^Name: +redis-follower\n/,
        /\nReplicas: +2 current \/ 2 desired\nPods Status: +2 Running \/ 0 Waiting \/ 0 Succeeded \/ 0 Failed\n/,
        /\n {2}Normal +SuccessfulCreate +\d+s +replication-controller +Created pod: redis-follower-\w{5}\n/,
      ],
    ],
    [
      'job',
      'pi',
      [
        /\nParallelism: +1\nCompletions: +1\n/,
        /\nPods Statuses: +0 Active(?: \(0 Ready\))? \/ 1 Succeeded \/ 0 Failed\n/,
        /\n {2}Normal +SuccessfulCreate +\d+s +job-controller +Created pod: pi-\w{5}\n {2}Normal +Completed +\d+s +job-controller +Job completed\n$/,
      ],
    ],
    [
      'service',
      'httpd',
      [
        /\nType: +NodePort\n/,
        /\nPort: +http {2}80\/TCP\nTargetPort: +http\/TCP\nNodePort: +http {2}3\d{4}\/TCP\nEndpoints: +10\.244\.\d+\.\d+:80,10\.244\.\d+\.\d+:80\n/,
      ],
    ],
    ['service', 'mongo-express', [/\nType: +LoadBalancer\n/, /\nSelector: +app=mongo-express\n/]],
    ['service', 'shop', [/\nEndpoints: +(<none>)?\n/]],
    [
      'secret',
      'mongodb',
      [/^Name: {9}mongodb\n/, /\nType: {2}Opaque\n\nData\n====\n/, /\npassword: {2}17 bytes\n/, /\nusername: {2}10 bytes\n/],
    ],
    ['configmap', 'mongodb', [/^Name: {9}mongodb\n/, /\nData\n====\ndatabase_url:\n----\nmongodb\n/, /\nEvents: {2}<none>\n$/]],
    [
      'pod',
      '--selector=role=leader',
      [
        /\nControlled By: {2}ReplicaSet\/redis-leader-\w+\n/,
        /\n {4}State: +Running\n {6}Started: +.*\n {4}Ready: +True\n {4}Restart Count: +0\n/,
        /\nQoS Class: +BestEffort\nNode-Selectors: +<none>\nTolerations: +node\.kubernetes\.io\/not-ready:NoExecute op=Exists for 300s\n +node\.kubernetes\.io\/unreachable:NoExecute op=Exists for 300s\nEvents:\n/,
        /\n {2}Normal +Scheduled +\d+s +default-scheduler +Successfully assigned \S+\/redis-leader-\w+-\w{5} to node-\d\n/,
      ],
    ],
    [
      'pod',
      'crash-loop',
      [
        /\n {4}State: +Waiting\n {6}Reason: +CrashLoopBackOff\n {4}Last State: +Terminated\n {6}Reason: +Error\n {6}Exit Code: +1\n/,
        /\n {2}Warning +BackOff +\d+s.* kubelet +.*Back-off restarting failed container app in pod crash-loop_\S+\(\S+\)\n/,
      ],
    ],
    [
      'pod',
      'image-cannot-be-pulled',
      [
        /\n {4}State: +Waiting\n {6}Reason: +(ErrImagePull|ImagePullBackOff)\n/,
        /\n {2}Warning +Failed +\d+s.* kubelet +.*Failed to pull image "nginx:no-such-tag": /,
      ],
    ],
    [
      'pod',
      'missing-configmap',
      [
        /\n {6}Reason: +CreateContainerConfigError\n/,
        /\n {6}GREETING: {2}<set to the key 'greeting' of config map 'settings'> {2}Optional: false\n/,
        /\n {2}Warning +Failed +\d+s.* kubelet +.*Error: configmap "settings" not found\n/,
      ],
    ],
    [
      'pod',
      'unschedulable',
      [
        /\nNode: +<none>\n/,
        /\n {2}PodScheduled +False *\n/,
        /\n {2}Warning +FailedScheduling +\d+s.* default-scheduler +0\/\d+ nodes are available: .*3 Insufficient cpu/,
      ],
    ],
  ];
  it.each(cases)('describe %s %s', async (kind, name, expected) => {
    const text = await inside.ok`describe ${kind} ${name}`;
    for (const pattern of expected) expect(text).toMatch(pattern);
  });

  it('describe of a node lists what runs there', async () => {
    const node = await inside.ok`get pods -l app=nginx -o jsonpath={.items[0].spec.nodeName}`;
    const text = await kubectl.ok`describe node ${node}`;
    expect(text).toMatch(/^Name: +node-\d\nRoles: +<none>\n/);
    expect(text).toMatch(/\nTaints: +<none>\nUnschedulable: +false\nLease:\n {2}HolderIdentity: {2}node-\d\n/);
    expect(text).toMatch(/\n {2}Ready +True +.* KubeletReady +kubelet is posting ready status\n/);
    expect(text).toMatch(/\nAllocatable:\n {2}cpu: +8\n[^]* memory: +16Gi\n {2}pods: +110\n/);
    expect(text).toMatch(
      /\nNon-terminated Pods: +\(\d+ in total\)\n {2}Namespace +Name +CPU Requests +CPU Limits +Memory Requests +Memory Limits +Age\n/,
    );
    expect(text).toMatch(
      new RegExp(`\\n {2}${namespace} +nginx-\\w+-\\w{5} +0 \\(0%\\) +0 \\(0%\\) +0 \\(0%\\) +0 \\(0%\\) +\\d+s\\n`),
    );
    expect(text).toMatch(/\n {2}Resource +Requests +Limits\n {2}-------- +-------- +------\n {2}cpu +\S+ \(\d+%\) +0 \(0%\)\n/);
    expect(text).toMatch(/\n {2}Normal +NodeReady +\S+ +kubelet +Node node-\d status is now: NodeReady\n/);
  });

  it('describe of a namespace, a service account and a node that is not there', async () => {
    expect(await kubectl.ok`describe namespace ${namespace}`).toMatch(
      /\nStatus: {7}Active\n\nNo resource quota\.\n\nNo LimitRange resource\.\n$/,
    );
    expect(await inside.ok`describe serviceaccount default`).toMatch(/^Name: +default\n/);
    expect(await kubectl.fails`describe node nobody`).toBe('Error from server (NotFound): nodes "nobody" not found\n');
  });

  it('logs --previous says why a container crashed', async () => {
    expect(await inside.ok`logs crash-loop --previous`).toBe('cannot find the database\n');
    expect(await inside.ok`logs job/pi`).toMatch(/^3\.14159265358979\d+\n$/);
    expect(await inside.fails`logs image-cannot-be-pulled`).toMatch(
      /^Error from server \(BadRequest\): container "app" in pod "image-cannot-be-pulled" is waiting to start: (trying and failing to pull image|image can't be pulled)\n$/,
    );
  });
}
