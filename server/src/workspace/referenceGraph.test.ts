import { describe, expect, test } from 'vitest';
import { workspaceOf } from '../testing/check.ts';
import { objectTitle } from './manifestObject.ts';
import { nearestOwners } from './nearMiss.ts';

const workload = (
  kind: string,
  apiVersion: string,
  name: string,
  labels: string,
  namespace = '',
): string => `apiVersion: ${apiVersion}
kind: ${kind}
metadata: {name: ${name}${namespace && `, namespace: ${namespace}`}}
spec:
  ${kind === 'CronJob' ? 'jobTemplate: {spec: {template: {metadata: {labels: ' : 'template: {metadata: {labels: '}${labels}}, spec: {containers: [{name: c, image: i, ports: [{name: http, containerPort: 8080}]}]}${kind === 'CronJob' ? '}}}' : '}'}
`;
const service = (name: string, selector: string, namespace = ''): string => `apiVersion: v1
kind: Service
metadata: {name: ${name}${namespace && `, namespace: ${namespace}`}}
spec: {selector: ${selector}, ports: [{port: 80, targetPort: http}]}
`;

/** `path → Kind/name path` for every link of the first file's first object. */
function linksOf(text: string): string[] {
  const { file, snapshot } = workspaceOf(text);
  const [object] = snapshot.graph.objectsIn(file.uri);
  return (object?.links ?? []).map((link) => {
    const targets = snapshot.graph.targetsOf(link).map((target) => `${objectTitle(target.object)} ${target.path}`);
    return `${link.path} → ${targets.sort().join(', ') || 'nothing'}`;
  });
}

describe('labels and selectors', () => {
  test.each([
    ['Deployment', 'apps/v1', 'spec.template'],
    ['StatefulSet', 'apps/v1', 'spec.template'],
    ['DaemonSet', 'apps/v1', 'spec.template'],
    ['ReplicaSet', 'apps/v1', 'spec.template'],
    ['ReplicationController', 'v1', 'spec.template'],
    ['Job', 'batch/v1', 'spec.template'],
    ['CronJob', 'batch/v1', 'spec.jobTemplate.spec.template'],
    ['Rollout', 'argoproj.io/v1alpha1', 'spec.template'],
  ])('the pods of a %s', (kind, apiVersion, template) => {
    expect(
      linksOf(`${service('web', '{app: web}')}\n#- /b.yaml\n${workload(kind, apiVersion, 'web', '{app: web, tier: x}')}`)[0],
    ).toBe(`spec.selector → ${kind}/web ${template}.metadata.labels`);
  });

  test.each([
    ['another namespace', '', 'team', false],
    ['the same namespace', 'team', 'team', true],
    ['unwritten is default', '', 'default', true],
    ['default is unwritten', 'default', '', true],
  ])('%s', (_name, mine, theirs, found) => {
    const [link] = linksOf(
      `${service('web', '{app: web}', mine)}\n#- /b.yaml\n${workload('Deployment', 'apps/v1', 'web', '{app: web}', theirs)}`,
    );
    expect(link?.endsWith('nothing')).toBe(!found);
  });

  test('set-based requirements, over namespaces that carry a label', () => {
    const policy = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p}
spec:
  podSelector: {}
  ingress:
    - from:
        - namespaceSelector: {matchLabels: {team: a}}
          podSelector:
            matchExpressions:
              - {key: app, operator: In, values: [web, api]}
              - {key: canary, operator: DoesNotExist}
`;
    const rest = `#- /ns.yaml
apiVersion: v1
kind: Namespace
metadata: {name: one, labels: {team: a}}
---
${workload('Deployment', 'apps/v1', 'in-one', '{app: api}', 'one')}---
${workload('Deployment', 'apps/v1', 'canary', '{app: api, canary: "yes"}', 'one')}---
${workload('Deployment', 'apps/v1', 'elsewhere', '{app: api}', 'two')}`;
    expect(linksOf(`${policy}${rest}`).filter((link) => link.includes('from'))).toEqual([
      'spec.ingress[0].from[0].namespaceSelector → Namespace/one metadata.labels',
      'spec.ingress[0].from[0].podSelector → Deployment/in-one spec.template.metadata.labels',
    ]);
  });

  test('the way back: which selectors match a workload', () => {
    const { snapshot, file } = workspaceOf(`${workload('Deployment', 'apps/v1', 'web', '{app: web}')}#- /s.yaml
${service('right', '{app: web}')}---
${service('wrong', '{app: other}')}---
${service('other', '{app: web}', 'team')}`);
    const [object] = snapshot.graph.objectsIn(file.uri);
    expect(object && snapshot.graph.linksTo(object).map(({ from }) => from.name)).toEqual(['right']);
  });

  test('what comes nearest', () => {
    const { snapshot, file } = workspaceOf(`${service('web', '{app: web, tier: front}')}#- /d.yaml
${workload('Deployment', 'apps/v1', 'near', '{app: web, tier: fornt}')}---
${workload('Deployment', 'apps/v1', 'foreign', '{app: web, tier: front}', 'team')}---
${workload('Deployment', 'apps/v1', 'far', '{app: database}')}`);
    const link = snapshot.graph.objectsIn(file.uri)[0]?.links[0];
    const misses = link?.type === 'selector' ? nearestOwners(snapshot.graph, link) : [];
    expect(
      misses.map(({ owner, differences, otherNamespace }) => [
        owner.object.name,
        differences.map(({ actual }) => actual),
        otherNamespace,
      ]),
    ).toEqual([
      ['near', ['fornt'], undefined],
      ['foreign', [], 'team'],
    ]);
  });
});

describe('names, keys, ports and volumes', () => {
  test('all that a pod names', () => {
    expect(
      linksOf(`apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  serviceAccountName: robot
  containers:
    - name: c
      image: i
      ports: [{name: http, containerPort: 80}]
      envFrom: [{configMapRef: {name: settings}}]
      env: [{name: A, valueFrom: {secretKeyRef: {name: secret, key: token}}}]
      readinessProbe: {httpGet: {port: http}}
      volumeMounts: [{name: data, mountPath: /d}]
  volumes: [{name: data, persistentVolumeClaim: {claimName: disk}}]
#- /rest.yaml
apiVersion: v1
kind: ServiceAccount
metadata: {name: robot}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
---
apiVersion: v1
kind: Secret
metadata: {name: secret}
stringData: {token: x}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: disk, namespace: other}
`),
    ).toEqual([
      'spec.serviceAccountName → ServiceAccount/robot metadata.name',
      'spec.containers[0].envFrom[0].configMapRef.name → ConfigMap/settings metadata.name',
      'spec.containers[0].env[0].valueFrom.secretKeyRef.name → Secret/secret metadata.name',
      'spec.containers[0].env[0].valueFrom.secretKeyRef.key → Secret/secret stringData[token]',
      'spec.containers[0].readinessProbe.httpGet.port → Pod/p spec.containers[0].ports[0].name',
      'spec.containers[0].volumeMounts[0].name → Pod/p spec.volumes[0].name',
      'spec.volumes[0].persistentVolumeClaim.claimName → nothing',
    ]);
  });

  test('an Ingress reaches a port of its Service, and that a port of a container', () => {
    expect(
      linksOf(`apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: i}
spec:
  defaultBackend: {service: {name: web, port: {number: 80}}}
#- /s.yaml
${service('web', '{app: web}')}`),
    ).toEqual([
      'spec.defaultBackend.service.name → Service/web metadata.name',
      'spec.defaultBackend.service.port.number → Service/web spec.ports[0].port',
    ]);
    expect(
      linksOf(`${service('web', '{app: web}')}#- /d.yaml\n${workload('Deployment', 'apps/v1', 'web', '{app: web}')}`)[1],
    ).toBe('spec.ports[0].targetPort → Deployment/web spec.template.spec.containers[0].ports[0].name');
  });

  test('references with a kind of their own', () => {
    expect(
      linksOf(`apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: b}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects:
  - {kind: ServiceAccount, name: robot, namespace: team}
  - {kind: User, name: jane, apiGroup: rbac.authorization.k8s.io}
#- /r.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: robot, namespace: team}
`),
    ).toEqual(['roleRef.name → Role/reader metadata.name', 'subjects[0].name → ServiceAccount/robot metadata.name']);
  });
});

