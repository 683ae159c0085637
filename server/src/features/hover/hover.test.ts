/** Hovers: what is selected, named, labelled, counted and measured. */
import { describe, expect, test } from 'vitest';
import { factsOf } from '../../facts/liveFacts.ts';
import { checkHover } from '../../testing/check.ts';
import { provideAmountHover } from './amountHover.ts';
import { provideImageHover } from './imageHover.ts';
import { provideLabelHover } from './labelHover.ts';
import { provideReferenceHover } from './referenceHover.ts';
import { provideReplicasHover } from './replicasHover.ts';
import { provideSelectorHover } from './selectorHover.ts';

const service = (selector: string): string => `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: ${selector}
  ports:
    - port: 80
`;
const deployment = (labels: string, rest = ''): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 3
  selector:
    matchLabels:
      ${labels}
  template:
    metadata:
      labels:
        ${labels}
    spec:
      containers:
        - name: web
          image: nginx
${rest}`;

const pod = (name: string, app: string, ready: boolean): string => `apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  namespace: default
  creationTimestamp: "2026-01-01T00:55:00Z"
  labels:
    app: ${app}
spec:
  nodeName: node-1
  containers:
    - name: web
      image: nginx
status:
  phase: Running
  conditions:
    - type: Ready
      status: "${ready ? 'True' : 'False'}"
  containerStatuses:
    - name: web
      ready: ${ready}
      restartCount: 2
      image: nginx
      imageID: nginx
      state:
        running: {}
`;

describe('a selector', () => {
  test('tells the workloads of the workspace and the live pods, those that are not ready first', async () => {
    const text = await checkHover(
      provideSelectorHover,
      `${service('w$0eb')}---\n${deployment('app: web')}#- live\n${pod('web-1', 'web', true)}---\n${pod('web-2', 'web', false)}---\n${pod('other', 'other', true)}`,
      ['`Deployment/web`', '| web-1 | Running | 1/1 | 2 | node-1 | 5m |', '| web-2 | Running | 0/1 |'],
    );
    expect(text?.indexOf('web-2')).toBeLessThan(text?.indexOf('web-1') ?? -1);
    expect(text).not.toContain('| other |');
  });
  test('that matches nothing tells what comes nearest and why', () =>
    checkHover(provideSelectorHover, `${service('w$0be')}---\n${deployment('app: web')}`, [
      'In the workspace: nothing',
      'Nearest: `Deployment/web`: `app=wbe` is asked for, it has `app=web`',
    ]));
  test('is found on its field too', () =>
    checkHover(provideSelectorHover, service('web').replace('selector', 'sel$0ector'), '`app=web`'));
  test('is nothing elsewhere', () =>
    checkHover(provideSelectorHover, service('web').replace('port: 80', 'port: 8$00'), undefined));
});

describe('a label', () => {
  test('tells who selects by it', () =>
    checkHover(
      provideLabelHover,
      `${deployment('app: web').replace(/app: web\n {4}spec/, 'app: w$0eb\n    spec')}---\n${service('web')}`,
      ['`Service/web` by `app=web`', 'its pods'],
    ));
  test('that nobody asks for says so', () =>
    checkHover(
      provideLabelHover,
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  labels:\n    ti$0er: front\n',
      'No selector of the workspace',
    ));
  test('inside a selector is the selector’s', () => checkHover(provideLabelHover, service('w$0eb'), undefined));
});

describe('a name', () => {
  const user = deployment('app: web', '          envFrom:\n            - secretRef:\n                name: to$0ken\n');
  test('tells the keys, never the values', async () => {
    const text = await checkHover(
      provideReferenceHover,
      `${user}---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: token\nstringData:\n  password: hunter2\n`,
      '`password`',
    );
    expect(text).not.toContain('hunter2');
  });
  test('of the cluster is told with its columns', () =>
    checkHover(
      provideReferenceHover,
      `${user}#- live\napiVersion: v1\nkind: Secret\nmetadata:\n  name: token\n  namespace: default\ntype: Opaque\ndata:\n  a: ""\n`,
      ['In the cluster: type Opaque, data 1', 'keys `a`'],
    ));
  test('that nothing has is said to be nowhere', () => checkHover(provideReferenceHover, user, 'Not in the workspace.'));
});

describe('amounts', () => {
  const limits = (name: string, value: string): string =>
    deployment('app: web', `          resources:\n            limits:\n              ${name}: ${value}\n`);
  test.each([
    ['cpu', '25$00m', '0.25 cores (250m)'],
    ['memory', '64$0Mi', '67,108,864 bytes = 64 MiB = 67.11 MB'],
    ['memory', '512$0m', '`m` is a thousandth'],
  ])('%s: %s', async (name, value, expected) => {
    await checkHover(provideAmountHover, limits(name, value), expected);
  });
  test('seconds in larger units', () =>
    checkHover(
      provideAmountHover,
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  activeDeadlineSeconds: 54$000\n',
      '1 h 30 min',
    ));
  test('a plain number is left alone', () =>
    checkHover(provideAmountHover, deployment('app: web').replace('replicas: 3', 'replicas: $03'), undefined));
});

describe('replicas', () => {
  const cursor = deployment('app: web').replace('replicas: 3', 'replicas: $03');
  test('tells what the cluster has', () =>
    checkHover(
      provideReplicasHover,
      `${cursor}#- live\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  namespace: default\nspec:\n  replicas: 2\nstatus:\n  replicas: 2\n  readyReplicas: 1\n`,
      'wanted 2, replicas 2, ready 1',
    ));
  test('tells nothing without a cluster', () => checkHover(provideReplicasHover, cursor, undefined));
});

describe('an image', () => {
  const image = deployment('app: web').replace('image: nginx', 'image: ng$0inx:1.29');
  test('of the catalogue is described', () =>
    checkHover(provideImageHover, image, ['serves pages', 'Listens on 80'], {
      facts: { ...factsOf([]), image: () => ({ name: 'nginx', description: 'serves pages', ports: [80] }) },
    }));
  test('that is none of it says what happens then', () =>
    checkHover(provideImageHover, image, 'no behaviour in the playground', { facts: factsOf([]) }));
});
