import { describe, expect, test } from 'vitest';
import { checkDefinition, checkHover, workspaceOf } from '../testing/check.ts';
import { provideLinkDefinition } from './definition.ts';
import { provideDocumentSymbols } from './documentSymbols.ts';
import type { DocumentSymbol } from './feature.ts';
import { provideFieldHover } from './fieldHover.ts';

const deployment = (spec: string): string => `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n${spec}`;

describe('hover on a field', () => {
  test.each([
    ['a plain field', deployment('  repl$0icas: 2\n'), ['**spec.replicas** · `integer`', 'Number of desired pods']],
    ['a field with values', deployment('  strategy:\n    ty$0pe: Recreate\n'), ['`string`', 'Type of deployment']],
    ['a structure', deployment('  sel$0ector: {}\n'), ['`LabelSelector` · required']],
    ['a list', deployment('  template:\n    spec:\n      cont$0ainers: []\n'), ['list of Container', 'required']],
    ['a half-typed document', deployment('  replicas: 2\n  paus$0ed:\n  sel\n'), ['spec.paused']],
  ])('%s', async (_name, text, expected) => void (await checkHover(provideFieldHover, text, expected)));

  test.each([
    ['a value', deployment('  replicas: $02\n')],
    ['an unknown field', deployment('  replic$0s: 2\n')],
    ['a label', 'apiVersion: v1\nkind: Pod\nmetadata:\n  labels: {app: w$0eb}\n'],
  ])('none on %s', async (_name, text) => void (await checkHover(provideFieldHover, text, undefined)));
});

describe('definition', () => {
  test.each([
    [
      'of a name',
      deployment('  template:\n    spec:\n      serviceAccountName: ro$0bot\n') +
        '#- /sa.yaml\napiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: robot\n#       ^^^^^ target\n',
    ],
    [
      'of a key, in all files that have it',
      `apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  containers:
    - env: [{name: A, valueFrom: {configMapKeyRef: {name: settings, key: col$0or}}}]
#- /one.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data:
  color: red
# ^^^^^ target
#- /other.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: default}
data: {color: blue}
#      ^^^^^ target
`,
    ],
    ['of what nothing has', deployment('  template:\n    spec:\n      serviceAccountName: ro$0bot\n')],
    ['of no reference', deployment('  replicas: $02\n')],
  ])('%s', async (_name, text) => checkDefinition(provideLinkDefinition, text));
});

test('the outline of a file', async () => {
  const { snapshot, file } = workspaceOf(`apiVersion: v1
kind: Pod
metadata: {name: p, namespace: ns}
spec:
  initContainers: [{name: first, image: busybox}]
  containers:
    - name: main
      image: nginx
      ports: [{name: http, containerPort: 80}, {containerPort: 81}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c}
data: {a: "1", b: "2"}
`);
  const text = ({ name, detail, children = [] }: DocumentSymbol): string =>
    `${name}${detail === undefined ? '' : ` (${detail})`}${children.length > 0 ? `[${children.map(text).join(' ')}]` : ''}`;
  const symbols = await provideDocumentSymbols(snapshot, file);
  expect(symbols?.map(text)).toEqual(['Pod/p (ns)[first (busybox) main (nginx)[http (80) 81]]', 'ConfigMap/c[a b]']);
});
