/** Going from a link to its target and back, and renaming both ends. */
import { describe, expect, test } from 'vitest';
import type { AtOffset, Location } from '../feature.ts';
import { provideLinkDefinition } from '../definition.ts';
import { checkDefinition, edited, workspaceOf } from '../../testing/check.ts';
import { Refusal } from '../refusal.ts';
import { prepareCalls, provideIncomingCalls, provideOutgoingCalls } from './calls.ts';
import { provideDocumentLinks } from './documentLinks.ts';
import { provideLabelDefinition } from './labelDefinition.ts';
import { provideHighlights, provideReferences } from './references.ts';
import { prepareRename, provideRename } from './rename.ts';
import { provideWorkspaceSymbols } from './workspaceSymbols.ts';

const deployment = (labels: string, rest = ''): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
${labels}
    spec:
      containers:
        - name: web
          image: nginx
${rest}`;

const service = (selector: string, ports = '    - port: 80'): string => `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
${selector}
  ports:
${ports}
`;

describe('definition', () => {
  test('a label leads to the selectors that match by it', () =>
    checkDefinition(
      provideLabelDefinition,
      `#- /deploy.yaml
${deployment('        app: w$0eb').replace('      app: web', '      app: web\n#          ^^^ target')}
#- /service.yaml
${service('    app: web\n#        ^^^ target')}
#- /other.yaml
${service('    app: other')}`,
    ));

  test('a selector leads to the labels it matches', () =>
    checkDefinition(
      provideLinkDefinition,
      `#- /service.yaml
${service('    app: w$0eb')}
#- /deploy.yaml
${deployment('        app: web').replace('      labels:', '      labels:\n#     ^^^^^^ target')}`,
    ));
});

const everywhere: AtOffset<readonly Location[]> = (snapshot, file, offset) => provideReferences(snapshot, file, offset);

describe('references', () => {
  test('of an object are the names that others call it by', () =>
    checkDefinition(
      everywhere,
      `#- /config.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: co$0nfig
#- /deploy.yaml
${deployment(
  '        app: web',
  `          envFrom:
            - configMapRef:
                name: config
#                     ^^^^^^ target
`,
)}`,
    ));

  test('of a key are its users', () =>
    checkDefinition(
      everywhere,
      `#- /config.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: config
data:
  col$0or: blue
  size: big
#- /deploy.yaml
${deployment(
  '        app: web',
  `          env:
            - name: COLOR
              valueFrom:
                configMapKeyRef:
                  name: config
                  key: color
#                      ^^^^^ target
            - name: SIZE
              valueFrom:
                configMapKeyRef:
                  name: config
                  key: size
`,
)}`,
    ));

  test("of a container's port are the Services and probes that name it", () =>
    checkDefinition(
      everywhere,
      `#- /deploy.yaml
${deployment(
  '        app: web',
  `          ports:
            - name: http
#                   ^^^^ target
              containerPort: 80
          readinessProbe:
            tcpSocket:
              port: ht$0tp
`,
)}
#- /service.yaml
${service(
  '    app: web',
  `    - port: 80
      targetPort: http
#                 ^^^^ target`,
)}`,
    ));

  test('of a volume are its mounts, in its own pod only', () =>
    checkDefinition(
      everywhere,
      `#- /deploy.yaml
${deployment(
  '        app: web',
  `          volumeMounts:
            - name: data
#                   ^^^^ target
              mountPath: /data
      volumes:
        - name: da$0ta
          emptyDir: {}
`,
)}
#- /other.yaml
${deployment(
  '        app: web',
  `          volumeMounts:
            - name: data
              mountPath: /data
      volumes:
        - name: data
          emptyDir: {}
`,
).replace('name: web', 'name: other')}`,
    ));

  test('a text that stands for nothing has none', () =>
    checkDefinition(everywhere, deployment('        app: web').replace('nginx', 'ng$0inx')));

  test('highlights stay in the file', async () => {
    const { snapshot, file, offset } = workspaceOf(
      `#- /a.yaml\n${deployment('        app: w$0eb')}#- /b.yaml\n${service('    app: web')}`,
    );
    const ranges = (await provideHighlights(snapshot, file, offset)) ?? [];
    expect(ranges.map(({ start, end }) => file.text.slice(start, end))).toEqual(['web', 'web']);
  });
});

const renamed = async (fixture: string, newName: string, uri?: string): Promise<string> => {
  const workspace = workspaceOf(fixture);
  const { snapshot, file, offset } = workspace;
  expect(await prepareRename(snapshot, file, offset)).toBeDefined();
  return edited(workspace, provideRename(snapshot, file, offset, newName)?.edits ?? [], uri);
};

