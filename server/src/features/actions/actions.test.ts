/** Code actions: each is made, its text compared, and what comes out has to be valid. */
import { describe, expect, test } from 'vitest';
import { type TestWorkspace, workspaceOf } from '../../testing/check.ts';
import { made } from '../../testing/madeEdits.ts';
import type { CodeAction, InRange } from '../feature.ts';
import { provideAddProbes } from './addProbes.ts';
import { provideAddResources } from './addResources.ts';
import { provideAddService } from './addService.ts';
import { provideConvertSecretData } from './convertSecretData.ts';
import { provideExtractEnvironment } from './extractEnvironment.ts';
import { provideJoinFiles } from './joinFiles.ts';
import { provideSplitFile } from './splitFile.ts';

type Provide = InRange<readonly CodeAction[]>;

async function offered(provide: Provide, fixture: string): Promise<{ workspace: TestWorkspace; actions: readonly CodeAction[] }> {
  const workspace = workspaceOf(fixture);
  const { snapshot, file, range } = workspace;
  return { workspace, actions: (await provide(snapshot, file, range)) ?? [] };
}

const titles = async (provide: Provide, fixture: string): Promise<string[]> =>
  (await offered(provide, fixture)).actions.map(({ title }) => title);

async function done(provide: Provide, fixture: string, title: string): Promise<{ text: string; workspace: TestWorkspace }> {
  const { workspace, actions } = await offered(provide, fixture);
  const action = actions.find((each) => each.title === title);
  if (!action) throw new Error(`"${title}" is not offered, but: ${actions.map((each) => each.title).join(', ') || 'nothing'}`);
  return { text: made(workspace, action), workspace };
}

const deployment = (container: string, head = 'Deploy$0ment'): string => `# The shop's front.
apiVersion: apps/v1
kind: ${head}
metadata:
  name: web
  namespace: shop
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web, tier: front}
    spec:
      containers:
        - name: web
          image: nginx:1.27
${container}`;
const plain = (container: string): string => deployment(container, 'Deployment');

describe('extract environment', () => {
  const env = (at: string): string =>
    plain(`          env:${at === 'env' ? '$0' : ''}
            # The colour of the page.
            - name: COLOR
              value: ${at === 'one' ? 'bl$0ue' : 'blue'} # as the logo
            - {name: PORT, value: "80"}
            - name: URL
              value: http://$(HOST)
`);

  test('of one variable, into a ConfigMap above', async () => {
    const { text } = await done(provideExtractEnvironment, env('one'), 'Move COLOR to a ConfigMap');
    expect(
      text.startsWith(
        'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web-config\n  namespace: shop\ndata:\n  COLOR: blue\n---\n# The shop',
      ),
    ).toBe(true);
    expect(text).toContain(`            # The colour of the page.
            - name: COLOR
              valueFrom: # as the logo
                configMapKeyRef:
                  name: web-config
                  key: COLOR
            - {name: PORT, value: "80"}
`);
  });

  test('of all, into a Secret; what refers to others stays', async () => {
    const { text } = await done(provideExtractEnvironment, env('env'), 'Move 2 variables to a Secret');
    expect(text).toContain('stringData:\n  COLOR: blue\n  PORT: "80"\n---\n');
    expect(text).toContain('- {name: PORT, valueFrom: {secretKeyRef: {name: web-secret, key: PORT}}}');
    expect(text).toContain('value: http://$(HOST)');
  });

  test('adds to the ConfigMap that was made before', async () => {
    const first = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web-config\n  namespace: shop\ndata:\n  SIZE: "1"\n---\n';
    const { text } = await done(provideExtractEnvironment, first + env('one'), 'Move COLOR to a ConfigMap');
    expect(text).toContain('data:\n  SIZE: "1"\n  COLOR: blue\n---\n');
    expect(text.match(/kind: ConfigMap/g)).toHaveLength(1);
  });

  test('keeps the line ends of the file', async () => {
    const { text } = await done(provideExtractEnvironment, env('one').replaceAll('\n', '\r\n'), 'Move COLOR to a ConfigMap');
    expect(text.replaceAll('\r\n', '')).not.toContain('\n');
  });

  test.each([
    ['away from env', plain('          ports: [{containerPort: 8$00}]\n')],
    [
      'on a reference',
      plain('          env:\n            - name: A\n              valueFrom: {fieldRef: {fieldPath: metadata.na$0me}}\n'),
    ],
    ['in a template', plain('          env:\n            - name: A\n              value: {{ .Values.a$0 }}\n')],
  ])('is not offered %s', async (_where, fixture) => {
    expect(await titles(provideExtractEnvironment, fixture)).toEqual([]);
  });
});

