/** Applying, conflicts and taking an apply back, against a cluster: what is there before and after, and whose it is. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { KubeObject } from '#common/api/meta.ts';
import type { ConfigMap, Deployment, Pod } from '#common/schema/generated/types.ts';
import { createApiClient, mergePatch, strategicMergePatch } from '#apiClient/apiClient.ts';
import { readKubeconfig } from '#apiClient/kubeconfig/contextAccess.ts';
import { Resources } from '#apiClient/resources.ts';
import { type ApplyOutcome, applyDocuments } from '../../client/src/apply/applier.ts';
import { parseManifests } from '../../client/src/apply/manifestDocuments.ts';
import { revertChanges } from '../../client/src/apply/revertChanges.ts';
import type { Connection } from '../../client/src/cluster/clusterSession.ts';
import { startTestCluster, type TestCluster } from '../support/testCluster.ts';

let cluster: TestCluster;
let connection: Connection;

beforeAll(async () => {
  cluster = await startTestCluster();
  const api = createApiClient(await readKubeconfig(cluster.kubeconfig));
  connection = { api, resources: new Resources(api), kubeconfig: cluster.kubeconfig, signal: new AbortController().signal };
});

afterAll(async () => {
  connection?.api.close();
  await cluster?.stop();
});

const apply = async (text: string, force = false): Promise<ApplyOutcome[]> =>
  applyDocuments(connection, (await parseManifests(text)).documents, { force });

const changesOf = (outcomes: readonly ApplyOutcome[]): { before: KubeObject | undefined; after: KubeObject }[] =>
  outcomes.flatMap(({ before, after }) => (after ? [{ before, after }] : []));

const configMap = (name: string, ...lines: string[]): string =>
  ['apiVersion: v1', 'kind: ConfigMap', `metadata: { name: ${name} }`, 'data:', ...lines.map((line) => `  ${line}`)].join('\n');

const pathOf = (name: string): string => `/api/v1/namespaces/default/configmaps/${name}`;
const data = async (name: string): Promise<ConfigMap['data']> => (await connection.api.get<ConfigMap>(pathOf(name))).data;
const managers = async (name: string): Promise<string[]> =>
  ((await connection.api.get<KubeObject>(pathOf(name))).metadata.managedFields ?? []).map(
    ({ manager, operation }) => `${manager} ${operation}`,
  );

test('what was created goes, what was changed is as it was', async () => {
  await apply(configMap('kept', 'color: blue', 'size: small'));
  const outcomes = await apply(`${configMap('kept', 'color: red', 'shape: round')}\n---\n${configMap('made', 'a: b')}`);
  expect(outcomes.map(({ result }) => result)).toEqual(['changed', 'created']);
  expect(await data('kept')).toEqual({ color: 'red', shape: 'round' });
  expect(await revertChanges(connection, changesOf(outcomes))).toEqual({ deleted: 1, restored: 1, problems: [] });
  expect(await data('kept')).toEqual({ color: 'blue', size: 'small' });
  await expect(data('made')).rejects.toMatchObject({ reason: 'NotFound' });
  expect((await apply(configMap('kept', 'color: green'))).map(({ result }) => result)).toEqual(['changed']);
});

test('a conflict names the owner, and a field that was taken over goes back to them', async () => {
  await apply(configMap('shared', 'mine: "1"'));
  await connection.api.send('PATCH', `${pathOf('shared')}?fieldManager=somebody`, { data: { theirs: 'x' } }, mergePatch);
  const text = configMap('shared', 'mine: "1"', 'theirs: mine');
  const [refused] = await apply(text);
  expect(refused).toMatchObject({ result: 'conflict', owners: [{ field: '.data.theirs', manager: 'somebody' }] });
  const outcomes = await apply(text, true);
  expect(await managers('shared')).toEqual(['kube-playground Apply']);
  await revertChanges(connection, changesOf(outcomes));
  expect(await data('shared')).toEqual({ mine: '1', theirs: 'x' });
  expect((await managers('shared')).sort()).toEqual(['kube-playground Apply', 'somebody Update']);
});

test('a required field that was taken over is never without a value', async () => {
  const text = (image: string): string => `apiVersion: v1
kind: Pod
metadata: { name: taken }
spec: { containers: [{ name: app, image: "${image}" }] }`;
  await apply(text('nginx:1.27'));
  const path = '/api/v1/namespaces/default/pods/taken';
  const image = async (): Promise<string | undefined> => (await connection.api.get<Pod>(path)).spec?.containers[0]?.image;
  const patch = { spec: { containers: [{ name: 'app', image: 'nginx:1.28' }] } };
  await connection.api.send('PATCH', `${path}?fieldManager=somebody`, patch, strategicMergePatch);
  const outcomes = await apply(text('nginx:1.29'), true);
  expect(await image()).toBe('nginx:1.29');
  expect(await revertChanges(connection, changesOf(outcomes))).toEqual({ deleted: 0, restored: 1, problems: [] });
  expect(await image()).toBe('nginx:1.28');
});

test('what this extension has scaled gives way to the file', async () => {
  const text = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 1
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: app, image: nginx }] }`;
  await apply(text);
  const path = '/apis/apps/v1/namespaces/default/deployments/web';
  await connection.api.send('PATCH', `${path}/scale?fieldManager=kube-playground`, { spec: { replicas: 2 } }, mergePatch);
  const [outcome] = await apply(text);
  expect(outcome).toMatchObject({ result: 'changed', pods: [2, 1] });
  expect((await connection.api.get<Deployment>(path)).spec?.replicas).toBe(1);
});

test('what was deleted with its document comes back, unless something has taken its place', async () => {
  const outcomes = await apply(`${configMap('gone', 'a: "1"')}\n---\n${configMap('replaced', 'a: "1"')}`);
  const deleted = outcomes.map(({ after }) => ({ before: after, after: undefined }));
  for (const name of ['gone', 'replaced']) await connection.api.send('DELETE', pathOf(name));
  await connection.api.send('POST', '/api/v1/namespaces/default/configmaps', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'replaced' },
    data: { a: 'theirs' },
  });
  expect(await revertChanges(connection, deleted)).toEqual({ deleted: 0, restored: 1, problems: [] });
  expect(await data('gone')).toEqual({ a: '1' });
  expect(await managers('gone')).toEqual(['kube-playground Apply']);
  expect(await data('replaced')).toEqual({ a: 'theirs' });
});

test('taking over what somebody has scaled, and taking that back, leaves it as they scaled it', async () => {
  const text = `apiVersion: apps/v1
kind: Deployment
metadata: { name: scaled }
spec:
  replicas: 1
  selector: { matchLabels: { app: scaled } }
  template:
    metadata: { labels: { app: scaled } }
    spec: { containers: [{ name: app, image: nginx }] }`;
  await apply(text);
  const path = '/apis/apps/v1/namespaces/default/deployments/scaled';
  await connection.api.send('PATCH', `${path}/scale?fieldManager=kubectl`, { spec: { replicas: 3 } }, mergePatch);
  const outcomes = await apply(text, true);
  expect(outcomes).toMatchObject([{ result: 'changed', pods: [3, 1] }]);
  await revertChanges(connection, changesOf(outcomes));
  expect((await connection.api.get<Deployment>(path)).spec?.replicas).toBe(3);
  expect(await apply(text)).toMatchObject([{ result: 'conflict', owners: [{ field: '.spec.replicas', manager: 'kubectl' }] }]);
});

test('an object that was made anew meanwhile is left alone', async () => {
  const outcomes = await apply(configMap('anew', 'a: "1"'));
  await connection.api.send('DELETE', pathOf('anew'));
  await apply(configMap('anew', 'a: "2"'));
  expect(await revertChanges(connection, changesOf(outcomes))).toEqual({ deleted: 0, restored: 0, problems: [] });
  expect(await data('anew')).toEqual({ a: '2' });
});

const definition = (kind: string): string => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: ${kind.toLowerCase()}s.example.com }
spec:
  group: example.com
  scope: Namespaced
  names: { plural: ${kind.toLowerCase()}s, singular: ${kind.toLowerCase()}, kind: ${kind} }
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties: { spec: { type: object, properties: { size: { type: integer } } } }`;

const custom = (kind: string): string =>
  ['apiVersion: example.com/v1', `kind: ${kind}`, 'metadata: { name: first }', 'spec: { size: 3 }'].join('\n');

const results = (outcomes: readonly ApplyOutcome[]): string[] =>
  outcomes.map(({ document, result }) => `${document.object.kind} ${result}`);

test('custom resources are applied with their definition, in whatever order they are written, also into a group that is known', async () => {
  for (let i = 0; i < 20; i++) {
    const outcomes = await apply(`${custom(`Widget${i}`)}\n---\n${definition(`Widget${i}`)}`);
    expect(results(outcomes)).toEqual(['CustomResourceDefinition created', `Widget${i} created`]);
  }
});

test('a custom resource may be saved right after its definition', async () => {
  for (let i = 0; i < 20; i++) {
    await apply(definition(`Gadget${i}`));
    expect(results(await apply(custom(`Gadget${i}`)))).toEqual([`Gadget${i} created`]);
  }
});

test('a kind that nothing defines is none', async () => {
  expect(results(await apply(custom('Nothing')))).toEqual(['Nothing unknownKind']);
});
