import { describe, expect, test } from 'vitest';
import { parseManifests } from './manifestDocuments.ts';

const deployment = `# a comment
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels:
    app.kubernetes.io/name: web
spec:
  replicas: -1
  template:
    spec:
      containers:
        - name: web
          image: nginx
        - name: side
          image:
`;

const underlined = async (text: string, path: string): Promise<string> => {
  const { documents } = await parseManifests(text);
  const { start, end } = documents[0]?.rangeOf(path) ?? { start: 0, end: 0 };
  return `${text.slice(0, start).split('\n').length}: ${text.slice(start, end)}`;
};

describe('where a field stands', () => {
  test.each([
    ['spec.replicas', '9: -1'],
    ['spec.template.spec.containers[0].image', '14: nginx'],
    ['.spec.template.spec.containers[name="web"].image', '14: nginx'],
    ['metadata.labels[app.kubernetes.io/name]', '7: web'],
    // Without a value the name is underlined, and of a missing field what is around it.
    ['spec.template.spec.containers[1].image', '16: image'],
    ['spec.template.spec.containers[0].ports[0].name', '13: name'],
    ['spec.selector', '8: spec'],
    ['', '3: Deployment'],
  ])('%s', async (path, expected) => expect(await underlined(deployment, path)).toBe(expected));
});

test('several documents, lists and other YAML in one file', async () => {
  const { documents, problems } = await parseManifests(`
version: 3
---
apiVersion: v1
kind: List
items:
  - {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}
  - {apiVersion: v1, kind: ConfigMap, metadata: {name: b}}
---
{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "c"}}
`);
  expect(documents.map(({ object }) => `${object.kind} ${object.metadata.name}`)).toEqual([
    'ConfigMap a',
    'ConfigMap b',
    'Namespace c',
  ]);
  expect(problems).toEqual([]);
});

test('a broken document is a problem, and the others are still there', async () => {
  const { documents, problems } = await parseManifests(
    'apiVersion: v1\nkind: Pod\nmetadata: {name: a\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: b}\n',
  );
  expect(documents.map(({ object }) => object.metadata.name)).toEqual(['b']);
  expect(problems.map(({ code }) => code)).toContain('syntax');
});

test('what is no manifest gives nothing, broken or not', async () => {
  expect(await parseManifests('services: {web: [}')).toEqual({ documents: [], problems: [] });
  expect(await parseManifests('')).toEqual({ documents: [], problems: [] });
});

test('an object without a name', async () => {
  const { documents, problems } = await parseManifests('apiVersion: v1\nkind: Pod\nmetadata:\n  labels: {}\n');
  expect(documents).toEqual([]);
  expect(problems).toMatchObject([{ code: 'nameless', range: { start: 25, end: 33 } }]);
});
