/** Rules about ports, doubles and order: what they find, and what they leave alone. */
import { describe, expect, test } from 'vitest';
import { checkDiagnostics, checkFixes } from '../testing/check.ts';
import { duplicateNodePort } from './duplicateNodePort.ts';
import { duplicateObject } from './duplicateObject.ts';
import { ineffectiveField } from './ineffectiveField.ts';
import { missingProbePort } from './missingProbePort.ts';
import { missingTargetPort } from './missingTargetPort.ts';
import { overlappingSelectors } from './overlappingSelectors.ts';
import type { Rule } from './rule.ts';
import { usedBeforeDefined } from './usedBeforeDefined.ts';

const service = (name: string, port: string): string => `apiVersion: v1
kind: Service
metadata:
  name: ${name}
spec:
  selector:
    app: web
  ports:
    - port: 80
      ${port}
`;

const web = (ports: string): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
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
          image: nginx
${ports}`;

const declared = `          ports:
            - name: http
              containerPort: 8080
`;

const quiet: [string, Rule, string][] = [
  [
    'a number that nobody declares, among containers that declare nothing',
    missingTargetPort,
    `${service('a', 'targetPort: 8080')}---\n${web('')}`,
  ],
  ['a name that one of several containers has', missingTargetPort, `${service('a', 'targetPort: http')}---\n${web(declared)}`],
  ['a probe by number', missingProbePort, web('          livenessProbe:\n            tcpSocket:\n              port: 9\n')],
  [
    'the same number for another protocol',
    duplicateNodePort,
    `${service('a', 'nodePort: 30001')}---\n${service('b', 'nodePort: 30001\n      protocol: UDP')}`,
  ],
  [
    'the same object in another folder',
    duplicateObject,
    `#- /dev/a.yaml\n${service('a', '')}#- /prod/a.yaml\n${service('a', '')}`,
  ],
  [
    'a label of its own tells two workloads apart',
    overlappingSelectors,
    `${web('')}---\n${web('').replaceAll('app: web', 'app: api').replace('name: web', 'name: api')}`,
  ],
  [
    'another namespace',
    overlappingSelectors,
    `${web('')}---\n${web('').replace('  name: web', '  name: b\n  namespace: other')}`,
  ],
  [
    'a ConfigMap in another file',
    usedBeforeDefined,
    `#- /a.yaml\n${web('          envFrom:\n            - configMapRef:\n                name: c\n')}#- /b.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\n`,
  ],
  ['fields that containers obey', ineffectiveField, web('          securityContext:\n            runAsUser: 1000\n')],
];

describe('nothing is said of', () => {
  test.each(quiet)('%s', (_what, rule, fixture) => expect(checkDiagnostics(rule, fixture)).toEqual([]));
});

test('a number that is none of the declared ports is information', () => {
  const [found] = checkDiagnostics(
    missingTargetPort,
    `${service('a', 'targetPort: 80\n#                 ^^ information: No container of Deployment/web declares port 80; declared: 8080')}---\n${web(declared)}`,
  );
  expect(found?.rule).toBe('missing-target-port');
});

test('the fix of a target port takes the only name there is', () => {
  const fixture = (port: string): string => `${service('a', `targetPort: ${port}`)}---\n${web(declared)}`;
  checkFixes(missingTargetPort, fixture('web'), 'Change to http', fixture('http'));
});

test('node ports of the cluster count, except those of the same Service', () => {
  const live = (name: string): string => `#- live
apiVersion: v1
kind: Service
metadata:
  name: ${name}
  namespace: default
spec:
  ports:
    - port: 80
      nodePort: 30001
`;
  expect(checkDiagnostics(duplicateNodePort, service('a', 'nodePort: 30001') + live('a'))).toEqual([]);
  const mark = '\n#               ^^^^^ warning: Node port 30001 belongs to Service/b in namespace "default" of the cluster';
  expect(checkDiagnostics(duplicateNodePort, service('a', `nodePort: 30001${mark}`) + live('b'))).toHaveLength(1);
});

test('the same object in two files of a folder names the other file', () => {
  const twice = (mark: string): string =>
    service('a', '').replace('  name: a', `  name: a\n#       ^ warning: Service "a" is also in ${mark}`);
  expect(checkDiagnostics(duplicateObject, `#- /a.yaml\n${twice('b.yaml')}#- /b.yaml\n${twice('a.yaml')}`)).toHaveLength(2);
});

test('a reference is told once for an object, however often it stands there', () => {
  const twice = web(`          envFrom:
            - configMapRef:
                name: c
#                     ^ information: ConfigMap "c" stands further down; the first apply makes this Deployment before it
            - prefix: P_
              configMapRef:
                name: c
`);
  expect(
    checkDiagnostics(usedBeforeDefined, `${twice}---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\n`),
  ).toHaveLength(1);
});

test('fields in every container and init container are looked at', () => {
  const privileged = `          securityContext:
            privileged: true
#           ^^^^^^^^^^ information: The playground does not act on privileged: containers are simulated and reach nothing of the machine
`;
  expect(checkDiagnostics(ineffectiveField, web(privileged))).toHaveLength(1);
});