describe('rename', () => {
  const files = `#- /deploy.yaml
${deployment('        app: w$0eb # the app')}
#- /service.yaml
${service('    app: "web"')}
#- /stranger.yaml
${deployment('        app: web').replaceAll('name: web', 'name: web\n  namespace: other')}`;

  test("a label's value changes template and selectors, and keeps quotes and comments", async () => {
    expect(await renamed(files, 'shop')).toContain('app: shop # the app');
    expect(await renamed(files, 'shop')).toContain('matchLabels:\n      app: shop');
    expect(await renamed(files, 'shop', 'file:///service.yaml')).toContain('app: "shop"');
    expect(await renamed(files, 'shop', 'file:///stranger.yaml')).not.toContain('shop');
  });

  test("a label's key too", async () => {
    const byKey = files.replace('app: w$0eb', 'a$0pp: web');
    expect(await renamed(byKey, 'name')).toContain('matchLabels:\n      name: web');
    expect(await renamed(byKey, 'name', 'file:///service.yaml')).toContain('name: "web"');
  });

  test('the same label where nothing links it to that one is for the person to decide, in the same namespace', () => {
    const fixture = `#- /deploy.yaml
${deployment('        app: w$0eb').replace('name: web', 'name: web\n  labels: {app: web, tier: web}')}
#- /service.yaml
${service('    app: web')}
---
${service('    app: web', '').replace('name: web', 'name: other\n  labels: {app: web}')}
#- /stranger.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: a, labels: {app: web}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: a, namespace: other, labels: {app: web}}
`;
    const workspace = workspaceOf(fixture);
    const { snapshot, file, offset } = workspace;
    const { edits = [], doubtful = [] } = provideRename(snapshot, file, offset, 'shop') ?? {};
    expect(edits).toHaveLength(4);
    expect(edited(workspace, doubtful)).toContain('labels: {app: shop, tier: web}');
    expect(edited(workspace, doubtful, 'file:///service.yaml')).toContain('labels: {app: shop}');
    expect(edited(workspace, doubtful, 'file:///stranger.yaml').match(/shop/g)).toHaveLength(1);
    expect(doubtful).toHaveLength(3);
  });

  test('a value that YAML would read as a number gets quotes', async () => {
    expect(await renamed(files, '1')).toContain('app: "1" # the app');
    expect(await renamed(files, '1', 'file:///service.yaml')).toContain('app: "1"');
  });

  test('an object takes its references along', async () => {
    const fixture = `#- /a.yaml
apiVersion: v1
kind: Secret
metadata:
  name: to$0ken
#- /b.yaml
${deployment('        app: web', '          envFrom:\n            - secretRef:\n                name: token\n')}`;
    expect(await renamed(fixture, 'key')).toContain('name: key');
    expect(await renamed(fixture, 'key', 'file:///b.yaml')).toContain('name: key');
  });

  test('a name that cannot be is refused in the words of the API server', () => {
    const { snapshot, file, offset } = workspaceOf(files);
    expect(() => provideRename(snapshot, file, offset, 'not a label')).toThrow(Refusal);
    expect(() => provideRename(snapshot, file, offset, 'not a label')).toThrow(/a valid label must/);
  });

  test('a name that is taken is refused', () => {
    const { snapshot, file, offset } = workspaceOf(
      'apiVersion: v1\nkind: Secret\nmetadata:\n  name: $0a\n---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: b\n',
    );
    expect(() => provideRename(snapshot, file, offset, 'b')).toThrow('Secret "b" is there already');
  });

  test('what only the cluster has cannot be renamed', async () => {
    const { snapshot, file, offset } = workspaceOf(
      deployment('        app: web', '          envFrom:\n            - secretRef:\n                name: to$0ken\n'),
    );
    expect(await prepareRename(snapshot, file, offset)).toBeUndefined();
  });
});

describe('the chain of calls', () => {
  const chain = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
spec:
  defaultBackend:
    service:
      name: web
      port:
        number: 80
---
${service('    app: web').replace('name: web', 'name: $0web')}---
${deployment('        app: web')}`;

  test('goes from an Ingress through a Service to a workload', async () => {
    const { snapshot, file, offset } = workspaceOf(chain);
    const [item] = (await prepareCalls(snapshot, file, offset)) ?? [];
    expect(item?.name).toBe('Service/web');
    const document = file.documents[item?.data.index ?? -1];
    if (!document) throw new Error('no document');
    expect(provideIncomingCalls(snapshot, document).map((edge) => edge.item.name)).toEqual(['Ingress/shop']);
    expect(provideOutgoingCalls(snapshot, document).map((edge) => edge.item.name)).toEqual(['Deployment/web']);
  });
});

test('symbols of the workspace are found by letters in their order', () => {
  const { snapshot } = workspaceOf(`${deployment('        app: web')}---\n${service('    app: web')}`);
  expect(provideWorkspaceSymbols(snapshot, 'depweb').map(({ name }) => name)).toEqual(['Deployment/web']);
  expect(provideWorkspaceSymbols(snapshot, '')).toHaveLength(2);
  expect(provideWorkspaceSymbols(snapshot, 'nothing')).toEqual([]);
});

test('a kustomization links the files it names, and folders with one', async () => {
  const { snapshot, file } = workspaceOf(`#- /prod/kustomization.yaml
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - ../base
  - web.yaml
  - https://example.com/remote.yaml
patches:
  - path: patch.yaml
#- /base/kustomization.yaml
resources:
  - deploy.yaml
`);
  const links = (await provideDocumentLinks(snapshot, file)) ?? [];
  expect(links.map(({ target }) => target.uri)).toEqual([
    'file:///base/kustomization.yaml',
    'file:///prod/web.yaml',
    'file:///prod/patch.yaml',
  ]);
});
