import { describe, expect, test } from 'vitest';
import { stepsText } from './fieldSteps.ts';
import { childOf, type ManifestNode } from './nodes.ts';
import { documentAt, parseSourceFile, type SourceFile } from './sourceFile.ts';

const parse = (text: string, uri = 'file:///a.yaml'): SourceFile => parseSourceFile(uri, text);
const textAt = (file: SourceFile, { start, end }: { start: number; end: number }): string => file.text.slice(start, end);

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

describe('where a field stands', () => {
  test.each([
    ['spec.replicas', '9: -1'],
    ['spec.template.spec.containers[0].image', '14: nginx'],
    ['.spec.template.spec.containers[name="web"].image', '14: nginx'],
    ['metadata.labels[app.kubernetes.io/name]', '7: web'],
    ['metadata.labels.app.kubernetes.io/name', '7: web'],
    // Without a value the name is underlined, and of a missing field what is around it.
    ['spec.template.spec.containers[1].image', '16: image'],
    ['spec.template.spec.containers[0].ports[0].name', '13: name'],
    ['spec.selector', '8: spec'],
    ['', '3: Deployment'],
  ])('%s', (path, expected) => {
    const file = parse(deployment);
    const range = file.documents[0]?.rangeFor(path) ?? { start: 0, end: 0 };
    expect(`${file.text.slice(0, range.start).split('\n').length}: ${textAt(file, range)}`).toBe(expected);
  });
});

