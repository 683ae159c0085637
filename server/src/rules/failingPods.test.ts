/** Failures of live pods in their manifest: which, where, and when they are silent. */
import { expect, test } from 'vitest';
import { checkDiagnostics, checkFixes } from '../testing/check.ts';
import { failingPods } from './failingPods.ts';
import { unknownImageTag } from './unknownImageTag.ts';

const deployment = (mark = '', imageMark = ''): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
${mark}spec:
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: web
          image: nginx:x
${imageMark}`;

const live = (status: string, extra = ''): string => `#- live
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: default
---
${['a', 'b']
  .map(
    (name) => `apiVersion: v1
kind: Pod
metadata:
  name: web-${name}
  namespace: default
${extra}  labels:
    app: web
status:
${status}`,
  )
  .join('---\n')}`;

const pull = `  containerStatuses:
    - name: web
      state:
        waiting:
          reason: ImagePullBackOff
          message: Back-off pulling image
`;

test('an image that cannot be pulled is told on the image, once for all pods', () => {
  const mark = '#                ^^^^^^^ warning: Pod web-a: ImagePullBackOff, Back-off pulling image\n';
  expect(checkDiagnostics(failingPods, deployment('', mark) + live(pull))).toHaveLength(1);
});

test('a pod without a node is told on the name, in the scheduler’s words', () => {
  const unschedulable = `  conditions:
    - type: PodScheduled
      status: "False"
      reason: Unschedulable
      message: "0/3 nodes are available: 3 Insufficient cpu."
`;
  const mark = '#       ^^^ warning: Pod web-a is on no node: 0/3 nodes are available: 3 Insufficient cpu.\n';
  expect(checkDiagnostics(failingPods, deployment(mark) + live(unschedulable))).toHaveLength(1);
});

test.each([
  [
    'pods that are only starting',
    live('  containerStatuses:\n    - name: web\n      state:\n        waiting:\n          reason: ContainerCreating\n'),
  ],
  ['pods that are being deleted', live(pull, '  deletionTimestamp: "2026-01-01T00:00:00Z"\n')],
  ['a cluster that does not have the object', live(pull).replace('kind: Deployment', 'kind: StatefulSet')],
  ['no cluster', ''],
])('%s are no failure', (_what, facts) => expect(checkDiagnostics(failingPods, deployment() + facts)).toEqual([]));

test('a tag that the catalogue lacks is changed to the newest', () => {
  const pod = (image: string): string => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: ${image}
`;
  checkFixes(unknownImageTag, pod('nginx:99.1'), 'Change to 1.29', pod('nginx:1.29'));
  expect(checkDiagnostics(unknownImageTag, pod('nginx:1.27.3-alpine'))).toEqual([]);
});
