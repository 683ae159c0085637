import { describe, expect, test } from 'vitest';
import { invalidObject } from '../../rules/invalidObject.ts';
import { checkCompleted, checkCompletion, diagnosticsOf } from '../../testing/check.ts';
import { objectSnippets, provideObjectSnippets } from './objectSnippets.ts';
import { providePartSnippets } from './partSnippets.ts';
import { partSnippets } from './snippets/parts.ts';
import { filled } from './snippets/snippet.ts';

/** Every rule at the level of an error, not only what the API server says. */
const errorsIn = (text: string): string[] =>
  [...diagnosticsOf(undefined, text).found.values()]
    .flat()
    .filter(({ severity }) => severity === 'error')
    .map(({ message }) => message);
const invalid = (text: string): string[] =>
  [...diagnosticsOf(invalidObject, text).found.values()].flat().map(({ message }) => message);

const podWith = (containers: string, spec = ''): string =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n    - name: a\n      image: b\n${containers}${spec}`;
const indented = (text: string, by: number): string => text.replaceAll('\n', `\n${' '.repeat(by)}`);

describe('snippets of whole objects', () => {
  test('there is one for every kind that people write', () => {
    expect(new Set(objectSnippets.map(({ text }) => /^kind: (\w+)$/m.exec(text)?.[1])).size).toBeGreaterThanOrEqual(30);
  });

  test.each(objectSnippets.map(({ label, text }) => [label, text]))('%s is valid as it comes', (_label, text) => {
    expect(filled(text)).not.toContain('$');
    expect(invalid(filled(text))).toEqual([]);
    expect(errorsIn(filled(text))).toEqual([]);
  });

  test.each([
    ['in an empty file', '$0'],
    ['while the first word is typed', 'Depl$0'],
    ['behind ---', 'apiVersion: v1\nkind: Pod\n---\n$0\n'],
    ['behind a comment', '# what runs\n$0\n'],
  ])('%s', async (_name, text) => {
    await checkCompletion(provideObjectSnippets, text, { includes: ['Deployment', 'Service', 'NetworkPolicy'] });
  });

  test.each([
    ['in an object', 'apiVersion: v1\nkind: Pod\n$0\n'],
    ['in a field', 'apiVersion: v1\nkind: Pod\nspec:\n  $0\n'],
    ['in a comment', '# $0'],
    ['in JSON', '{$0}'],
  ])('none %s', async (_name, text) => {
    await checkCompletion(provideObjectSnippets, text, { exactly: [] });
  });

  test('a custom kind has one as soon as it is defined', async () => {
    const text = `#- /main.yaml
$0
#- /crd.yaml
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Widget, plural: widgets}
  versions:
    - name: v1
      served: true
      storage: true
      schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, required: [size], properties: {size: {type: integer}}}}}}
`;
    await checkCompleted(
      provideObjectSnippets,
      text,
      'Widget',
      'apiVersion: example.com/v1\nkind: Widget\nmetadata:\n  name: widget\nspec:\n  size: 1\n',
    );
  });
});

describe('snippets of parts', () => {
  const places: Readonly<Record<string, (text: string) => string>> = {
    PodSpec: (text) => podWith('', `  ${indented(text, 2)}\n`),
    Volume: (text) => podWith('', `  volumes:\n    - ${indented(text, 6)}\n`),
    EnvVar: (text) => podWith(`      env:\n        - ${indented(text, 10)}\n`),
    ContainerPort: (text) => podWith(`      ports:\n        - ${indented(text, 10)}\n`),
    ServicePort: (text) => `apiVersion: v1\nkind: Service\nmetadata:\n  name: a\nspec:\n  ports:\n    - ${indented(text, 6)}\n`,
    IngressRule: (text) =>
      `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: a\nspec:\n  rules:\n    - ${indented(text, 6)}\n`,
    PolicyRule: (text) =>
      `apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata:\n  name: a\nrules:\n  - ${indented(text, 4)}\n`,
  };

  test.each(partSnippets.map((each) => [`${each.label} of ${each.in.join()}`, each] as const))(
    '%s is valid as it comes',
    (_name, { in: owners, startsItem, text }) => {
      for (const owner of owners) {
        const place =
          places[owner] ??
          ((part: string) => (startsItem ? podWith(`    - ${indented(part, 6)}\n`) : podWith(`      ${indented(part, 6)}\n`)));
        expect(invalid(place(filled(text)))).toEqual([]);
      }
    },
  );

  test('fit where they stand', async () => {
    await checkCompletion(providePartSnippets, podWith('    - $0\n'), { includes: ['container', 'probes', 'resources'] });
    await checkCompletion(providePartSnippets, podWith('      resources: {}\n      $0\n'), {
      includes: ['probes'],
      excludes: ['resources', 'container'],
    });
    await checkCompletion(providePartSnippets, podWith('', '  $0\n'), { includes: ['topology spread'], excludes: ['probes'] });
    await checkCompletion(providePartSnippets, podWith('', '  hostname: $0\n'), { exactly: [] });
  });

  test('written with the indentation of the place', async () => {
    await checkCompleted(
      providePartSnippets,
      podWith('    - $0\n'),
      'container',
      podWith('    - name: web\n      image: nginx:1.29\n      ports:\n        - containerPort: 80\n'),
    );
    await checkCompleted(
      providePartSnippets,
      podWith('      res$0\n'),
      'resources',
      podWith(
        '      resources:\n        requests:\n          cpu: 100m\n          memory: 128Mi\n        limits:\n          memory: 256Mi\n',
      ),
    );
  });

  test('a mount brings its volume', async () => {
    const withVolumes = (volumes: string, mounts: string): string =>
      `apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n${volumes}  containers:\n    - name: a\n      image: b\n${mounts}`;
    const mounted = (name: string): string => `      volumeMounts:\n        - name: ${name}\n          mountPath: /data\n`;
    await checkCompleted(
      providePartSnippets,
      withVolumes('', '      $0\n'),
      'volume and mount',
      withVolumes('  volumes:\n    - name: data\n      emptyDir: {}\n', mounted('data')),
    );
    await checkCompleted(
      providePartSnippets,
      withVolumes('  volumes:\n    - name: data\n      emptyDir: {}\n', '      $0\n'),
      'volume and mount',
      withVolumes(
        '  volumes:\n    - name: data-2\n      emptyDir: {}\n    - name: data\n      emptyDir: {}\n',
        mounted('data-2'),
      ),
    );
  });
});
