import { describe, test } from 'vitest';
import { checkCompleted, checkCompletion } from '../../testing/check.ts';
import { provideImageCompletion } from './images.ts';
import { providePortCompletion } from './ports.ts';
import { provideQuantityCompletion } from './quantities.ts';
import { provideRoleRuleCompletion } from './roleRules.ts';
import { provideLocalNameCompletion } from './volumeNames.ts';

const pod = (spec: string): string => `#- /main.yaml\napiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n${spec}`;
const deployment = `#- /d.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, ports: [{name: http, containerPort: 8080}, {containerPort: 9090}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {ports: [{name: web, port: 80}]}
#- live
apiVersion: v1
kind: Pod
metadata: {name: a, namespace: default, labels: {app: web}}
spec: {containers: [{name: side, ports: [{name: metrics, containerPort: 9100}]}]}
`;

describe('ports', () => {
  test.each([
    [
      'of the selected pods',
      'apiVersion: v1\nkind: Service\nmetadata: {name: x}\nspec:\n  selector: {app: web}\n  ports:\n    - port: 80\n      targetPort: $0\n',
      ['http', 'metrics', '8080', '9090', '9100'],
    ],
    [
      'of a Service, by number',
      'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: x}\nspec:\n  defaultBackend: {service: {name: web, port: {number: $0}}}\n',
      ['80'],
    ],
    [
      'of a Service, by name',
      'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: x}\nspec:\n  defaultBackend:\n    service:\n      name: web\n      port:\n        name: $0\n',
      ['web'],
    ],
    [
      'of the own container',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec:\n  containers:\n    - name: a\n      ports: [{name: admin, containerPort: 1}]\n      livenessProbe:\n        httpGet:\n          port: $0\n    - name: b\n      ports: [{containerPort: 2}]\n',
      ['admin', '1'],
    ],
    [
      'of nothing that nobody selects',
      'apiVersion: v1\nkind: Service\nmetadata: {name: x}\nspec:\n  ports:\n    - targetPort: $0\n',
      [],
    ],
  ])('%s', async (_name, text, exactly) => {
    await checkCompletion(providePortCompletion, `#- /main.yaml\n${text}${deployment}`, { exactly });
  });
});

describe('volumes and mounts', () => {
  test('a mount names a volume of the pod', async () => {
    await checkCompletion(
      provideLocalNameCompletion,
      pod(
        '  volumes: [{name: data, emptyDir: {}}, {name: conf, configMap: {name: x}}]\n  containers:\n    - name: a\n      volumeMounts:\n        - name: $0\n',
      ),
      { exactly: ['conf', 'data'] },
    );
  });
  test('or a claim’s template', async () => {
    await checkCompletion(
      provideLocalNameCompletion,
      'apiVersion: apps/v1\nkind: StatefulSet\nspec:\n  volumeClaimTemplates: [{metadata: {name: data}}]\n  template: {spec: {containers: [{name: a, volumeMounts: [{name: $0}]}]}}\n',
      { exactly: ['data'] },
    );
  });
  test('a volume is called as a mount asks', async () => {
    await checkCompletion(
      provideLocalNameCompletion,
      pod(
        '  containers: [{name: a, volumeMounts: [{name: cache}, {name: data}]}]\n  volumes:\n    - name: data\n    - name: $0\n',
      ),
      { exactly: ['cache'] },
    );
  });
  test('nothing for a container’s name', async () => {
    await checkCompletion(provideLocalNameCompletion, pod('  containers:\n    - name: $0\n'), { exactly: [] });
  });
});

describe('images', () => {
  test('names, then tags', async () => {
    await checkCompletion(provideImageCompletion, pod('  containers:\n    - image: $0\n'), {
      includes: ['nginx', 'busybox', 'busybox:1.37'],
    });
    await checkCompletion(provideImageCompletion, pod('  containers:\n    - image: busybox:$0\n'), {
      includes: ['busybox:1.37', 'busybox:latest'],
      excludes: ['busybox'],
    });
    await checkCompletion(provideImageCompletion, pod('  containers:\n    - image: somebody/own:$0\n'), { exactly: [] });
    await checkCompletion(provideImageCompletion, pod('  hostname: $0\n'), { exactly: [] });
  });
  test('a tag replaces what is typed of the whole', async () => {
    await checkCompleted(
      provideImageCompletion,
      'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: busybox:1$0\n',
      'busybox:1.37',
      'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: busybox:1.37\n',
    );
  });
});

describe('resources', () => {
  test.each([
    [
      'names',
      '  containers:\n    - resources:\n        requests:\n          cpu: 1\n          $0\n',
      ['memory', 'ephemeral-storage'],
    ],
    [
      'amounts of memory',
      '  containers:\n    - resources:\n        limits: {memory: $0}\n',
      ['64Mi', '128Mi', '256Mi', '512Mi', '1Gi', '2Gi', '4Gi'],
    ],
    ['nothing for a number', '  terminationGracePeriodSeconds: $0\n', []],
  ])('%s', async (_name, spec, exactly) => {
    await checkCompletion(provideQuantityCompletion, pod(spec), { exactly });
  });
  test('of claims and quotas', async () => {
    await checkCompletion(
      provideQuantityCompletion,
      'apiVersion: v1\nkind: PersistentVolumeClaim\nspec:\n  resources:\n    requests:\n      $0\n',
      { exactly: ['storage'] },
    );
    await checkCompletion(provideQuantityCompletion, 'apiVersion: v1\nkind: ResourceQuota\nspec:\n  hard:\n    $0\n', {
      includes: ['requests.cpu', 'pods'],
    });
  });
});

describe('rules of roles', () => {
  const role = (rule: string): string =>
    `apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: a}\nrules:\n${rule}`;
  test('verbs that are not there yet', async () => {
    await checkCompletion(provideRoleRuleCompletion, role('  - verbs: [get, $0]\n'), {
      includes: ['list', 'watch', '*'],
      excludes: ['get'],
    });
  });
  test('resources of the named groups', async () => {
    await checkCompletion(provideRoleRuleCompletion, role('  - apiGroups: [apps]\n    resources:\n      - $0\n'), {
      includes: ['deployments', 'deployments/scale'],
      excludes: ['pods'],
    });
  });
  test('groups, the core one in quotes', async () => {
    await checkCompleted(provideRoleRuleCompletion, role('  - apiGroups: [$0]\n'), '""', role('  - apiGroups: [""]\n'));
  });
  test('nothing in the rules of an Ingress', async () => {
    await checkCompletion(
      provideRoleRuleCompletion,
      'apiVersion: networking.k8s.io/v1\nkind: Ingress\nspec:\n  rules:\n    - host: $0\n',
      { exactly: [] },
    );
  });
});
