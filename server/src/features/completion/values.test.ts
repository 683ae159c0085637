import { describe, test } from 'vitest';
import { checkCompleted, checkCompletion } from '../../testing/check.ts';
import { provideTypeMetaCompletion } from './typeMeta.ts';
import { provideValueCompletion } from './values.ts';

const service = (spec: string): string => `apiVersion: v1\nkind: Service\nspec:\n${spec}`;

describe('values', () => {
  test.each([
    ['an enumeration', service('  type: $0\n'), ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']],
    ['an enumeration, half typed', service('  type: Clus$0\n'), ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']],
    ['an enumeration in quotes', service('  type: "$0"\n'), ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']],
    ['in flow', service('  ports: [{port: 80, protocol: $0}]\n'), ['TCP', 'SCTP', 'UDP']],
    ['a boolean', service('  publishNotReadyAddresses: $0\n'), ['true', 'false']],
    [
      'items of a list, without those there',
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nspec:\n  policyTypes:\n    - Egress\n    - $0\n',
      ['Ingress'],
    ],
    [
      'an operator of a selector',
      'apiVersion: apps/v1\nkind: Deployment\nspec:\n  selector:\n    matchExpressions:\n      - operator: $0\n',
      ['In', 'NotIn', 'Exists', 'DoesNotExist'],
    ],
    ['in JSON', '{"apiVersion": "v1", "kind": "Pod", "spec": {"restartPolicy": "$0"}}', ['Always', 'Never', 'OnFailure']],
    ['nothing for any text', 'apiVersion: v1\nkind: Pod\nspec:\n  hostname: $0\n', []],
    ['nothing in a comment', service('  type: ClusterIP # $0\n'), []],
  ])('%s', async (_name, text, exactly) => {
    await checkCompletion(provideValueCompletion, text, { exactly });
  });

  test.each([
    ['behind the colon', service('  type:$0\n'), 'NodePort', service('  type: NodePort\n')],
    ['over what is there', service('  type: Clu$0sterIP\n'), 'NodePort', service('  type: NodePort\n')],
    ['in quotes', service('  type: "$0"\n'), 'NodePort', service('  type: "NodePort"\n')],
    [
      'in quotes where YAML would read a boolean',
      'apiVersion: v1\nkind: Node\nstatus:\n  conditions:\n    - status: $0\n',
      'True',
      'apiVersion: v1\nkind: Node\nstatus:\n  conditions:\n    - status: "True"\n',
    ],
    [
      'with a dash',
      'apiVersion: v1\nkind: PersistentVolumeClaim\nspec:\n  accessModes:\n    $0\n',
      'ReadWriteOnce',
      'apiVersion: v1\nkind: PersistentVolumeClaim\nspec:\n  accessModes:\n    - ReadWriteOnce\n',
    ],
    [
      'in JSON',
      '{"apiVersion": "v1", "kind": "Pod", "spec": {"restartPolicy": $0}}',
      'Never',
      '{"apiVersion": "v1", "kind": "Pod", "spec": {"restartPolicy": "Never"}}',
    ],
  ])('written %s', async (_name, text, label, expected) => {
    await checkCompleted(provideValueCompletion, text, label, expected);
  });
});

test('numbers that a custom kind allows', async () => {
  await checkCompletion(
    provideValueCompletion,
    `#- /main.yaml
apiVersion: example.com/v1
kind: Widget
spec:
  size: $0
#- /crd.yaml
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Widget, plural: widgets}
  versions:
    - name: v1
      served: true
      storage: true
      schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {size: {type: integer, enum: [1, 2], default: 2}}}}}}
`,
    { exactly: ['2', '1'] },
  );
});

const crd = `#- live
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Widget, plural: widgets}
  versions:
    - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}
`;

describe('apiVersion and kind', () => {
  test('of all kinds that can be written', async () => {
    await checkCompletion(provideTypeMetaCompletion, 'kind: $0', {
      includes: ['Deployment', 'Pod', 'Ingress'],
      excludes: ['TokenReview', 'ComponentStatus'],
    });
    await checkCompletion(provideTypeMetaCompletion, `#- /main.yaml\nkind: $0\n${crd}`, { includes: ['Widget'] });
    await checkCompletion(provideTypeMetaCompletion, 'spec:\n  kind: $0', { exactly: [] });
    await checkCompletion(provideTypeMetaCompletion, 'apiVersion: v1\n$0', { includes: ['kind'], excludes: ['apiVersion'] });
  });

  test('of the items of a List', async () => {
    await checkCompletion(provideTypeMetaCompletion, 'apiVersion: v1\nkind: List\nitems:\n  - $0\n', {
      includes: ['apiVersion', 'kind'],
    });
    await checkCompleted(
      provideTypeMetaCompletion,
      'apiVersion: v1\nkind: List\nitems:\n  - kind: Dep$0\n',
      'Deployment',
      'apiVersion: v1\nkind: List\nitems:\n  - apiVersion: apps/v1\n    kind: Deployment\n',
    );
  });

  test('those of the other one first', async () => {
    await checkCompletion(provideTypeMetaCompletion, 'apiVersion: $0\nkind: Deployment\n', { includes: ['apps/v1'] }).then(
      (items) => {
        const [first] = [...items].sort((a, b) => ((a.sort ?? '') < (b.sort ?? '') ? -1 : 1));
        if (first?.label !== 'apps/v1') throw new Error(first?.label);
      },
    );
  });

  test.each([
    ['a kind writes its apiVersion', 'kind: Depl$0', 'Deployment', 'apiVersion: apps/v1\nkind: Deployment'],
    ['a kind puts its apiVersion right', 'apiVersion: v1\nkind: $0\n', 'Deployment', 'apiVersion: apps/v1\nkind: Deployment\n'],
    ['a kind fills an empty apiVersion', 'apiVersion:\nkind: $0\n', 'Deployment', 'apiVersion: apps/v1\nkind: Deployment\n'],
    ['a kind leaves an apiVersion that fits', 'apiVersion: v1\nkind: $0\n', 'Service', 'apiVersion: v1\nkind: Service\n'],
    [
      'in the document behind ---',
      'kind: Pod\napiVersion: v1\n---\nkind: $0\n',
      'Ingress',
      'kind: Pod\napiVersion: v1\n---\napiVersion: networking.k8s.io/v1\nkind: Ingress\n',
    ],
    ['in JSON', '{"kind": "$0"}', 'Deployment', '{"apiVersion": "apps/v1", "kind": "Deployment"}'],
    [
      'an apiVersion with one kind writes that',
      'apiVersion: node.k8s$0\n',
      'node.k8s.io/v1',
      'apiVersion: node.k8s.io/v1\nkind: RuntimeClass\n',
    ],
    ['a custom kind', `#- /main.yaml\nkind: $0\n${crd}`, 'Widget', 'apiVersion: example.com/v1\nkind: Widget\n'],
  ])('%s', async (_name, text, label, expected) => {
    await checkCompleted(provideTypeMetaCompletion, text, label, expected);
  });
});
