import { describe, expect, test } from 'vitest';
import { factsOf } from '../../facts/liveFacts.ts';
import { checkCompleted, checkCompletion } from '../../testing/check.ts';
import { provideDataKeyCompletion } from './dataKeys.ts';
import { provideNameCompletion } from './names.ts';
import { provideNamespaceCompletion } from './namespaces.ts';
import { provideObjectReferenceCompletion } from './objectReferences.ts';

const config = `#- /config.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {log.level: info, port: "80"}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: elsewhere, namespace: other}
data: {}
#- live
apiVersion: v1
kind: ConfigMap
metadata: {name: live-settings, namespace: default}
data: {colour: red}
---
apiVersion: v1
kind: Namespace
metadata: {name: team}
`;
const pod = (container: string, metadata = 'name: web'): string => `#- /main.yaml
apiVersion: v1
kind: Pod
metadata: {${metadata}}
spec:
  containers:
    - name: web
${container}`;

describe('names of objects', () => {
  test('of the workspace and of the cluster, of the same namespace', async () => {
    const items = await checkCompletion(
      provideNameCompletion,
      `${pod('      envFrom: [{configMapRef: {name: $0}}]\n')}${config}`,
      {
        exactly: ['settings', 'live-settings'],
      },
    );
    expect(items.map(({ detail }) => detail)).toEqual(['ConfigMap · config.yaml', 'ConfigMap · cluster']);
  });

  test('of the namespace that the object is in', async () => {
    const text = `${pod('      envFrom:\n        - configMapRef:\n            name: e$0\n', 'name: web, namespace: other')}${config}`;
    await checkCompletion(provideNameCompletion, text, { exactly: ['elsewhere'] });
  });

  test('none where no object is named, nor in comments', async () => {
    await checkCompletion(provideNameCompletion, `${pod('      workingDir: $0\n')}${config}`, { exactly: [] });
    await checkCompletion(provideNameCompletion, `${pod('      envFrom: [] # $0\n')}${config}`, { exactly: [] });
  });

  test.each([
    ['a service account', 'apiVersion: v1\nkind: Pod\nspec:\n  serviceAccountName: $0\n', ['default']],
    [
      'a priority class',
      'apiVersion: v1\nkind: Pod\nspec:\n  priorityClassName: sys$0\n',
      ['system-cluster-critical', 'system-node-critical'],
    ],
    [
      'a storage class',
      '#- /main.yaml\napiVersion: v1\nkind: PersistentVolumeClaim\nspec:\n  storageClassName: $0\n#- /sc.yaml\napiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: fast}\n',
      ['fast'],
    ],
    [
      'the Service of an Ingress, in JSON',
      '#- /main.json\n{"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "spec": {"defaultBackend": {"service": {"name": "$0"}}}}\n#- /s.yaml\napiVersion: v1\nkind: Service\nmetadata: {name: web}\n',
      ['web'],
    ],
  ])('%s', async (_name, text, exactly) => {
    await checkCompletion(provideNameCompletion, text, { exactly });
  });

  test('written in quotes where YAML would read something else', async () => {
    const text = (name: string): string => `apiVersion: v1\nkind: Pod\nspec:\n  nodeName: ${name}\n`;
    const facts = factsOf([{ apiVersion: 'v1', kind: 'Node', metadata: { name: '123' } }]);
    await checkCompleted(provideNameCompletion, text('$0'), '123', text('"123"'), { facts });
  });

  test('a long list is cut short, and what is typed decides what stays', async () => {
    const facts = factsOf(
      Array.from({ length: 3000 }, (_, i) => ({ apiVersion: 'v1', kind: 'Node', metadata: { name: `node-${i}` } })),
    );
    const text = (name: string): string => `apiVersion: v1\nkind: Pod\nspec:\n  nodeName: ${name}$0\n`;
    expect(await checkCompletion(provideNameCompletion, text(''), {}, { facts })).toHaveLength(200);
    await checkCompletion(provideNameCompletion, text('node-2999'), { exactly: ['node-2999'] }, { facts });
  });
});