describe('as the files change', () => {
  const text = `${service('web', '{app: web}')}#- /d.yaml\n${workload('Deployment', 'apps/v1', 'web', '{app: web}')}`;
  const matched = ({ snapshot, file }: ReturnType<typeof workspaceOf>): string[] => {
    const link = snapshot.graph.objectsIn(file.uri)[0]?.links[0];
    return link?.type === 'selector' ? snapshot.graph.matched(link).map(({ object }) => object.name) : [];
  };

  test('a changed label, a removed and a returning file', () => {
    const workspace = workspaceOf(text);
    const { index } = workspace;
    expect(matched(workspace)).toEqual(['web']);
    index.setOpen('file:///d.yaml', workload('Deployment', 'apps/v1', 'web', '{app: wbe}'), 2);
    expect(matched(workspace)).toEqual([]);
    index.setOnDisk('file:///d.yaml', workload('Deployment', 'apps/v1', 'saved', '{app: web}'));
    expect(matched(workspace)).toEqual([]);
    index.close('file:///d.yaml');
    expect(matched(workspace)).toEqual(['saved']);
    index.removeFromDisk('file:///d.yaml');
    expect(matched(workspace)).toEqual([]);
  });

  test('answers about others stay good when an edit does not concern them', () => {
    const { index, snapshot } = workspaceOf(text);
    const { topics } = snapshot.graph;
    const [object] = snapshot.graph.objectsIn('file:///main.yaml');
    const link = object?.links[0];
    const { read } = topics.noting('file:///main.yaml', () => link && snapshot.graph.targetsOf(link));
    index.setOpen('file:///d.yaml', workload('Deployment', 'apps/v1', 'web', '{app: web}').replace('image: i', 'image: j'), 2);
    expect(topics.unchanged(read)).toBe(true);
    index.setOpen('file:///d.yaml', workload('Deployment', 'apps/v1', 'web', '{app: other}'), 3);
    expect(topics.unchanged(read)).toBe(false);
  });

  test('a definition of a kind makes its objects cluster-scoped, and back', () => {
    const { index, snapshot } = workspaceOf('apiVersion: x.io/v1\nkind: Thing\nmetadata: {name: t}\n');
    const namespaceOf = (): string | undefined => snapshot.graph.objectsIn('file:///main.yaml')[0]?.namespace;
    expect(namespaceOf()).toBe('default');
    const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.x.io}
spec:
  group: x.io
  scope: Cluster
  names: {plural: things, kind: Thing}
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, properties: {size: {type: integer}}}}}]
`;
    index.setOpen('file:///crd.yaml', definition, 1);
    expect(namespaceOf()).toBe('');
    expect(snapshot.schema.atKind({ group: 'x.io', version: 'v1', kind: 'Thing' }, ['size'])?.type).toEqual({ kind: 'int64' });
    index.setOpen('file:///crd.yaml', '', 2);
    expect(namespaceOf()).toBe('default');
  });
});