describe('add a Service', () => {
  const ports =
    '          ports:\n            - name: http\n              containerPort: 8080\n            - containerPort: 53\n              protocol: UDP\n';

  test('with the ports that the containers declare', async () => {
    const { text, workspace } = await done(provideAddService, deployment(ports), 'Add a Service for Deployment/web');
    expect(text.slice(text.indexOf('---'))).toBe(`---
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
spec:
  selector:
    app: web
  ports:
    - name: http
      port: 8080
      targetPort: http
    - name: port-53
      port: 53
      targetPort: 53
      protocol: UDP
`);
    const service = workspace.snapshot.graph.objectsNamed({ group: '', kind: 'Service' }, 'shop', 'web')[0];
    expect(service?.links.flatMap((link) => workspace.snapshot.graph.targetsOf(link))).not.toEqual([]);
  });

  test('between documents', async () => {
    const after = '---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n';
    const { text } = await done(provideAddService, deployment(ports) + after, 'Add a Service for Deployment/web');
    expect(text.indexOf('kind: Service')).toBeLessThan(text.indexOf('kind: ConfigMap'));
  });

  test.each([
    ['without ports', deployment('')],
    [
      'where there is one',
      `${deployment(ports)}---\napiVersion: v1\nkind: Service\nmetadata: {name: x, namespace: shop}\nspec: {selector: {app: web}, ports: [{port: 1}]}\n`,
    ],
    [
      'for a Job',
      'apiVersion: batch/v1\nkind: J$0ob\nmetadata: {name: a}\nspec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: a, ports: [{containerPort: 1}]}]}}}\n',
    ],
  ])('is not offered %s', async (_where, fixture) => {
    expect(await titles(provideAddService, fixture)).toEqual([]);
  });
});

describe('add probes', () => {
  test.each([
    [
      'a port called http',
      '- {name: http, containerPort: 9000$0}',
      'http',
      'httpGet:\n              path: /\n              port: http\n',
    ],
    [
      'a well-known number',
      '- containerPort: 8443$0',
      '8443',
      'httpGet:\n              path: /\n              port: 8443\n              scheme: HTTPS\n',
    ],
    ['any other port', '- containerPort: 6379$0', '6379', 'tcpSocket:\n              port: 6379\n'],
    ['gRPC', '- {name: grpc, containerPort: 9000$0}', 'grpc', 'grpc:\n              port: 9000\n'],
  ])('on %s', async (_what, port, title, expected) => {
    const fixture = plain(`          ports:\n            ${port}\n          # The rest.\n          workingDir: /\n`);
    const { text } = await done(provideAddProbes, fixture, `Add readiness and liveness probes on port ${title}`);
    expect(text).toContain(
      `          readinessProbe:\n            ${expected}            periodSeconds: 5\n          livenessProbe:\n            ${expected}`,
    );
    expect(text).toContain('          # The rest.\n          workingDir: /\n');
  });

  test('only the one that is missing, also in flow style', async () => {
    const fixture =
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers: [{name: a$0, image: a, ports: [{containerPort: 1}], readinessProbe: {tcpSocket: {port: 1}}}]\n';
    const { text } = await done(provideAddProbes, fixture, 'Add a liveness probe on port 1');
    expect(text).toContain('ports: [{containerPort: 1}], livenessProbe: {tcpSocket: {port: 1}');
  });

  test.each([
    ['without ports', plain('          workingDir: /$0\n')],
    [
      'with both',
      plain(
        '          ports: [{containerPort: 1$0}]\n          readinessProbe: {tcpSocket: {port: 1}}\n          livenessProbe: {tcpSocket: {port: 1}}\n',
      ),
    ],
    ['elsewhere', deployment('          ports: [{containerPort: 1}]\n')],
  ])('is not offered %s', async (_where, fixture) => {
    expect(await titles(provideAddProbes, fixture)).toEqual([]);
  });
});

describe('add resources', () => {
  const live = `#- live
apiVersion: v1
kind: Pod
metadata: {name: web-1, namespace: shop, labels: {app: web}}
---
apiVersion: metrics.k8s.io/v1beta1
kind: PodMetrics
metadata: {name: web-1, namespace: shop}
containers: [{name: web, usage: {cpu: 150m, memory: 100Mi}}]
`;
  const fixture = plain('          workingDir: $0/\n');

  test('from what the pods use', async () => {
    const { text } = await done(provideAddResources, fixture + live, 'Add resources from live use (150m, 100Mi)');
    expect(text).toContain(
      '          resources:\n            requests:\n              cpu: 180m\n              memory: 128Mi\n            limits:\n              memory: 256Mi\n',
    );
  });

  test('the usual amounts, and it says so', async () => {
    const { text } = await done(provideAddResources, fixture, 'Add resources (usual amounts; no use is known)');
    expect(text).toContain('cpu: 100m');
  });

  test.each([
    ['a cluster without metrics', live.split('---')[0] ?? '', 'Add resources (usual amounts; the cluster measures no use)'],
    [
      'pods that are too young',
      live.replace('name: web-1, namespace: shop}\ncontainers', 'name: web-0, namespace: shop}\ncontainers'),
      'Add resources (usual amounts; its pods have not been measured yet)',
    ],
  ])('says of %s why it is the usual amounts', async (_what, facts, title) => {
    expect(await titles(provideAddResources, fixture + facts)).toEqual([title]);
  });

  test('in place of empty ones', async () => {
    const { text } = await done(
      provideAddResources,
      plain('          resources: {}$0\n'),
      'Add resources (usual amounts; no use is known)',
    );
    expect(text.match(/resources:/g)).toHaveLength(1);
  });

  test('not where there are some', async () => {
    expect(await titles(provideAddResources, plain('          resources: {limits: {cpu: 1$0}}\n'))).toEqual([]);
  });
});

