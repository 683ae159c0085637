import { describe, expect, test } from 'vitest';
import { checkCompleted, checkCompletion } from '../../testing/check.ts';
import { provideMetadataKeyCompletion } from './metadataKeys.ts';
import { provideNodeLabelCompletion } from './nodeLabels.ts';
import { provideSelectorLabelCompletion } from './selectorLabels.ts';
import { provideTemplateLabelCompletion } from './templateLabels.ts';

const workloads = `#- /d.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web, tier: front}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: db}
spec:
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db, tier: back}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: far, namespace: other}
spec:
  selector: {matchLabels: {app: far}}
  template:
    metadata: {labels: {app: far}}
#- live
apiVersion: v1
kind: Pod
metadata: {name: a, namespace: default, labels: {app: cache, pod-template-hash: x}}
---
apiVersion: v1
kind: Pod
metadata: {name: b, namespace: default, labels: {app: cache}}
---
apiVersion: v1
kind: Node
metadata: {name: n, labels: {disk: ssd}}
spec: {taints: [{key: gpu, effect: NoSchedule}]}
`;
const service = (selector: string): string =>
  `#- /main.yaml\napiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n${selector}`;

describe('labels in selectors', () => {
  test('pairs and keys that pods of the namespace have', async () => {
    const items = await checkCompletion(provideSelectorLabelCompletion, `${service('  selector:\n    $0\n')}${workloads}`, {
      includes: ['app: web', 'app: db', 'app: cache', 'tier: front', 'app', 'tier'],
      excludes: ['app: far', 'pod-template-hash'],
    });
    expect(items.find(({ label }) => label === 'app: cache')?.detail).toBe('2 in the cluster');
    expect(items.find(({ label }) => label === 'app')?.detail).toBe('2 in the workspace');
  });

  test('values of a key', async () => {
    await checkCompletion(provideSelectorLabelCompletion, `${service('  selector:\n    app: $0\n')}${workloads}`, {
      exactly: ['db', 'web', 'cache'],
    });
    await checkCompletion(provideSelectorLabelCompletion, `${service('  selector: {app: $0}\n')}${workloads}`, {
      exactly: ['db', 'web', 'cache'],
    });
  });

  test('first those that go with what is written', async () => {
    const text = `${service('  selector:\n    app: web\n    tier: $0\n')}${workloads}`;
    await checkCompletion(provideSelectorLabelCompletion, text, { exactly: ['front', 'back'] });
  });

  test('of its own template before all others', async () => {
    const text = `#- /main.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: new}
spec:
  selector:
    matchLabels:
      app: $0
  template:
    metadata: {labels: {app: new}}
${workloads}`;
    const items = await checkCompletion(provideSelectorLabelCompletion, text, { includes: ['new', 'web'] });
    expect(items[0]).toMatchObject({ label: 'new', detail: 'of the template' });
  });

  test('in expressions', async () => {
    const policy = (expression: string): string =>
      `#- /main.yaml\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p}\nspec:\n  podSelector:\n    matchExpressions:\n${expression}${workloads}`;
    await checkCompletion(provideSelectorLabelCompletion, policy('      - key: $0\n'), { exactly: ['app', 'tier'] });
    await checkCompletion(
      provideSelectorLabelCompletion,
      policy('      - key: tier\n        operator: In\n        values: [$0]\n'),
      { exactly: ['back', 'front'] },
    );
  });

  test('nothing elsewhere', async () => {
    await checkCompletion(provideSelectorLabelCompletion, `${service('  selector:\n    app: web # $0\n')}${workloads}`, {
      exactly: [],
    });
    await checkCompletion(provideSelectorLabelCompletion, `${service('  clusterIP: $0\n')}${workloads}`, { exactly: [] });
  });

  test('a pair is written as one', async () => {
    await checkCompleted(
      provideSelectorLabelCompletion,
      `${service('  selector:\n    ap$0\n')}${workloads}`,
      'app: web',
      'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  selector:\n    app: web\n',
    );
  });
});

describe('labels of templates and objects', () => {
  const deployment = (labels: string): string => `#- /main.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: new}
spec:
  selector: {matchLabels: {app: new}}
  template:
    metadata:
      labels:
${labels}
#- /s.yaml
apiVersion: v1
kind: Service
metadata: {name: s}
spec: {selector: {role: wanted}}
`;
  test('what its own selector wants, and what others look for', async () => {
    await checkCompletion(provideTemplateLabelCompletion, deployment('        $0'), { includes: ['app: new', 'role: wanted'] });
    await checkCompletion(provideTemplateLabelCompletion, deployment('        role: $0'), { exactly: ['wanted'] });
    await checkCompletion(provideTemplateLabelCompletion, deployment('        app: new\n        $0'), {
      excludes: ['app: new', 'app'],
    });
  });
  test('nothing in annotations', async () => {
    await checkCompletion(provideTemplateLabelCompletion, 'apiVersion: v1\nkind: Pod\nmetadata:\n  annotations:\n    $0\n', {
      exactly: [],
    });
  });
});

describe('labels of nodes', () => {
  test.each([
    ['nodeSelector', '  nodeSelector:\n    $0\n', ['disk: ssd', 'disk', 'kubernetes.io/os']],
    ['values of nodeSelector', '  nodeSelector: {kubernetes.io/os: $0}\n', ['linux']],
    ['a topology key', '  topologySpreadConstraints:\n    - topologyKey: $0\n', ['topology.kubernetes.io/zone', 'disk']],
    ['a toleration', '  tolerations:\n    - key: $0\n', ['gpu']],
    [
      'node affinity',
      '  affinity:\n    nodeAffinity:\n      requiredDuringSchedulingIgnoredDuringExecution:\n        nodeSelectorTerms:\n          - matchExpressions:\n              - key: disk\n                values: [$0]\n',
      ['ssd'],
    ],
  ])('%s', async (_name, spec, includes) => {
    await checkCompletion(
      provideNodeLabelCompletion,
      `#- /main.yaml\napiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n${spec}${workloads}`,
      { includes },
    );
  });
  test('nothing for a container', async () => {
    await checkCompletion(provideNodeLabelCompletion, 'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - $0\n', {
      exactly: [],
    });
  });
});

describe('well-known keys', () => {
  test('of labels and annotations, by kind', async () => {
    await checkCompletion(provideMetadataKeyCompletion, 'apiVersion: v1\nkind: Namespace\nmetadata:\n  labels:\n    $0\n', {
      includes: ['app.kubernetes.io/name', 'pod-security.kubernetes.io/enforce'],
      excludes: ['kubernetes.io/change-cause'],
    });
    await checkCompletion(
      provideMetadataKeyCompletion,
      'apiVersion: v1\nkind: Namespace\nmetadata:\n  labels:\n    pod-security.kubernetes.io/enforce: $0\n',
      { exactly: ['baseline', 'privileged', 'restricted'] },
    );
    await checkCompletion(provideMetadataKeyCompletion, 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: $0\n', { exactly: [] });
  });
});
