import { describe, expect, test } from 'vitest';
import { checkCompleted, checkCompletion } from '../../testing/check.ts';
import { provideFieldCompletion } from './fields.ts';

const deployment = (spec: string): string => `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n${spec}`;
const pod = (spec: string): string => `apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n${spec}`;

const widgets = `#- /crd.yaml
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: widgets.example.com
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Widget, plural: widgets}
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              required: [size]
              properties:
                color: {type: string, enum: [red, green], description: How it looks.}
                size: {type: integer}
                parts: {type: array, items: {type: object, properties: {name: {type: string}}}}
`;

describe('fields', () => {
  test.each([
    ['behind a line that opens a map', deployment('spec:\n  $0\n'), ['replicas', 'selector', 'template', 'strategy']],
    ['in the middle of a word', deployment('spec:\n  repl$0\n  selector: {}\n'), ['replicas']],
    ['in the middle of a word, with the rest behind it', deployment('spec:\n  re$0pl\n'), ['replicas']],
    [
      'in a file that begins with an empty line and is indented as a whole',
      '\n  apiVersion: v1\n  kind: Pod\n  $0',
      ['metadata', 'spec'],
    ],
    ['behind a dash', pod('  containers:\n    - $0\n'), ['name', 'image']],
    ['where the dash is missing', pod('  containers:\n    $0\n'), ['name', 'image']],
    ['of a second item', pod('  containers:\n    - name: a\n      image: b\n    - na$0\n'), ['name', 'image']],
    ['of a list at the column of its key', pod('  containers:\n  - name: a\n    im$0\n'), ['image', 'ports']],
    ['in a flow map', pod('  containers: [{name: a, im$0}]\n'), ['image', 'ports']],
    ['in a flow map that is still open', pod('  securityContext: {run$0'), ['runAsNonRoot', 'runAsUser']],
    ['in JSON', '{"apiVersion": "v1", "kind": "Pod", "spec": {"$0"}}', ['containers', 'restartPolicy']],
    ['in JSON that is still open', '{"apiVersion": "v1", "kind": "Pod", "spec": {"rest$0', ['restartPolicy']],
    [
      'in the document behind ---',
      `${pod('  containers: []\n')}---\napiVersion: v1\nkind: Service\nspec:\n  $0\n`,
      ['ports', 'selector'],
    ],
    ['with CRLF', 'apiVersion: v1\r\nkind: Service\r\nspec:\r\n  $0\r\n', ['ports', 'selector']],
    ['before there is an apiVersion', 'kind: Deployment\nspec:\n  $0\n', ['replicas']],
    [
      'of an item of a List',
      'apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: Service\n    spec:\n      $0\n',
      ['ports'],
    ],
    [
      'of a custom kind',
      `#- /main.yaml\napiVersion: example.com/v1\nkind: Widget\nspec:\n  $0\n${widgets}`,
      ['color', 'size', 'parts'],
    ],
  ])('%s', async (_name, text, includes) => {
    await checkCompletion(provideFieldCompletion, text, { includes });
  });

  test.each([
    ['in a comment', deployment('spec:\n  replicas: 1 # $0\n')],
    ['in a text of several lines', 'apiVersion: v1\nkind: ConfigMap\ndata:\n  a: |\n    x\n    $0\n'],
    ['in a text of several lines that is indented', 'apiVersion: v1\nkind: ConfigMap\ndata:\n  a: |\n    if x\n      $0\n'],
    ['on the line between documents', `${deployment('spec:\n  replicas: 1\n')}---$0\n`],
    ['under a plain value', deployment('spec:\n  replicas: 1\n    $0\n')],
    ['for a value', deployment('spec:\n  replicas: $0\n')],
    ['of a map with free keys', 'apiVersion: v1\nkind: ConfigMap\ndata:\n  $0\n'],
    ['of a kind that nobody knows', 'apiVersion: example.org/v1\nkind: Gadget\nspec:\n  $0\n'],
  ])('nothing %s', async (_name, text) => {
    await checkCompletion(provideFieldCompletion, text, { exactly: [] });
  });

  test('not those that are there, nor what the cluster fills in', async () => {
    await checkCompletion(provideFieldCompletion, deployment('spec:\n  replicas: 1\n  $0\n  template: {}\n'), {
      includes: ['selector'],
      excludes: ['replicas', 'template'],
    });
    await checkCompletion(provideFieldCompletion, 'apiVersion: v1\nkind: Pod\nmetadata:\n  $0\n', {
      includes: ['name', 'labels'],
      excludes: ['uid', 'managedFields', 'creationTimestamp'],
    });
    await checkCompletion(provideFieldCompletion, 'apiVersion: v1\nkind: Pod\n$0', {
      includes: ['metadata', 'spec'],
      excludes: ['status', 'kind'],
    });
  });

  test('what is required comes first', async () => {
    const items = await checkCompletion(provideFieldCompletion, deployment('spec:\n  $0\n'), {});
    const sorted = [...items].sort((a, b) => ((a.sort ?? a.label) < (b.sort ?? b.label) ? -1 : 1));
    expect(sorted.slice(0, 3).map(({ label }) => label)).toEqual(['selector', 'template', 'replicas']);
  });

  test.each([
    ['a map', deployment('spec:\n  sel$0\n'), 'selector', deployment('spec:\n  selector:\n    \n')],
    ['a scalar', deployment('spec:\n  rep$0\n'), 'replicas', deployment('spec:\n  replicas: \n')],
    ['a list of maps', pod('  cont$0\n'), 'containers', pod('  containers:\n    - \n')],
    ['a list in an item', pod('  containers:\n    - po$0\n'), 'ports', pod('  containers:\n    - ports:\n        - \n')],
    [
      'an item whose dash has no space yet',
      pod('  containers:\n    -$0\n'),
      'ports',
      pod('  containers:\n    - ports:\n        - \n'),
    ],
    ['an item at the column of its key', pod('  containers:\n  $0\n'), '- image', pod('  containers:\n  - image: \n')],
    ['an item without its dash', pod('  containers:\n    $0\n'), 'image', pod('  containers:\n    - image: \n')],
    [
      'a new name for a key that has a value',
      deployment('spec:\n  repl$0: 3\n'),
      'replicas',
      deployment('spec:\n  replicas: 3\n'),
    ],
    ['a field in flow', pod('  containers: [{name: a, im$0}]\n'), 'image', pod('  containers: [{name: a, image: }]\n')],
    [
      'a field in JSON',
      '{"apiVersion": "v1", "kind": "Pod", "sp$0"}',
      'spec',
      '{"apiVersion": "v1", "kind": "Pod", "spec": {$0}}',
    ],
    [
      'a field of a custom kind',
      `#- /main.yaml\napiVersion: example.com/v1\nkind: Widget\nspec:\n  pa$0\n${widgets}`,
      'parts',
      'apiVersion: example.com/v1\nkind: Widget\nspec:\n  parts:\n    - \n',
    ],
  ])('writes %s', async (_name, text, label, expected) => {
    await checkCompleted(provideFieldCompletion, text, label, expected.replace('$0', ''));
  });
});
