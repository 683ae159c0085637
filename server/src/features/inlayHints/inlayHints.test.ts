/** Hints of defaults: what surprises has one, what is written or expected has none. */
import { describe, expect, test } from 'vitest';
import { workspaceOf } from '../../testing/check.ts';
import { provideDefaultHints } from './defaultHints.ts';

/** The lines that have hints, with the hints in `«»` where they stand. */
async function hinted(fixture: string): Promise<string[]> {
  const { snapshot, file } = workspaceOf(fixture);
  const hints = (await provideDefaultHints(snapshot, file, { start: 0, end: file.text.length })) ?? [];
  let { text } = file;
  for (const { offset, label } of hints.toSorted((a, b) => b.offset - a.offset))
    text = `${text.slice(0, offset)} «${label}»${text.slice(offset)}`;
  return text.split('\n').flatMap((line) => (line.includes('«') ? [line.trim()] : []));
}

const service = (spec: string): string => `apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n${spec}`;
const pod = (spec: string): string => `apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n${spec}`;
const claim = (spec = ''): string =>
  `apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data}\nspec:\n${spec}  accessModes: [ReadWriteOnce]\n  resources: {requests: {storage: 1Gi}}\n`;
const storageClass = (name: string, isDefault: boolean): string => `apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: ${name}
  annotations: {storageclass.kubernetes.io/is-default-class: "${isDefault}"}
provisioner: x
`;

const cases: [string, string, string[]][] = [
  [
    'a Service without type and targetPort',
    service('  ports:\n    - port: 80\n'),
    ['spec: «type: ClusterIP»', '- port: 80 «targetPort: 80»'],
  ],
  ['one in flow style', service('  type: ClusterIP\n  ports: [{port: 80}]\n'), ['ports: [{port: 80 «targetPort: 80»}]']],
  ['one that says both', service('  type: NodePort\n  ports:\n    - port: 80\n      targetPort: 8080\n'), []],
  ['a headless one', service('  type: ClusterIP\n  clusterIP: None\n  ports:\n    - port: 80\n'), []],
  [
    'the node port that the cluster gave',
    `${service('  type: NodePort\n  ports:\n    - port: 80\n      targetPort: 8080\n')}#- live
apiVersion: v1
kind: Service
metadata: {name: web, namespace: default}
spec: {ports: [{port: 80, protocol: TCP, nodePort: 30123}]}
`,
    ['- port: 80 «nodePort: 30123»'],
  ],
  [
    'a Deployment',
    `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: # of the shop
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: nginx
          lifecycle: {preStop: {exec: {command: [sleep, "5"]}}}
        - name: side
          image: busybox:1.36
`,
    [
      'spec: «strategy: RollingUpdate, +25% −25%» «replicas: 1» # of the shop',
      'spec: «terminationGracePeriodSeconds: 30»',
      'image: nginx «imagePullPolicy: Always»',
    ],
  ],
  [
    'a Deployment that says all of it',
    `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  strategy: {type: Recreate}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "nginx:1.27"}]}
`,
    [],
  ],
  ['a bare pod', pod('  containers:\n    - name: a\n      image: a:1\n'), ['spec: «restartPolicy: Always»']],
  [
    'limits without requests',
    pod(
      '  restartPolicy: Never\n  containers:\n    - name: a\n      image: a:1\n      resources:\n        limits: {cpu: 1, memory: 64Mi}\n        requests: {cpu: 100m}\n',
    ),
    ['limits: {cpu: 1, memory: 64Mi} «requests: memory 64Mi»'],
  ],
  [
    'a claim, with a default class',
    `${claim()}#- live\n${storageClass('fast', true)}---\n${storageClass('slow', false)}`,
    ['spec: «storageClassName: fast»'],
  ],
  ['a claim, with no default class', `${claim()}#- live\n${storageClass('slow', false)}`, ['spec: «storageClassName: none»']],
  ['a claim, with no cluster', claim(), []],
  ['a claim of a class', `${claim('  storageClassName: ""\n')}#- live\n${storageClass('fast', true)}`, []],
  [
    'an autoscaler',
    'apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: web}\nspec:\n  maxReplicas: 3\n  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}\n',
    ['spec: «metrics: cpu at 80 %» «minReplicas: 1»'],
  ],
  ['what cannot be decoded', service('  ports: wrong\n'), []],
  ['a template', service('  ports:\n    - port: {{ .Values.port }}\n'), []],
];

describe('hints', () => {
  test.each(cases)('of %s', async (_what, fixture, expected) => {
    expect(await hinted(fixture)).toEqual(expected);
  });

  test('are of the asked range only, and say why', async () => {
    const { snapshot, file } = workspaceOf(service('  ports:\n    - port: 80\n'));
    const [hint, ...rest] = (await provideDefaultHints(snapshot, file, { start: 0, end: file.text.indexOf('ports') })) ?? [];
    expect(rest).toEqual([]);
    expect(hint?.tooltip).toContain('inside the cluster');
  });
});