describe('object references', () => {
  const hpa = (target: string): string => `#- /main.yaml
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef:
${target}`;
  const others = `#- /d.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
---
apiVersion: v1
kind: Service
metadata: {name: web}
`;
  test('kind, version and name together', async () => {
    await checkCompletion(provideObjectReferenceCompletion, `${hpa('    $0\n')}${others}`, { exactly: ['Deployment/web'] });
    await checkCompletion(provideObjectReferenceCompletion, `${hpa('    Dep$0\n')}${others}`, { exactly: ['Deployment/web'] });
    await checkCompletion(provideObjectReferenceCompletion, `${hpa('    we$0\n')}${others}`, { exactly: ['Deployment/web'] });
    await checkCompleted(
      provideObjectReferenceCompletion,
      `${hpa('    $0\n')}${others}`,
      'Deployment/web',
      hpa('    apiVersion: apps/v1\n    kind: Deployment\n    name: web\n').split('\n').slice(1).join('\n'),
    );
  });

  test('each by what the others say', async () => {
    await checkCompletion(provideObjectReferenceCompletion, `${hpa('    kind: $0\n')}${others}`, {
      includes: ['Deployment', 'StatefulSet'],
      excludes: ['Service'],
    });
    await checkCompletion(provideObjectReferenceCompletion, `${hpa('    kind: Deployment\n    name: $0\n')}${others}`, {
      exactly: ['web'],
    });
    await checkCompletion(provideObjectReferenceCompletion, `${hpa('    kind: Deployment\n    apiVersion: $0\n')}${others}`, {
      exactly: ['apps/v1'],
    });
    await checkCompletion(
      provideObjectReferenceCompletion,
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nroleRef:\n  kind: $0\n',
      { exactly: ['ClusterRole', 'Role'] },
    );
    await checkCompletion(
      provideObjectReferenceCompletion,
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nsubjects:\n  - kind: $0\n',
      { exactly: ['ServiceAccount', 'Group', 'User'] },
    );
  });

  test('nothing where no object is meant', async () => {
    await checkCompletion(provideObjectReferenceCompletion, `${hpa('    kind: Deployment\n  minReplicas: $0\n')}${others}`, {
      exactly: [],
    });
  });
});

describe('keys of ConfigMaps and Secrets', () => {
  test.each([
    [
      'of the named ConfigMap',
      '      env: [{name: A, valueFrom: {configMapKeyRef: {name: settings, key: $0}}}]\n',
      ['log.level', 'port'],
    ],
    [
      'of one in the cluster',
      '      env:\n        - name: A\n          valueFrom:\n            configMapKeyRef:\n              name: live-settings\n              key: $0\n',
      ['colour'],
    ],
    ['of none that nobody has', '      env: [{name: A, valueFrom: {configMapKeyRef: {name: nothing, key: $0}}}]\n', []],
    ['as names of variables', '      envFrom: [{configMapRef: {name: settings}}]\n      env:\n        - name: $0\n', ['PORT']],
    [
      'as the name of the variable that takes it',
      '      env:\n        - name: $0\n          valueFrom: {configMapKeyRef: {name: settings, key: log.level}}\n',
      ['LOG_LEVEL'],
    ],
  ])('%s', async (_name, container, exactly) => {
    await checkCompletion(provideDataKeyCompletion, `${pod(container)}${config}`, { exactly });
  });
});

describe('namespaces', () => {
  test('for metadata and for lists of them', async () => {
    await checkCompletion(
      provideNamespaceCompletion,
      `#- /main.yaml\napiVersion: v1\nkind: Pod\nmetadata:\n  namespace: $0\n${config}`,
      { includes: ['team'] },
    );
    await checkCompletion(
      provideNamespaceCompletion,
      'apiVersion: v1\nkind: Pod\nspec:\n  affinity:\n    podAffinity:\n      requiredDuringSchedulingIgnoredDuringExecution:\n        - namespaces: [$0]\n',
      { includes: ['default', 'kube-system'] },
    );
  });
  test('not for what is in none', async () => {
    await checkCompletion(provideNamespaceCompletion, 'apiVersion: v1\nkind: Node\nmetadata:\n  namespace: $0\n', {
      exactly: [],
    });
  });
});
