/** Names that nothing has: what counts as being there, how loud the absence is, and what the fixes write. */
import { describe, expect, test } from 'vitest';
import { checkDiagnostics, checkFixes } from '../../testing/check.ts';
import type { Rule } from '../rule.ts';
import { missingClaim } from './missingClaim.ts';
import { missingConfigMap } from './missingConfigMap.ts';
import { missingIngressClass } from './missingIngressClass.ts';
import { missingKey } from './missingKey.ts';
import { missingNamespace } from './missingNamespace.ts';
import { missingPriorityClass } from './missingPriorityClass.ts';
import { missingRole } from './missingRole.ts';
import { missingScaleTarget } from './missingScaleTarget.ts';
import { missingSecret } from './missingSecret.ts';
import { missingService } from './missingService.ts';
import { missingServiceAccount } from './missingServiceAccount.ts';
import { missingServicePort } from './missingServicePort.ts';
import { missingStorageClass } from './missingStorageClass.ts';

const pod = (spec: string): string => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
${spec}
  containers:
    - name: web
      image: nginx
`;

const live = (kind: string, name: string, rest = '', apiVersion = 'v1'): string => `#- live
apiVersion: ${apiVersion}
kind: ${kind}
metadata:
  name: ${name}
  namespace: default
${rest}`;

const volume = (source: string): string => pod(`  volumes:\n    - name: data\n${source}`);
const configVolume = volume(`      configMap:
        name: web`);

const quiet: [string, Rule, string][] = [
  ['the cluster has the ConfigMap', missingConfigMap, configVolume + live('ConfigMap', 'web')],
  ['the ConfigMap is optional', missingConfigMap, volume(`      configMap:\n        name: web\n        optional: true`)],
  ['every namespace has the root certificate', missingConfigMap, volume(`      configMap:\n        name: kube-root-ca.crt`)],
  [
    'cert-manager makes the Secret',
    missingSecret,
    `${volume('      secret:\n        secretName: web-tls')}---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata:
  name: web
spec:
  secretName: web-tls
`,
  ],
  [
    'a sealed secret becomes the Secret of its name',
    missingSecret,
    `${volume('      secret:\n        secretName: web-tls')}---
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata:
  name: web-tls
`,
  ],
  [
    'the cluster has the claim',
    missingClaim,
    volume('      persistentVolumeClaim:\n        claimName: data') + live('PersistentVolumeClaim', 'data'),
  ],
  [
    'the ServiceAccount is in another file',
    missingServiceAccount,
    `#- /pod.yaml\n${pod('  serviceAccountName: robot')}#- /robot.yaml
apiVersion: v1
kind: ServiceAccount
metadata:
  name: robot
`,
  ],
  ['no cluster tells which classes there are', missingPriorityClass, pod('  priorityClassName: system-node-critical')],
  [
    'no cluster tells which storage classes there are',
    missingStorageClass,
    'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata:\n  name: data\nspec:\n  storageClassName: fast\n',
  ],
  [
    'no cluster tells which ingress classes there are',
    missingIngressClass,
    'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: web\nspec:\n  ingressClassName: nginx\n',
  ],
  [
    'every cluster has its own roles',
    missingRole,
    'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata:\n  name: a\nroleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: ClusterRole\n  name: system:node-proxier\n',
  ],
  [
    'the port is called by its name',
    missingServicePort,
    `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
spec:
  defaultBackend:
    service:
      name: shop
      port:
        name: http
${live('Service', 'shop', 'spec:\n  ports:\n    - name: http\n      port: 80\n')}`,
  ],
  [
    'the key is in what is written',
    missingKey,
    `apiVersion: v1
kind: Secret
metadata:
  name: web
stringData:
  token: a
---
${volume(`      secret:
        secretName: web
        items:
          - key: token
            path: token`)}`,
  ],
  [
    'the object itself is missing, which another rule says',
    missingKey,
    volume(`      secret:
        secretName: web
        items:
          - key: token
            path: token`),
  ],
  [
    'no cluster tells which namespaces there are',
    missingNamespace,
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  namespace: shop\n',
  ],
  [
    'the namespace comes in the same file',
    missingNamespace,
    `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  namespace: shop\n${live('Namespace', 'default')}`,
  ],
  [
    'the workload is of the kind that is scaled',
    missingScaleTarget,
    `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: web
spec:
  maxReplicas: 3
  scaleTargetRef:
    apiVersion: apps/v1
    kind: StatefulSet
    name: web
${live('StatefulSet', 'web', '', 'apps/v1')}`,
  ],
];

describe('nothing is said when', () => {
  test.each(quiet)('%s', (_why, rule, fixture) => expect(checkDiagnostics(rule, fixture)).toEqual([]));
});

const loud: [string, Rule, string][] = [
  [
    'names of other namespaces do not count',
    missingConfigMap,
    `${volume(`      configMap:
        name: web
#             ^^^ information: No ConfigMap "web" in namespace "default" of the workspace`)}---
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
  namespace: shop
`,
  ],
  [
    'a Secret of an image pull',
    missingSecret,
    pod(`  imagePullSecrets:
    - name: registry
#           ^^^^^^^^ warning: No Secret "registry" in namespace "default", neither in the workspace nor in the cluster`) +
      live('Secret', 'other'),
  ],
  [
    'the kind is another',
    missingScaleTarget,
    `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: web
spec:
  maxReplicas: 3
  scaleTargetRef:
    apiVersion: apps/v1
    kind: StatefulSet
    name: web
#         ^^^ warning: No StatefulSet "web" in namespace "default", neither in the workspace nor in the cluster
${live('Deployment', 'web', '', 'apps/v1')}`,
  ],
  [
    'a key of a Secret of the cluster',
    missingKey,
    `${volume(`      secret:
        secretName: web
        items:
          - key: tokn
#                ^^^^ warning: Secret "web" has no key "tokn"; did you mean "token"?
            path: token`)}${live('Secret', 'web', 'data:\n  token: ""\n')}`,
  ],
];

describe('is found:', () => {
  test.each(loud)('%s', (_what, rule, fixture) => expect(checkDiagnostics(rule, fixture)).toHaveLength(1));
});

test('a fix takes the nearest name', () => {
  const fixture = (name: string): string => `apiVersion: v1
kind: ServiceAccount
metadata:
  name: robot
---
${pod(`  serviceAccountName: ${name}`)}`;
  checkFixes(missingServiceAccount, fixture('robt'), 'Change to "robot"', fixture('robot'));
});

test("a fix adds the missing object behind the file's last document", () => {
  checkFixes(
    missingConfigMap,
    configVolume,
    'Add ConfigMap "web"',
    `${configVolume}---
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
data: {}
`,
  );
});

test('a StatefulSet gets a headless Service for its pods', () => {
  const set = `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
  namespace: shop
spec:
  serviceName: db
  selector:
    matchLabels:
      app: db
  template:
    metadata:
      labels:
        app: db
`;
  checkFixes(
    missingService,
    set,
    'Add Service "db"',
    `${set}---
apiVersion: v1
kind: Service
metadata:
  name: db
  namespace: shop
spec:
  clusterIP: None
  selector:
    app: db
  ports:
    - port: 80
`,
  );
});

test('a port that a Service does not have is changed to its only one', () => {
  const ingress = (port: number): string => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
spec:
  defaultBackend:
    service:
      name: shop
      port:
        number: ${port}
---
apiVersion: v1
kind: Service
metadata:
  name: shop
spec:
  ports:
    - port: 80
`;
  checkFixes(missingServicePort, ingress(8080), 'Change to 80', ingress(80));
});