describe('convert the data of a Secret', () => {
  const secret = (rest: string): string => `apiVersion: v1\nkind: Secret$0\nmetadata:\n  name: a\n${rest}`;
  const texts = secret('stringData:\n  user: admin # the first\n  key: |\n    one\n    two\n');
  const bytes = secret('data:\n  user: YWRtaW4= # the first\n  key: b25lCnR3bwo=\n');

  test('to base64 and back', async () => {
    const { text } = await done(provideConvertSecretData, texts, 'Convert stringData to data (base64)');
    expect(text).toBe(bytes.replace('$0', ''));
    expect((await done(provideConvertSecretData, bytes, 'Convert data to stringData (text)')).text).toBe(texts.replace('$0', ''));
  });

  test('in JSON', async () => {
    const json = '{"apiVersion": "v1", "kind": "Secret$0", "metadata": {"name": "a"}, "data": {"a": "YQ=="}}';
    expect((await done(provideConvertSecretData, `#- /main.json\n${json}`, 'Convert data to stringData (text)')).text).toContain(
      '"stringData": {"a": "a"}}',
    );
  });

  test.each([
    ['bytes that are no text', secret('data:\n  a: /w==\n')],
    ['what is no base64', secret('data:\n  a: "?"\n')],
    ['both fields', secret('data:\n  a: YQ==\nstringData:\n  b: b\n')],
    ['a ConfigMap', 'apiVersion: v1\nkind: ConfigMap$0\nmetadata:\n  name: a\ndata:\n  a: YQ==\n'],
  ])('is not offered for %s', async (_what, fixture) => {
    expect(await titles(provideConvertSecretData, fixture)).toEqual([]);
  });
});

describe('split and join', () => {
  const map = (name: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;

  test('one file per object, listed where the file was', async () => {
    const fixture = `#- /app/kustomization.yaml\nresources:\n  - all.yaml\n#- /app/all.yaml\n# The first.\n${map('a$0')}---\n# The second.\n${map('b')}---\n${map('c')}`;
    const { text, workspace } = await done(provideSplitFile, fixture, 'Split into 3 files, one per object');
    expect(text).toBe(`# The first.\n${map('a')}`);
    expect(workspace.index.get('file:///app/configmap-b.yaml')?.text).toBe(`# The second.\n${map('b')}`);
    expect(workspace.index.get('file:///app/configmap-c.yaml')?.text).toBe(map('c'));
    expect(workspace.index.get('file:///app/kustomization.yaml')?.text).toContain(
      '  - all.yaml\n  - configmap-b.yaml\n  - configmap-c.yaml',
    );
  });

  test('a name that is taken is left alone', async () => {
    const fixture = `#- /app/all.yaml\n${map('a$0')}---\n${map('b')}#- /app/configmap-b.yaml\n${map('z')}`;
    const { workspace } = await done(provideSplitFile, fixture, 'Split into 2 files, one per object');
    expect(workspace.index.get('file:///app/configmap-b-2.yaml')?.text).toBe(map('b'));
    expect(workspace.index.get('file:///app/configmap-b.yaml')?.text).toBe(map('z'));
  });

  test('the files of a folder become one', async () => {
    const fixture = `#- /app/a.yaml\n${map('a$0')}#- /app/b.yaml\n---\n${map('b')}#- /other/c.yaml\n${map('c')}`;
    const { text, workspace } = await done(provideJoinFiles, fixture, 'Join the other file of this folder into this one');
    expect(text).toBe(`${map('a')}---\n${map('b')}`);
    expect(workspace.index.get('file:///app/b.yaml')).toBeUndefined();
  });

  test.each([
    ['one object', map('a$0')],
    [
      'a List',
      `apiVersion: v1\nkind: List\nitems:\n  - {apiVersion: v1, kind: ConfigMap, metadata: {name: a$0}}\n  - {apiVersion: v1, kind: ConfigMap, metadata: {name: b}}\n`,
    ],
  ])('%s cannot be split', async (_what, fixture) => {
    expect(await titles(provideSplitFile, fixture)).toEqual([]);
  });

  test.each([
    [
      'a kustomization lists them',
      `#- /app/a.yaml\n${map('a$0')}#- /app/b.yaml\n${map('b')}#- /app/kustomization.yaml\nresources: [a.yaml, b.yaml]\n`,
    ],
    ['there is no other', `#- /app/a.yaml\n${map('a$0')}`],
  ])('files are not joined where %s', async (_what, fixture) => {
    expect(await titles(provideJoinFiles, fixture)).toEqual([]);
  });
});
