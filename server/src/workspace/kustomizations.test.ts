/** Kustomizations: their patches are parts of objects, and what they generate is there. */
import { describe, expect, test } from 'vitest';
import { checkDiagnostics, workspaceOf } from '../testing/check.ts';

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: nginx}]}
`;

const patch = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
        - name: web
          envFrom:
            - configMapRef: {name: elsewhere}
`;

const pod = (key: string, name = 'settings'): string => `apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
    - name: web
      image: nginx
      env:
        - name: A
          valueFrom:
            configMapKeyRef:
              name: ${name}
              key: ${key}
`;

const generator = `#- /app/kustomization.yaml
resources: [pod.yaml]
configMapGenerator:
  - name: settings
    literals: [greeting=hello]
    files: [config/app.conf, other=config/b.conf]
`;

describe('patches', () => {
  test.each([
    ['patches', 'patches:\n  - path: web.patch.yaml\n    target: {kind: Deployment}\n'],
    ['patchesStrategicMerge', 'patchesStrategicMerge: [./web.patch.yaml]\n'],
  ])('listed under %s are no objects: nothing is missing, twice or dangling', (_field, listed) => {
    checkDiagnostics(
      undefined,
      `#- /app/kustomization.yaml\nresources: [web.yaml]\n${listed}#- /app/web.yaml\n${deployment}#- /app/web.patch.yaml\n${patch}`,
    );
  });

  test('the same file that nobody lists is an object, and incomplete', () => {
    const { index } = workspaceOf(`#- /app/web.patch.yaml\n${patch}`);
    expect(index.roleOf('file:///app/web.patch.yaml')).toBe('object');
    expect(() => checkDiagnostics(undefined, `#- /app/web.patch.yaml\n${patch}`)).toThrow('spec.selector: Required value');
  });

  test('unknown fields are told of; directives are none', () => {
    checkDiagnostics(
      undefined,
      `#- /app/kustomization.yaml
patches: [{path: ../web.patch.yaml}]
#- /web.patch.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicass: 2
# ^^^^^^^^^ error: unknown field "spec.replicass", did you mean "replicas"?
  template:
    spec:
      volumes:
        - $patch: delete
          name: data
`,
    );
  });

  test('a file becomes a patch, and an object again, with its kustomization', () => {
    const { index, snapshot } = workspaceOf(`#- /app/web.patch.yaml\n${patch}`);
    const kind = { group: 'apps', kind: 'Deployment' };
    const named = (): number => snapshot.graph.objectsNamed(kind, 'default', 'web').length;
    expect(named()).toBe(1);
    index.setOpen('file:///app/kustomization.yaml', 'patches:\n  - path: web.patch.yaml\n', 1);
    expect(named()).toBe(0);
    expect(snapshot.graph.linksNaming({ group: '', kind: 'ConfigMap' }, 'default', 'elsewhere')).toHaveLength(1);
    index.close('file:///app/kustomization.yaml');
    expect(named()).toBe(1);
  });
});

describe('generators', () => {
  test.each(['greeting', 'app.conf', 'other'])('make the ConfigMap with the key %s', (key) => {
    checkDiagnostics(undefined, `${generator}#- /app/pod.yaml\n${pod(key)}`);
  });

  test('a key that none makes is missing', () => {
    const fixture = `${generator}#- /app/pod.yaml\n${pod('greting\n#                  ^^^^^^^ warning: ConfigMap "settings" has no key "greting"; did you mean "greeting"?')}`;
    expect(checkDiagnostics(undefined, fixture)).toHaveLength(1);
  });

  test('keys of environment files are not known, so none is missing', () => {
    const fixture = `#- /app/kustomization.yaml\nconfigMapGenerator:\n  - name: settings\n    envs: [a.env]\n#- /app/pod.yaml\n${pod('any')}`;
    checkDiagnostics(undefined, fixture);
  });

  test('another name is missing still', () => {
    const fixture = `${generator}#- /app/pod.yaml\n${pod('greeting', 'setings\n#                   ^^^^^^^ information: No ConfigMap "setings" in namespace "default" of the workspace; did you mean "settings"?')}`;
    expect(checkDiagnostics(undefined, fixture)).toHaveLength(1);
  });
});