describe('the documents of a file', () => {
  const names = (text: string): string[] => parse(text).documents.map(({ kind, name }) => `${kind ?? '?'} ${name ?? '?'}`);

  test.each([
    [
      'several',
      'apiVersion: v1\nkind: A\nmetadata: {name: a}\n---\napiVersion: v1\nkind: B\nmetadata: {name: b}\n',
      ['A a', 'B b'],
    ],
    ['comments in front', '# license\n---\napiVersion: v1\nkind: A\nmetadata: {name: a}\n', ['A a']],
    ['a document that is still empty', 'apiVersion: v1\nkind: A\nmetadata: {name: a}\n---\n', ['A a', '? ?']],
    ['CRLF', 'apiVersion: v1\r\nkind: A\r\nmetadata:\r\n  name: a\r\n---\r\nkind: B\r\n', ['A a', 'B ?']],
    [
      'a List',
      'apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: A, metadata: {name: a}}\n- {apiVersion: v1, kind: B, metadata: {name: b}}\n',
      ['A a', 'B b'],
    ],
    ['a List of nothing', 'apiVersion: v1\nkind: List\nitems: []\n', ['List ?']],
    ['JSON', '{"apiVersion": "v1", "kind": "A", "metadata": {"name": "a"}}', ['A a']],
    ['dashes in a text', 'kind: A\nmetadata: {name: a}\ndata: |\n  ---\n  x\n', ['A a']],
    [
      'a half-typed one between whole ones',
      'kind: A\nmetadata: {name: a}\n---\nkind: B\nmeta\n---\nkind: C\nmetadata: {name: c}\n',
      ['A a', 'B ?', 'C c'],
    ],
  ])('%s', (_name, text, expected) => expect(names(text)).toEqual(expected));

  test('an item of a List has places and paths of its own', () => {
    const file = parse(
      'apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: ConfigMap\n    metadata:\n      name: a\n',
    );
    const [document] = file.documents;
    expect(textAt(file, document?.rangeFor('metadata.name') ?? { start: 0, end: 0 })).toBe('a');
    const node = document?.nodeAt(file.text.lastIndexOf('a\n'))?.node;
    expect(stepsText(document?.pathOf(node as ManifestNode) ?? [])).toBe('metadata.name');
  });

  test('anchors, aliases and merges are resolved, and point to where the values stand', () => {
    const file = parse('kind: A\nbase: &base {image: nginx, tag: "1"}\none: *base\ntwo:\n  <<: *base\n  tag: "2"\n');
    const [document] = file.documents;
    expect(document?.value).toEqual({
      kind: 'A',
      base: { image: 'nginx', tag: '1' },
      one: { image: 'nginx', tag: '1' },
      two: { tag: '2', image: 'nginx' },
    });
    expect(document?.rangeFor('one.image')).toEqual(document?.rangeFor('base.image'));
  });

  test('aliases that would grow beyond measure are refused', () => {
    const lines = ['kind: A', 'a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 8; i++)
      lines.push(
        `a${i}: &a${i} [${Array(10)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      );
    const { problems } = parse(lines.join('\n')).documents[0] ?? { problems: [] };
    expect(problems.map(({ message }) => message)).toContain('document contains excessive aliasing');
  });

  test('a key from hell is a key like any other', () => {
    const [document] = parse('kind: A\ndata:\n  __proto__: {polluted: yes}\n  constructor: x\n').documents;
    expect(Object.keys((document?.value as { data: object }).data)).toEqual(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('problems are data, and the rest is still there', () => {
    const file = parse('apiVersion: v1\nkind: Pod\nmetadata: {name: a\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: b}\n');
    expect(file.documents.map(({ content, name }) => [content.broken, name])).toEqual([
      [true, 'a'],
      [false, 'b'],
    ]);
    expect(file.documents[0]?.problems.length).toBeGreaterThan(0);
  });
});

test('an edit leaves the other documents what they were, at their new places', () => {
  const before = parse('kind: A\nmetadata: {name: a}\n---\nkind: B\nmetadata: {name: b}\n---\nkind: C\nmetadata: {name: c}\n');
  const after = parseSourceFile(before.uri, before.text.replace('name: b', 'name: bbb'), 2, before);
  expect(after.documents.map(({ content }, i) => content === before.documents[i]?.content)).toEqual([true, false, true]);
  expect(textAt(after, after.documents[2]?.rangeFor('metadata.name') ?? { start: 0, end: 0 })).toBe('c');
  expect(after.documents[2]?.start).toBe((before.documents[2]?.start ?? 0) + 2);
});

test('a List that stands there twice is read again as it was', () => {
  const list = 'kind: List\nitems:\n  - {kind: A, metadata: {name: a}}\n  - {kind: B, metadata: {name: b}}\n';
  const before = parse(`${list}---\n${list}---\n${list}`);
  const after = parseSourceFile(before.uri, `# moved\n${before.text}`, 2, before);
  expect(before.documents.map(({ kind }) => kind)).toEqual(['A', 'B', 'A', 'B', 'A', 'B']);
  expect(after.documents.map(({ kind }) => kind)).toEqual(['A', 'B', 'A', 'B', 'A', 'B']);
  expect(after.documents.slice(2).map(({ content }, i) => content === before.documents[i + 2]?.content)).not.toContain(false);
});

describe('what a file is', () => {
  test.each([
    ['manifests', 'file:///a.yaml', 'apiVersion: v1\nkind: Pod\n'],
    ['manifests', 'file:///empty.yaml', ''],
    ['manifests', 'file:///begun.yaml', 'apiVersion: apps/'],
    ['manifests', 'file:///begun-with-its-kind.yaml', 'kind: \n'],
    ['manifests', 'file:///first-letters.yaml', 'Depl'],
    ['other', 'file:///drone.yaml', 'kind: pipeline\nname: default\n'],
    ['other', 'file:///prose.yaml', 'Several words make no kind.\n'],
    ['other', 'file:///docker-compose.yaml', 'services: {web: {image: nginx}}\n'],
    ['other', 'file:///values.yaml', 'replicaCount: 1\n'],
    ['kustomization', 'file:///base/kustomization.yaml', 'resources: [a.yaml]\n'],
    ['kustomization', 'file:///a.yaml', 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n'],
    ['template', 'file:///templates/d.yaml', 'apiVersion: v1\nkind: Pod\nmetadata: {name: {{ .Release.Name }}}\n'],
    // Alerts have braces too, in texts.
    [
      'manifests',
      'file:///alerts.yaml',
      'apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nspec:\n  text: "{{ $labels.pod }} is down"\n',
    ],
  ])('%s: %s', (kind, uri, text) => expect(parse(text, uri).kind).toBe(kind));

  test('a template keeps its places and has no problems', () => {
    const file = parse(`apiVersion: v1
kind: Service
metadata:
  name: {{ include "chart.name" . }}-x
  {{- with .Values.labels }}
  labels: {{ toYaml . | nindent 4 }}
  {{- end }}
spec:
  type: ClusterIP
`);
    const [document] = file.documents;
    expect(document?.problems).toEqual([]);
    expect(document?.content.templated).toBe(true);
    expect(document?.name).toBeUndefined();
    expect(textAt(file, document?.rangeFor('spec.type') ?? { start: 0, end: 0 })).toBe('ClusterIP');
    expect(childOf(childOf(document?.root, 'metadata'), 'name')).toMatchObject({ templated: true });
  });
});

test.each([
  ['a\n---\nb', 0, 0],
  ['a: 1\n---\nb: 2\n', 9, 1],
  ['a: 1\n---\nb: 2\n', 13, 1],
  ['a: 1\n---\n', 9, 1],
])('the document at an offset of %j', (text, offset, index) => expect(documentAt(parse(text), offset)?.index).toBe(index));
